using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ChainCrm.Engine;

/// <summary>What the engine measures, meter <c>ChainCrm.Engine</c>. One per engine.</summary>
public sealed class EngineMetrics : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "ChainCrm.Engine";

    /// <summary>Traces of commands.</summary>
    public static readonly ActivitySource Activities = new(Name);

    private readonly Meter _meter = new(Name);
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _commitTime;

    internal EngineMetrics(Func<int> mailboxLength, Func<int> activations, Func<long> feedLag)
    {
        _batchSize = _meter.CreateHistogram<int>("chaincrm.engine.batch.size", "{entry}", "Entries in one commit.");
        _commitTime = _meter.CreateHistogram<double>("chaincrm.engine.commit.duration", "ms", "Time of one commit.");
        Loads = _meter.CreateCounter<long>("chaincrm.engine.loads", "{grain}", "Grains read from the journal.");
        Evictions = _meter.CreateCounter<long>("chaincrm.engine.evictions", "{grain}", "Grains that left memory.");
        CommitFailures = _meter.CreateCounter<long>("chaincrm.engine.commit.failures", "{commit}", "Commits that failed.");
        Conflicts = _meter.CreateCounter<long>("chaincrm.engine.conflicts", "{stream}", "Streams on which another writer was first.");
        _meter.CreateObservableGauge("chaincrm.engine.mailbox.length", mailboxLength, "{operation}", "Commands and reads inside.");
        _meter.CreateObservableGauge("chaincrm.engine.activations", activations, "{grain}", "Grains in memory.");
        _meter.CreateObservableGauge("chaincrm.engine.feed.lag", feedLag, "{entry}", "Entries the slowest reader of the feed is behind.");
    }

    internal Counter<long> Loads { get; }
    internal Counter<long> Evictions { get; }
    internal Counter<long> CommitFailures { get; }
    internal Counter<long> Conflicts { get; }

    internal void Committed(int entries, TimeSpan duration)
    {
        _batchSize.Record(entries);
        _commitTime.Record(duration.TotalMilliseconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
