namespace ChainCrm.Journal.Sqlite;

/// <summary>Says which streams of a batch conflict: by the versions kept in memory, the commands of the tail, and the index for what neither knows.
/// Guarded by the append gate.</summary>
internal sealed class BatchCheck(string folder, HeadCache heads, Tail tail, RunFilters filters) : IDisposable
{
    private readonly Dictionary<TextKey, long> batchHeads = [];
    private readonly HashSet<TextKey> batchCommands = [];
    private JournalReader? reader;

    /// <summary>The conflicting streams, or null when there are none.</summary>
    /// <exception cref="SqliteFault">The index can't be read.</exception>
    public List<string>? Conflicts(ReadOnlySpan<EntryToAppend> batch, BatchBuffer buffer)
    {
        try
        {
            tail.MarkKnownCommands(buffer.Rows, buffer.KnownCommands);
            if (batch.Length == 1)
            {
                // The usual batch of a quiet moment: nothing in the batch to compare with.
                ref readonly var only = ref batch[0];
                return IsFree(in only, buffer, 0, Head(only.Stream, buffer.Rows[0].Stream)) ? null : [only.Stream];
            }

            return ConflictsOfMany(batch, buffer);
        }
        catch (SqliteFault fault)
        {
            reader?.Dispose();
            reader = null;
            if (fault.Damaged) DamageMark.Leave(folder);
            throw;
        }
    }

    public void Dispose() => reader?.Dispose();

    private List<string>? ConflictsOfMany(ReadOnlySpan<EntryToAppend> batch, BatchBuffer buffer)
    {
        batchHeads.Clear();
        batchCommands.Clear();
        List<string>? conflicts = null;
        for (var i = 0; i < batch.Length; i++)
        {
            ref readonly var entry = ref batch[i];
            var row = buffer.Rows[i];
            if (!batchHeads.TryGetValue(row.Stream, out var version)) version = Head(entry.Stream, row.Stream);
            if (batchCommands.Add(row.Command) && IsFree(in entry, buffer, i, version))
            {
                batchHeads[row.Stream] = version + 1;
                continue;
            }

            conflicts ??= [];
            if (!conflicts.Contains(entry.Stream)) conflicts.Add(entry.Stream);
        }

        return conflicts;
    }

    private bool IsFree(in EntryToAppend entry, BatchBuffer buffer, int i, long version) =>
        entry.ExpectedVersion == version
        && !buffer.KnownCommands[i]
        && (entry.CommandIsNew || version == 0 || Reader.FindIndexed(entry.Stream, entry.CommandId, buffer.Rows[i].Command) == 0);

    private long Head(string stream, TextKey key)
    {
        if (heads.TryGet(key, out var version)) return version;
        if (!tail.TryFindHead(key, out version)) version = Reader.IndexedHead(stream, key);
        heads.Set(key, version);
        return version;
    }

    private JournalReader Reader => reader ??= new(folder, filters);
}
