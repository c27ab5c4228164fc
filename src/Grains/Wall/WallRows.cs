using ChainCrm.Domain;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.Wall;

/// <summary>What a wall starts from: the rows of its days as the read models hold them at a position.</summary>
internal sealed record WallRows(
    long Position, long NewestEntryMs, IReadOnlyList<(int Day, int Slot, WallSums Sums)> Slots,
    IReadOnlyList<(int Day, StoreFigures Figures)> Stores, IReadOnlyList<(int Day, string From, string To, long Count)> Flows,
    IReadOnlyList<(int Day, string Customer)> Active)
{
    /// <summary>Chains with any figure.</summary>
    public static IReadOnlyList<string> Chains(SqliteConnection connection) =>
        ReadModelQueries.List(connection, "SELECT chain FROM chain_totals", select => select, row => row.GetString(0));

    /// <summary>The rows of some days.</summary>
    public static WallRows Load(SqliteConnection connection, string chain, int fromDay, int toDay)
    {
        SqliteStatement Fill(SqliteStatement select) => select.Set(0, chain).Set(1, fromDay).Set(2, toDay);
        var stores = ReadModelQueries.List(
            connection, "SELECT day, store, sales, purchases + walk_ins, new_members, cross_visits, last_ms FROM store_days WHERE chain = @0 AND day BETWEEN @1 AND @2", Fill,
            row => (row.GetInt32(0), new StoreFigures(row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6))));
        var slots = ReadModelQueries.List(
            connection, """
                SELECT day, slot, sales, visits, points_given, points_used, new_members, active_members, cross_visits, cross_minor, returns_minor
                FROM chain_slots WHERE chain = @0 AND day BETWEEN @1 AND @2
                """, Fill,
            row => (row.GetInt32(0), row.GetInt32(1), new WallSums
            {
                Sales = row.GetInt64(2), Visits = row.GetInt64(3), PointsGiven = row.GetInt64(4), PointsUsed = row.GetInt64(5), NewMembers = row.GetInt64(6),
                ActiveMembers = row.GetInt64(7), CrossVisits = row.GetInt64(8), CrossMinor = row.GetInt64(9), Returns = row.GetInt64(10),
            }));
        var flows = ReadModelQueries.List(
            connection, "SELECT day, from_store, to_store, count FROM flows WHERE chain = @0 AND day BETWEEN @1 AND @2", Fill,
            row => (row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetInt64(3)));
        return new WallRows(
            ReadModelQueries.Position(connection), stores.Count == 0 ? 0 : stores.Max(store => store.Item2.LastActivityMs), slots, stores, flows,
            ActiveOf(connection, chain, fromDay, toDay));
    }

    /// <summary>Who bought on which of the days: the latest day stands in a customer's row, those before it as bits.</summary>
    private static List<(int Day, string Customer)> ActiveOf(SqliteConnection connection, string chain, int fromDay, int toDay)
    {
        var active = new List<(int, string)>();
        using var select = SqliteFile.Prepare(connection, "SELECT id, last_day, days_before FROM customers WHERE chain = @0 AND last_day >= @1");
        using var rows = select.Set(0, chain).Set(1, fromDay).Read();
        while (rows.Read())
        {
            var (last, before) = (rows.GetInt32(1), rows.GetInt64(2));
            for (var day = fromDay; day <= Math.Min(toDay, last); day++)
            {
                var behind = last - day;
                if (behind == 0 || (behind <= GrainLimits.ActiveDaysKept && (before & (1L << (behind - 1))) != 0)) active.Add((day, rows.GetString(0)));
            }
        }

        return active;
    }
}
