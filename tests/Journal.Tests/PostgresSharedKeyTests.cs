using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;
using static ChainCrm.Journal.Tests.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>Names that share the 8 bytes which stand for them in the indexes. Who chooses receipt numbers can make such ones, as these were made: by running the last step of PostgreSQL's hash backwards.</summary>
[NeedsPostgres]
public sealed class PostgresSharedKeyTests
{
    private const string Stream = "Customer001", Twin = "P~3X(Yt9s)?", Third = "^)?12f$oQ^>";

    // These share theirs within the stream above, and nowhere else.
    private const string Command = "Receipt-001", TwinCommand = "E*h#OaDMSxU", ThirdCommand = "&glNOkay>S;";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_that_share_a_key_have_versions_and_entries_of_their_own(bool alone)
    {
        var options = await OptionsAsync() with { Alone = alone };
        await using (var journal = await PostgresJournal.OpenAsync(options))
        {
            await ShareAsync(options, "hashtextextended(name, 0)", Stream, Twin, Third);
            await journal.CommitAsync([.. Enumerable.Range(0, 3).Select(i => Entry(Stream, i, $"c{i}", commandIsNew: true))]);
        }

        // Opened anew, so that the owner has to look.
        await using var anew = await PostgresJournal.OpenAsync(options);
        (await anew.AppendAsync([Entry(Twin, 3, "c3", commandIsNew: true)])).ConflictedStreams.ShouldBe([Twin]);
        (await anew.AppendAsync([Entry(Twin, 0, "c0", commandIsNew: true), Entry(Stream, 3, "c3", commandIsNew: true)])).FirstPosition.ShouldBe(4);
        (await anew.AppendAsync([Entry(Twin, 1, "c1"), Entry(Third, 0, "c0")])).FirstPosition.ShouldBe(6);

        (await anew.ReadStreamAsync(Stream, 1, 10)).Select(e => e.Position).ShouldBe([1, 2, 3, 5]);
        (await anew.ReadStreamAsync(Twin, 1, 10)).Select(e => e.Position).ShouldBe([4, 6]);
        (await anew.ReadStreamBackwardAsync(Third, long.MaxValue, 10)).Select(e => e.Position).ShouldBe([7]);
        (await anew.FindCommandAsync(Third, "c1")).ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_that_shares_the_key_of_another_one_is_neither_found_nor_refused_in_its_place(bool alone)
    {
        var options = await OptionsAsync() with { Alone = alone };
        await using var journal = await PostgresJournal.OpenAsync(options);
        await ShareAsync(options, $"hashtextextended(name, hashtextextended('{Stream}', 0))", Command, TwinCommand, ThirdCommand);
        await journal.CommitAsync(Entry(Stream, 0, Command));

        (await journal.FindCommandAsync(Stream, TwinCommand)).ShouldBeNull();
        (await journal.AppendAsync([Entry(Stream, 1, TwinCommand)])).FirstPosition.ShouldBe(2);

        (await journal.FindCommandAsync(Stream, Command)).ShouldNotBeNull().Position.ShouldBe(1);
        (await journal.FindCommandAsync(Stream, TwinCommand)).ShouldNotBeNull().Position.ShouldBe(2);
        (await journal.FindCommandAsync(Stream, ThirdCommand)).ShouldBeNull();
        (await journal.AppendAsync([Entry(Stream, 2, TwinCommand)])).ConflictedStreams.ShouldBe([Stream]);
    }

    /// <summary>Says that the names are what they are meant to be; another version of PostgreSQL might hash otherwise.</summary>
    private static async Task ShareAsync(PostgresJournalOptions options, string hash, params string[] names)
    {
        await using var server = await OpenAsync(options);
        (await QueryAsync<long>(server, $"SELECT count(DISTINCT {hash}) FROM unnest(ARRAY[{string.Join(", ", names.Select(name => $"'{name}'"))}]) AS n (name)")).ShouldBe([1]);
    }
}
