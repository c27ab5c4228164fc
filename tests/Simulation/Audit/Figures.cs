using System.Runtime.InteropServices;
using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>The figures of the chain, its days and its stores, added up from the events' JSON alone.</summary>
internal sealed class Figures
{
    /// <summary>Local time of the programmes here is eight hours ahead of UTC all year.</summary>
    private const long OffsetMs = 8 * 3_600_000;
    private const long DayMs = 86_400_000;
    private readonly Dictionary<int, Sums> _days = [];
    private readonly Dictionary<string, Sums> _stores = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Store, int Day), Sums> _storeDays = [];
    private readonly Dictionary<string, HashSet<string>> _storesOfCustomer = new(StringComparer.Ordinal);
    private readonly HashSet<(int Day, string Customer)> _active = [];
    private Sums _all;
    private long _atTwoStores;

    public void Add(string stream, string name, JsonElement data)
    {
        var sums = default(Sums);
        switch (name)
        {
            case "customer.purchase-recorded.1":
                sums = Purchase(stream, data);
                Count(data.Text("store"), (int)data.Number("businessDay"), sums);
                break;
            case "store.walk-in-recorded.1":
                sums.Sales = data.Number("amount");
                sums.WalkIns = 1;
                Count(stream[(stream.LastIndexOf('/') + 1)..], (int)data.Number("businessDay"), sums);
                break;
            case "customer.lines-returned.1":
                sums.ReturnsMinor = data.Number("amount");
                sums.Returns = 1;
                Count(data.Text("purchaseStore"), (int)data.Number("businessDay"), sums);
                break;
            case "customer.enrolled.1":
                sums.Members = 1;
                Count(data.Text("homeStore"), DayOf(data), sums);
                break;
            case "customer.points-redeemed.1":
                sums.PointsUsed = data.Number("points");
                Count(StoreOf(data), DayOf(data), sums);
                break;
            case "customer.points-adjusted.1" when data.Number("points") > 0:
                sums.PointsGiven = data.Number("points");
                Count(StoreOf(data), DayOf(data), sums);
                break;
            default:
                // No figure counts it.
                break;
        }
    }

    public void Check(in SeenTotals seen, Action<string> say)
    {
        var told = new SeenTotals(
            seen.Position, _all.Members, _all.Purchases, _all.WalkIns, _all.Returns, _all.Sales - _all.ReturnsMinor, _all.PointsGiven, _all.PointsUsed, _all.Cross,
            _atTwoStores, _storesOfCustomer.Count);
        if (seen != told)
            say($"the read models show {seen}, the journal holds {told}");
    }

    public void Check(in SeenWall seen, Action<string> say)
    {
        var day = _days.GetValueOrDefault(seen.Day);
        var told = new SeenWall(
            seen.Position, seen.Day, day.Sales, day.Purchases + day.WalkIns, day.PointsGiven, day.PointsUsed, day.Members, day.Active, day.Cross, day.CrossMinor, day.ReturnsMinor);
        if (seen != told)
            say($"the wall shows {seen}, the journal holds {told}");
    }

    public void Check(SeenStores seen, Action<string> say)
    {
        foreach (var store in seen.Totals)
        {
            var told = _stores.GetValueOrDefault(store.Store);
            if (store.RevenueMinor != told.Sales - told.ReturnsMinor || store.Purchases != told.Purchases || store.WalkIns != told.WalkIns || store.ReturnsMinor != told.ReturnsMinor)
                say($"the read models show {store}, the journal holds {told}");
        }

        foreach (var (store, _) in _stores.Where(pair => seen.Totals.All(shown => shown.Store != pair.Key)))
            say($"the read models know nothing of store {store}");
        foreach (var day in seen.Days)
        {
            var number = day.Day.DayNumber - new DateOnly(1970, 1, 1).DayNumber;
            var told = _storeDays.GetValueOrDefault((day.Store, number));
            if (day.RevenueMinor != told.Sales - told.ReturnsMinor || day.Purchases != told.Purchases || day.WalkIns != told.WalkIns || day.NewMembers != told.Members
                || day.CrossStoreVisits != told.Cross || day.PointsGiven != told.PointsGiven || day.PointsUsed != told.PointsUsed)
                say($"the read models show {day}, the journal holds {told}");
        }
    }

    private Sums Purchase(string stream, JsonElement data)
    {
        var sums = new Sums
        {
            Sales = data.Number("amount"), Purchases = 1, PointsGiven = data.Number("pointsEarned"), PointsUsed = data.Number("pointsUsed"),
        };
        if (data.Flag("crossStore"))
            (sums.Cross, sums.CrossMinor) = (1, sums.Sales);
        if (_active.Add(((int)data.Number("businessDay"), stream)))
            sums.Active = 1;
        if (!_storesOfCustomer.TryGetValue(stream, out var stores))
            _storesOfCustomer[stream] = stores = new HashSet<string>(StringComparer.Ordinal);
        if (stores.Add(data.Text("store")!) && stores.Count == 2)
            _atTwoStores++;
        return sums;
    }

    private void Count(string? store, int day, in Sums sums)
    {
        _all.Add(sums);
        CollectionsMarshal.GetValueRefOrAddDefault(_days, day, out _).Add(sums);
        if (store is null)
            return;
        CollectionsMarshal.GetValueRefOrAddDefault(_stores, store, out _).Add(sums);
        CollectionsMarshal.GetValueRefOrAddDefault(_storeDays, (store, day), out _).Add(sums);
    }

    private static int DayOf(JsonElement data) => (int)((data.Number("at") + OffsetMs) / DayMs);

    private static string? StoreOf(JsonElement data) => data.TryGetProperty("origin", out var origin) ? origin.Text("store") : null;

    private record struct Sums
    {
        public long Sales;
        public long ReturnsMinor;
        public long Returns;
        public long Purchases;
        public long WalkIns;
        public long Members;
        public long Active;
        public long Cross;
        public long CrossMinor;
        public long PointsGiven;
        public long PointsUsed;

        public void Add(in Sums other)
        {
            Sales += other.Sales;
            ReturnsMinor += other.ReturnsMinor;
            Returns += other.Returns;
            Purchases += other.Purchases;
            WalkIns += other.WalkIns;
            Members += other.Members;
            Active += other.Active;
            Cross += other.Cross;
            CrossMinor += other.CrossMinor;
            PointsGiven += other.PointsGiven;
            PointsUsed += other.PointsUsed;
        }
    }
}
