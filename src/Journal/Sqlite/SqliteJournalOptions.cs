namespace ChainCrm.Journal.Sqlite;

/// <summary>Where a SQLite journal lives and how it behaves.</summary>
public sealed record SqliteJournalOptions
{
    /// <summary>The folder of journal.db, index.db and journal.lock; made when it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Read connections, 1 to <see cref="JournalLimits.ReadersMax"/>.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>How long committed entries wait for the index when too few come to fill a segment, above zero and at most a day. Short times cost
    /// writes: every time makes a run, and entries are merged the more often the more runs there are.</summary>
    public TimeSpan IndexIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes appended between two checkpoints; above zero.</summary>
    public int CheckpointBytes { get; init; } = JournalLimits.CheckpointBytes;

    /// <summary>Bytes of WAL from which on it is begun anew; above zero.</summary>
    public int WalBytesMax { get; init; } = JournalLimits.WalBytesMax;

    /// <summary>Pages of 8 KiB that journal.db may grow to; 0 leaves it to the disk. At the limit the journal behaves as on a full disk.</summary>
    public long MaxPageCount { get; init; }

    /// <summary>The folder's lock when the caller has taken it already, and keeps it for longer than the journal is open; null lets the journal take it.</summary>
    public FolderLock? HeldLock { get; init; }

    /// <summary>True for the copy that fills the folder of a move (<see cref="MovedFolder"/>), which nobody else may open.</summary>
    public bool Filling { get; init; }

    /// <summary>Entries of a tail segment; tests make it small to see the index at work.</summary>
    internal int SegmentEntries { get; init; } = JournalLimits.TailSegmentEntries;

    /// <summary>Streams whose versions are kept; tests make it small to see them forgotten.</summary>
    internal int HeadsCached { get; init; } = JournalLimits.HeadsCachedMax;

    /// <summary>Pages of 4 KiB that index.db may grow to; tests make its disk full with it. 0 leaves it to the disk.</summary>
    internal long IndexMaxPageCount { get; init; }

    /// <summary>Memory of the filters of the index; tests make it small to see runs without one.</summary>
    internal long IndexFilterBytesMax { get; init; } = JournalLimits.IndexFilterBytesMax;

    /// <summary>Entries that one transaction of a merge writes; tests make it small to see merges in many slices.</summary>
    internal int IndexSliceEntries { get; init; } = JournalLimits.IndexMergeSliceEntries;

    /// <summary>Called around every commit of the index; a test throws here what a failing disk would.</summary>
    internal Action<CommitStage>? IndexFault { get; init; }

    /// <summary>Called around the commit of every batch; a test throws here what a failing disk would.</summary>
    internal Action<CommitStage>? Fault { get; init; }

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Folder);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Readers is >= 1 and <= JournalLimits.ReadersMax, true, nameof(Readers));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IndexIdle, TimeSpan.Zero, nameof(IndexIdle));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(IndexIdle, TimeSpan.FromDays(1), nameof(IndexIdle));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(WalBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxPageCount);
    }
}

/// <summary>Where in a commit a fault strikes.</summary>
internal enum CommitStage
{
    /// <summary>Rows are in the transaction, nothing is committed.</summary>
    BeforeCommit,

    /// <summary>The commit took effect, and its answer is about to be lost.</summary>
    AfterCommit,

    /// <summary>The head is about to be read again after a fault.</summary>
    Recovery,
}
