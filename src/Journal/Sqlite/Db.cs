using System.Text;
using SQLitePCL;

namespace ChainCrm.Journal.Sqlite;

/// <summary>One connection to a SQLite file. Not thread-safe: whoever uses it sees to it that nobody else does at the same time.</summary>
internal sealed class Db : IDisposable
{
    private const int NoMutex = raw.SQLITE_OPEN_NOMUTEX;
    private readonly sqlite3 handle;
    private readonly List<Statement> statements = [];
    private bool closed;

    static Db() => Batteries_V2.Init();

    private Db(sqlite3 handle, string path)
    {
        this.handle = handle;
        Path = path;
    }

    public string Path { get; }

    /// <summary>False within a transaction.</summary>
    public bool Autocommit => raw.sqlite3_get_autocommit(handle) != 0;

    public static Db OpenExisting(string path) => Open(path, raw.SQLITE_OPEN_READWRITE | NoMutex);

    public static Db OpenOrCreate(string path) => Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | NoMutex);

    public static Db OpenReadOnly(string path) => Open(path, raw.SQLITE_OPEN_READONLY | NoMutex);

    /// <summary>Runs statements that answer nothing of interest.</summary>
    public void Execute(string sql)
    {
        using var statement = Prepare(sql);
        while (statement.Step())
        {
            // The rows of a pragma are of no interest here, but it takes effect only when it is stepped to its end.
        }
    }

    public long QueryInt64(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : throw new SqliteFault(raw.SQLITE_NOTFOUND, "an answer was expected");
    }

    public string QueryText(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : throw new SqliteFault(raw.SQLITE_NOTFOUND, "an answer was expected");
    }

    /// <summary>A statement to be used many times; it ends with this connection at the latest.</summary>
    public Statement Prepare(string sql)
    {
        const uint persistent = 1;
        Check(raw.sqlite3_prepare_v3(handle, sql, persistent, out var prepared));
        var statement = new Statement(this, prepared);
        statements.Add(statement);
        return statement;
    }

    /// <summary>Moves committed pages from the WAL into the file. Answers the frames of the WAL and how many of them have been moved by now;
    /// null when somebody was in the way.</summary>
    public (int Frames, int Moved)? Checkpoint(int mode)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(handle, "main", mode, out var frames, out var moved);
        if ((code & 0xFF) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED) return null;
        Check(code);
        return (frames, moved);
    }

    /// <summary>Gives up an open transaction, if SQLite has not done so itself.</summary>
    public void Rollback()
    {
        foreach (var statement in statements) statement.Reset();
        if (!Autocommit) Execute("ROLLBACK");
    }

    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        throw new SqliteFault(raw.sqlite3_extended_errcode(handle), raw.sqlite3_errmsg(handle).utf8_to_string());
    }

    public void Forget(Statement statement)
    {
        if (!closed) statements.Remove(statement);
    }

    public void Dispose()
    {
        if (closed) return;
        closed = true;
        foreach (var statement in statements) statement.Dispose();
        raw.sqlite3_close_v2(handle);
    }

    private static Db Open(string path, int flags)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var db = new Db(handle, path);
        try
        {
            db.Check(code);
            db.Check(raw.sqlite3_extended_result_codes(handle, 1));
            db.Check(raw.sqlite3_busy_timeout(handle, JournalLimits.BusyTimeoutMs));

            // A connection that closes must not move the WAL into the file on its own: when a file turns out to be unusable it stays as it is,
            // and an orderly stop does it explicitly.
            const int noCheckpointOnClose = 1006;
            db.Check(raw.sqlite3_db_config(handle, noCheckpointOnClose, 1, out _));
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }
}

/// <summary>A prepared statement: bind, step, read columns, reset.</summary>
internal sealed class Statement(Db db, sqlite3_stmt handle) : IDisposable
{
    private bool disposed;

    public void Bind(int parameter, long value) => db.Check(raw.sqlite3_bind_int64(handle, parameter, value));

    public void BindText(int parameter, ReadOnlySpan<byte> utf8) => db.Check(raw.sqlite3_bind_text(handle, parameter, utf8));

    public void BindBlob(int parameter, ReadOnlySpan<byte> bytes) => db.Check(bytes.IsEmpty
        ? raw.sqlite3_bind_zeroblob(handle, parameter, 0)
        : raw.sqlite3_bind_blob(handle, parameter, bytes));

    /// <summary>True when there is a row, false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        db.Check(code);
        return false;
    }

    /// <summary>Steps a statement that answers no rows, and makes it ready for the next time.</summary>
    public void Run()
    {
        var code = raw.sqlite3_step(handle);
        if (code != raw.SQLITE_DONE && code != raw.SQLITE_ROW)
        {
            try
            {
                db.Check(code);
            }
            finally
            {
                Reset();
            }
        }

        Reset();
    }

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>The column's bytes, of a text its UTF-8. Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <summary>Ready for the next use. What it answers repeats the fault of the last step, which has been reported already.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        handle.Dispose();
        db.Forget(this);
    }
}
