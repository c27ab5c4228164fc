using ChainCrm.Grains.Postgres;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadModels;

/// <summary>In a schema, and what only a server on the other side of a line can do.</summary>
[NeedsPostgres]
public sealed class PostgresReadModelsTests : ReadModelConformance
{
    private protected override ReadModelPlace NewPlace() => new PostgresReadModelPlace();

    [Fact]
    public async Task Connections_that_are_cut_again_and_again_cost_no_row_and_count_none_twice()
    {
        await using var proxy = new CutProxy((await TestPostgres.SharedAsync()).Port);
        await using var behind = new PostgresReadModelPlace(proxy.Port);
        var trade = new RandomTrade(21);
        trade.Commit(Feed, 300);
        await using (var probe = await ReadModelProbe.OpenAsync(behind, Feed))
        {
            for (var round = 0; round < 8; round++)
            {
                // At once, or with the answer on its way back: then nobody here knows whether it was committed.
                proxy.CutsAnswers = round % 2 == 0;
                trade.Commit(Feed, 100);
                var shown = probe.Models.WaitForAsync(Feed.Head).AsTask();
                if (round % 2 == 0) await Waiting.UntilAsync(() => probe.Models.Health.FailuresInARow > 0 || shown.IsCompleted, "a write failed");
                else proxy.CutAll();
                proxy.CutsAnswers = false;
                await shown.OrSay($"the read models showed the head in round {round}");
            }
        }

        await using var file = new SqliteReadModelPlace();
        (await behind.DumpAsync()).ShouldBe(await RowsOf(file, Feed));
    }

    [Fact]
    public async Task A_write_whose_commit_was_made_and_not_heard_of_is_not_made_again()
    {
        new RandomTrade(22).Commit(Feed, 200);
        await using var store = await Place.OpenStoreAsync();
        await using var tables = await store.TablesAsync(Feed);
        await tables.PositionAsync(default);
        await tables.WriteAsync(Fold(Feed.All), default);
        var rows = await Place.DumpAsync();

        // As one who believes that it failed: it says where it builds on, and that is not where the rows stand.
        await using var late = await store.TablesAsync(Feed);
        await Should.ThrowAsync<JournalUnavailableException>(async () => await late.WriteAsync(Fold(Feed.All), default));
        (await Place.DumpAsync()).ShouldBe(rows);
        (await late.PositionAsync(default)).ShouldBe(200);
    }

    [Fact]
    public async Task A_write_waits_for_one_under_way_that_was_thought_lost_and_then_finds_it_made()
    {
        new RandomTrade(23).Commit(Feed, 100);
        var schema = await ((PostgresReadModelPlace)Place).SchemaAsync();
        await using var store = await Place.OpenStoreAsync();
        await using var tables = await store.TablesAsync(Feed);
        await tables.PositionAsync(default);
        var mark = JournalMark.Of(Feed.All[^1].Grain.Stream, Feed.All[^1].Version, Feed.All[^1].CommandId, Feed.All[^1].TimeMs);
        await using var other = new Npgsql.NpgsqlConnection(schema.Options.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var move = new Npgsql.NpgsqlCommand($"UPDATE {schema.Name}.read_position SET position = 100, mark = $1", other) { Parameters = { new() { Value = mark } } })
            await move.ExecuteNonQueryAsync();

        var write = tables.WriteAsync(Fold(Feed.All), default).AsTask();
        await Waiting.UntilAsync(async () => await schema.SqlAsync("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'") != "0", "the write waited");
        await transaction.CommitAsync();
        await Should.ThrowAsync<JournalUnavailableException>(write);
        (await schema.SqlAsync("SELECT count(*) FROM read_customers")).ShouldBe("0");
    }

    [Fact]
    public async Task A_text_that_PostgreSQL_does_not_know_stops_nothing()
    {
        Feed.Commit(Trade.Store("s1"), Trade.Opened("s1") with { Name = "a\0b", Region = "\uD800x", City = "安" });
        Feed.Commit(Trade.Store("s1"), Trade.WalkIn(5, Trade.Monday));
        await using var probe = await ReadModelProbe.OpenAsync(Place, Feed);
        await probe.ShownAsync();
        var store = (await probe.Models.DirectoryRowsAsync(default)).Stores.ShouldHaveSingleItem().Store;
        (store.Name, store.Region, store.City).ShouldBe(("a\uFFFDb", "\uFFFDx", "安"));
    }

    [Fact]
    public async Task What_a_write_sends_does_not_grow_with_the_rows()
    {
        var schema = await ((PostgresReadModelPlace)Place).SchemaAsync();
        await using var store = await Place.OpenStoreAsync();
        await using var tables = await store.TablesAsync(Feed);
        await tables.PositionAsync(default);
        for (var i = 0; i < 3_000; i++) Feed.Commit(Trade.Customer($"c{i}"), Trade.Purchase($"s{i % 40}", 100, Trade.Monday.AddMinutes(i % 900)));
        using var statements = new StatementCount();
        await tables.WriteAsync(Fold(Feed.All), default);
        (await schema.SqlAsync("SELECT count(*) FROM read_customers")).ShouldBe("3000");
        statements.Count.ShouldBeLessThan(20, "3,000 customers and 40 stores are written by a statement for each table");
    }

    private static ReadModelFold Fold(IReadOnlyList<CommittedEntry> entries)
    {
        var fold = new ReadModelFold(new ChainCalendars([]));
        foreach (var entry in entries) fold.Add(entry);
        return fold;
    }
}
