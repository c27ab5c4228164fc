namespace ChainCrm.Crash;

/// <summary>Counts acknowledged commands, so that a kill can wait until the server is really at work. Thread-safe; one waits at a time.</summary>
internal sealed class Progress
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiting;
    private int _count;
    private int _target;

    /// <summary>One more.</summary>
    public void Add()
    {
        lock (_gate)
        {
            if (++_count >= _target) _waiting?.TrySetResult();
        }
    }

    /// <summary>Waits for so many more.</summary>
    public async Task MoreAsync(int count)
    {
        Task wait;
        lock (_gate)
        {
            (_target, _waiting) = (_count + count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            wait = _waiting.Task;
        }
        await wait.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
