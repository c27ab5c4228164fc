namespace ChainCrm.Journal;

/// <summary>The answer of one read while it is gathered: full after so many entries or so many bytes, but never empty when there is an entry.</summary>
internal struct ReadPage(int max)
{
    private readonly List<JournalEntry> entries = [];
    private long bytes;

    public readonly IReadOnlyList<JournalEntry> Entries => entries;

    /// <summary>Takes the entry and says true, or says false when it no longer fits.</summary>
    public bool Add(JournalEntry entry)
    {
        if (entries.Count == max || entries.Count > 0 && bytes + entry.Data.Length > JournalLimits.ReadBytesMax) return false;
        entries.Add(entry);
        bytes += entry.Data.Length;
        return true;
    }
}
