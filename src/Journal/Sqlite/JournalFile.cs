using System.Buffers.Binary;

namespace ChainCrm.Journal.Sqlite;

/// <summary>journal.db: how it is made, what is looked at before it is opened for writing, and how its connections are set up.
/// Described in docs/formats/journal.md.</summary>
internal static class JournalFile
{
    /// <summary>"CCRJ" in ASCII: says that the file is a journal of this programme.</summary>
    private const int ApplicationId = 0x4343524A;

    /// <summary>The newest format this programme reads and writes.</summary>
    private const int Format = 1;

    private const int PageBytes = 8_192;

    private const string Table =
        "CREATE TABLE entries(position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, command TEXT NOT NULL, "
        + "time INTEGER NOT NULL, data BLOB NOT NULL)";

    public static string PathIn(string folder) => Path.Combine(folder, "journal.db");

    /// <summary>Makes the file under another name and moves it into place whole, so that a crash leaves a journal or none.</summary>
    public static void CreateIfMissing(string path)
    {
        if (File.Exists(path)) return;
        if (new FileInfo(path + "-wal") is { Exists: true, Length: > 0 })
            throw new JournalUnusableException($"{path} is missing, but its WAL is there. Bring the file back, or move {path}-wal away to begin an empty journal.");

        var making = path + ".new";
        DeleteWithCompanions(making);
        try
        {
            using (var db = Db.OpenOrCreate(making))
            {
                db.Execute($"PRAGMA page_size={PageBytes}");
                db.Execute("PRAGMA synchronous=FULL");
                db.Execute("BEGIN");
                db.Execute($"PRAGMA application_id={ApplicationId}");
                db.Execute($"PRAGMA user_version={Format}");
                db.Execute(Table);
                db.Execute("COMMIT");
            }

            File.Move(making, path);
        }
        catch (Exception e) when (e is SqliteFault or IOException or UnauthorizedAccessException)
        {
            throw new JournalUnusableException($"{path} can't be made: {e.Message}", e);
        }
    }

    /// <summary>Refuses a file that is no journal, is damaged, or is of a newer format, by reading its first page only; writes nothing.</summary>
    public static void Inspect(string path)
    {
        Span<byte> header = stackalloc byte[100];
        long length;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            length = file.Length;
            if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
                throw new JournalUnusableException($"{path} is damaged: it has {length} bytes and no header.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnusableException($"{path} can't be read: {e.Message}", e);
        }

        if (!header.StartsWith("SQLite format 3\0"u8))
            throw new JournalUnusableException($"{path} is damaged or no journal: it does not begin as a SQLite file does.");
        if (BinaryPrimitives.ReadInt32BigEndian(header[68..]) != ApplicationId)
            throw new JournalUnusableException($"{path} is a SQLite file of another programme, or damaged: it does not carry the mark of a journal.");
        var format = BinaryPrimitives.ReadInt32BigEndian(header[60..]);
        if (format != Format)
        {
            throw new JournalUnusableException($"{path} is of format {format}, and this programme knows format {Format}. "
                + "Use the version of the programme that wrote it, or a newer one.");
        }

        var pageBytes = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        if (pageBytes != PageBytes || header[18] is not (1 or 2) || header[19] is not (1 or 2))
            throw new JournalUnusableException($"{path} is damaged: its header states a page size or a mode that no journal has.");

        // The header's page count can only be trusted when nothing waits in the WAL to be moved into the file.
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        if (length < (long)pages * pageBytes && new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 })
            throw new JournalUnusableException($"{path} is damaged: it should have {(long)pages * pageBytes} bytes and has {length}.");
    }

    /// <summary>
    /// Puts what the WAL holds on the disk before any of it is served. A process that was killed between writing a batch and flushing it leaves a batch that the next
    /// one takes for committed and acknowledges to who asks again; a power cut could still take it back. It is moved into the file, not only flushed: what a failed
    /// flush dropped is still read from memory, and no later flush writes it.
    /// </summary>
    public static void Settle(string path)
    {
        try
        {
            using var db = OpenCheckpointer(path);
            if (db.Checkpoint(SQLitePCL.raw.SQLITE_CHECKPOINT_TRUNCATE) is not null) return;
        }
        catch (SqliteFault)
        {
            // On a full disk reads are to go on; what is left is to flush it where it lies.
        }

        FlushWal(path + "-wal");
    }

    private static void FlushWal(string wal)
    {
        if (new FileInfo(wal) is not { Exists: true, Length: > 0 }) return;
        try
        {
            using var file = File.OpenHandle(wal, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnusableException($"{wal} can't be put on the disk: {e.Message}", e);
        }
    }

    public static Db OpenWriter(string path, SqliteJournalOptions options)
    {
        var db = Db.OpenExisting(path);
        try
        {
            var mode = db.QueryText("PRAGMA journal_mode=WAL");
            if (mode != "wal") throw new SqliteFault($"the file does not go into WAL mode but stays in {mode}");
            db.Execute("PRAGMA synchronous=FULL");
            db.Execute("PRAGMA wal_autocheckpoint=0");
            db.Execute($"PRAGMA journal_size_limit={options.WalBytesMax}");
            db.Execute("PRAGMA temp_store=MEMORY");
            if (options.MaxPageCount > 0) db.Execute($"PRAGMA max_page_count={options.MaxPageCount}");
            var table = db.QueryText("SELECT coalesce(max(sql), '') FROM sqlite_schema WHERE name = 'entries'");
            if (table != Table) throw new JournalUnusableException($"{path} is damaged: its table of entries is missing or another one.");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    public static Db OpenReader(string path)
    {
        var db = Db.OpenReadOnly(path);
        try
        {
            db.Execute("PRAGMA query_only=1");
            db.Execute("PRAGMA temp_store=MEMORY");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>The connection that moves the WAL into the file. It syncs the WAL before and the file after, whatever "normal" sounds like.</summary>
    public static Db OpenCheckpointer(string path)
    {
        var db = Db.OpenExisting(path);
        try
        {
            db.Execute("PRAGMA synchronous=NORMAL");
            db.Execute("PRAGMA wal_autocheckpoint=0");
            db.Execute($"PRAGMA busy_timeout={JournalLimits.RestartWaitMs}");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>The position of the last entry, 0 when there is none.</summary>
    public static long ReadHead(Db db) => db.QueryInt64("SELECT coalesce(max(position), 0) FROM entries");

    public static void DeleteWithCompanions(string path)
    {
        foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm", "-journal"]) File.Delete(path + suffix);
    }
}
