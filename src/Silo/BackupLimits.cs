namespace ChainCrm.Silo;

/// <summary>Every bound of making and reading backups. Relations between limits are asserted in tests/Tidy.</summary>
public static class BackupLimits
{
    /// <summary>Compressed bytes that make a chunk: small enough for a progress bar that moves, large enough that sealing costs nothing by the piece.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>Entries read from the journal at once. Between two such reads whoever serves tills has its turn.</summary>
    public const int EntriesPerRead = 1_000;

    /// <summary>Bytes of records that are packed at once.</summary>
    public const int PassOnBytes = 1024 * 1024;

    /// <summary>Customers' keys read at once.</summary>
    public const int KeysPerRead = 1_000;

    /// <summary>Bytes of one record: the largest payload of an entry with its names.</summary>
    public const int RecordBytesMax = 4 * 1024 * 1024 + 4_096;

    /// <summary>Bytes a second that the receiver of a backup must take: one is made at a time, and who takes less would keep everybody else from making one for days.</summary>
    public const int ReceiveBytesPerSecondMin = 32 * 1024;

    /// <summary>Milliseconds that a receiver may be slower: a disk that flushes, a line that comes back.</summary>
    public const int ReceiveGraceMs = 30_000;

    /// <summary>Entries that a restore appends at once.</summary>
    public const int EntriesPerAppend = 4_096;

    /// <summary>Bytes of payload that a restore appends at once.</summary>
    public const int AppendBytes = 16 * 1024 * 1024;
}
