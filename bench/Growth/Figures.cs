using System.Globalization;

namespace ChainCrm.Growth;

/// <summary>One thing measured at one size, as often as there were rounds.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Size">Customers, entries, stores, or which load.</param>
/// <param name="What">What was measured, with its unit.</param>
/// <param name="Values">One for each round.</param>
internal sealed record Figure(string Part, string Size, string What, List<double> Values)
{
    public double Median => Values.Order().ToList() is var sorted && sorted.Count % 2 == 1
        ? sorted[sorted.Count / 2]
        : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
}

/// <summary>Everything measured so far, in the order in which it came.</summary>
/// <param name="silent">Nothing is printed: what a process does for the first time is not measured.</param>
internal sealed class Figures(bool silent = false)
{
    private readonly List<Figure> all = [];

    public IReadOnlyList<Figure> All => all;

    public void Add(string part, string size, string what, double value)
    {
        var figure = all.Find(each => each.Part == part && each.Size == size && each.What == what);
        if (figure is null) all.Add(figure = new(part, size, what, []));
        figure.Values.Add(value);
        if (silent) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{part} {size}: {what} {Table.Short(value)}"));
    }

    /// <summary>What a closed loop came to.</summary>
    public void Add(string part, string size, string load, Pace pace)
    {
        Add(part, size, $"{load}, a second", pace.PerSecond);
        Add(part, size, $"{load}, processor µs each", pace.ProcessorMicroseconds);
        Add(part, size, $"{load}, p50 ms", pace.P50Ms);
        Add(part, size, $"{load}, p99 ms", pace.P99Ms);
    }

    /// <summary>1,000,000 as it stands in tables.</summary>
    public static string Size(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
