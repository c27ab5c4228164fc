using System.Globalization;
using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.Wall;
using Npgsql;

namespace ChainCrm.Grains.Postgres;

/// <summary>The queries over the tables of a schema, on a connection whose transaction sees one moment.</summary>
internal sealed class PostgresReadModelMoment(NpgsqlConnection connection, string schema, CancellationToken cancellation) : IReadModelMoment
{
    public async ValueTask<long> PositionAsync() => (await ListAsync($"SELECT position FROM {schema}.read_position", row => row.GetInt64(0)))[0];

    public async ValueTask<ChainTotals> TotalsAsync(string chain) => (await ListAsync(
        $"""
            SELECT p.position, coalesce(t.members, 0), coalesce(t.purchases, 0), coalesce(t.walk_ins, 0), coalesce(t.returns, 0), coalesce(t.sales - t.returns_minor, 0),
                coalesce(t.points_given, 0), coalesce(t.points_used, 0), coalesce(t.cross_store, 0), coalesce(t.at_two_stores, 0), coalesce(t.with_purchase, 0)
            FROM {schema}.read_position p LEFT JOIN {schema}.read_chain_totals t ON t.chain = $1
            """,
        row => new ChainTotals(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7),
            row.GetInt64(8), row.GetInt64(9), row.GetInt64(10)), Text(chain)))[0];

    public async ValueTask<IReadOnlyList<StoreTotals>> StoresAsync(string chain) => await ListAsync(
        $"SELECT store, sales - returns_minor, purchases, walk_ins, returns_minor FROM {schema}.read_store_totals WHERE chain = $1 ORDER BY store",
        row => new StoreTotals(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), Text(chain));

    public async ValueTask<IReadOnlyList<StoreDay>> StoreDaysAsync(string chain, string store, DateOnly from, DateOnly to) => await ListAsync(
        string.Create(CultureInfo.InvariantCulture, $"""
            SELECT store, day, sales - returns_minor, purchases, walk_ins, new_members, cross_visits, points_given, points_used FROM {schema}.read_store_days
            WHERE chain = $1 AND store = $2 AND day BETWEEN $3 AND $4 ORDER BY day DESC LIMIT {GrainLimits.StoreDaysMax}
            """),
        row => new StoreDay(row.GetString(0), new BusinessDay((int)row.GetInt64(1)).ToDate(), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
            row.GetInt64(7), row.GetInt64(8)),
        Text(chain), Text(store), Number(BusinessDay.From(from).Number), Number(BusinessDay.From(to).Number));

    public async ValueTask<IReadOnlyList<CustomerId>> CustomersAsync(string chain, string after, int max) => await ListAsync(
        $"SELECT id FROM {schema}.read_customers WHERE chain = $1 AND id > $2 ORDER BY id LIMIT $3", row => new CustomerId(row.GetString(0)), Text(chain), Text(after), Number(max));

    public async ValueTask<IReadOnlyList<(string Chain, int Version, string Document)>> ProgrammesAsync() => await ListAsync(
        $"SELECT chain, version, document FROM {schema}.read_programmes ORDER BY chain, version", row => (row.GetString(0), (int)row.GetInt64(1), row.GetString(2)));

    public async ValueTask<DirectoryRows> DirectoryAsync() => new(
        await PositionAsync(),
        await ListAsync($"SELECT chain, id, name, region, city, open FROM {schema}.read_stores ORDER BY chain, id",
            row => (row.GetString(0), new StoreFacts(new StoreId(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5) != 0))),
        await ListAsync($"SELECT chain, id, role, secret_hash, store, till, sees_personal, label, revoked FROM {schema}.read_access_keys ORDER BY position",
            row => new KeyFacts(row.GetString(1), row.GetString(0), (AccessRole)row.GetInt64(2), row.GetString(3), row.IsDBNull(4) ? null : new StoreId(row.GetString(4)),
                row.IsDBNull(5) ? null : new TillId(row.GetString(5)), row.GetInt64(6) != 0, row.IsDBNull(7) ? null : row.GetString(7), row.GetInt64(8) != 0)),
        await ProgrammesAsync());

    public async ValueTask<IReadOnlyList<string>> ChainsAsync() => await ListAsync($"SELECT chain FROM {schema}.read_chain_totals ORDER BY chain", row => row.GetString(0));

    public async ValueTask<WallRows> WallAsync(string chain, int fromDay, int toDay)
    {
        var stores = await ListAsync(
            $"SELECT day, store, sales, purchases + walk_ins, new_members, cross_visits, last_ms FROM {schema}.read_store_days WHERE chain = $1 AND day BETWEEN $2 AND $3",
            row => ((int)row.GetInt64(0), new StoreFigures(row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6))),
            Text(chain), Number(fromDay), Number(toDay));
        var slots = await ListAsync(
            $"""
                SELECT day, slot, sales, visits, points_given, points_used, new_members, active_members, cross_visits, cross_minor, returns_minor
                FROM {schema}.read_chain_slots WHERE chain = $1 AND day BETWEEN $2 AND $3
                """,
            row => ((int)row.GetInt64(0), (int)row.GetInt64(1), new WallSums
            {
                Sales = row.GetInt64(2), Visits = row.GetInt64(3), PointsGiven = row.GetInt64(4), PointsUsed = row.GetInt64(5), NewMembers = row.GetInt64(6),
                ActiveMembers = row.GetInt64(7), CrossVisits = row.GetInt64(8), CrossMinor = row.GetInt64(9), Returns = row.GetInt64(10),
            }), Text(chain), Number(fromDay), Number(toDay));
        var flows = await ListAsync(
            $"SELECT day, from_store, to_store, count FROM {schema}.read_flows WHERE chain = $1 AND day BETWEEN $2 AND $3",
            row => ((int)row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3)), Text(chain), Number(fromDay), Number(toDay));
        return new WallRows(await PositionAsync(), stores.Count == 0 ? 0 : stores.Max(store => store.Item2.LastActivityMs), slots, stores, flows, await ActiveAsync(chain, fromDay, toDay));
    }

    /// <summary>Looks at every customer of the chain, which is no work for an index and may take its time.</summary>
    private async Task<List<(int Day, string Customer)>> ActiveAsync(string chain, int fromDay, int toDay)
    {
        await using (var settings = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL enable_seqscan = on; SET LOCAL statement_timeout = {GrainsPostgresLimits.WallStartMs}"), connection))
            await settings.ExecuteNonQueryAsync(cancellation);
        await using var command = new NpgsqlCommand($"SELECT id, last_day, days_before FROM {schema}.read_customers WHERE chain = $1 AND last_day >= $2", connection)
        {
            Parameters = { Text(chain), Number(fromDay) },
            CommandTimeout = GrainsPostgresLimits.WallStartMs / 1_000,
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var active = new List<(int, string)>();
        while (await rows.ReadAsync(cancellation)) WallRows.AddActive(active, rows.GetString(0), (int)rows.GetInt64(1), rows.GetInt64(2), fromDay, toDay);
        return active;
    }

    private async Task<List<TRow>> ListAsync<TRow>(string sql, Func<NpgsqlDataReader, TRow> read, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var list = new List<TRow>();
        while (await rows.ReadAsync(cancellation)) list.Add(read(rows));
        return list;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = GatheredRows.Clean(value) };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };
}
