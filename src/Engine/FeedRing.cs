using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Engine;

/// <summary>
/// The newest committed entries in memory, for readers that keep up; anybody slower, and any gap, reads the journal. Writers never wait
/// for readers. Thread-safe. A reader goes on where it waited: on the thread pool, or on its own scheduler when it has one.
/// </summary>
internal sealed class FeedRing : IFeed
{
    private readonly IJournal _journal;
    private readonly ILogger _logger;
    private readonly CommittedEntry?[] _ring;
    private readonly long _mask;
    private readonly Lock _publishing = new();
    private long _head;
    private long _released;
    private long _slowestAsked = long.MaxValue;
    private int _waiting;
    private TaskCompletionSource _more = NewSignal();

    public FeedRing(IJournal journal, int entries, ILogger logger)
    {
        _journal = journal;
        _logger = logger;
        _ring = new CommittedEntry?[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)entries)];
        _mask = _ring.Length - 1;
        _head = _released = journal.Head;
    }

    public long Head => Volatile.Read(ref _head);

    /// <summary>How far the slowest reader that asked since the last call is behind.</summary>
    public long TakeLag()
    {
        var slowest = Interlocked.Exchange(ref _slowestAsked, long.MaxValue);
        return slowest == long.MaxValue ? 0 : Math.Max(0, Head - slowest);
    }

    /// <summary>
    /// Makes committed entries visible. The journal commits in order, so when these have their positions everything before is durable,
    /// even if another partition has not published it yet: a reader that comes in between finds it in the journal.
    /// </summary>
    public void Publish(List<CommittedEntry> entries)
    {
        lock (_publishing)
        {
            foreach (var entry in entries)
                Volatile.Write(ref _ring[entry.Position & _mask], entry);
            RaiseHead(entries[^1].Position);
        }
    }

    /// <inheritdoc/>
    public void Release(long position)
    {
        if (position <= Volatile.Read(ref _released))
            return;
        lock (_publishing)
        {
            var upto = Math.Min(position, _head);
            // Places before the last ring's length have been taken by newer entries. What another partition publishes late, below what is released
            // already, stays until it is overwritten.
            for (var next = Math.Max(_released + 1, upto - _mask); next <= upto; next++)
            {
                ref var place = ref _ring[next & _mask];
                if (place?.Position == next)
                    Volatile.Write(ref place, null);
            }
            Volatile.Write(ref _released, Math.Max(_released, upto));
        }
    }

    /// <summary>The journal holds entries up to here, whoever wrote them.</summary>
    public void NoteHead(long head)
    {
        lock (_publishing)
            RaiseHead(head);
    }

    public async ValueTask<IReadOnlyList<CommittedEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        NoteAsked(position);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Head <= position)
                await WaitForMoreAsync(position, cancellation);
            if (FromRing(position, max) is { } recent)
                return recent;
            var older = await FromJournalAsync(position, max, cancellation);
            if (older.Count > 0)
                return older;
        }
    }

    private async ValueTask WaitForMoreAsync(long position, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            // The signal is taken before looking again: a publisher that comes in between either sees this reader or is seen by it.
            var more = Volatile.Read(ref _more).Task;
            if (Head <= position)
                await more.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private List<CommittedEntry>? FromRing(long position, int max)
    {
        var last = Math.Min(Head, position + max);
        List<CommittedEntry>? found = null;
        for (var next = position + 1; next <= last; next++)
        {
            var entry = Volatile.Read(ref _ring[next & _mask]);
            if (entry is null || entry.Position != next)
                break;
            (found ??= new List<CommittedEntry>((int)(last - next + 1))).Add(entry);
        }
        return found;
    }

    private async ValueTask<IReadOnlyList<CommittedEntry>> FromJournalAsync(long position, int max, CancellationToken cancellation)
    {
        var stored = await _journal.ReadAfterAsync(position, Math.Min(max, JournalLimits.ReadMax), cancellation);
        var entries = new CommittedEntry[stored.Count];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = Decode(stored[i]);
        return entries;
    }

    /// <summary>One unreadable entry must not stop every reader: it goes by without events, and its stream is set aside when somebody asks it.</summary>
    private CommittedEntry Decode(JournalEntry entry)
    {
        try
        {
            return EntryCodec.Decode(entry);
        }
        catch (UnreadableEntryException failure)
        {
            EngineLog.FeedEntryUnreadable(_logger, failure, entry.Position);
            return new CommittedEntry(entry.Position, GrainId.FromStream(entry.Stream), entry.Version, entry.CommandId, entry.TimeMs, 0, 0, default, []);
        }
    }

    private void RaiseHead(long head)
    {
        if (head <= _head)
            return;
        // A full fence between the head and looking for waiting readers.
        Interlocked.Exchange(ref _head, head);
        if (Volatile.Read(ref _waiting) > 0)
            Interlocked.Exchange(ref _more, NewSignal()).SetResult();
    }

    private void NoteAsked(long position)
    {
        var seen = Volatile.Read(ref _slowestAsked);
        while (position < seen)
        {
            var before = Interlocked.CompareExchange(ref _slowestAsked, position, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
