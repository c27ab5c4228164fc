namespace ChainCrm.Engine;

/// <summary>Something that is sent to a partition. Linked to the next one by itself, so that sending allocates nothing.</summary>
internal abstract class MailboxItem
{
    public MailboxItem? Next;

    /// <summary>How many waited in the mailbox when it was posted, itself among them; what comes of a race is off by a few.</summary>
    public int Depth;

    /// <summary>Runs on the partition's loop when the item is taken out.</summary>
    public abstract void Arrive(PartitionCore core);
}

/// <summary>
/// Many senders, one taker, no locks: senders push onto a stack with one exchange, the taker takes the whole stack and turns it round.
/// An item is in at most one mailbox.
/// </summary>
internal sealed class Mailbox
{
    private MailboxItem? _newest;

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => Volatile.Read(ref _newest) is null;

    /// <summary>What waits; off by a few in a race.</summary>
    public int Depth => Volatile.Read(ref _newest)?.Depth ?? 0;

    /// <summary>Adds an item.</summary>
    /// <returns>How many wait now. Exactly 1 when the mailbox was empty before, so the loop may have to be woken; otherwise off by a few in a race.</returns>
    public int Post(MailboxItem item)
    {
        var newest = Volatile.Read(ref _newest);
        while (true)
        {
            item.Next = newest;
            // Read before the exchange: afterwards the item belongs to the loop.
            var depth = newest is null ? 1 : Math.Max(1, newest.Depth) + 1;
            item.Depth = depth;
            var seen = Interlocked.CompareExchange(ref _newest, item, newest);
            if (ReferenceEquals(seen, newest))
                return depth;
            newest = seen;
        }
    }

    /// <summary>Takes everything, oldest first; null when empty.</summary>
    public MailboxItem? TakeAll()
    {
        if (IsEmpty)
            return null;
        var item = Interlocked.Exchange(ref _newest, null);
        MailboxItem? oldest = null;
        while (item is not null)
        {
            var next = item.Next;
            item.Next = oldest;
            oldest = item;
            item = next;
        }
        return oldest;
    }
}

/// <summary>A first-in-first-out list of operations, linked by themselves in a ring, so that a list costs its owner one reference. An operation is in at most one list.</summary>
internal struct OperationQueue
{
    private GrainOperation? _newest;

    public readonly bool IsEmpty => _newest is null;

    public void Add(GrainOperation operation)
    {
        operation.Next = _newest?.Next ?? operation;
        if (_newest is not null)
            _newest.Next = operation;
        _newest = operation;
    }

    public GrainOperation? Take()
    {
        if (_newest is null)
            return null;
        var oldest = (GrainOperation)_newest.Next!;
        if (ReferenceEquals(oldest, _newest))
            _newest = null;
        else
            _newest.Next = oldest.Next;
        oldest.Next = null;
        return oldest;
    }
}
