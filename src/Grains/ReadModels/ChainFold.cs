using System.Runtime.InteropServices;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Grains.ReadModels;

/// <summary>The part of a fold that belongs to one chain.</summary>
internal sealed class ChainFold
{
    public ChainSums Totals;

    public Dictionary<string, DaySums> Stores { get; } = new(StringComparer.Ordinal);
    public Dictionary<(string Store, int Day), DaySums> StoreDays { get; } = [];
    public Dictionary<(string Store, int Day, int Slot), SlotSums> StoreSlots { get; } = [];
    public Dictionary<(int Day, int Slot), DaySums> ChainSlots { get; } = [];
    public Dictionary<(int Day, string From, string To), long> Flows { get; } = [];
    public CustomerChanges Customers { get; } = new();

    /// <summary>Changes of stores, keys and programmes, few, in order.</summary>
    public List<(CommittedEntry Entry, object Happened)> Directory { get; } = [];

    /// <summary>Entries of this chain since the last write, also those that no table shows.</summary>
    public int Entries { get; set; }

    public ref DaySums ChainSlot(int day, int slot) => ref Place(ChainSlots, (day, slot));

    public void Count(CommittedEntry entry, in Fact fact)
    {
        var day = fact.Day.Number;
        ChainSlot(day, fact.Slot).Add(fact);
        Totals.Add(fact);
        if (fact.Store is { } store)
        {
            Place(Stores, store).Add(fact);
            ref var storeDay = ref Place(StoreDays, (store, day));
            storeDay.Add(fact);
            storeDay.LastMs = Math.Max(storeDay.LastMs, entry.TimeMs);
            if (fact.Kind is FactKind.Purchase or FactKind.WalkIn)
            {
                ref var slot = ref Place(StoreSlots, (store, day, fact.Slot));
                slot.Sales = checked(slot.Sales + fact.SalesMinor);
                slot.Visits++;
            }
        }

        if (fact.Kind != FactKind.Purchase) return;
        Customers.Buy(entry.Grain.Stream, fact.Store!, day, fact.Slot);
        if (fact.CameFrom is { } from) Place(Flows, (day, from, fact.Store!))++;
    }

    /// <summary>Moves a customer's row on, and counts what only the row tells: who was active for the first time on a day, who buys at all, who now buys at two stores.</summary>
    /// <param name="change">What is said about the customer.</param>
    /// <param name="row">The numbers of the row; of an empty one when there is none yet.</param>
    /// <param name="stores">Its stores.</param>
    public void Apply(in CustomerChange change, ref CustomerRow row, KnownStores stores)
    {
        var (hadPurchase, wasAtTwo) = (row.Purchases > 0, stores.Count > 1);
        row.Purchases += change.Purchases;
        for (var number = change.FirstVisit; number != 0;)
        {
            var visit = Customers.Visit(number);
            stores.Add(visit.Store);
            if (row.MarkDay(visit.Day)) ChainSlot(visit.Day, visit.Slot).ActiveMembers++;
            number = visit.Next;
        }

        if (!hadPurchase && row.Purchases > 0) Totals.WithPurchase++;
        if (!wasAtTwo && stores.Count > 1) Totals.AtTwoStores++;
    }

    public void Clear()
    {
        Totals = default;
        Stores.Clear();
        StoreDays.Clear();
        StoreSlots.Clear();
        ChainSlots.Clear();
        Flows.Clear();
        Customers.Clear();
        Directory.Clear();
        Entries = 0;
    }

    private static ref TValue Place<TKey, TValue>(Dictionary<TKey, TValue> dictionary, TKey key)
        where TKey : notnull
        where TValue : struct => ref CollectionsMarshal.GetValueRefOrAddDefault(dictionary, key, out _);
}

/// <summary>Sums of one store, day or slot.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct DaySums
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
[StructLayout(LayoutKind.Auto)]
internal struct ChainSums
{
    public DaySums Sums;
    public long ReturnCount;
    public long AtTwoStores;
    public long WithPurchase;

    public void Add(in Fact fact)
    {
        Sums.Add(fact);
        if (fact.Kind == FactKind.Return) ReturnCount++;
    }
}

/// <summary>Sums of one store's slot.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct SlotSums
{
    public long Sales;
    public long Visits;
}
