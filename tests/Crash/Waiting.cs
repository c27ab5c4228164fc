namespace ChainCrm.Crash;

/// <summary>Waits for something that shows only from outside, such as a file of another process.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task UntilAsync(Func<bool> holds, string what) => UntilAsync(() => Task.FromResult(holds()), what);

    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var until = DateTimeOffset.UtcNow + Patience;
        while (!await holds())
        {
            if (DateTimeOffset.UtcNow > until) throw new TimeoutException($"It was waited for {Patience.TotalSeconds} seconds until: {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
