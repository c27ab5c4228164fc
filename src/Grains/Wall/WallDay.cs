using System.Runtime.InteropServices;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Grains.Wall;

/// <summary>The figures of one business day of one chain. Bounded: slots, stores, pairs of stores and a set of hashes. One writer under the wall's lock.</summary>
internal sealed class WallDay
{
    private readonly Dictionary<(string From, string To), WallFlowCount> _flows = [];
    private readonly HashSet<ulong> _active = [];

    public WallSums[] Slots { get; } = new WallSums[GrainLimits.SlotsPerDay];

    public Dictionary<string, WallStoreSums> Stores { get; } = new(StringComparer.Ordinal);

    public TopFlows Top { get; } = new();

    /// <summary>The whole day.</summary>
    public WallSums Total;

    /// <summary>Counts an event; tells which store's figures it changed, and whether the top flows are others now.</summary>
    public (WallStoreSums? Store, bool FlowsChanged) Count(in Fact fact, int slot, ulong customer, long entryMs)
    {
        var isFirstToday = fact.Kind == FactKind.Purchase && MarkActive(customer);
        Slots[slot].Add(fact, isFirstToday);
        Total.Add(fact, isFirstToday);
        if (fact.Store is not { } name) return (null, false);
        var store = Store(name);
        store?.Add(fact, entryMs);
        return (store, fact.CameFrom is { } from && CountFlow(from, name, 1));
    }

    /// <summary>The figures of a store; null when there are more stores than a wall shows.</summary>
    public WallStoreSums? Store(string name)
    {
        if (Stores.TryGetValue(name, out var store)) return store;
        if (Stores.Count >= GrainLimits.WallStoresMax) return null;
        return Stores[name] = new WallStoreSums(name);
    }

    /// <summary>True when the customer was not yet active this day. Beyond the limit nobody is told apart any more and the count stands still.</summary>
    public bool MarkActive(ulong customer) => _active.Count < GrainLimits.WallActiveMembersMax && _active.Add(customer);

    /// <summary>Adds to a flow; true when the top flows changed by it.</summary>
    public bool CountFlow(string from, string to, long count)
    {
        if (_flows.Count >= GrainLimits.WallFlowPairsMax && !_flows.ContainsKey((from, to))) return false;
        ref var flow = ref CollectionsMarshal.GetValueRefOrAddDefault(_flows, (from, to), out _);
        flow ??= new WallFlowCount(from, to);
        flow.Count += count;
        return Top.Rank(flow);
    }

    /// <summary>The day up to a time: whole slots, and of the running one the share that is over, so that a comparison within it is fair.</summary>
    public WallSums UpTo(int msOfDay)
    {
        var running = Math.Min(msOfDay / GrainLimits.SlotMs, GrainLimits.SlotsPerDay - 1);
        var sum = default(WallSums);
        for (var slot = 0; slot < running; slot++) sum.Add(Slots[slot], 1, 1);
        sum.Add(Slots[running], msOfDay - running * GrainLimits.SlotMs, GrainLimits.SlotMs);
        return sum;
    }
}

/// <summary>Figures of a slot or a day.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct WallSums
{
    public long Sales;
    public long Visits;
    public long PointsGiven;
    public long PointsUsed;
    public long NewMembers;
    public long ActiveMembers;
    public long CrossVisits;
    public long CrossMinor;
    public long Returns;

    public void Add(in Fact fact, bool isFirstToday)
    {
        Sales += fact.SalesMinor;
        Returns += fact.ReturnsMinor;
        PointsGiven += fact.PointsGiven;
        PointsUsed += fact.PointsUsed;
        if (isFirstToday) ActiveMembers++;
        if (fact.Kind is FactKind.Purchase or FactKind.WalkIn) Visits++;
        if (fact.Kind == FactKind.Enrolled) NewMembers++;
        if (!fact.CrossStore) return;
        CrossVisits++;
        CrossMinor += fact.SalesMinor;
    }

    /// <summary>Adds a share of another's figures, rounded down.</summary>
    public void Add(in WallSums other, long part, long whole)
    {
        Sales += Share(other.Sales, part, whole);
        Visits += Share(other.Visits, part, whole);
        PointsGiven += Share(other.PointsGiven, part, whole);
        PointsUsed += Share(other.PointsUsed, part, whole);
        NewMembers += Share(other.NewMembers, part, whole);
        ActiveMembers += Share(other.ActiveMembers, part, whole);
        CrossVisits += Share(other.CrossVisits, part, whole);
        CrossMinor += Share(other.CrossMinor, part, whole);
        Returns += Share(other.Returns, part, whole);
    }

    public readonly DayFigures ToFigures() => new(Sales, Visits, PointsGiven, PointsUsed, NewMembers, ActiveMembers, CrossVisits, CrossMinor, Returns);

    private static long Share(long value, long part, long whole) => part == whole ? value : (long)((Int128)value * part / whole);
}

/// <summary>Figures of one store of one day.</summary>
internal sealed class WallStoreSums(string name)
{
    public string Name => name;
    public long Sales;
    public long Visits;
    public long NewMembers;
    public long CrossVisits;
    public long LastMs;

    /// <summary>Already among the changes to be told.</summary>
    public bool IsDirty;

    public void Add(in Fact fact, long entryMs)
    {
        Sales += fact.SalesMinor;
        if (fact.Kind is FactKind.Purchase or FactKind.WalkIn) Visits++;
        if (fact.Kind == FactKind.Enrolled) NewMembers++;
        if (fact.CrossStore) CrossVisits++;
        LastMs = Math.Max(LastMs, entryMs);
    }

    public StoreFigures ToFigures() => new(name, Sales, Visits, NewMembers, CrossVisits, LastMs);
}
