using System.Diagnostics;

namespace ChainCrm.Client.Load;

/// <summary>What one thread of the generator saw.</summary>
internal sealed class LoadRecorder
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Dictionary<(int Status, int Code), long> _refusals = [];

    public LatencyHistogram Latency { get; } = new();
    public IReadOnlyDictionary<(int Status, int Code), long> Refusals => _refusals;
    /// <summary>Connections that broke.</summary>
    public long BrokenConnections { get; private set; }

    /// <summary>An answer, with what it took in ticks of the stopwatch.</summary>
    public void Answered(long ticks) => Latency.Record((long)(ticks * NanosecondsPerTick));

    /// <summary>A refusal has no place among the latencies of answers: refusing is quick and would flatter them.</summary>
    public void Refused(int status, int code) => _refusals[(status, code)] = _refusals.GetValueOrDefault((status, code)) + 1;

    public void Broken() => BrokenConnections++;
}
