namespace ChainCrm.Journal;

/// <summary>
/// A journal that lives as long as the process: for demonstrations, simulations and tests. It keeps every promise of <see cref="IJournal"/> but durability.
/// Thread-safe; memory grows with every entry and is given back when the journal is disposed of.
/// </summary>
public sealed class MemoryJournal : IJournal
{
    private readonly Lock gate = new();
    private readonly List<JournalEntry> all = [];
    private readonly Dictionary<string, List<JournalEntry>> streams = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Stream, string CommandId), JournalEntry> commands = [];

    // What the batch under inspection would do to each stream it names; kept to be used again, cleared before every append.
    private readonly Dictionary<string, long> batchHeads = new(StringComparer.Ordinal);
    private readonly HashSet<(string Stream, string CommandId)> batchCommands = [];

    private long head;
    private bool disposed;

    /// <inheritdoc/>
    public long Head => Volatile.Read(ref head);

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default)
    {
        JournalInput.CheckBatch(batch);
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (batch.Count == 0) return new(new AppendResult(0, []));

            var conflicts = Conflicts(batch);
            if (conflicts.Count > 0) return new(new AppendResult(0, conflicts));

            var first = head + 1;
            for (var i = 0; i < batch.Count; i++) Add(batch[i]);
            Volatile.Write(ref head, all.Count);
            return new(new AppendResult(first, []));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(
        string stream, long fromVersion, int max, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        JournalInput.CheckReadMax(max);
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!streams.TryGetValue(stream, out var entries) || fromVersion > entries.Count) return new([]);
            var page = new ReadPage(max);
            for (var i = (int)Math.Max(fromVersion, 1) - 1; i < entries.Count && page.Add(entries[i]);) i++;
            return new(page.Entries);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(
        string stream, long beforeVersion, int max, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        JournalInput.CheckReadMax(max);
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!streams.TryGetValue(stream, out var entries) || beforeVersion <= 1) return new([]);
            var page = new ReadPage(max);
            for (var i = (int)Math.Min(beforeVersion - 1, entries.Count) - 1; i >= 0 && page.Add(entries[i]);) i--;
            return new(page.Entries);
        }
    }

    /// <inheritdoc/>
    public ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        JournalInput.CheckCommandId(commandId);
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return new(commands.GetValueOrDefault((stream, commandId)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default)
    {
        JournalInput.CheckReadMax(max);
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (position >= all.Count) return new([]);
            var page = new ReadPage(max);
            for (var i = (int)Math.Max(position, 0); i < all.Count && page.Add(all[i]);) i++;
            return new(page.Entries);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (gate)
        {
            disposed = true;
            all.Clear();
            streams.Clear();
            commands.Clear();
        }

        return ValueTask.CompletedTask;
    }

    private List<string> Conflicts(IReadOnlyList<EntryToAppend> batch)
    {
        batchHeads.Clear();
        batchCommands.Clear();
        List<string> conflicts = [];
        for (var i = 0; i < batch.Count; i++)
        {
            var entry = batch[i];
            if (!batchHeads.TryGetValue(entry.Stream, out var version))
                version = streams.TryGetValue(entry.Stream, out var entries) ? entries.Count : 0;
            var key = (entry.Stream, entry.CommandId);
            if (entry.ExpectedVersion == version && !commands.ContainsKey(key) && batchCommands.Add(key))
                batchHeads[entry.Stream] = version + 1;
            else if (!conflicts.Contains(entry.Stream))
                conflicts.Add(entry.Stream);
        }

        return conflicts;
    }

    private void Add(EntryToAppend entry)
    {
        // The payload is copied: the caller's memory is only lent until the append returns.
        var kept = new JournalEntry(all.Count + 1, entry.Stream, entry.ExpectedVersion + 1, entry.CommandId, entry.TimeMs, entry.Data.ToArray());
        all.Add(kept);
        if (!streams.TryGetValue(entry.Stream, out var entries)) streams[entry.Stream] = entries = [];
        entries.Add(kept);
        commands.Add((entry.Stream, entry.CommandId), kept);
    }
}
