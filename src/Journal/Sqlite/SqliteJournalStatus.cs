namespace ChainCrm.Journal.Sqlite;

/// <summary>How a SQLite journal is doing at a moment.</summary>
public sealed record SqliteJournalStatus
{
    /// <summary>Position of the last committed entry.</summary>
    public required long Head { get; init; }

    /// <summary>Committed entries that index.db does not hold yet; 0 to <see cref="JournalLimits.UnindexedMax"/>.</summary>
    public required long Unindexed { get; init; }

    /// <summary>Runs that a look-up into index.db asks: some for each power of <see cref="JournalLimits.IndexMergeRuns"/> that the number of all runs ever
    /// written reaches, more while merges are behind.</summary>
    public required int IndexRuns { get; init; }

    /// <summary>Streams whose versions are in memory.</summary>
    public required int HeadsCached { get; init; }

    /// <summary>Why index.db does not get on, or null.</summary>
    public required string? IndexFault { get; init; }

    /// <summary>Why the WAL is not moved into the file, or null.</summary>
    public required string? CheckpointFault { get; init; }
}
