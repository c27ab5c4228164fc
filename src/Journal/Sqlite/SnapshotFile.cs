namespace ChainCrm.Journal.Sqlite;

/// <summary>snapshots.db: a row per stream under the hash of its name. Two streams with one hash take turns in one row, which costs a slower activation
/// and nothing else, so the hash needs no secret.</summary>
internal static class SnapshotFile
{
    /// <summary>"CCRS" in ASCII.</summary>
    private const int ApplicationId = 0x43435253;
    private const int Format = 2;
    private static readonly HashSeed Seed = new(0x5F6A_81C3_9D24_E70B, 0x27B1_F04E_6C95_A8D3);

    public static string PathIn(string folder) => Path.Combine(folder, "snapshots.db");

    public static string DamageMarkPathFor(string path) => Path.ChangeExtension(path, ".damaged");

    public static long Key(string stream) => Seed.Stream(stream).Stored;

    /// <summary>The writing connection. A file that is damaged, of another format, of another journal or no file of snapshots at all is deleted first.</summary>
    public static async ValueTask<Db> OpenAsync(string path, IJournal journal)
    {
        var mark = DamageMarkPathFor(path);
        if (File.Exists(path) && !File.Exists(mark))
        {
            try
            {
                var found = OpenWriting(path);
                if (await BelongsAsync(found, journal).ConfigureAwait(false)) return found;
            }
            catch (SqliteFault)
            {
                // Made anew below, whatever is wrong: snapshots only save time.
            }
        }

        JournalFile.DeleteWithCompanions(path);
        File.Delete(mark);
        using (var created = Db.OpenOrCreate(path))
        {
            created.Execute("PRAGMA page_size=8192");
            created.Execute("PRAGMA journal_mode=WAL");
            created.Execute("BEGIN IMMEDIATE");
            created.Execute($"PRAGMA application_id={ApplicationId}");
            created.Execute($"PRAGMA user_version={Format}");
            created.Execute("CREATE TABLE snapshots(hash INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, data BLOB NOT NULL)");
            created.Execute("CREATE TABLE mark(id INTEGER PRIMARY KEY CHECK(id = 1), position INTEGER NOT NULL, entry TEXT NOT NULL)");
            created.Execute("COMMIT");
        }

        return OpenWriting(path);
    }

    /// <summary>
    /// True when the journal holds the entry that was its newest when the newest snapshots were written. A journal brought back from a backup lacks what the
    /// snapshots tell, and a grain made of one would contradict its own stream. Closes the file when it does not belong.
    /// </summary>
    private static async ValueTask<bool> BelongsAsync(Db found, IJournal journal)
    {
        var belongs = false;
        try
        {
            var (position, mark) = MarkIn(found);
            belongs = mark is null
                ? found.QueryInt64("SELECT count(*) FROM (SELECT 1 FROM snapshots LIMIT 1)") == 0
                : await JournalMark.HoldsAsync(journal, position, mark, CancellationToken.None).ConfigureAwait(false);
            return belongs;
        }
        finally
        {
            if (!belongs) found.Dispose();
        }
    }

    private static (long Position, string? Mark) MarkIn(Db db)
    {
        using var select = db.Prepare("SELECT position, entry FROM mark WHERE id = 1");
        return select.Step() ? (select.Int64(0), select.Text(1)) : (0, null);
    }

    private static Db OpenWriting(string path)
    {
        var db = Db.OpenExisting(path);
        try
        {
            if (db.QueryInt64("PRAGMA application_id") != ApplicationId || db.QueryInt64("PRAGMA user_version") != Format)
                throw new SqliteFault("snapshots.db is of another format");
            db.QueryInt64("SELECT coalesce(max(hash), 0) FROM snapshots");
            db.Execute("PRAGMA synchronous=NORMAL");
            db.Execute("PRAGMA wal_autocheckpoint=2000");
            db.Execute("PRAGMA journal_size_limit=67108864");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }
}

/// <summary>One read connection to snapshots.db. Not thread-safe.</summary>
internal sealed class SnapshotReader : IDisposable
{
    private readonly Db db;
    private readonly Statement select;

    public SnapshotReader(string path)
    {
        db = JournalFile.OpenReader(path);
        select = db.Prepare("SELECT stream, version, data FROM snapshots WHERE hash = ?");
    }

    public Snapshot? Load(string stream)
    {
        try
        {
            select.Bind(1, SnapshotFile.Key(stream));
            return select.Step() && select.Text(0) == stream ? new(select.Int64(1), select.Bytes(2).ToArray()) : null;
        }
        finally
        {
            select.Reset();
        }
    }

    public void Dispose() => db.Dispose();
}
