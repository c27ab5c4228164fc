namespace ChainCrm.Faults.Audit;

/// <summary>A row of the journal, as docs/formats says it is stored.</summary>
internal sealed record Entry(long Position, string Stream, long Version, string Command, byte[] Data);

/// <summary>Reads the journal where it lies, with nothing of the product in between.</summary>
internal interface IEntryReader
{
    /// <summary>All entries, by position.</summary>
    Task<List<Entry>> AllAsync();

    /// <summary>The last position; 0 when there is none.</summary>
    Task<long> HeadAsync();
}
