namespace ChainCrm.Grains.ReadSide;

/// <summary>A position that only grows, and those who wait until it reaches theirs. Thread-safe; waking is prompt.</summary>
internal sealed class PositionWaiters(long start)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _position = start;
    private Exception? _ended;

    /// <summary>How far it is.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>True when somebody waits for a position at or below this one.</summary>
    public bool IsAwaited(long upTo)
    {
        lock (_lock) return _waiting.TryPeek(out _, out var first) && first <= upTo;
    }

    /// <summary>Completes when the position is reached.</summary>
    public ValueTask WaitAsync(long position, CancellationToken cancellation)
    {
        if (Position >= position) return ValueTask.CompletedTask;
        TaskCompletionSource waiter;
        lock (_lock)
        {
            if (_position >= position) return ValueTask.CompletedTask;
            if (_ended is { } ended) return ValueTask.FromException(ended);
            // One waiter of the same position would do for all, but waiters are few and gone soon.
            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiter, position);
        }

        return new ValueTask(waiter.Task.WaitAsync(cancellation));
    }

    /// <summary>Sets the position and wakes whom it satisfies.</summary>
    public void Reach(long position)
    {
        lock (_lock)
        {
            Volatile.Write(ref _position, position);
            while (_waiting.TryPeek(out var waiter, out var wanted) && wanted <= position)
            {
                _waiting.Dequeue();
                waiter.TrySetResult();
            }
        }
    }

    /// <summary>Nothing will be reached any more: whoever waits, or will, is told so.</summary>
    public void End(Exception reason)
    {
        lock (_lock)
        {
            _ended = reason;
            while (_waiting.TryDequeue(out var waiter, out _)) waiter.TrySetException(reason);
        }
    }
}
