using ChainCrm.Domain.Programmes;
using Shouldly;

namespace ChainCrm.Domain.Tests.Programmes;

public class ProgrammeDeciderTests
{
    private static readonly Timestamp At = new(1_700_000_000_000);

    private static PublishProgramme Publish(int basedOn, string? document = null, string? note = null) => new()
    {
        At = At,
        Origin = default,
        Document = document ?? Programme.BuiltIn.Document,
        BasedOnVersion = basedOn,
        Note = note,
    };

    private static ProgrammeState Published()
    {
        var state = new ProgrammeState();
        ProgrammeDecider.Evolve(state, (ProgrammePublished)ProgrammeDecider.Decide(state, Publish(0)).Events.Single());
        return state;
    }

    [Fact]
    public void The_first_version_is_1()
    {
        var state = Published();
        (state.Version, state.Document, state.PublishedAt).ShouldBe((1, Programme.BuiltIn.Document, At));
        ProgrammeState.Import(state.Export()).Version.ShouldBe(1);
    }

    [Fact]
    public void Publishing_what_runs_changes_nothing() => ProgrammeDecider.Decide(Published(), Publish(0)).Events.ShouldBeEmpty();

    [Fact]
    public void An_author_who_began_from_an_older_version_is_told() =>
        ProgrammeDecider.Decide(Published(), Publish(0, Programme.BuiltIn.Document + " ")).Rejection!.Code.ShouldBe(ProgrammeRejections.VersionConflict.Code);

    [Fact]
    public void The_next_version_follows() =>
        ((ProgrammePublished)ProgrammeDecider.Decide(Published(), Publish(1, Programme.BuiltIn.Document + " ")).Events.Single()).Version.ShouldBe(2);

    [Fact]
    public void A_wrong_document_is_refused_with_its_field() =>
        ProgrammeDecider.Decide(Published(), Publish(1, "{}")).Rejection!.Field.ShouldBe("name");

    [Fact]
    public void A_note_must_not_be_blank() =>
        ProgrammeDecider.Decide(Published(), Publish(1, note: " ")).Rejection!.Code.ShouldBe(ProgrammeRejections.NoteTooLong.Code);
}
