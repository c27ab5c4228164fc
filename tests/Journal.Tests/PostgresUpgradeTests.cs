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
    public async Task A_schema_that_a_server_has_is_not_changed_by_the_start_of_a_newer_build()
    {
        var options = await OptionsAsync() with { Alone = true };
        await new PostgresSchema(options, [.. Migration.All.Take(BeforeNarrowKeys)]).PrepareAsync(CancellationToken.None);
        await using var older = await OpenAsync(options);
        await ExecuteAsync(older, $"SELECT pg_advisory_lock(hashtext('chaincrm owner'), hashtext('{options.Schema}'))");

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options))).Message.ShouldContain("another process has the schema");

        (await QueryAsync<int>(older, $"SELECT max(number) FROM {options.Schema}.migrations")).ShouldBe([BeforeNarrowKeys]);
        await ExecuteAsync(older, "SELECT pg_advisory_unlock_all()");
        await using var journal = await PostgresJournal.OpenAsync(options);
    }

    /// <summary>An append reads the table before it writes to it. A change of the table that came between the two would wait for the reading, and the writing for it.</summary>
    [Fact]
    public async Task A_change_of_the_tables_waits_for_an_append_under_way_and_neither_is_ended_by_the_server()
    {
        var options = await OptionsAsync();
        await new PostgresSchema(options, [.. Migration.All.Take(BeforeNarrowKeys)]).PrepareAsync(CancellationToken.None);
        await using var older = await OpenAsync(options);
        await using var transaction = await older.BeginTransactionAsync();
        await ExecuteAsync(older, $"SELECT pg_advisory_xact_lock({options.Schema}.append_lock()); SELECT position FROM {options.Schema}.entries");

        var opening = PostgresJournal.OpenAsync(options);
        await WaitersAsync(options, 1);
        await ExecuteAsync(older, $"""
            SELECT {options.Schema}.append(ARRAY['{Anna}'], ARRAY[1]::bigint[], ARRAY[true], ARRAY['a'], ARRAY[true], ARRAY[0]::bigint[], ARRAY['x']::bytea[], false)
            """);
        await transaction.CommitAsync();

        await using var journal = await opening;
        (await journal.FindCommandAsync(Anna, "a")).ShouldNotBeNull().Position.ShouldBe(1);
    }

    public static TheoryData<int> OlderVersions => [.. Enumerable.Range(1, Migration.All.Count - 1)];

    [Theory]
    [MemberData(nameof(OlderVersions))]
    public async Task Whatever_step_a_schema_stands_at_the_next_start_goes_on_with_what_it_holds_and_with_the_least_rights(int version)
    {
        var server = await TestPostgres.SharedAsync();
        var schema = TestPostgres.NewSchema();
        await server.MakeRoleAsync(schema);
        PostgresJournalOptions owner = new() { ConnectionString = server.Connection(), Schema = schema };
        await new PostgresSchema(owner, [.. Migration.All.Take(version)]).PrepareAsync(CancellationToken.None);
        await server.SqlAsync($"""
            SELECT {schema}.append(ARRAY['{Anna}', '{Anna}', '{Bert}'], ARRAY[1, 2, 1]::bigint[], ARRAY[true, false, true], ARRAY['a', 'b', 'a'], ARRAY[true, true, true],
                ARRAY[1, 2, 3]::bigint[], ARRAY['x', 'y', 'z']::bytea[], false);
            GRANT USAGE ON SCHEMA {schema} TO {schema};
            GRANT SELECT ON {schema}.migrations TO {schema}
            """);

        await using var journal = await PostgresJournal.OpenAsync(owner with { ConnectionString = server.Connection(user: schema), MigrationConnectionString = server.Connection(), Alone = true });

        (await journal.AllAsync()).Select(e => (e.Position, e.Stream, e.Version, e.CommandId, e.TimeMs)).ShouldBe([(1, Anna, 1, "a", 1), (2, Anna, 2, "b", 2), (3, Bert, 1, "a", 3)]);
        (await journal.AppendAsync([Entry(Anna, 2, "b"), Entry(Bert, 0, "c")])).ConflictedStreams.ShouldBe([Anna, Bert], ignoreOrder: true);
        (await journal.AppendAsync([Entry(Anna, 2, "c", commandIsNew: true), Entry(Bert, 1, "c", commandIsNew: true)])).FirstPosition.ShouldBe(4);
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
