using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;
using static ChainCrm.Journal.Tests.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>A schema that an older build has filled goes on with this one.</summary>
[NeedsPostgres]
public sealed class PostgresUpgradeTests
{
    private const int BeforeNarrowKeys = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entries_of_a_schema_with_wide_keys_are_found_and_held_to_by_narrow_ones(bool alone)
    {
        var options = await OptionsAsync() with { Alone = alone };
        await new PostgresSchema(options, [.. Migration.All.Take(BeforeNarrowKeys)]).PrepareAsync(CancellationToken.None);
        await using var server = await OpenAsync(options);
        for (var i = 1; i <= 300; i++)
        {
            await ExecuteAsync(server, $"""
                SELECT {options.Schema}.append(ARRAY['main/store/北京', 'main/customer/{i}'], ARRAY[{i}, 1]::bigint[], ARRAY[true, true], ARRAY['c{i}', '单'], ARRAY[true, true],
                    ARRAY[{i}, {i}]::bigint[], ARRAY['x', 'y']::bytea[], false)
                """);
        }

        await using var journal = await PostgresJournal.OpenAsync(options);

        journal.Head.ShouldBe(600);
        (await journal.ReadStreamAsync("main/store/北京", 290, 100)).Select(e => e.Version).ShouldBe(Enumerable.Range(290, 11).Select(i => (long)i));
        (await journal.ReadStreamBackwardAsync("main/store/北京", 3, 100)).Select(e => e.Position).ShouldBe([3, 1]);
        (await journal.FindCommandAsync("main/customer/7", "单")).ShouldNotBeNull().Position.ShouldBe(14);
        (await journal.FindCommandAsync("main/customer/7", "c7")).ShouldBeNull();
        (await journal.AppendAsync([Entry("main/customer/7", 1, "单"), Entry("main/customer/8", 0, "x"), Entry("main/customer/9", 1, "x")])).ConflictedStreams
            .ShouldBe(["main/customer/7", "main/customer/8"], ignoreOrder: true);
        (await journal.AppendAsync([Entry("main/customer/7", 1, "x", commandIsNew: true), Entry("main/store/北京", 300, "x", commandIsNew: true)])).FirstPosition.ShouldBe(601);
        (await QueryAsync<string>(server, $"SELECT indexname::text FROM pg_indexes WHERE schemaname = '{options.Schema}' AND tablename = 'entries' ORDER BY 1"))
            .ShouldBe(["entries_pkey", "entries_stream", "entries_stream_command"]);
    }

    [Fact]
    public async Task A_process_of_an_older_build_that_still_runs_is_held_to_what_it_vouches_for()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await journal.CommitAsync(Entry(Anna, 0, "a"));
        await using var older = await OpenAsync(options);

        (await QueryAsync<string[]>(older, $"""
            SELECT lost FROM {options.Schema}.append(ARRAY['{Anna}', '{Bert}'], ARRAY[2, 1]::bigint[], ARRAY[true, true], ARRAY['a', 'b'], ARRAY[true, true], ARRAY[0, 0]::bigint[], ARRAY['', '']::bytea[], false)
            """)).ShouldHaveSingleItem().ShouldBe([Anna]);

        (await journal.AllAsync()).Count.ShouldBe(1);
    }

    /// <summary>Looks are made through an index whatever the table was like when they were planned.</summary>
    [Theory]
    [InlineData("SELECT version FROM {0}.entries WHERE hashtextextended(stream, 0) = hashtextextended($1, 0) AND stream = $1 ORDER BY version DESC LIMIT 1", "entries_stream ")]
    [InlineData("SELECT 1 FROM {0}.entries WHERE hashtextextended(command, hashtextextended(stream, 0)) = hashtextextended($1, hashtextextended('s', 0)) AND stream = 's' AND command = $1", "entries_stream_command ")]
    public async Task Streams_and_commands_are_looked_up_in_their_index_also_by_a_plan_made_for_an_empty_table(string sql, string index)
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await using var connections = new PostgresServer(options, durable: true);
        await using var connection = await connections.ConnectAsync(CancellationToken.None);
        await ExecuteAsync(connection, $"SET plan_cache_mode = force_generic_plan; PREPARE look (text) AS {sql.Replace("{0}", options.Schema, StringComparison.Ordinal)}");

        var plan = string.Join('\n', await QueryAsync<string>(connection, "EXPLAIN EXECUTE look('x')"));

        plan.ShouldContain($"using {index}");
        plan.ShouldContain("Index Cond: (hashtextextended");
    }
}
