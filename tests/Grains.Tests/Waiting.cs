namespace ChainCrm.Grains.Tests;

/// <summary>Waits that say what did not happen.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task OrSay(this Task task, string whatDidNotHappen)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Within {Patience.TotalSeconds} s this did not happen: {whatDidNotHappen}.");
        }
    }

    public static async Task<T> OrSay<T>(this Task<T> task, string whatDidNotHappen)
    {
        await ((Task)task).OrSay(whatDidNotHappen);
        return await task;
    }

    public static Task OrSay(this ValueTask task, string whatDidNotHappen) => task.AsTask().OrSay(whatDidNotHappen);

    /// <summary>There is no signal for what happens in a server, so the state is looked at, within a limit.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string whatDidNotHappen)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            if (patience.IsCancellationRequested) throw new TimeoutException($"Within {Patience.TotalSeconds} s this did not happen: {whatDidNotHappen}.");
            await Task.Delay(10);
        }
    }

    public static Task UntilAsync(Func<bool> holds, string whatDidNotHappen) => UntilAsync(() => Task.FromResult(holds()), whatDidNotHappen);
}
