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
}
