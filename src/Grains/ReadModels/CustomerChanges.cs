using System.Runtime.InteropServices;

namespace ChainCrm.Grains.ReadModels;

/// <summary>What a run of entries says about one customer.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct CustomerChange
{
    public long? EnrolledMs;
    public string? HomeStore;
    public int Purchases;

    /// <summary>Number of the first visit, counted from one; 0 when there is none. <see cref="CustomerChanges.Visit(int)"/> has it.</summary>
    public int FirstVisit;
}

/// <summary>A store or a day at which the customer was met for the first time in this run; the slot is that of the day's first purchase.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct CustomerVisit(string Store, int Day, int Slot)
{
    /// <summary>Number of the customer's next visit; 0 when this is the last.</summary>
    public int Next;
}

/// <summary>
/// What a run of entries says about each customer. Everything lies by value in a few arrays that are used again: an object for each customer
/// would live from one write to the next, too long to be cheap to collect, and there are thousands a second.
/// </summary>
internal sealed class CustomerChanges
{
    private readonly Dictionary<string, CustomerChange> _changes = new(StringComparer.Ordinal);
    private readonly List<CustomerVisit> _visits = [];
    private readonly List<string> _order = [];

    public void Enrol(string stream, long atMs, string homeStore)
    {
        ref var change = ref Change(stream);
        (change.EnrolledMs, change.HomeStore) = (atMs, homeStore);
    }

    public void Move(string stream, string homeStore) => Change(stream).HomeStore = homeStore;

    public void Buy(string stream, string store, int day, int slot)
    {
        ref var change = ref Change(stream);
        change.Purchases++;
        var visits = CollectionsMarshal.AsSpan(_visits);
        var (isNewStore, isNewDay, last) = (true, true, 0);
        for (var number = change.FirstVisit; number != 0; number = visits[number - 1].Next)
        {
            ref readonly var known = ref visits[number - 1];
            isNewStore &= known.Store != store;
            isNewDay &= known.Day != day;
            if (!isNewStore && !isNewDay) return;
            last = number;
        }

        _visits.Add(new CustomerVisit(store, day, slot));
        if (last == 0) change.FirstVisit = _visits.Count;
        else CollectionsMarshal.AsSpan(_visits)[last - 1].Next = _visits.Count;
    }

    /// <summary>The customers' streams in key order. Valid until the next change.</summary>
    public List<string> InKeyOrder()
    {
        _order.Clear();
        _order.AddRange(_changes.Keys);
        _order.Sort(string.CompareOrdinal);
        return _order;
    }

    /// <summary>What is said about a customer who is in <see cref="InKeyOrder"/>.</summary>
    public ref readonly CustomerChange Of(string stream) => ref CollectionsMarshal.GetValueRefOrNullRef(_changes, stream);

    /// <summary>A visit by its number.</summary>
    public CustomerVisit Visit(int number) => _visits[number - 1];

    public void Clear()
    {
        _changes.Clear();
        _visits.Clear();
        _order.Clear();
    }

    private ref CustomerChange Change(string stream) => ref CollectionsMarshal.GetValueRefOrAddDefault(_changes, stream, out _);
}
