using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.Storage;
using ChainCrm.Journal;
using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.ReadModels;

/// <summary>Writes a fold into the tables: one transaction with the position, so that every entry counts exactly once. One thread.</summary>
internal sealed class SqliteReadModelWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _meta;
    private readonly SqliteStatement _chainTotals;
    private readonly SqliteStatement _storeTotals;
    private readonly SqliteStatement _storeDays;
    private readonly SqliteStatement _storeSlots;
    private readonly SqliteStatement _chainSlots;
    private readonly SqliteStatement _flows;
    private readonly SqliteStatement _customer;
    private readonly SqliteStatement _addCustomer;
    private readonly SqliteStatement _changeCustomer;
    private readonly SqliteStatement _putStore;
    private readonly SqliteStatement _changeStore;
    private readonly SqliteStatement _openStore;
    private readonly SqliteStatement _putKey;
    private readonly SqliteStatement _revokeKey;
    private readonly SqliteStatement _putProgramme;
    private readonly KnownStores _stores = new();

    public SqliteReadModelWriter(SqliteConnection connection)
    {
        _connection = connection;
        _meta = Prepare("INSERT INTO meta(name, value) VALUES(@0, @1) ON CONFLICT DO UPDATE SET value = excluded.value");
        _chainTotals = Adding("chain_totals", ["chain"],
            ["members", "purchases", "walk_ins", "returns", "sales", "returns_minor", "points_given", "points_used", "cross_store", "at_two_stores", "with_purchase"]);
        _storeTotals = Adding("store_totals", ["chain", "store"], ["sales", "returns_minor", "purchases", "walk_ins"]);
        _storeDays = Adding("store_days", ["chain", "store", "day"],
            ["sales", "returns_minor", "purchases", "walk_ins", "new_members", "cross_visits", "cross_minor", "points_given", "points_used"], newest: "last_ms");
        _storeSlots = Adding("store_slots", ["chain", "store", "day", "slot"], ["sales", "visits"]);
        _chainSlots = Adding("chain_slots", ["chain", "day", "slot"],
            ["sales", "visits", "points_given", "points_used", "new_members", "active_members", "cross_visits", "cross_minor", "returns_minor"]);
        _flows = Adding("flows", ["chain", "day", "from_store", "to_store"], ["count"]);
        _customer = Prepare("SELECT purchases, stores, last_day, days_before FROM customers WHERE chain = @0 AND id = @1");
        _addCustomer = Prepare("INSERT INTO customers(chain, id, enrolled_ms, home_store, purchases, stores, last_day, days_before) VALUES(@0, @1, @2, @3, @4, @5, @6, @7)");
        // What is null stays as it is.
        _changeCustomer = Prepare("""
            UPDATE customers SET enrolled_ms = coalesce(@2, enrolled_ms), home_store = coalesce(@3, home_store), purchases = @4, stores = coalesce(@5, stores),
                last_day = @6, days_before = @7
            WHERE chain = @0 AND id = @1
            """);
        _putStore = Prepare("INSERT OR REPLACE INTO stores(chain, id, name, region, city, open) VALUES(@0, @1, @2, @3, @4, 1)");
        _changeStore = Prepare("UPDATE stores SET name = @2, region = @3, city = @4 WHERE chain = @0 AND id = @1");
        _openStore = Prepare("UPDATE stores SET open = @2 WHERE chain = @0 AND id = @1");
        _putKey = Prepare("INSERT OR REPLACE INTO access_keys(chain, id, role, secret_hash, store, till, sees_personal, label, revoked, position) VALUES(@0, @1, @2, @3, @4, @5, @6, @7, 0, @8)");
        _revokeKey = Prepare("UPDATE access_keys SET revoked = 1 WHERE chain = @0 AND id = @1");
        _putProgramme = Prepare("INSERT OR REPLACE INTO programmes(chain, version, document, at_ms) VALUES(@0, @1, @2, @3)");
    }

    /// <summary>Writes everything or nothing.</summary>
    public void Write(ReadModelFold fold)
    {
        if (fold.Last is not { } last) return;
        using var transaction = _connection.BeginTransaction();
        foreach (var (chain, part) in fold.Chains)
        {
            // Customers first: they say how many were active for the first time in a slot, and how many now buy at two stores.
            WriteCustomers(chain, part);
            WriteSums(chain, part);
            foreach (var (entry, happened) in part.Directory) WriteDirectory(chain, entry, happened);
        }

        _meta.Set(0, "position").Set(1, last.Position).Run();
        _meta.Set(0, "mark").Set(1, JournalMark.Of(last.Grain.Stream, last.Version, last.CommandId, last.TimeMs)).Run();
        transaction.Commit();
    }

    public void Dispose()
    {
        foreach (var statement in new[]
        {
            _meta, _chainTotals, _storeTotals, _storeDays, _storeSlots, _chainSlots, _flows, _customer, _addCustomer, _changeCustomer, _putStore,
            _changeStore, _openStore, _putKey, _revokeKey, _putProgramme,
        }) statement.Dispose();
    }

    private void WriteCustomers(string chain, ChainFold part)
    {
        var prefix = new GrainId(chain, GrainKinds.Customer, "").Stream.Length;
        foreach (var statement in new[] { _customer, _addCustomer, _changeCustomer }) statement.Set(0, chain);
        // In key order: neighbours share pages, and a page is read and written once.
        foreach (var stream in part.Customers.InKeyOrder()) WriteCustomer(part, stream.AsSpan(prefix), part.Customers.Of(stream));
    }

    private void WriteCustomer(ChainFold part, ReadOnlySpan<char> id, in CustomerChange change)
    {
        var isKnown = ReadCustomer(id, out var row);
        part.Apply(change, ref row, _stores);
        var put = isKnown ? _changeCustomer : _addCustomer;
        put.Set(1, id).Set(2, change.EnrolledMs).Set(3, change.HomeStore).Set(4, row.Purchases).Set(6, row.LastDay).Set(7, row.DaysBefore);
        if (isKnown && !_stores.HasGrown) put.SetNull(5);
        else put.SetUtf8(5, _stores.Utf8);
        put.Run();
    }

    /// <summary>The row of a customer, its stores in <see cref="_stores"/>; false when there is none yet.</summary>
    private bool ReadCustomer(ReadOnlySpan<char> id, out CustomerRow row)
    {
        using var rows = _customer.Set(1, id).Read();
        var isKnown = rows.Read();
        _stores.Load(isKnown ? rows.GetBytes(1) : []);
        row = isKnown ? new CustomerRow { Purchases = rows.GetInt64(0), LastDay = rows.IsDBNull(2) ? null : rows.GetInt64(2), DaysBefore = rows.GetInt64(3) } : default;
        return isKnown;
    }

    private void WriteSums(string chain, ChainFold part)
    {
        var (totals, sums) = (part.Totals, part.Totals.Sums);
        Run(_chainTotals, chain, sums.NewMembers, sums.Purchases, sums.WalkIns, totals.ReturnCount, sums.Sales, sums.Returns, sums.PointsGiven,
            sums.PointsUsed, sums.CrossVisits, totals.AtTwoStores, totals.WithPurchase);
        foreach (var (store, s) in part.Stores) Run(_storeTotals, chain, store, s.Sales, s.Returns, s.Purchases, s.WalkIns);
        foreach (var ((store, day), s) in part.StoreDays)
            Run(_storeDays, chain, store, day, s.Sales, s.Returns, s.Purchases, s.WalkIns, s.NewMembers, s.CrossVisits, s.CrossMinor, s.PointsGiven, s.PointsUsed, s.LastMs);
        foreach (var ((store, day, slot), s) in part.StoreSlots) Run(_storeSlots, chain, store, day, slot, s.Sales, s.Visits);
        foreach (var ((day, slot), s) in part.ChainSlots)
            Run(_chainSlots, chain, day, slot, s.Sales, s.Purchases + s.WalkIns, s.PointsGiven, s.PointsUsed, s.NewMembers, s.ActiveMembers, s.CrossVisits, s.CrossMinor, s.Returns);
        foreach (var ((day, from, to), count) in part.Flows) Run(_flows, chain, day, from, to, count);
    }

    private void WriteDirectory(string chain, CommittedEntry entry, object happened)
    {
        var key = entry.Grain.Key;
        switch (happened)
        {
            case StoreOpened e:
                Run(_putStore, chain, e.Store.Value, e.Name, e.Region, e.City);
                break;
            case StoreChanged e:
                Run(_changeStore, chain, key, e.Name, e.Region, e.City);
                break;
            case StoreClosed or StoreReopened:
                Run(_openStore, chain, key, happened is StoreReopened ? 1 : 0);
                break;
            case KeyIssued e:
                Run(_putKey, chain, key, (int)e.Role, e.SecretHash, e.Store?.Value, e.Till?.Value, e.SeesPersonal ? 1 : 0, e.Label, entry.Position);
                break;
            case KeyRevoked:
                Run(_revokeKey, chain, key);
                break;
            case ProgrammePublished e:
                Run(_putProgramme, chain, e.Version, e.Document, e.At.UnixMs);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No table holds {happened.GetType().Name}.");
        }
    }

    private static void Run(SqliteStatement statement, params ReadOnlySpan<Cell> cells)
    {
        for (var i = 0; i < cells.Length; i++) cells[i].Fill(statement, i);
        statement.Run();
    }

    private SqliteStatement Prepare(string sql) => SqliteFile.Prepare(_connection, sql);

    /// <summary>A row whose numbers are added to the row of the same key; <paramref name="newest"/> keeps the larger one.</summary>
    private SqliteStatement Adding(string table, string[] keys, string[] sums, string? newest = null)
    {
        string[] columns = newest is null ? [.. keys, .. sums] : [.. keys, .. sums, newest];
        var updates = sums.Select(sum => $"{sum} = {sum} + excluded.{sum}");
        if (newest is not null) updates = updates.Append($"{newest} = max({newest}, excluded.{newest})");
        return Prepare(
            $"INSERT INTO {table}({string.Join(", ", columns)}) VALUES({string.Join(", ", columns.Select((_, i) => FormattableString.Invariant($"@{i}")))}) ON CONFLICT DO UPDATE SET {string.Join(", ", updates)}");
    }

    /// <summary>A value of a row: text or number.</summary>
    private readonly struct Cell
    {
        private readonly string? _text;
        private readonly long _number;
        private readonly bool _isText;

        private Cell(string? text) => (_text, _number, _isText) = (text, 0, true);

        private Cell(long number) => (_text, _number, _isText) = (null, number, false);

        public static implicit operator Cell(string? text) => new(text);

        public static implicit operator Cell(long number) => new(number);

        public void Fill(SqliteStatement statement, int place)
        {
            if (_isText) statement.Set(place, _text);
            else statement.Set(place, _number);
        }
    }
}
