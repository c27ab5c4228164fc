using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Grains.ReadModels;

/// <summary>What a run of entries adds to the tables, summed in memory so that each row is written once however often it was touched. One thread.</summary>
internal sealed class ReadModelFold
{
    private readonly Dictionary<string, ChainFold> _chains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChainFold>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly ChainCalendars _calendars;

    public ReadModelFold(ChainCalendars calendars)
    {
        _calendars = calendars;
        _bySpan = _chains.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Entries folded since the last write.</summary>
    public int Entries { get; private set; }

    /// <summary>The newest entry folded; null when none is.</summary>
    public CommittedEntry? Last { get; private set; }

    public IEnumerable<(string Chain, ChainFold Fold)> Chains => _chains.Select(pair => (pair.Key, pair.Value));

    public void Add(CommittedEntry entry)
    {
        var grain = entry.Grain;
        var chain = grain.Chain;
        if (!_bySpan.TryGetValue(chain, out var fold)) _chains[chain.ToString()] = fold = new ChainFold();
        var calendar = _calendars.Of(chain);
        for (var i = 0; i < entry.Events.Count; i++)
        {
            var happened = entry.Events[i];
            var fact = Fact.Of(grain, happened, calendar);
            if (fact.Kind != FactKind.None) fold.Count(entry, fact);
            if (happened is CustomerEnrolled enrolled) fold.Customer(grain.Stream).Enrol(enrolled.At.UnixMs, enrolled.HomeStore.Value);
            else if (happened is ProfileChanged changed) fold.Customer(grain.Stream).HomeStore = changed.HomeStore.Value;
            else if (happened is ProgrammePublished published) _calendars.Publish(chain.ToString(), published.Version, published.Document);
            if (happened is StoreOpened or StoreChanged or StoreClosed or StoreReopened or AccessKeyEvent or ProgrammePublished) fold.Directory.Add((entry, happened));
        }

        Entries++;
        Last = entry;
    }

    public void Clear()
    {
        // Dictionaries are made anew rather than emptied: a catch-up must not leave them at its size for good.
        _chains.Clear();
        Entries = 0;
        Last = null;
    }
}

/// <summary>The part of one chain.</summary>
internal sealed class ChainFold
{
    public ChainSums Totals { get; } = new();
    public Dictionary<string, DaySums> Stores { get; } = new(StringComparer.Ordinal);
    public Dictionary<(string Store, int Day), DaySums> StoreDays { get; } = [];
    public Dictionary<(string Store, int Day, int Slot), SlotSums> StoreSlots { get; } = [];
    public Dictionary<(int Day, int Slot), DaySums> ChainSlots { get; } = [];
    public Dictionary<(int Day, string From, string To), long> Flows { get; } = [];
    public Dictionary<string, CustomerChange> Customers { get; } = new(StringComparer.Ordinal);

    /// <summary>Changes of stores, keys and programmes, few, in order.</summary>
    public List<(CommittedEntry Entry, object Happened)> Directory { get; } = [];

    public CustomerChange Customer(string stream) => GetOrAdd(Customers, stream);

    public DaySums ChainSlot(int day, int slot) => GetOrAdd(ChainSlots, (day, slot));

    public void Count(CommittedEntry entry, in Fact fact)
    {
        var day = fact.Day.Number;
        ChainSlot(day, fact.Slot).Add(fact);
        Totals.Add(fact);
        if (fact.Store is { } store)
        {
            GetOrAdd(Stores, store).Add(fact);
            var storeDay = GetOrAdd(StoreDays, (store, day));
            storeDay.Add(fact);
            storeDay.LastMs = Math.Max(storeDay.LastMs, entry.TimeMs);
            if (fact.Kind is FactKind.Purchase or FactKind.WalkIn)
            {
                var slot = GetOrAdd(StoreSlots, (store, day, fact.Slot));
                slot.Sales = checked(slot.Sales + fact.SalesMinor);
                slot.Visits++;
            }
        }

        if (fact.Kind != FactKind.Purchase) return;
        Customer(entry.Grain.Stream).Visit(fact.Store!, day, fact.Slot);
        if (fact.CameFrom is { } from)
        {
            var flow = (day, from, fact.Store!);
            Flows[flow] = Flows.GetValueOrDefault(flow) + 1;
        }
    }

    private static TValue GetOrAdd<TKey, TValue>(Dictionary<TKey, TValue> dictionary, TKey key)
        where TKey : notnull
        where TValue : new()
    {
        ref var place = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(dictionary, key, out var exists);
        if (!exists) place = new TValue();
        return place!;
    }
}

/// <summary>Sums of one store, day or slot.</summary>
internal sealed class DaySums
{
    public long Sales;
    public long Returns;
    public long Purchases;
    public long WalkIns;
    public long NewMembers;
    public long ActiveMembers;
    public long CrossVisits;
    public long CrossMinor;
    public long PointsGiven;
    public long PointsUsed;
    public long LastMs;

    public void Add(in Fact fact)
    {
        Sales = checked(Sales + fact.SalesMinor);
        Returns = checked(Returns + fact.ReturnsMinor);
        PointsGiven = checked(PointsGiven + fact.PointsGiven);
        PointsUsed = checked(PointsUsed + fact.PointsUsed);
        switch (fact.Kind)
        {
            case FactKind.Purchase:
                Purchases++;
                if (!fact.CrossStore) break;
                CrossVisits++;
                CrossMinor = checked(CrossMinor + fact.SalesMinor);
                break;
            case FactKind.WalkIn:
                WalkIns++;
                break;
            case FactKind.Enrolled:
                NewMembers++;
                break;
            default:
                // Returns and points count in their sums alone.
                break;
        }
    }
}

/// <summary>Sums of a chain since its first day.</summary>
internal sealed class ChainSums
{
    public DaySums Sums { get; } = new();
    public long ReturnCount { get; private set; }
    public long AtTwoStores { get; set; }
    public long WithPurchase { get; set; }

    public void Add(in Fact fact)
    {
        Sums.Add(fact);
        if (fact.Kind == FactKind.Return) ReturnCount++;
    }
}

/// <summary>Sums of one store's slot.</summary>
internal sealed class SlotSums
{
    public long Sales;
    public long Visits;
}

/// <summary>What a run of entries says about one customer.</summary>
internal sealed class CustomerChange
{
    public long? EnrolledMs { get; private set; }
    public string? HomeStore { get; set; }
    public long Purchases { get; private set; }

    /// <summary>Different stores, in the order met.</summary>
    public List<string> Stores { get; } = new(1);

    /// <summary>Different days with the slot of their first purchase, in the order met.</summary>
    public List<(int Day, int Slot)> Days { get; } = new(1);

    public void Enrol(long atMs, string homeStore) => (EnrolledMs, HomeStore) = (atMs, homeStore);

    public void Visit(string store, int day, int slot)
    {
        Purchases++;
        if (!Stores.Contains(store)) Stores.Add(store);
        foreach (var known in Days)
        {
            if (known.Day == day) return;
        }

        Days.Add((day, slot));
    }
}
