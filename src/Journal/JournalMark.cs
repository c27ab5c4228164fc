namespace ChainCrm.Journal;

/// <summary>
/// Tells by the entry at its position whether a file that follows the journal belongs to this journal, or to one that was here before. A journal
/// only ever grows, so one that holds the entry marked also holds all that came before it.
/// </summary>
public static class JournalMark
{
    public static string Of(string stream, long version, string commandId, long timeMs) => FormattableString.Invariant($"{stream}|{version}|{commandId}|{timeMs}");

    /// <summary>The mark of the newest entry and its position; null when the journal is empty.</summary>
    /// <exception cref="JournalUnavailableException">The journal can't read now.</exception>
    public static async ValueTask<(long Position, string Mark)?> OfHeadAsync(IJournal journal, CancellationToken cancellation)
    {
        var head = journal.Head;
        if (head == 0) return null;
        var entries = await journal.ReadAfterAsync(head - 1, 1, cancellation).ConfigureAwait(false);
        return (entries[0].Position, Of(entries[0]));
    }

    /// <summary>True when the journal holds the entry marked.</summary>
    /// <exception cref="JournalUnavailableException">The journal can't read now.</exception>
    public static async ValueTask<bool> HoldsAsync(IJournal journal, long position, string? mark, CancellationToken cancellation)
    {
        if (position == 0) return true;
        if (position > journal.Head) return false;
        var entries = await journal.ReadAfterAsync(position - 1, 1, cancellation).ConfigureAwait(false);
        return entries.Count == 1 && entries[0].Position == position && Of(entries[0]) == mark;
    }

    private static string Of(JournalEntry entry) => Of(entry.Stream, entry.Version, entry.CommandId, entry.TimeMs);
}
