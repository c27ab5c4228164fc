using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Storage;
using ChainCrm.Grains.Wall;
using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.ReadModels;

/// <summary>The queries over readmodels.db, on a connection that has a transaction open. Every answer is there when the call returns.</summary>
internal sealed class SqliteReadModelMoment(SqliteConnection connection) : IReadModelMoment
{
    public ValueTask<long> PositionAsync() => new(Position());

    public ValueTask<ChainTotals> TotalsAsync(string chain)
    {
        var position = Position();
        using var select = SqliteFile.Prepare(connection, """
            SELECT members, purchases, walk_ins, returns, sales - returns_minor, points_given, points_used, cross_store, at_two_stores, with_purchase
            FROM chain_totals WHERE chain = @0
            """);
        using var rows = select.Set(0, chain).Read();
        return new(rows.Read()
            ? new ChainTotals(position, rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6),
                rows.GetInt64(7), rows.GetInt64(8), rows.GetInt64(9))
            : new ChainTotals { Position = position });
    }

    public ValueTask<IReadOnlyList<StoreTotals>> StoresAsync(string chain) => Answer(List(
        "SELECT store, sales - returns_minor, purchases, walk_ins, returns_minor FROM store_totals WHERE chain = @0 ORDER BY store",
        select => select.Set(0, chain),
        row => new StoreTotals(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))));

    public ValueTask<IReadOnlyList<StoreDay>> StoreDaysAsync(string chain, string store, DateOnly from, DateOnly to) => Answer(List(
        $"""
            SELECT store, day, sales - returns_minor, purchases, walk_ins, new_members, cross_visits, points_given, points_used FROM store_days
            WHERE chain = @0 AND store = @1 AND day BETWEEN @2 AND @3 ORDER BY day DESC LIMIT {GrainLimits.StoreDaysMax}
            """,
        select => select.Set(0, chain).Set(1, store).Set(2, BusinessDay.From(from).Number).Set(3, BusinessDay.From(to).Number),
        row => new StoreDay(row.GetString(0), new BusinessDay(row.GetInt32(1)).ToDate(), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6), row.GetInt64(7), row.GetInt64(8))));

    public ValueTask<IReadOnlyList<CustomerId>> CustomersAsync(string chain, string after, int max) => Answer(List(
        "SELECT id FROM customers WHERE chain = @0 AND id > @1 ORDER BY id LIMIT @2",
        select => select.Set(0, chain).Set(1, after).Set(2, max), row => new CustomerId(row.GetString(0))));

    public ValueTask<IReadOnlyList<(string Chain, int Version, string Document)>> ProgrammesAsync() => Answer(Programmes());

    public ValueTask<DirectoryRows> DirectoryAsync() => new(new DirectoryRows(
        Position(),
        List("SELECT chain, id, name, region, city, open FROM stores", select => select,
            row => (row.GetString(0), new StoreFacts(new StoreId(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5) != 0))),
        List("SELECT chain, id, role, secret_hash, store, till, sees_personal, label, revoked FROM access_keys ORDER BY position", select => select,
            row => new KeyFacts(row.GetString(1), row.GetString(0), (AccessRole)row.GetInt32(2), row.GetString(3),
                row.IsDBNull(4) ? null : new StoreId(row.GetString(4)), row.IsDBNull(5) ? null : new TillId(row.GetString(5)), row.GetInt64(6) != 0,
                row.IsDBNull(7) ? null : row.GetString(7), row.GetInt64(8) != 0)),
        Programmes()));

    public ValueTask<IReadOnlyList<string>> ChainsAsync() => Answer(List("SELECT chain FROM chain_totals", select => select, row => row.GetString(0)));

    public ValueTask<WallRows> WallAsync(string chain, int fromDay, int toDay)
    {
        SqliteStatement Fill(SqliteStatement select) => select.Set(0, chain).Set(1, fromDay).Set(2, toDay);
        var stores = List(
            "SELECT day, store, sales, purchases + walk_ins, new_members, cross_visits, last_ms FROM store_days WHERE chain = @0 AND day BETWEEN @1 AND @2", Fill,
            row => (row.GetInt32(0), new StoreFigures(row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6))));
        var slots = List(
            """
                SELECT day, slot, sales, visits, points_given, points_used, new_members, active_members, cross_visits, cross_minor, returns_minor
                FROM chain_slots WHERE chain = @0 AND day BETWEEN @1 AND @2
                """, Fill,
            row => (row.GetInt32(0), row.GetInt32(1), new WallSums
            {
                Sales = row.GetInt64(2), Visits = row.GetInt64(3), PointsGiven = row.GetInt64(4), PointsUsed = row.GetInt64(5), NewMembers = row.GetInt64(6),
                ActiveMembers = row.GetInt64(7), CrossVisits = row.GetInt64(8), CrossMinor = row.GetInt64(9), Returns = row.GetInt64(10),
            }));
        var flows = List(
            "SELECT day, from_store, to_store, count FROM flows WHERE chain = @0 AND day BETWEEN @1 AND @2", Fill,
            row => (row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetInt64(3)));
        var active = new List<(int, string)>();
        using var select = SqliteFile.Prepare(connection, "SELECT id, last_day, days_before FROM customers WHERE chain = @0 AND last_day >= @1");
        using var customers = select.Set(0, chain).Set(1, fromDay).Read();
        while (customers.Read()) WallRows.AddActive(active, customers.GetString(0), customers.GetInt32(1), customers.GetInt64(2), fromDay, toDay);
        return new(new WallRows(Position(), stores.Count == 0 ? 0 : stores.Max(store => store.Item2.LastActivityMs), slots, stores, flows, active));
    }

    private long Position() => SqliteFile.Scalar(connection, "SELECT value FROM meta WHERE name = 'position'") ?? 0;

    private List<(string Chain, int Version, string Document)> Programmes() => List(
        "SELECT chain, version, document FROM programmes ORDER BY chain, version", select => select, row => (row.GetString(0), row.GetInt32(1), row.GetString(2)));

    private static ValueTask<IReadOnlyList<TRow>> Answer<TRow>(List<TRow> rows) => new(rows);

    private List<TRow> List<TRow>(string sql, Func<SqliteStatement, SqliteStatement> fill, Func<SqliteRows, TRow> read)
    {
        using var select = SqliteFile.Prepare(connection, sql);
        using var rows = fill(select).Read();
        var list = new List<TRow>();
        while (rows.Read()) list.Add(read(rows));
        return list;
    }
}
