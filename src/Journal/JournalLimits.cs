namespace ChainCrm.Journal;

/// <summary>Every bound of the journal. Relations between limits are asserted in tests/Tidy.</summary>
public static class JournalLimits
{
    /// <summary>Entries in one append.</summary>
    public const int BatchMax = 4_096;

    /// <summary>Bytes of payload in one append: it crosses the network as one message, and is in memory more than once on its way.</summary>
    public const int BatchBytesMax = 128 * 1024 * 1024;

    /// <summary>Bytes of one payload. A receipt of the most lines allowed fits with room to spare.</summary>
    public const int DataBytesMax = 4 * 1024 * 1024;

    /// <summary>Characters of a stream name.</summary>
    public const int StreamLengthMax = 200;

    /// <summary>Characters of a command id.</summary>
    public const int CommandIdLengthMax = 128;

    /// <summary>Entries that one read returns.</summary>
    public const int ReadMax = 10_000;

    /// <summary>Bytes of payload that one read returns: the read ends early, after at least one entry, so that its answer fits in memory.</summary>
    public const int ReadBytesMax = 64 * 1024 * 1024;

    /// <summary>Bytes of one snapshot.</summary>
    public const int SnapshotBytesMax = 16 * 1024 * 1024;

    /// <summary>Entries that one segment of the not yet indexed tail holds; a full one goes to the index. The larger the segment, the fewer runs there are to
    /// be merged; the smaller, the sooner a restart after a crash has read the tail again (about 0.2 s for 100,000 entries).</summary>
    public const int TailSegmentEntries = 131_072;

    /// <summary>Entries committed but not in the index yet. About 65 bytes of memory each; at the limit an append waits for the index.</summary>
    public const int UnindexedMax = 1_048_576;

    /// <summary>Segments that go to the index in one transaction.</summary>
    public const int IndexSegmentsMax = 4;

    /// <summary>Runs of one level that are merged into one of the next. The larger it is, the fewer levels there are, each of which writes every entry once; the
    /// smaller, the fewer runs a look-up asks (at 4 instead of 8 an index of 10 million entries cost a third more writes, and look-ups the same).</summary>
    public const int IndexMergeRuns = 8;

    /// <summary>Entries that one transaction of a merge writes, a block more or less: what the index thread does before it looks for full segments again, and
    /// what a fault or a crash makes it do again.</summary>
    public const int IndexMergeSliceEntries = 262_144;

    /// <summary>Entries merged for each entry that comes into the index, at least, as long as there are any to merge. A level takes three: one for each part of
    /// a run, and what it costs to make the filter and to delete the old runs. So merges keep up with segments for a third as many levels as this.</summary>
    public const int IndexMergeShare = 24;

    /// <summary>Blocks of merged runs that are deleted in one transaction.</summary>
    public const int IndexDeleteSliceBlocks = 1_024;

    /// <summary>Bytes of a block of a run: with its row it fills a page of index.db.</summary>
    public const int IndexBlockBytes = 4_048;

    /// <summary>Bits of memory that the filters of the index take for each entry in each part of a run: at 10, two or three looks in a hundred are for nothing.</summary>
    public const int IndexFilterBitsPerEntry = 10;

    /// <summary>Bytes of memory that all filters of the index take together: 53 million entries. Beyond it the largest runs are asked every time, and those are few.</summary>
    public const long IndexFilterBytesMax = 128 * 1024 * 1024;

    /// <summary>How long an append waits for the index at <see cref="UnindexedMax"/> before it gives up, milliseconds.</summary>
    public const int IndexWaitMs = 30_000;

    /// <summary>How long the index thread waits after a fault before it tries again, milliseconds: at first, and at most.</summary>
    public const int IndexRetryMs = 250, IndexRetryMsMax = 10_000;

    /// <summary>Streams whose versions are kept in memory: about 40 bytes each. Beyond it the ones not used for longest are looked up in the index.</summary>
    public const int HeadsCachedMax = 2_000_000;

    /// <summary>How long a connection waits for another one of the same file before it gives up, milliseconds.</summary>
    public const int BusyTimeoutMs = 5_000;

    /// <summary>Read connections; further reads wait for one.</summary>
    public const int ReadersMax = 16;

    /// <summary>Bytes appended between two moves of the WAL into the file.</summary>
    public const int CheckpointBytes = 8 * 1024 * 1024;

    /// <summary>Bytes of WAL from which on commits pause for the moment it takes to begin the WAL anew.</summary>
    public const int WalBytesMax = 64 * 1024 * 1024;

    /// <summary>Times <see cref="WalBytesMax"/> that the WAL may reach before each append lets the thread that moves it have a turn first.</summary>
    public const int WalOverrunMax = 4;

    /// <summary>Longest time an append waits for that turn, milliseconds.</summary>
    public const int WalTurnWaitMs = 1_000;

    /// <summary>How long, with commits waiting, the WAL's new beginning waits for readers to let go of the old one, milliseconds. If they do not, it is
    /// tried again after the next <see cref="CheckpointBytes"/>.</summary>
    public const int RestartWaitMs = 20;

    /// <summary>Snapshots written in one transaction.</summary>
    public const int SnapshotBatchMax = 1_000;

    /// <summary>Faults that a validation names before it says no more.</summary>
    public const int ValidationFaultsMax = 100;

    /// <summary>Entries that a copy reads and appends at a time.</summary>
    public const int CopyBatchEntries = 2_048;

    /// <summary>How long a copy or a comparison goes on trying while a journal can't be reached, milliseconds from the last time it answered.</summary>
    public const int CopyPatienceMs = 120_000;

    /// <summary>How long a copy waits before it tries again, milliseconds: at first, and at most.</summary>
    public const int CopyRetryMs = 250, CopyRetryMsMax = 5_000;

    /// <summary>Entries of a block of a comparison: what is read again to find the first difference, and what 40 bytes of memory are kept for.</summary>
    public const int CompareBlockEntries = 8_192;

    /// <summary>Entries whose stream and command both journals are asked for at the end of a comparison, spread evenly over all.</summary>
    public const int CompareSamples = 1_000;
}
