using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.ReadModels;

/// <summary>The queries over the tables.</summary>
internal static class ReadModelQueries
{
    public static long Position(SqliteConnection connection) => SqliteFile.Scalar(connection, "SELECT value FROM meta WHERE name = 'position'") ?? 0;

    public static ChainTotals Totals(SqliteConnection connection, string chain)
    {
        var position = Position(connection);
        using var select = SqliteFile.Prepare(connection, """
            SELECT members, purchases, walk_ins, returns, sales - returns_minor, points_given, points_used, cross_store, at_two_stores, with_purchase
            FROM chain_totals WHERE chain = @0
            """);
        using var rows = select.Set(0, chain).Read();
        return rows.Read()
            ? new ChainTotals(position, rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6),
                rows.GetInt64(7), rows.GetInt64(8), rows.GetInt64(9))
            : new ChainTotals { Position = position };
    }

    public static IReadOnlyList<StoreTotals> Stores(SqliteConnection connection, string chain) => List(
        connection, "SELECT store, sales - returns_minor, purchases, walk_ins, returns_minor FROM store_totals WHERE chain = @0 ORDER BY store",
        select => select.Set(0, chain),
        row => new StoreTotals(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)));

    public static IReadOnlyList<StoreDay> StoreDays(SqliteConnection connection, string chain, string store, DateOnly from, DateOnly to) => List(
        connection, $"""
            SELECT store, day, sales - returns_minor, purchases, walk_ins, new_members, cross_visits, points_given, points_used FROM store_days
            WHERE chain = @0 AND store = @1 AND day BETWEEN @2 AND @3 ORDER BY day DESC LIMIT {GrainLimits.StoreDaysMax}
            """,
        select => select.Set(0, chain).Set(1, store).Set(2, BusinessDay.From(from).Number).Set(3, BusinessDay.From(to).Number),
        row => new StoreDay(row.GetString(0), new BusinessDay(row.GetInt32(1)).ToDate(), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)));

    public static IReadOnlyList<CustomerId> Customers(SqliteConnection connection, string chain, string after, int max) => List(
        connection, "SELECT id FROM customers WHERE chain = @0 AND id > @1 ORDER BY id LIMIT @2",
        select => select.Set(0, chain).Set(1, after).Set(2, max), row => new CustomerId(row.GetString(0)));

    public static IReadOnlyList<(string Chain, int Version, string Document)> Programmes(SqliteConnection connection) => List(
        connection, "SELECT chain, version, document FROM programmes ORDER BY chain, version", select => select,
        row => (row.GetString(0), row.GetInt32(1), row.GetString(2)));

    public static DirectoryRows Directory(SqliteConnection connection) => new(
        Position(connection),
        List(connection, "SELECT chain, id, name, region, city, open FROM stores", select => select,
            row => (row.GetString(0), new StoreFacts(new StoreId(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5) != 0))),
        List(connection, "SELECT chain, id, role, secret_hash, store, till, sees_personal, label, revoked FROM access_keys ORDER BY position", select => select,
            row => new KeyFacts(row.GetString(1), row.GetString(0), (AccessRole)row.GetInt32(2), row.GetString(3),
                row.IsDBNull(4) ? null : new StoreId(row.GetString(4)), row.IsDBNull(5) ? null : new TillId(row.GetString(5)), row.GetInt64(6) != 0,
                row.IsDBNull(7) ? null : row.GetString(7), row.GetInt64(8) != 0)),
        Programmes(connection));

    public static List<TRow> List<TRow>(
        SqliteConnection connection, string sql, Func<SqliteStatement, SqliteStatement> fill, Func<SqliteRows, TRow> read)
    {
        using var select = SqliteFile.Prepare(connection, sql);
        using var rows = fill(select).Read();
        var list = new List<TRow>();
        while (rows.Read()) list.Add(read(rows));
        return list;
    }
}
