using System.Diagnostics;

namespace ChainCrm.Faults;

/// <summary>One fault of a run: where it strikes, the chance it is drawn from, and when the way back began.</summary>
internal sealed class Round(Site site, int index, int seed, Books books)
{
    private Task<double>? _firstAnswer;

    public Site Site => site;

    /// <summary>0 for the first fault of the run: sweeps go by it.</summary>
    public int Index => index;

    /// <summary>The same for the same seed and index, whatever happened before.</summary>
    public Random Random { get; } = new(unchecked(seed * 1_000_003 + index));

    /// <summary>Whether the fault met somebody; without that it does not count.</summary>
    public bool Struck { get; set; } = true;

    /// <summary>Milliseconds from the begin of the way back to the first acknowledged command.</summary>
    public Task<double> FirstAnswerAsync() => _firstAnswer ?? throw new InvalidOperationException("The way back did not begin.");

    /// <summary>From here on the time to the first acknowledged command counts.</summary>
    public void WayBack()
    {
        var (began, next) = (Stopwatch.GetTimestamp(), books.NextAsync());
        _firstAnswer = next.ContinueWith(_ => Stopwatch.GetElapsedTime(began).TotalMilliseconds, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Chance(int percent) => Random.Next(100) < percent;

    /// <summary>So many milliseconds, and no more than that.</summary>
    public Task WithinAsync(int milliseconds) => Task.Delay(Random.Next(milliseconds));

    /// <summary>Waits until a count grows; whether it did is in <see cref="Struck"/>.</summary>
    public async Task StrikesAsync(Func<int> count, Action begin)
    {
        var before = count();
        begin();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var until = Environment.TickCount64 + FaultsLimits.StrikeMs;
        while (count() == before && Environment.TickCount64 < until) await timer.WaitForNextTickAsync();
        Struck = count() != before;
    }
}
