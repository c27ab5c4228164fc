using System.Runtime.InteropServices;
using System.Text;

namespace ChainCrm.Journal;

/// <summary>What every journal refuses before it does anything, so that all implementations refuse the same.</summary>
internal static class JournalInput
{
    /// <summary>Refuses a batch with anything out of bounds; nothing of it may have been written.</summary>
    /// <exception cref="ArgumentException">Names the place in the batch and what is wrong with it, never the payload.</exception>
    public static void CheckBatch(IReadOnlyList<EntryToAppend> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count > JournalLimits.BatchMax)
            throw new ArgumentException($"A batch holds at most {JournalLimits.BatchMax} entries, not {batch.Count}.", nameof(batch));

        long bytes = 0;
        if (TrySpan(batch, out var span))
        {
            for (var i = 0; i < span.Length; i++) bytes += CheckEntry(in span[i], i);
        }
        else
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var entry = batch[i];
                bytes += CheckEntry(in entry, i);
            }
        }

        if (bytes > JournalLimits.BatchBytesMax)
            throw new ArgumentException($"A batch holds at most {JournalLimits.BatchBytesMax} bytes of payload, not {bytes}.", nameof(batch));
    }

    /// <summary>The batch as a span where its type allows it: no interface call and no copy for each entry.</summary>
    public static bool TrySpan(IReadOnlyList<EntryToAppend> batch, out ReadOnlySpan<EntryToAppend> span)
    {
        switch (batch)
        {
            case EntryToAppend[] array:
                span = array;
                return true;
            case List<EntryToAppend> list:
                span = CollectionsMarshal.AsSpan(list);
                return true;
            case ArraySegment<EntryToAppend> segment:
                span = segment;
                return true;
            default:
                span = default;
                return false;
        }
    }

    public static void CheckStream(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (TextFault(stream, JournalLimits.StreamLengthMax) is { } fault)
            throw new ArgumentException($"The stream name {fault}.", nameof(stream));
    }

    public static void CheckCommandId(string commandId)
    {
        ArgumentNullException.ThrowIfNull(commandId);
        if (TextFault(commandId, JournalLimits.CommandIdLengthMax) is { } fault)
            throw new ArgumentException($"The command id {fault}.", nameof(commandId));
    }

    public static void CheckReadMax(int max)
    {
        if (max is < 1 or > JournalLimits.ReadMax)
            throw new ArgumentOutOfRangeException(nameof(max), max, $"A read returns 1 to {JournalLimits.ReadMax} entries.");
    }

    public static void CheckSnapshots(IReadOnlyList<(string Stream, Snapshot Snapshot)> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        for (var i = 0; i < snapshots.Count; i++)
        {
            var (stream, snapshot) = snapshots[i];
            CheckStream(stream);
            ArgumentNullException.ThrowIfNull(snapshot, nameof(snapshots));
            if (snapshot.Version < 1)
                throw new ArgumentException($"Snapshot {i}: a version is 1 or more.", nameof(snapshots));
            if (snapshot.Data.Length > JournalLimits.SnapshotBytesMax)
                throw new ArgumentException($"Snapshot {i}: {snapshot.Data.Length} bytes are more than {JournalLimits.SnapshotBytesMax}.", nameof(snapshots));
        }
    }

    /// <summary>Refuses an entry out of bounds; answers the bytes of a sound one.</summary>
    private static int CheckEntry(in EntryToAppend entry, int index)
    {
        if (TextFault(entry.Stream, JournalLimits.StreamLengthMax) is { } streamFault)
            throw new ArgumentException($"Entry {index}: the stream name {streamFault}.", "batch");
        if (TextFault(entry.CommandId, JournalLimits.CommandIdLengthMax) is { } commandFault)
            throw new ArgumentException($"Entry {index}: the command id {commandFault}.", "batch");
        if (entry.ExpectedVersion is < 0 or long.MaxValue)
            throw new ArgumentException($"Entry {index}: an expected version is 0 or more.", "batch");
        if (entry.Data.Length > JournalLimits.DataBytesMax)
            throw new ArgumentException($"Entry {index}: a payload of {entry.Data.Length} bytes is more than {JournalLimits.DataBytesMax}.", "batch");
        return entry.Data.Length;
    }

    /// <summary>What is wrong with a name, or null. Half a surrogate pair and NUL are refused because they do not survive storage as UTF-8 text.</summary>
    private static string? TextFault(string? text, int lengthMax)
    {
        if (string.IsNullOrEmpty(text)) return "is empty";
        if (text.Length > lengthMax) return $"has {text.Length} characters, more than {lengthMax}";
        if (text.Contains('\0', StringComparison.Ordinal)) return "contains the NUL character";
        return Ascii.IsValid(text) || IsWellFormed(text) ? null : "contains half a surrogate pair";
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
