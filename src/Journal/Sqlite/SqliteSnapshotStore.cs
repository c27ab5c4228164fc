using SQLitePCL;

namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// Snapshots in snapshots.db. Whatever is wrong with the file, it is deleted and begun anew, for the journal holds everything. Every write leaves
/// the mark of the journal's newest entry, and a journal that does not hold that entry gets an empty file, so activation need not check. Thread-safe;
/// reads and writes run on the thread pool. Opened by whoever owns the folder, that is after the journal, and closed before it.
/// </summary>
public sealed class SqliteSnapshotStore : ISnapshotStore
{
    private readonly string path;
    private readonly ReaderPool<SnapshotReader> readers;
    private readonly Db db;
    private readonly IJournal journal;
    private readonly Statement begin, upsert, remark, commit;
    private readonly SemaphoreSlim writing = new(1, 1);
    private volatile SqliteFault? fault;
    private volatile bool disposed;

    private SqliteSnapshotStore(string path, Db db, IJournal journal, int readersMax)
    {
        (this.path, this.db, this.journal) = (path, db, journal);
        begin = db.Prepare("BEGIN IMMEDIATE");
        upsert = db.Prepare("""
            INSERT INTO snapshots(hash, stream, version, data) VALUES(?, ?, ?, ?)
            ON CONFLICT(hash) DO UPDATE SET stream = excluded.stream, version = excluded.version, data = excluded.data
            WHERE excluded.version >= version OR excluded.stream <> stream
            """);
        remark = db.Prepare("INSERT OR REPLACE INTO mark(id, position, entry) VALUES(1, ?, ?)");
        commit = db.Prepare("COMMIT");
        readers = new(typeof(SqliteSnapshotStore), () => new(path), readersMax);
    }

    /// <summary>Why the last read or write failed, or null. Its damage is mended by the next start.</summary>
    public Exception? Fault => fault;

    /// <summary>Opens the snapshots of a folder, or makes an empty file.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="journal">The journal whose streams they are; snapshots of another one are dropped.</param>
    /// <param name="readers">Read connections, 1 to <see cref="JournalLimits.ReadersMax"/>.</param>
    /// <exception cref="JournalUnusableException">The folder can't be written.</exception>
    /// <exception cref="JournalUnavailableException">The journal can't read now.</exception>
    public static Task<SqliteSnapshotStore> OpenAsync(string folder, IJournal journal, int readers = 2)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfNotEqual(readers is >= 1 and <= JournalLimits.ReadersMax, true, nameof(readers));
        return Task.Run(async () =>
        {
            var path = SnapshotFile.PathIn(folder);
            try
            {
                Directory.CreateDirectory(folder);
                return new SqliteSnapshotStore(path, await SnapshotFile.OpenAsync(path, journal), journal, readers);
            }
            catch (Exception e) when (e is SqliteFault or IOException or UnauthorizedAccessException)
            {
                throw new JournalUnusableException($"{path} can't be made: {e.Message}", e);
            }
        });
    }

    /// <summary>The stream's snapshot, or null; also null when the file can't be read (see <see cref="Fault"/>): the journal holds all.</summary>
    public async ValueTask<Snapshot?> LoadAsync(string stream, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        try
        {
            return await readers.ReadAsync(reader => reader.Load(stream), cancellation);
        }
        catch (SqliteFault e)
        {
            Note(e);
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask SaveAsync(IReadOnlyList<(string Stream, Snapshot Snapshot)> snapshots, CancellationToken cancellation = default)
    {
        JournalInput.CheckSnapshots(snapshots);
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(disposed, this);
        if (snapshots.Count == 0) return;
        await writing.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            // What is saved was committed before, so the newest entry now comes after all of it.
            var mark = await JournalMark.OfHeadAsync(journal, cancellation).ConfigureAwait(false);
            Write(snapshots, mark);
            fault = null;
        }
        catch (SqliteFault e)
        {
            Note(e);
            throw e.ToUnavailable("Saving snapshots", path);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        await readers.DisposeAsync();
        await writing.WaitAsync();
        try
        {
            db.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        }
        catch (SqliteFault e)
        {
            // What stays in the WAL is read from there by the next start.
            fault = e;
        }

        db.Dispose();
        writing.Release();
    }

    /// <summary>Sorted, so that neighbours in the file are written together, and in transactions of bounded size.</summary>
    private void Write(IReadOnlyList<(string Stream, Snapshot Snapshot)> snapshots, (long Position, string Mark)? mark)
    {
        var sorted = snapshots.Select(s => (Key: SnapshotFile.Key(s.Stream), s.Stream, s.Snapshot)).ToArray();
        Array.Sort(sorted, (a, b) => a.Key.CompareTo(b.Key) is var order and not 0 ? order : a.Snapshot.Version.CompareTo(b.Snapshot.Version));
        try
        {
            foreach (var chunk in sorted.Chunk(JournalLimits.SnapshotBatchMax))
            {
                begin.Run();
                foreach (var (key, stream, snapshot) in chunk)
                {
                    upsert.Bind(1, key);
                    upsert.BindText(2, System.Text.Encoding.UTF8.GetBytes(stream));
                    upsert.Bind(3, snapshot.Version);
                    upsert.BindBlob(4, snapshot.Data.Span);
                    upsert.Run();
                }

                // In the same transaction: no snapshot is ever newer than its mark. Without an entry there is no mark, and the next start drops them.
                if (mark is { } newest)
                {
                    remark.Bind(1, newest.Position);
                    remark.BindText(2, System.Text.Encoding.UTF8.GetBytes(newest.Mark));
                    remark.Run();
                }

                commit.Run();
            }
        }
        catch (SqliteFault)
        {
            db.Rollback();
            throw;
        }
    }

    private void Note(SqliteFault e)
    {
        fault = e;
        if (e.Damaged) DamageMark.Leave(SnapshotFile.DamageMarkPathFor(path), path);
    }
}
