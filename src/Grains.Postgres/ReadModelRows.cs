using System.Diagnostics;
using System.Text;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.ReadModels;
using Npgsql;
using NpgsqlTypes;

namespace ChainCrm.Grains.Postgres;

/// <summary>What a fold adds to the tables, gathered as arrays and sent at once. One write at a time.</summary>
internal sealed class ReadModelRows
{
    private readonly GatheredRows chainTotals, storeTotals, storeDays, storeSlots, chainSlots, flows, customers;
    private readonly List<NpgsqlBatchCommand> directory = [];
    private readonly string known, putStore, changeStore, openStore, putKey, revokeKey, putProgramme;
    private readonly KnownStores stores = new();

    public ReadModelRows(string schema)
    {
        chainTotals = GatheredRows.Adding($"{schema}.read_chain_totals", ["chain"], [],
            ["members", "purchases", "walk_ins", "returns", "sales", "returns_minor", "points_given", "points_used", "cross_store", "at_two_stores", "with_purchase"]);
        storeTotals = GatheredRows.Adding($"{schema}.read_store_totals", ["chain", "store"], [], ["sales", "returns_minor", "purchases", "walk_ins"]);
        storeDays = GatheredRows.Adding($"{schema}.read_store_days", ["chain", "store"], ["day"],
            ["sales", "returns_minor", "purchases", "walk_ins", "new_members", "cross_visits", "cross_minor", "points_given", "points_used"], newest: "last_ms");
        storeSlots = GatheredRows.Adding($"{schema}.read_store_slots", ["chain", "store"], ["day", "slot"], ["sales", "visits"]);
        chainSlots = GatheredRows.Adding($"{schema}.read_chain_slots", ["chain"], ["day", "slot"],
            ["sales", "visits", "points_given", "points_used", "new_members", "active_members", "cross_visits", "cross_minor", "returns_minor"]);
        flows = GatheredRows.Adding($"{schema}.read_flows", ["chain", "from_store", "to_store"], ["day"], ["count"]);
        // What is null stays as it is.
        customers = new($"""
            INSERT INTO {schema}.read_customers AS old (chain, id, home_store, stores, enrolled_ms, purchases, last_day, days_before) SELECT * FROM {GatheredRows.Unnested(4, 4)}
            ON CONFLICT (chain, id) DO UPDATE SET home_store = coalesce(excluded.home_store, old.home_store), stores = coalesce(excluded.stores, old.stores),
                enrolled_ms = coalesce(excluded.enrolled_ms, old.enrolled_ms), purchases = excluded.purchases, last_day = excluded.last_day, days_before = excluded.days_before
            """, texts: 4, numbers: 4);
        known = $"SELECT id, purchases, stores, last_day, days_before FROM {schema}.read_customers WHERE chain = $1 AND id = ANY ($2)";
        putStore = $"""
            INSERT INTO {schema}.read_stores (chain, id, name, region, city, open) VALUES ($1, $2, $3, $4, $5, 1)
            ON CONFLICT (chain, id) DO UPDATE SET name = excluded.name, region = excluded.region, city = excluded.city, open = 1
            """;
        changeStore = $"UPDATE {schema}.read_stores SET name = $3, region = $4, city = $5 WHERE chain = $1 AND id = $2";
        openStore = $"UPDATE {schema}.read_stores SET open = $3 WHERE chain = $1 AND id = $2";
        putKey = $"""
            INSERT INTO {schema}.read_access_keys (chain, id, role, secret_hash, store, till, sees_personal, label, revoked, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)
            ON CONFLICT (chain, id) DO UPDATE SET role = excluded.role, secret_hash = excluded.secret_hash, store = excluded.store, till = excluded.till,
                sees_personal = excluded.sees_personal, label = excluded.label, revoked = 0, position = excluded.position
            """;
        revokeKey = $"UPDATE {schema}.read_access_keys SET revoked = 1 WHERE chain = $1 AND id = $2";
        putProgramme = $"""
            INSERT INTO {schema}.read_programmes (chain, version, document, at_ms) VALUES ($1, $2, $3, $4)
            ON CONFLICT (chain, version) DO UPDATE SET document = excluded.document, at_ms = excluded.at_ms
            """;
    }

    private GatheredRows[] Gathered => [chainTotals, storeTotals, storeDays, storeSlots, chainSlots, flows, customers];

    /// <summary>Forgets what a failed write gathered.</summary>
    public void Clear()
    {
        foreach (var gathered in Gathered) gathered.Clear();
        directory.Clear();
    }

    /// <summary>Reads the rows of the customers met and moves them on.</summary>
    public async Task AddCustomersAsync(NpgsqlConnection connection, string chain, ChainFold part, CancellationToken cancellation)
    {
        var prefix = new GrainId(chain, GrainKinds.Customer, "").Stream.Length;
        // In key order: neighbours share pages.
        var streams = part.Customers.InKeyOrder();
        for (var from = 0; from < streams.Count; from += GrainsPostgresLimits.RowsPerStatement)
        {
            var chunk = streams.GetRange(from, Math.Min(GrainsPostgresLimits.RowsPerStatement, streams.Count - from));
            string[] ids = [.. chunk.Select(stream => stream[prefix..])];
            var found = await KnownAsync(connection, chain, ids, cancellation);
            for (var i = 0; i < ids.Length; i++) Add(chain, ids[i], part, part.Customers.Of(chunk[i]), found);
        }
    }

    public void AddSums(string chain, ChainFold part)
    {
        var (totals, sums) = (part.Totals, part.Totals.Sums);
        chainTotals.Add([chain], [sums.NewMembers, sums.Purchases, sums.WalkIns, totals.ReturnCount, sums.Sales, sums.Returns, sums.PointsGiven, sums.PointsUsed, sums.CrossVisits,
            totals.AtTwoStores, totals.WithPurchase]);
        foreach (var (store, s) in part.Stores) storeTotals.Add([chain, store], [s.Sales, s.Returns, s.Purchases, s.WalkIns]);
        foreach (var ((store, day), s) in part.StoreDays)
            storeDays.Add([chain, store], [day, s.Sales, s.Returns, s.Purchases, s.WalkIns, s.NewMembers, s.CrossVisits, s.CrossMinor, s.PointsGiven, s.PointsUsed, s.LastMs]);
        foreach (var ((store, day, slot), s) in part.StoreSlots) storeSlots.Add([chain, store], [day, slot, s.Sales, s.Visits]);
        foreach (var ((day, slot), s) in part.ChainSlots)
            chainSlots.Add([chain], [day, slot, s.Sales, s.Purchases + s.WalkIns, s.PointsGiven, s.PointsUsed, s.NewMembers, s.ActiveMembers, s.CrossVisits, s.CrossMinor, s.Returns]);
        foreach (var ((day, from, to), count) in part.Flows) flows.Add([chain, from, to], [day, count]);
    }

    /// <summary>Stores, keys and programmes: few, and their order counts.</summary>
    public void AddDirectory(string chain, CommittedEntry entry, object happened)
    {
        var key = entry.Grain.Key;
        directory.Add(happened switch
        {
            StoreOpened e => Command(putStore, chain, e.Store.Value, e.Name, e.Region, e.City),
            StoreChanged e => Command(changeStore, chain, key, e.Name, e.Region, e.City),
            StoreClosed or StoreReopened => Command(openStore, chain, key, happened is StoreReopened ? 1L : 0L),
            KeyIssued e => Command(putKey, chain, key, (long)e.Role, e.SecretHash, e.Store?.Value, e.Till?.Value, e.SeesPersonal ? 1L : 0L, e.Label, entry.Position),
            KeyRevoked => Command(revokeKey, chain, key),
            ProgrammePublished e => Command(putProgramme, chain, (long)e.Version, e.Document, e.At.UnixMs),
            _ => throw new UnreachableException($"No table holds {happened.GetType().Name}."),
        });
    }

    /// <summary>Sends everything gathered.</summary>
    public async Task SendAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var commands in Gathered.SelectMany(gathered => gathered.Take()).Concat(directory).Chunk(GrainsPostgresLimits.StatementsPerBatch))
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var command in commands) batch.BatchCommands.Add(command);
            await batch.ExecuteNonQueryAsync(cancellation);
        }

        directory.Clear();
    }

    private void Add(string chain, string id, ChainFold part, in CustomerChange change, Dictionary<string, (CustomerRow Row, string Stores)> found)
    {
        var isKnown = found.TryGetValue(id, out var was);
        var row = was.Row;
        stores.Load(isKnown ? Encoding.UTF8.GetBytes(was.Stores) : []);
        part.Apply(change, ref row, stores);
        customers.Add([chain, id, change.HomeStore, isKnown && !stores.HasGrown ? null : Encoding.UTF8.GetString(stores.Utf8)], [change.EnrolledMs, row.Purchases, row.LastDay, row.DaysBefore]);
    }

    private async Task<Dictionary<string, (CustomerRow Row, string Stores)>> KnownAsync(NpgsqlConnection connection, string chain, string[] ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(known, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = chain }, new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        Dictionary<string, (CustomerRow, string)> found = new(ids.Length, StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation))
        {
            var lastDay = await rows.IsDBNullAsync(3, cancellation) ? (long?)null : rows.GetInt64(3);
            found[rows.GetString(0)] = (new CustomerRow { Purchases = rows.GetInt64(1), LastDay = lastDay, DaysBefore = rows.GetInt64(4) }, rows.GetString(2));
        }

        return found;
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value is long number
                ? new NpgsqlParameter<long> { TypedValue = number }
                : new NpgsqlParameter { Value = GatheredRows.Clean((string?)value) ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        }

        return command;
    }
}
