using SQLitePCL;

namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// Snapshots in snapshots.db. Whatever is wrong with the file, it is deleted and begun anew, for the journal holds everything. Thread-safe; reads and
/// writes run on the thread pool. Opened by whoever owns the folder, that is after the journal.
/// </summary>
public sealed class SqliteSnapshotStore : ISnapshotStore
{
    private readonly string path;
    private readonly ReaderPool<SnapshotReader> readers;
    private readonly Db db;
    private readonly Statement begin, upsert, commit;
    private readonly SemaphoreSlim writing = new(1, 1);
    private volatile SqliteFault? fault;
    private volatile bool disposed;

    private SqliteSnapshotStore(string path, int readersMax)
    {
        this.path = path;
        db = SnapshotFile.Open(path);
        begin = db.Prepare("BEGIN IMMEDIATE");
        upsert = db.Prepare("""
            INSERT INTO snapshots(hash, stream, version, data) VALUES(?, ?, ?, ?)
            ON CONFLICT(hash) DO UPDATE SET stream = excluded.stream, version = excluded.version, data = excluded.data
            WHERE excluded.version >= version OR excluded.stream <> stream
            """);
        commit = db.Prepare("COMMIT");
        readers = new(typeof(SqliteSnapshotStore), () => new(path), readersMax);
    }

    /// <summary>Why the last read or write failed, or null. Its damage is mended by the next start.</summary>
    public Exception? Fault => fault;

    /// <summary>Opens the snapshots of a folder, or makes an empty file.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="readers">Read connections, 1 to <see cref="JournalLimits.ReadersMax"/>.</param>
    /// <exception cref="JournalUnusableException">The folder can't be written.</exception>
    public static Task<SqliteSnapshotStore> OpenAsync(string folder, int readers = 2)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfNotEqual(readers is >= 1 and <= JournalLimits.ReadersMax, true, nameof(readers));
        return Task.Run(() =>
        {
            var path = SnapshotFile.PathIn(folder);
            try
            {
                Directory.CreateDirectory(folder);
                return new SqliteSnapshotStore(path, readers);
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
            Write(snapshots);
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
    private void Write(IReadOnlyList<(string Stream, Snapshot Snapshot)> snapshots)
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
