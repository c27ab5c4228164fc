using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;
using static ChainCrm.Journal.Tests.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>A schema is filled with a whole journal, or with nothing.</summary>
[NeedsPostgres]
public sealed class PostgresImportTests
{
    private static JournalEntry Row(long position, string stream, long version, string command) => new(position, stream, version, command, 0, new byte[] { 1 });

    public static TheoryData<string, JournalEntry[]> NoJournals() => new()
    {
        { "position 2 is missing", [Row(1, Anna, 1, "a"), Row(3, Anna, 2, "b")] },
        { "a gap, or a version twice", [Row(1, Anna, 1, "a"), Row(2, Anna, 3, "b")] },
        { "a gap, or a version twice", [Row(1, Anna, 2, "a"), Row(2, Anna, 3, "b")] },
        { "a gap, or a version twice", [Row(1, Anna, 1, "a"), Row(2, Anna, 1, "b")] },
        { "a gap, or a version twice", [Row(1, Anna, 1, "a"), Row(2, Anna, 1, "b"), Row(3, Anna, 3, "c")] },
        { "a gap, or a version twice", [Row(1, Bert, 1, "a"), Row(2, Anna, 1, "a"), Row(3, Anna, 1, "b"), Row(4, Anna, 4, "c"), Row(5, Anna, 4, "d")] },
        { "a command is there twice", [Row(1, Anna, 1, "a"), Row(2, Bert, 1, "a"), Row(3, Anna, 2, "a")] },
        { "out of its range", [Row(1, Anna, 0, "a")] },
    };

    [Theory]
    [MemberData(nameof(NoJournals), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_journal_is_refused_and_nothing_of_it_stays(string fault, JournalEntry[] entries)
    {
        var options = await OptionsAsync();

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresImport.RunAsync(options, entries.ToAsyncEnumerable()))).Message.ShouldContain(fault);

        await PostgresImport.CheckEmptyAsync(options);
    }

    [Fact]
    public async Task A_journal_that_was_brought_in_is_read_and_goes_on()
    {
        var options = await OptionsAsync();
        JournalEntry[] entries = [Row(1, Anna, 1, "a"), Row(2, Bert, 1, "a"), Row(3, Anna, 2, "b")];

        (await PostgresImport.RunAsync(options, entries.ToAsyncEnumerable())).ShouldBe(3);

        await using var journal = await PostgresJournal.OpenAsync(options with { Alone = true });
        (await journal.FindCommandAsync(Anna, "b")).ShouldNotBeNull().Position.ShouldBe(3);
        (await journal.AppendAsync([Entry(Anna, 2, "a")])).ConflictedStreams.ShouldBe([Anna]);
        (await journal.AppendAsync([Entry(Anna, 2, "c", commandIsNew: true)])).FirstPosition.ShouldBe(4);
    }
}
