namespace ChainCrm.Faults;

/// <summary>Where the server is, and how far the journal went when it came back.</summary>
internal sealed record Up(Uri Address, long Head);

/// <summary>Clients wait here while the server is down, or while everything is to be quiet. Thread-safe.</summary>
/// <param name="patience">How long the door may stay closed; without an end when left out.</param>
internal sealed class Gate(TimeSpan? patience = null)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<Up> _open = New();
    private Up? _last;
    private int _waiting;

    /// <summary>Clients that wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void Open(Up up)
    {
        lock (_lock)
        {
            _last = up;
            _open.TrySetResult(up);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            if (_open.Task.IsCompleted) _open = New();
        }
    }

    /// <summary>Opens as it was before.</summary>
    public void OpenAgain() => Open(_last ?? throw new InvalidOperationException("The gate was never open."));

    public async Task<Up> PassAsync()
    {
        Task<Up> open;
        lock (_lock) open = _open.Task;
        if (open.IsCompleted) return await open;
        Interlocked.Increment(ref _waiting);
        try
        {
            return await (patience is { } bound ? open.WaitAsync(bound) : open);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Waits until so many wait; false when they do not come in time.</summary>
    public async Task<bool> GatherAsync(int count, TimeSpan patience)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var until = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (Waiting < count)
        {
            if (Environment.TickCount64 > until) return false;
            await timer.WaitForNextTickAsync();
        }

        return true;
    }

    private static TaskCompletionSource<Up> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
