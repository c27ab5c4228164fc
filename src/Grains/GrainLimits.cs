namespace ChainCrm.Grains;

/// <summary>Every bound of grains and engines. Relations between limits are asserted in tests/Tidy.</summary>
public static partial class GrainLimits
{
    /// <summary>Commands of one grain, waiting or not committed yet; one more is refused with <see cref="EngineRejections.Busy"/>.</summary>
    public const int GrainMailboxMax = 1_000;

    /// <summary>Commands waiting in one partition.</summary>
    public const int PartitionMailboxMax = 20_000;

    /// <summary>Commands taken into one batch (one commit).</summary>
    public const int BatchMax = 1_024;

    /// <summary>Times a command is decided again after losing a race for its stream.</summary>
    public const int ConflictRetriesMax = 5;

    /// <summary>Entries the feed keeps in memory; a slower reader reads the journal.</summary>
    public const int FeedRingEntries = 65_536;

    /// <summary>Entries after the last snapshot that make a new one due.</summary>
    public const int SnapshotEveryEntries = 128;

    /// <summary>A grain with fewer entries than this since its snapshot leaves memory without a new one.</summary>
    public const int SnapshotWorthEntries = 16;

    /// <summary>Activations that may be loading at once in a partition.</summary>
    public const int LoadsInFlightMax = 256;

    /// <summary>Texts the pool of repeating strings holds; a power of two.</summary>
    public const int StringPoolSlots = 16_384;

    /// <summary>Longest text that goes through the pool, in characters.</summary>
    public const int PooledStringLengthMax = 64;

    /// <summary>Characters of an event's name.</summary>
    public const int EventNameLengthMax = 64;

    /// <summary>Bytes the encoding buffer of a batch starts with; it grows to what a batch needs.</summary>
    public const int EntryBufferStartBytes = 1 << 20;
}
