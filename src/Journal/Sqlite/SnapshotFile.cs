namespace ChainCrm.Journal.Sqlite;

/// <summary>snapshots.db: a row per stream under the hash of its name. Two streams with one hash take turns in one row, which costs a slower activation
/// and nothing else, so the hash needs no secret.</summary>
internal static class SnapshotFile
{
    /// <summary>"CCRS" in ASCII.</summary>
    private const int ApplicationId = 0x43435253;
    private const int Format = 1;
    private static readonly HashSeed Seed = new(0x5F6A_81C3_9D24_E70B, 0x27B1_F04E_6C95_A8D3);

    public static string PathIn(string folder) => Path.Combine(folder, "snapshots.db");

    public static string DamageMarkPathFor(string path) => Path.ChangeExtension(path, ".damaged");

    public static long Key(string stream) => Seed.Stream(stream).Stored;

    /// <summary>The writing connection. A file that is damaged, of another format or no file of snapshots at all is deleted first.</summary>
    public static Db Open(string path)
    {
        var mark = DamageMarkPathFor(path);
        if (File.Exists(path) && !File.Exists(mark))
        {
            try
            {
                return OpenWriting(path);
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
            created.Execute("COMMIT");
        }

        return OpenWriting(path);
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
