namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// index.db: where a stream's entries and a command's entry lie in the journal. It says nothing that the journal does not say, so a file that is missing,
/// damaged, of another format, or not of this journal is deleted and made anew. One writing connection, used by the index thread.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    /// <summary>"CCRI" in ASCII.</summary>
    private const int ApplicationId = 0x43435249;
    private const int Format = 1;

    private const string Tables = """
        CREATE TABLE stream_index(hash INTEGER NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(hash, version, position)) WITHOUT ROWID;
        CREATE TABLE command_index(hash INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(hash, position)) WITHOUT ROWID;
        CREATE TABLE state(id INTEGER PRIMARY KEY CHECK(id = 1), seed_first INTEGER NOT NULL, seed_second INTEGER NOT NULL,
            indexed_upto INTEGER NOT NULL, last_stream INTEGER NOT NULL, last_version INTEGER NOT NULL, last_command INTEGER NOT NULL)
        """;

    private readonly Db db;
    private readonly Statement begin, insertStream, insertCommand, update, commit;
    private long[] hashes = [];
    private int[] order = [];

    private IndexFile(Db db)
    {
        this.db = db;
        begin = db.Prepare("BEGIN IMMEDIATE");
        insertStream = db.Prepare("INSERT OR IGNORE INTO stream_index(hash, version, position) VALUES(?, ?, ?)");
        insertCommand = db.Prepare("INSERT OR IGNORE INTO command_index(hash, position) VALUES(?, ?)");
        update = db.Prepare("UPDATE state SET indexed_upto = ?, last_stream = ?, last_version = ?, last_command = ? WHERE id = 1");
        commit = db.Prepare("COMMIT");
        using var state = db.Prepare("SELECT seed_first, seed_second, indexed_upto FROM state WHERE id = 1");
        if (!state.Step()) throw new SqliteFault("index.db has no state");
        unchecked
        {
            Seed = new((ulong)state.Int64(0), (ulong)state.Int64(1));
        }

        IndexedUpto = state.Int64(2);
    }

    public HashSeed Seed { get; }

    /// <summary>Position of the last entry in here.</summary>
    public long IndexedUpto { get; private set; }

    public static string PathIn(string folder) => Path.Combine(folder, "index.db");

    /// <summary>A reader that finds the file damaged leaves this beside it, and the next start makes the file anew.</summary>
    public static string DamageMarkPathIn(string folder) => Path.Combine(folder, "index.damaged");

    /// <summary>Opens the index of this journal, or an empty one when there is none that can be trusted.</summary>
    public static IndexFile Open(SqliteJournalOptions options, Db journal, long head)
    {
        var folder = options.Folder;
        var path = PathIn(folder);
        if (File.Exists(path) && !File.Exists(DamageMarkPathIn(folder)))
        {
            try
            {
                var found = new IndexFile(OpenWriting(path, options));
                if (found.FollowsFrom(journal, head)) return found;
                found.Dispose();
            }
            catch (SqliteFault)
            {
                // Whatever is wrong with it, the journal holds all that it said; it is made anew below.
            }
        }

        JournalFile.DeleteWithCompanions(path);
        Create(path);
        File.Delete(DamageMarkPathIn(folder));
        return new(OpenWriting(path, options));
    }

    /// <summary>Takes in entries that follow those already here, sorted, in one transaction.</summary>
    public void Write(ReadOnlySpan<TailSegment> segments)
    {
        var count = 0;
        foreach (var segment in segments) count += segment.Count;
        if (count == 0) return;
        if (segments[0].FirstPosition != IndexedUpto + 1)
            throw new InvalidOperationException($"The index ends at {IndexedUpto} and can't go on at {segments[0].FirstPosition}.");
        if (hashes.Length < count) (hashes, order) = (new long[count], new int[count]);

        try
        {
            begin.Run();
            InsertStreams(segments, count);
            InsertCommands(segments, count);
            var last = segments[^1].Rows[^1];
            update.Bind(1, segments[^1].LastPosition);
            update.Bind(2, last.Stream);
            update.Bind(3, last.Version);
            update.Bind(4, last.Command);
            update.Run();
            commit.Run();
            IndexedUpto = segments[^1].LastPosition;
        }
        catch (SqliteFault)
        {
            db.Rollback();
            throw;
        }
    }

    /// <summary>Moves what is in the WAL into the file, before an orderly stop.</summary>
    public void Checkpoint() => db.Checkpoint(SQLitePCL.raw.SQLITE_CHECKPOINT_TRUNCATE);

    public void Dispose() => db.Dispose();

    private void InsertStreams(ReadOnlySpan<TailSegment> segments, int count)
    {
        var at = 0;
        foreach (var segment in segments)
        {
            foreach (ref readonly var row in segment.Rows) hashes[at++] = row.Stream;
        }

        SortByHash(count);
        for (var i = 0; i < count; i++)
        {
            insertStream.Bind(1, hashes[i]);
            insertStream.Bind(2, RowAt(segments, order[i]).Version);
            insertStream.Bind(3, segments[0].FirstPosition + order[i]);
            insertStream.Run();
        }
    }

    private void InsertCommands(ReadOnlySpan<TailSegment> segments, int count)
    {
        var at = 0;
        foreach (var segment in segments)
        {
            foreach (ref readonly var row in segment.Rows) hashes[at++] = row.Command;
        }

        SortByHash(count);
        for (var i = 0; i < count; i++)
        {
            insertCommand.Bind(1, hashes[i]);
            insertCommand.Bind(2, segments[0].FirstPosition + order[i]);
            insertCommand.Run();
        }
    }

    /// <summary>In the order of the tree, so that each of its pages is touched once.</summary>
    private void SortByHash(int count)
    {
        for (var i = 0; i < count; i++) order[i] = i;
        hashes.AsSpan(0, count).Sort(order.AsSpan(0, count));
    }

    private static ref readonly TailSegment.Row RowAt(ReadOnlySpan<TailSegment> segments, int row)
    {
        foreach (var segment in segments)
        {
            if (row < segment.Count) return ref segment.Rows[row];
            row -= segment.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(row));
    }

    /// <summary>True when the last entry in here is that very entry of the journal: a journal brought back from a backup may have gone another way since.</summary>
    private bool FollowsFrom(Db journal, long head)
    {
        if (IndexedUpto == 0) return true;
        if (IndexedUpto > head) return false;
        using var state = db.Prepare("SELECT last_stream, last_version, last_command FROM state WHERE id = 1");
        using var entry = journal.Prepare("SELECT stream, version, command FROM entries WHERE position = ?");
        entry.Bind(1, IndexedUpto);
        if (!state.Step() || !entry.Step()) return false;
        var stream = Seed.Stream(entry.Bytes(0));
        return state.Int64(0) == stream.Stored
            && state.Int64(1) == entry.Int64(1)
            && state.Int64(2) == Seed.Command(stream, entry.Bytes(2)).Stored;
    }

    private static void Create(string path)
    {
        using var created = Db.OpenOrCreate(path);
        created.Execute("PRAGMA page_size=4096");
        created.Execute("PRAGMA journal_mode=WAL");
        var seed = HashSeed.Draw();
        created.Execute("BEGIN IMMEDIATE");
        created.Execute($"PRAGMA application_id={ApplicationId}");
        foreach (var table in Tables.Split(';')) created.Execute(table);
        using (var state = created.Prepare("INSERT INTO state VALUES(1, ?, ?, 0, 0, 0, 0)"))
        {
            unchecked
            {
                state.Bind(1, (long)seed.First);
                state.Bind(2, (long)seed.Second);
            }

            state.Run();
        }

        created.Execute($"PRAGMA user_version={Format}");
        created.Execute("COMMIT");
    }

    private static Db OpenWriting(string path, SqliteJournalOptions options)
    {
        var db = Db.OpenExisting(path);
        try
        {
            if (db.QueryInt64("PRAGMA application_id") != ApplicationId || db.QueryInt64("PRAGMA user_version") != Format)
                throw new SqliteFault("index.db is of another format");

            // NORMAL may lose the last transactions in a power cut, never half of one; the entries are then indexed again from the journal.
            db.Execute("PRAGMA synchronous=NORMAL");
            db.Execute("PRAGMA wal_autocheckpoint=4000");
            db.Execute("PRAGMA journal_size_limit=67108864");
            db.Execute("PRAGMA cache_size=-32000");
            if (options.IndexMaxPageCount > 0) db.Execute($"PRAGMA max_page_count={options.IndexMaxPageCount}");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }
}
