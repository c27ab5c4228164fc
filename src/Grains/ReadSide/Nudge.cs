namespace ChainCrm.Grains.ReadSide;

/// <summary>Wakes one loop. A nudge given while the loop works is not lost: its next wait ends at once. Thread-safe for givers.</summary>
internal sealed class Nudge
{
    private TaskCompletionSource _given = Fresh();

    /// <summary>Ends the loop's wait, or its next one.</summary>
    public void Give() => Volatile.Read(ref _given).TrySetResult();

    /// <summary>Completes when a nudge is given.</summary>
    public Task Given => Volatile.Read(ref _given).Task;

    /// <summary>Takes the nudge; the loop calls this before it looks at what it may have been nudged for.</summary>
    public void Take()
    {
        if (Volatile.Read(ref _given).Task.IsCompleted) Volatile.Write(ref _given, Fresh());
    }

    /// <summary>The giver never runs the loop: the thread pool does, or the loop's own scheduler where it has one.</summary>
    private static TaskCompletionSource Fresh() =>
        new(TaskScheduler.Current == TaskScheduler.Default ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
}
