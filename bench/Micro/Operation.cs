namespace ChainCrm.Micro;

/// <summary>A step of the path of a purchase, as often as asked: what is allocated for each is bounded by bench/budgets.json.</summary>
/// <param name="Name">Its name in the budgets.</param>
/// <param name="Prepare">Makes ready for so many times, and answers what does them.</param>
public sealed record Operation(string Name, Func<int, Prepared> Prepare)
{
    /// <summary>Bytes allocated each time, by all threads of the process.</summary>
    /// <param name="times">How often; a multiple of 64.</param>
    public double AllocatedBytes(int times)
    {
        using var prepared = Prepare(times);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        prepared.Run();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)times;
    }
}

/// <summary>Ready to run once.</summary>
/// <param name="Run">Does all.</param>
/// <param name="End">Lets go of what was prepared.</param>
public sealed record Prepared(Action Run, Action? End = null) : IDisposable
{
    public void Dispose() => End?.Invoke();
}
