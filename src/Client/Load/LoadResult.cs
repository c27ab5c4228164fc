namespace ChainCrm.Client.Load;

/// <summary>What a run of load showed.</summary>
public sealed record LoadResult
{
    public required string Target { get; init; }
    public required int Connections { get; init; }
    /// <summary>Requests a second asked for in an open loop; null for a closed one.</summary>
    public double? RateAsked { get; init; }
    public required double Seconds { get; init; }
    /// <summary>Requests accepted while measuring.</summary>
    public required long Answers { get; init; }
    public required double PerSecond { get; init; }
    public required double P50Ms { get; init; }
    public required double P90Ms { get; init; }
    public required double P99Ms { get; init; }
    public required double P999Ms { get; init; }
    public required double MaxMs { get; init; }
    public required IReadOnlyList<LoadError> Errors { get; init; }
    public required long BrokenConnections { get; init; }
    /// <summary>Requests of an open loop that were due and had no turn: the server was slower than asked.</summary>
    public long NotSent { get; init; }
    /// <summary>Connections that broke and could not be made again.</summary>
    public required int LostConnections { get; init; }

    internal static LoadResult From(string target, RunPlan plan, IEnumerable<LoadRecorder> recorders, TimeSpan measured, int lost)
    {
        var latency = new LatencyHistogram();
        var refusals = new SortedDictionary<(int Status, int Code), long>();
        var broken = 0L;
        foreach (var recorder in recorders)
        {
            latency.Add(recorder.Latency);
            broken += recorder.BrokenConnections;
            foreach (var (what, count) in recorder.Refusals) refusals[what] = refusals.GetValueOrDefault(what) + count;
        }

        return new LoadResult
        {
            Target = target,
            Connections = plan.Connections,
            RateAsked = plan.Rate,
            Seconds = Math.Round(measured.TotalSeconds, 3),
            Answers = latency.Count,
            PerSecond = Math.Round(latency.Count / Math.Max(0.001, measured.TotalSeconds), 1),
            P50Ms = Milliseconds(latency.Percentile(50)),
            P90Ms = Milliseconds(latency.Percentile(90)),
            P99Ms = Milliseconds(latency.Percentile(99)),
            P999Ms = Milliseconds(latency.Percentile(99.9)),
            MaxMs = Milliseconds(latency.Max),
            Errors = refusals.Select(pair => new LoadError(pair.Key.Status, pair.Key.Code, pair.Value)).ToList(),
            BrokenConnections = broken,
            LostConnections = lost,
        };
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);
}

/// <summary>How often a refusal came.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Number of the refusal; 0 when the answer carried none.</param>
/// <param name="Count">How often.</param>
public sealed record LoadError(int Status, int Code, long Count);

/// <summary>Two targets, alternating, with one number of connections.</summary>
public sealed record LoadComparison
{
    public required int Connections { get; init; }
    public required string Target { get; init; }
    public required string Baseline { get; init; }
    /// <summary>Throughput of the target divided by that of the baseline, round by round: median, least and most.</summary>
    public required double RatioMedian { get; init; }
    public required double RatioMin { get; init; }
    public required double RatioMax { get; init; }
    public required double TargetPerSecondMedian { get; init; }
    public required double BaselinePerSecondMedian { get; init; }
    public required double TargetP99MsMedian { get; init; }
    public required double BaselineP99MsMedian { get; init; }
    public required IReadOnlyList<LoadResult> Rounds { get; init; }

    internal static LoadComparison From(int connections, IReadOnlyList<LoadResult> baseline, IReadOnlyList<LoadResult> target)
    {
        var ratios = baseline.Zip(target, (b, t) => b.PerSecond > 0 ? t.PerSecond / b.PerSecond : 0).ToList();
        return new LoadComparison
        {
            Connections = connections,
            Target = target[0].Target,
            Baseline = baseline[0].Target,
            RatioMedian = Math.Round(Median(ratios), 3),
            RatioMin = Math.Round(ratios.Min(), 3),
            RatioMax = Math.Round(ratios.Max(), 3),
            TargetPerSecondMedian = Median(target.Select(result => result.PerSecond)),
            BaselinePerSecondMedian = Median(baseline.Select(result => result.PerSecond)),
            TargetP99MsMedian = Median(target.Select(result => result.P99Ms)),
            BaselineP99MsMedian = Median(baseline.Select(result => result.P99Ms)),
            Rounds = [.. baseline.Zip(target, (b, t) => new[] { b, t }).SelectMany(pair => pair)],
        };
    }

    /// <summary>The middle one; of an even number the mean of the two in the middle.</summary>
    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>Everything a load command measured.</summary>
public sealed record LoadReport
{
    public required string Machine { get; init; }
    public required int Cores { get; init; }
    public required int Customers { get; init; }
    public required int Stores { get; init; }
    public double? Zipf { get; init; }
    public IReadOnlyList<LoadResult> Results { get; init; } = [];
    public IReadOnlyList<LoadComparison> Comparisons { get; init; } = [];
}
