using System.Diagnostics;

namespace ChainCrm.Domain.Programmes;

/// <summary>The chain's programme: which version runs.</summary>
public sealed class ProgrammeState
{
    /// <summary>0 before the first is published.</summary>
    public int Version { get; internal set; }
    public string? Document { get; internal set; }
    public Timestamp? PublishedAt { get; internal set; }
    public string? Note { get; internal set; }

    /// <summary>The state as plain data, for a snapshot.</summary>
    public ProgrammeStateData Export() => new(Version, Document, PublishedAt, Note);

    /// <summary>The state back from plain data.</summary>
    public static ProgrammeState Import(ProgrammeStateData data) =>
        new() { Version = data.Version, Document = data.Document, PublishedAt = data.PublishedAt, Note = data.Note };
}

/// <summary>A <see cref="ProgrammeState"/> as plain data.</summary>
public sealed record ProgrammeStateData(int Version, string? Document, Timestamp? PublishedAt, string? Note);

/// <summary>The rules of publishing rules.</summary>
public static class ProgrammeDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<ProgrammeEvent> Decide(ProgrammeState state, ProgrammeCommand command) => command switch
    {
        PublishProgramme publish => Publish(state, publish),
        _ => throw new UnreachableException($"No rule decides {command.GetType().Name}."),
    };

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static ProgrammeState Evolve(ProgrammeState state, ProgrammeEvent happened)
    {
        switch (happened)
        {
            case ProgrammePublished e:
                (state.Version, state.Document, state.PublishedAt, state.Note) = (e.Version, e.Document, e.At, e.Note);
                return state;
            default:
                throw new UnreachableException($"Nothing folds {happened.GetType().Name}.");
        }
    }

    private static Decision<ProgrammeEvent> Publish(ProgrammeState state, PublishProgramme publish)
    {
        var version = checked(state.Version + 1);
        var (programme, errors) = Programme.Compile(publish.Document, version);
        if (programme is null) return errors[0];
        if (!TextRules.IsTextOrNull(publish.Note)) return ProgrammeRejections.NoteTooLong.At("note");
        if (string.Equals(publish.Document, state.Document, StringComparison.Ordinal)) return Decision<ProgrammeEvent>.AlreadyDone;
        if (publish.BasedOnVersion != state.Version) return ProgrammeRejections.VersionConflict.At("basedOnVersion");

        return new ProgrammePublished
        {
            At = publish.At,
            Origin = publish.Origin,
            Version = version,
            Document = publish.Document,
            Note = publish.Note,
        };
    }
}
