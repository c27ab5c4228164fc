using ChainCrm.Journal;

namespace ChainCrm.Grains.ReadModels;

/// <summary>Tells by the entry at its position whether a file that follows the journal belongs to this journal, or to one that was here before.</summary>
internal static class JournalMark
{
    public static string Of(string stream, long version, string commandId, long timeMs) => FormattableString.Invariant($"{stream}|{version}|{commandId}|{timeMs}");

    /// <summary>True when the journal holds the entry marked.</summary>
    public static async ValueTask<bool> HoldsAsync(IJournal journal, long position, string? mark, CancellationToken cancellation)
    {
        if (position == 0) return true;
        if (position > journal.Head) return false;
        var entries = await journal.ReadAfterAsync(position - 1, 1, cancellation);
        return entries.Count == 1 && entries[0].Position == position && Of(entries[0].Stream, entries[0].Version, entries[0].CommandId, entries[0].TimeMs) == mark;
    }
}
