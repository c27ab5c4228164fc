using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Grains.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Grains.Tests.ReadModels;

/// <summary>Where the read models of a test are kept, and every row of them as text: the same text whatever the place.</summary>
internal abstract class ReadModelPlace : IAsyncDisposable
{
    private static readonly (string Name, string Columns)[] Tables =
    [
        ("chain_totals", "chain, members, purchases, walk_ins, returns, sales, returns_minor, points_given, points_used, cross_store, at_two_stores, with_purchase"),
        ("store_totals", "chain, store, sales, returns_minor, purchases, walk_ins"),
        ("store_days", "chain, store, day, sales, returns_minor, purchases, walk_ins, new_members, cross_visits, cross_minor, points_given, points_used, last_ms"),
        ("store_slots", "chain, store, day, slot, sales, visits"),
        ("chain_slots", "chain, day, slot, sales, visits, points_given, points_used, new_members, active_members, cross_visits, cross_minor, returns_minor"),
        ("customers", "chain, id, enrolled_ms, home_store, purchases, replace(stores, chr(10), '+'), last_day, days_before"),
        ("flows", "chain, day, from_store, to_store, count"),
        ("stores", "chain, id, name, region, city, open"),
        ("access_keys", "chain, id, role, secret_hash, store, till, sees_personal, label, revoked, position"),
        ("programmes", "chain, version, document, at_ms"),
    ];

    public abstract Task<ReadSideStore> OpenStoreAsync();

    /// <summary>Every row of every table and how far they go.</summary>
    public async Task<List<string>> DumpAsync()
    {
        var lines = new List<string>();
        foreach (var (name, columns) in Tables)
        {
            var list = string.Join(" || ' | ' || ", columns.Split(", ").Aggregate(new List<string>(), Whole).Select(column => $"coalesce(CAST({column} AS TEXT), '')"));
            lines.AddRange((await SelectAsync(name, list)).Select(row => $"{name}: {row}").Order(StringComparer.Ordinal));
        }

        lines.Add($"at {await MarkAsync()}");
        return lines;
    }

    /// <summary>Takes everything away, as somebody who is free to do so while the server is stopped.</summary>
    public abstract Task DropAsync();

    /// <summary>Makes the tables those of another build.</summary>
    public abstract Task MakeForeignAsync();

    public abstract ValueTask DisposeAsync();

    protected abstract Task<List<string>> SelectAsync(string table, string list);

    protected abstract Task<string> MarkAsync();

    // The comma within brackets is none between columns.
    private static List<string> Whole(List<string> columns, string part)
    {
        if (columns.Count > 0 && columns[^1].Count(c => c == '(') > columns[^1].Count(c => c == ')')) columns[^1] += ", " + part;
        else columns.Add(part);
        return columns;
    }
}

/// <summary>In a file.</summary>
internal sealed class SqliteReadModelPlace : ReadModelPlace
{
    private readonly TempFolder _folder = new();

    public string File => _folder.File("readmodels.db");

    public override Task<ReadSideStore> OpenStoreAsync() => Task.FromResult<ReadSideStore>(new SqliteReadSide(_folder.Path));

    public override Task DropAsync()
    {
        SqliteFile.Delete(File);
        return Task.CompletedTask;
    }

    public override Task MakeForeignAsync()
    {
        using var connection = SqliteFile.OpenWriter(File, durable: true);
        SqliteFile.Execute(connection, "DROP TABLE flows; PRAGMA user_version=999");
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task<List<string>> SelectAsync(string table, string list) => Task.FromResult(Rows($"SELECT {list.Replace("chr(", "char(", StringComparison.Ordinal)} FROM {table}"));

    protected override Task<string> MarkAsync() =>
        Task.FromResult(string.Join(' ', Rows("SELECT CAST(value AS TEXT) FROM meta WHERE name IN ('position', 'mark') ORDER BY name DESC")));

    private List<string> Rows(string sql)
    {
        using var connection = SqliteFile.OpenReader(File);
        using var select = SqliteFile.Prepare(connection, sql);
        using var rows = select.Read();
        var lines = new List<string>();
        while (rows.Read()) lines.Add(rows.GetString(0));
        return lines;
    }
}

/// <summary>In a schema.</summary>
internal sealed class PostgresReadModelPlace : ReadModelPlace
{
    private readonly Lazy<Task<PostgresSchemaOfTest>> _schema;

    /// <param name="port">Another port than the server's, when something stands between.</param>
    public PostgresReadModelPlace(int? port = null) => _schema = new(() => PostgresSchemaOfTest.NewAsync(port));

    public Task<PostgresSchemaOfTest> SchemaAsync() => _schema.Value;

    public override async Task<ReadSideStore> OpenStoreAsync() => await (await _schema.Value).ReadSideAsync();

    public override async Task DropAsync() => await (await _schema.Value).SqlAsync(
        """
        TRUNCATE read_chain_totals, read_store_totals, read_store_days, read_store_slots, read_chain_slots, read_customers, read_flows, read_stores, read_access_keys, read_programmes;
        UPDATE read_position SET format = 0, position = 0, mark = NULL;
        """);

    public override async Task MakeForeignAsync() => await (await _schema.Value).SqlAsync("UPDATE read_position SET format = 999; DELETE FROM read_flows");

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task<List<string>> SelectAsync(string table, string list) => await (await _schema.Value).LinesAsync($"SELECT {list} FROM read_{table}");

    protected override async Task<string> MarkAsync() => await (await _schema.Value).SqlAsync("SELECT position || ' ' || mark FROM read_position");
}

/// <summary>What belongs to opening tables of a test.</summary>
internal static class ReadModelOpening
{
    /// <summary>The tables of a store, for the journal behind a feed.</summary>
    public static ValueTask<IReadModelTables> TablesAsync(this ReadSideStore store, ListFeed feed) => store.OpenReadModelsAsync(new ListJournal(feed), NullLogger.Instance, CancellationToken.None);
}
