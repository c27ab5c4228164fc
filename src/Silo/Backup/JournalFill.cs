using ChainCrm.Journal;

namespace ChainCrm.Silo.Backup;

/// <summary>Appends a whole journal to an empty one, by the ordinary way in: versions are compared as in any append.</summary>
internal static class JournalFill
{
    /// <returns>How many entries were appended.</returns>
    /// <exception cref="JournalUnusableException">The journal is not empty, or the entries are none: positions or versions have gaps.</exception>
    /// <exception cref="JournalUnavailableException">The journal can't be written now.</exception>
    public static async Task<long> RunAsync(IJournal journal, IAsyncEnumerable<JournalEntry> entries, CancellationToken cancellation)
    {
        if (journal.Head != 0) throw new JournalUnusableException("The journal holds entries already.");
        var batch = new List<EntryToAppend>(BackupLimits.EntriesPerAppend);
        var bytes = 0L;
        await foreach (var entry in entries.WithCancellation(cancellation))
        {
            batch.Add(new EntryToAppend(entry.Stream, entry.Version - 1, entry.CommandId, CommandIsNew: true, entry.TimeMs, entry.Data));
            bytes += entry.Data.Length;
            if (batch.Count < BackupLimits.EntriesPerAppend && bytes < BackupLimits.AppendBytes) continue;
            await AppendAsync(journal, batch, cancellation);
            bytes = 0;
        }

        if (batch.Count > 0) await AppendAsync(journal, batch, cancellation);
        return journal.Head;
    }

    private static async Task AppendAsync(IJournal journal, List<EntryToAppend> batch, CancellationToken cancellation)
    {
        var result = await journal.AppendAsync(batch, cancellation);
        if (!result.Committed) throw new JournalUnusableException($"The entries are no journal: versions of {result.ConflictedStreams[0]} do not follow one another.");
        batch.Clear();
    }
}
