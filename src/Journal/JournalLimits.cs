namespace ChainCrm.Journal;

/// <summary>Every bound of the journal. Relations between limits are asserted in tests/Tidy.</summary>
public static class JournalLimits
{
    /// <summary>Entries in one append.</summary>
    public const int BatchMax = 4_096;

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
}
