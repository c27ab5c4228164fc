using System.Runtime.CompilerServices;

namespace ChainCrm.Domain.Customers;

/// <summary>Collects the few events of one decision without a list of its own.</summary>
internal struct EventList
{
    /// <summary>What a sale can be at most: points that ended before and at once, the sale, tier or its time, coupons, lots merged, basket paid.</summary>
    private const int Most = 7;

    private Slots _events;
    private int _count;

    /// <summary>Adds an event; nothing when there is none.</summary>
    public void Add(CustomerEvent? happened)
    {
        if (happened is null) return;
        if (_count == Most) throw new InvalidOperationException("A decision has more events than any should have.");
        _events[_count++] = happened;
    }

    public readonly Decision<CustomerEvent> ToDecision()
    {
        if (_count == 0) return Decision<CustomerEvent>.AlreadyDone;
        var events = new CustomerEvent[_count];
        for (var i = 0; i < events.Length; i++) events[i] = _events[i]!;
        return Decision<CustomerEvent>.Accept(events);
    }

    [InlineArray(Most)]
    private struct Slots
    {
        private CustomerEvent? _first;
    }
}
