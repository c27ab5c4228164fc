namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// The journal in one SQLite file, written by one connection and only at its end, with an index behind it. See docs/formats/journal.md for the files and
/// what holds of them. Thread-safe. <see cref="AppendAsync"/> commits on the caller's thread and has always completed when it returns; reads run on the
/// thread pool.
/// </summary>
public sealed class SqliteJournal : IJournal
{
    private readonly SqliteJournalOptions options;
    private readonly FolderLock? folderLock;
    private readonly JournalWriter writer;
    private readonly IndexFile index;
    private readonly HashSeed seed;
    private readonly Tail tail;
    private readonly HeadCache heads;
    private readonly IndexWorker indexWorker;
    private readonly Checkpointer checkpointer;
    private readonly ReaderPool<JournalReader> readers;
    private readonly Lock appendGate = new();

    // All below is guarded by the append gate; only the head is read without it.
    private readonly BatchBuffer buffer = new();
    private readonly BatchCheck check;
    private long head;
    private bool suspect;
    private bool disposed;

    private SqliteJournal(SqliteJournalOptions options, FolderLock? folderLock, JournalWriter writer, IndexFile index)
    {
        (this.options, this.folderLock, this.writer, this.index) = (options, folderLock, writer, index);
        seed = index.Seed;
        tail = new(options.SegmentEntries);
        heads = new(options.HeadsCached);
        check = new(options.Folder, heads, tail, index.Filters);
        readers = new(typeof(SqliteJournal), () => new(options.Folder, index.Filters), options.Readers);
        indexWorker = new(options.Folder, index, tail, options.IndexIdle);
        checkpointer = new(JournalFile.PathIn(options.Folder), options, appendGate);
        head = index.IndexedUpto;
    }

    /// <inheritdoc/>
    public long Head => Volatile.Read(ref head);

    /// <summary>How the journal is doing, for telemetry and readiness.</summary>
    public SqliteJournalStatus Status => new()
    {
        Head = Head,
        Unindexed = tail.Count,
        IndexRuns = index.RunCount,
        HeadsCached = heads.Count,
        IndexFault = indexWorker.Fault?.Message,
        CheckpointFault = checkpointer.Fault?.Message,
    };

    /// <summary>Opens the journal of a folder, or makes an empty one, and reads what the index does not know yet.</summary>
    /// <exception cref="JournalUnusableException">The folder is owned by another process, or the file is damaged, of a newer format or of another programme.</exception>
    public static Task<SqliteJournal> OpenAsync(SqliteJournalOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return Task.Run(() => Open(options, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default)
    {
        JournalInput.CheckBatch(batch);
        cancellation.ThrowIfCancellationRequested();
        if (!JournalInput.TrySpan(batch, out var entries)) entries = batch.ToArray();
        checkpointer.WaitForTurn();
        lock (appendGate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return new(entries.IsEmpty ? new AppendResult(0, []) : Append(entries));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(
        string stream, long fromVersion, int max, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        JournalInput.CheckReadMax(max);
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed), this);
        var from = Math.Max(1, fromVersion);

        // Whoever reads a stream to its end asks once more at the end; that costs nothing.
        if (heads.TryGet(seed.Stream(stream), out var version) && from > version) return [];
        return await ReadAsync(reader => ReadForward(reader, stream, from, max), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(
        string stream, long beforeVersion, int max, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        JournalInput.CheckReadMax(max);
        return await ReadAsync(reader => ReadBackward(reader, stream, beforeVersion, max), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        JournalInput.CheckCommandId(commandId);
        return await ReadAsync(reader => Find(reader, stream, commandId), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default)
    {
        JournalInput.CheckReadMax(max);
        cancellation.ThrowIfCancellationRequested();
        var upto = Head;
        if (position >= upto)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed), this);
            return [];
        }

        return await ReadAsync(
            reader =>
            {
                var page = new ReadPage(max);
                reader.ReadAfter(Math.Max(0, position), upto, max, ref page);
                return page.Entries;
            },
            cancellation);
    }

    /// <summary>Ends when everything committed so far is in index.db, as before a copy of the folder is made.</summary>
    /// <exception cref="JournalUnavailableException">index.db can't be written now.</exception>
    public Task FlushIndexAsync() => indexWorker.FlushAsync();

    /// <summary>Reads all of the files and says what is wrong with them; nothing when they are sound. Takes long, and 40 bytes of memory for each stream.</summary>
    public Task<IReadOnlyList<string>> ValidateAsync(CancellationToken cancellation = default) =>
        Task.Run(() => JournalValidation.Run(options.Folder, seed, Head, cancellation), cancellation);

    /// <summary>Indexes what is left, moves the WAL into the file and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (appendGate)
        {
            if (disposed) return;
            Volatile.Write(ref disposed, true);
        }

        await readers.DisposeAsync();
        await Task.Run(Close);
    }

    private void Close()
    {
        check.Dispose();
        indexWorker.Dispose();
        writer.Dispose();
        checkpointer.Dispose();
        try
        {
            index.Checkpoint();
        }
        catch (SqliteFault)
        {
            // What stays in the WAL of index.db is read from there by the next start.
        }

        index.Dispose();
        folderLock?.Dispose();
    }

    private static SqliteJournal Open(SqliteJournalOptions options, CancellationToken cancellation)
    {
        var path = JournalFile.PathIn(options.Folder);
        FolderLock? folderLock = null;
        JournalWriter? writer = null;
        IndexFile? index = null;
        SqliteJournal? journal = null;
        try
        {
            if (options.HeldLock is null) folderLock = FolderLock.Take(options.Folder);
            if (!options.Filling) MovedFolder.RefuseUnfinished(options.Folder);
            JournalFile.CreateIfMissing(path);
            JournalFile.Inspect(path);
            writer = new(path, options);
            var head = JournalFile.ReadHead(writer.Db);
            index = IndexFile.Open(options, writer.Db, head);
            journal = new(options, folderLock, writer, index);
            journal.TakeInUpTo(head, cancellation);
            JournalFile.Settle(path);
            return journal;
        }
        catch (Exception e)
        {
            if (journal is not null)
            {
                journal.Close();
            }
            else
            {
                index?.Dispose();
                writer?.Dispose();
                folderLock?.Dispose();
            }

            if (e is SqliteFault fault)
                throw new JournalUnusableException($"The journal {path} can't be used{(fault.Damaged ? " because it is damaged" : "")}: {fault.Message}", fault);
            throw;
        }
    }

    /// <summary>Reads the entries between the head known here and a newer one into the tail, as after a start or a fault.</summary>
    private void TakeInUpTo(long newHead, CancellationToken cancellation)
    {
        if (newHead == head) return;
        using var scan = writer.Db.Prepare("SELECT position, stream, version, command FROM entries WHERE position > ? AND position <= ? ORDER BY position");
        scan.Bind(1, head);
        scan.Bind(2, newHead);
        var rows = new TailRow[1024];
        var count = 0;
        var position = head;
        while (scan.Step())
        {
            position++;
            if (scan.Int64(0) != position)
                throw new SqliteFault(SQLitePCL.raw.SQLITE_CORRUPT, $"position {position} is missing");
            var stream = seed.Stream(scan.Bytes(1));
            rows[count++] = new(stream, scan.Int64(2), seed.Command(stream, scan.Bytes(3)));
            if (count < rows.Length && position < newHead) continue;
            TakeIn(position - count + 1, rows.AsSpan(0, count));
            count = 0;
            cancellation.ThrowIfCancellationRequested();
            indexWorker.WaitForRoom(JournalLimits.UnindexedMax);
        }

        if (position != newHead) throw new SqliteFault(SQLitePCL.raw.SQLITE_CORRUPT, $"position {position + 1} is missing");
    }

    private void TakeIn(long first, ReadOnlySpan<TailRow> rows)
    {
        heads.SetAll(rows);
        if (tail.Add(first, rows)) indexWorker.Wake();
        Volatile.Write(ref head, first + rows.Length - 1);
    }

    private AppendResult Append(ReadOnlySpan<EntryToAppend> batch)
    {
        var path = JournalFile.PathIn(options.Folder);
        try
        {
            if (suspect) Recover();
            indexWorker.WaitForRoom(JournalLimits.UnindexedMax);
            buffer.Load(batch, seed);
            if (check.Conflicts(batch, buffer) is { } conflicts) return new(0, conflicts);
        }
        catch (SqliteFault fault)
        {
            throw fault.ToUnavailable("Checking a batch", options.Folder);
        }
        catch (JournalUnusableException e)
        {
            // Said of the file while the server runs: it can't be written now, and the next start says why.
            throw new JournalUnavailableException(e.Message, e);
        }

        var first = head + 1;
        try
        {
            writer.Write(batch, buffer, first);
        }
        catch (SqliteFault fault)
        {
            suspect = true;
            RecoverIfPossible();
            throw fault.ToUnavailable("Appending", path);
        }

        TakeIn(first, buffer.Rows);
        checkpointer.Written(WalBytes(batch));
        return new(first, []);
    }

    /// <summary>So that readers see at once what did get committed; when it can't be found out now, the next append tries again before it writes.</summary>
    private void RecoverIfPossible()
    {
        try
        {
            Recover();
        }
        catch (Exception e) when (e is SqliteFault or JournalUnusableException or JournalUnavailableException)
        {
            suspect = true;
        }
    }

    /// <summary>After a fault: finds out what the file holds, on a new connection when the old one does not answer, and takes in what did get committed.</summary>
    private void Recover()
    {
        long found;
        try
        {
            options.Fault?.Invoke(CommitStage.Recovery);

            // A transaction that can't be rolled back would show its own rows as if they were committed.
            if (!writer.Db.Autocommit) writer.Reopen();
            found = JournalFile.ReadHead(writer.Db);
        }
        catch (SqliteFault)
        {
            writer.Reopen();
            found = JournalFile.ReadHead(writer.Db);
        }

        if (found < head) throw new SqliteFault(SQLitePCL.raw.SQLITE_CORRUPT, $"the journal ended at {head} and ends at {found} now");
        TakeInUpTo(found, CancellationToken.None);
        suspect = false;
    }

    /// <summary>Gives the disk room, or takes it away.</summary>
    internal void SetMaxPageCount(long pages)
    {
        lock (appendGate) writer.Db.Execute($"PRAGMA max_page_count={pages}");
    }

    private static long WalBytes(ReadOnlySpan<EntryToAppend> batch)
    {
        const int page = 8_192;
        long bytes = page;
        foreach (ref readonly var entry in batch) bytes += entry.Data.Length + 100;
        return bytes;
    }

    private async Task<T> ReadAsync<T>(Func<JournalReader, T> read, CancellationToken cancellation)
    {
        try
        {
            return await readers.ReadAsync(read, cancellation);
        }
        catch (SqliteFault fault)
        {
            if (fault.Damaged) DamageMark.Leave(options.Folder);
            throw fault.ToUnavailable("Reading the journal", options.Folder);
        }
    }

    private IReadOnlyList<JournalEntry> ReadForward(JournalReader reader, string stream, long from, int max)
    {
        var key = seed.Stream(stream);
        var generation = heads.Generation;
        var upto = Head;
        var recent = tail.CollectStream(key, from, long.MaxValue);
        var page = new ReadPage(max);
        var whole = reader.ReadIndexed(stream, key, from, recent.Count > 0 ? recent[0].Version : long.MaxValue, IndexedUpto(recent, upto), backward: false, ref page);
        for (var i = 0; whole && i < recent.Count; i++)
        {
            if (reader.EntryAt(recent[i].Position, stream) is { } entry) whole = page.Add(entry);
        }

        // The reader knows now where the stream ends; remembering it saves the next append a look into the index.
        if (whole && page.Entries.Count < max)
            heads.Offer(key, page.Entries.Count > 0 ? page.Entries[^1].Version : from == 1 ? 0 : FindHead(reader, stream, key), generation);
        return page.Entries;
    }

    /// <summary>The tail is asked before the index: entries move from the one to the other, never back.</summary>
    private long FindHead(JournalReader reader, string stream, TextKey key) =>
        tail.TryFindHead(key, out var version) ? version : reader.IndexedHead(stream, key);

    private IReadOnlyList<JournalEntry> ReadBackward(JournalReader reader, string stream, long before, int max)
    {
        var key = seed.Stream(stream);
        var upto = Head;
        var recent = tail.CollectStream(key, 1, before);
        var page = new ReadPage(max);
        var room = true;
        for (var i = recent.Count - 1; room && i >= 0; i--)
        {
            if (reader.EntryAt(recent[i].Position, stream) is { } entry) room = page.Add(entry);
        }

        if (room) reader.ReadIndexed(stream, key, 1, recent.Count > 0 ? recent[0].Version : before, IndexedUpto(recent, upto), backward: true, ref page);
        return page.Entries;
    }

    /// <summary>
    /// Where the tail had nothing of the stream, a batch that was committed since may be in the index by half: its segment ended within it. What the tail
    /// had reaches to the end of what was committed then, and below it the index is whole.
    /// </summary>
    private static long IndexedUpto(List<(long Version, long Position)> recent, long upto) => recent.Count > 0 ? long.MaxValue : upto;

    private JournalEntry? Find(JournalReader reader, string stream, string commandId)
    {
        var command = seed.Command(seed.Stream(stream), commandId);
        if (!tail.TryFindCommand(command, out var position)) position = reader.FindIndexed(stream, commandId, command);
        return position == 0 ? null : reader.EntryAt(position, stream);
    }
}
