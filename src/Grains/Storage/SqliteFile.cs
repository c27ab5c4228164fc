using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.Storage;

/// <summary>Opens the small SQLite files of the read side and of the vault the same way everywhere.</summary>
internal static class SqliteFile
{
    private const int BusyTimeoutSeconds = 30;

    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens (and makes, when missing) a file for the one writer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="durable">True when a commit must have reached the disk when it returns; false when losing the newest commits is harmless.</param>
    public static SqliteConnection OpenWriter(string path, bool durable)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // The default page cache of 2 MB makes every batch of random keys read the disk again; 32 MB holds the inner pages of millions of rows.
            Execute(connection, $"PRAGMA journal_mode=WAL; PRAGMA synchronous={(durable ? "FULL" : "NORMAL")}; PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing file for reading beside the writer.</summary>
    public static SqliteConnection OpenReader(string path)
    {
        // Read-write mode, because a reader of a WAL database must be able to make the shared-memory file; query_only keeps it a reader.
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            Execute(connection, "PRAGMA query_only=ON; PRAGMA cache_size=-8192;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements without a result.</summary>
    public static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        // The text is always a constant of this assembly; values travel as parameters.
#pragma warning disable CA2100 // See above: no caller passes text from outside.
        command.CommandText = sql;
#pragma warning restore CA2100 // As before.
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row as a number; null when there is no row.</summary>
    public static long? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this assembly only, as in Execute.
        command.CommandText = sql;
#pragma warning restore CA2100 // As before.
        return command.ExecuteScalar() is long value ? value : null;
    }

    /// <summary>A statement, always a constant of this assembly, whose parameters are filled by place: <c>@0</c>, <c>@1</c> ...</summary>
    public static SqliteStatement Prepare(SqliteConnection connection, string sql) => new(connection, sql);

    /// <summary>True when the failure says that the file itself is no good.</summary>
    public static bool IsDamage(SqliteException failure) => failure.SqliteErrorCode is 11 or 26;

    /// <summary>Deletes a file with its WAL and shared memory.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = BusyTimeoutSeconds }.ToString());
        try
        {
            connection.Open();
            // A SqliteStatement leaves trying again to SQLite when the file is busy. Microsoft's commands try again on top of that, so they give up after
            // twice the time.
            SqliteException.ThrowExceptionForRC(SQLitePCL.raw.sqlite3_busy_timeout(connection.Handle!, BusyTimeoutSeconds * 1_000), connection.Handle);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
