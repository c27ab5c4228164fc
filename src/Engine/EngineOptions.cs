using ChainCrm.Grains;

namespace ChainCrm.Engine;

/// <summary>Settings of the embedded engine.</summary>
public sealed record EngineOptions
{
    /// <summary>Loops, each on two threads that take turns; 1 to 64. On a small machine one is fastest: the commit, not the deciding, is the limit.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Commands and reads one partition holds before it refuses more.</summary>
    public int PartitionMailboxMax { get; init; } = GrainLimits.PartitionMailboxMax;

    /// <summary>Commands and reads of one grain, waiting or not committed yet, before it refuses more.</summary>
    public int GrainMailboxMax { get; init; } = GrainLimits.GrainMailboxMax;

    /// <summary>Commands in one commit.</summary>
    public int BatchMax { get; init; } = GrainLimits.BatchMax;

    /// <summary>Bytes the memory for a batch's entries starts with; it grows to what a batch needs. A partition has two.</summary>
    public int BatchBufferStartBytes { get; init; } = GrainLimits.EntryBufferStartBytes;

    /// <summary>Entries the feed keeps in memory; rounded up to a power of two.</summary>
    public int FeedRingEntries { get; init; } = GrainLimits.FeedRingEntries;

    /// <summary>Grains kept in memory by one partition before the longest unused leave.</summary>
    public int ActivationsMax { get; init; } = 2_000_000;

    /// <summary>A grain nobody asked for so long leaves memory.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>How often the idle sweep takes a step.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries since the last snapshot that make a new one due while the grain stays in memory.</summary>
    public int SnapshotEveryEntries { get; init; } = GrainLimits.SnapshotEveryEntries;

    /// <summary>A grain with fewer entries since its snapshot leaves memory without a new one.</summary>
    public int SnapshotWorthEntries { get; init; } = GrainLimits.SnapshotWorthEntries;

    /// <summary>Loads and look-ups a partition has under way at once.</summary>
    public int LoadsInFlightMax { get; init; } = GrainLimits.LoadsInFlightMax;

    /// <summary>Throws when a value can't work.</summary>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Partitions is > 0 and <= EngineLimits.PartitionsMax, true, nameof(Partitions));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PartitionMailboxMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(GrainMailboxMax);
        ArgumentOutOfRangeException.ThrowIfNotEqual(BatchMax is > 0 and <= Journal.JournalLimits.BatchMax, true, nameof(BatchMax));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchBufferStartBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FeedRingEntries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ActivationsMax);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdleTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SweepEvery, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SnapshotEveryEntries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LoadsInFlightMax);
        // Look-ups under way come back into a batch that may have become full meanwhile.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchMax + LoadsInFlightMax, Journal.JournalLimits.BatchMax, nameof(BatchMax));
    }
}
