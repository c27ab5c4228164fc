using System.Collections.Concurrent;
using System.Globalization;
using ChainCrm.Grains.Storage;
using ChainCrm.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.ReadModels;

/// <summary>readmodels.db: opened when it fits this journal and this version, else dropped and made anew. One writer, a few readers.</summary>
internal sealed class SqliteReadModelTables : IReadModelTables
{
    private readonly string _path;
    private readonly SemaphoreSlim _readers = new(GrainLimits.ReadersMax);
    private readonly ConcurrentBag<(SqliteConnection Connection, int Generation)> _idle = [];
    private SqliteConnection _connection;
    private SqliteReadModelWriter _writer;
    private int _generation;

    private SqliteReadModelTables(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
        _writer = new SqliteReadModelWriter(connection);
    }

    /// <summary>Opens the file.</summary>
    public static async ValueTask<SqliteReadModelTables> OpenAsync(string path, IJournal journal, ILogger logger, CancellationToken cancellation)
    {
        var reason = await WhyUselessAsync(path, journal, cancellation);
        if (reason is not null)
        {
            ReadSide.ReadSideLog.Rebuilding(logger, reason);
            SqliteFile.Delete(path);
        }

        return new SqliteReadModelTables(path, OpenOrMake(path));
    }

    public ValueTask<long> PositionAsync(CancellationToken cancellation) => new(long.Parse(Meta(_connection, "position") ?? "0", CultureInfo.InvariantCulture));

    // On the loop's own thread: it has nothing else to do meanwhile.
    public ValueTask WriteAsync(ReadModelFold fold, CancellationToken cancellation)
    {
        _writer.Write(fold);
        return ValueTask.CompletedTask;
    }

    public bool IsDamage(Exception failure) => failure is SqliteException sqlite && SqliteFile.IsDamage(sqlite);

    public ValueTask RecreateAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _generation);
        _writer.Dispose();
        _connection.Dispose();
        DropIdle();
        SqliteFile.Delete(_path);
        _connection = OpenOrMake(_path);
        _writer = new SqliteReadModelWriter(_connection);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<TResult> ReadAsync<TResult>(Func<IReadModelMoment, ValueTask<TResult>> read, CancellationToken cancellation)
    {
        await _readers.WaitAsync(cancellation);
        try
        {
            // Off the caller's thread, for reading a file may block: on the thread pool, or on the caller's own scheduler when it has one.
            return await Task.Factory.StartNew(async () => await ReadAsync(read), cancellation, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();
        }
        finally
        {
            _readers.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _writer.Dispose();
        _connection.Dispose();
        DropIdle();
        _readers.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<TResult> ReadAsync<TResult>(Func<IReadModelMoment, ValueTask<TResult>> read)
    {
        var generation = Volatile.Read(ref _generation);
        SqliteConnection? connection = null;
        while (_idle.TryTake(out var idle))
        {
            if (idle.Generation == generation)
            {
                connection = idle.Connection;
                break;
            }

            await idle.Connection.DisposeAsync();
        }

        connection ??= SqliteFile.OpenReader(_path);
        try
        {
            SqliteFile.Execute(connection, "BEGIN");
            var result = await read(new SqliteReadModelMoment(connection));
            SqliteFile.Execute(connection, "COMMIT");
            _idle.Add((connection, generation));
            return result;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static SqliteConnection OpenOrMake(string path)
    {
        var connection = SqliteFile.OpenWriter(path, durable: false);
        try
        {
            // A flush under load touches more pages than the 1,000 after which SQLite would move them into the file, with a sync that the journal's
            // commits wait behind: several flushes share one such move. The file beside grows by what they changed and is cut back later.
            SqliteFile.Execute(connection, $"PRAGMA wal_autocheckpoint={GrainLimits.ReadModelWalPages}; PRAGMA journal_size_limit={GrainLimits.ReadModelWalBytesKept};");
            if (SqliteFile.Scalar(connection, "PRAGMA user_version") == 0)
            {
                using var transaction = connection.BeginTransaction();
                SqliteFile.Execute(connection, ReadModelSchema.Tables, transaction);
                SqliteFile.Execute(connection, $"PRAGMA user_version={ReadModelSchema.Version}", transaction);
                transaction.Commit();
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static async ValueTask<string?> WhyUselessAsync(string path, IJournal journal, CancellationToken cancellation)
    {
        if (!File.Exists(path)) return null;
        long position;
        string? mark;
        try
        {
            using var connection = SqliteFile.OpenWriter(path, durable: false);
            var version = SqliteFile.Scalar(connection, "PRAGMA user_version") ?? 0;
            if (version == 0) return "the file holds no tables";
            if (version != ReadModelSchema.Version) return string.Create(CultureInfo.InvariantCulture, $"the file has format {version}, this version writes {ReadModelSchema.Version}");
            position = long.Parse(Meta(connection, "position") ?? "0", CultureInfo.InvariantCulture);
            mark = Meta(connection, "mark");
        }
        catch (SqliteException failure) when (SqliteFile.IsDamage(failure))
        {
            return "the file is damaged";
        }

        return await JournalMark.HoldsAsync(journal, position, mark, cancellation) ? null : "the file belongs to another journal";
    }

    private static string? Meta(SqliteConnection connection, string name)
    {
        using var select = SqliteFile.Prepare(connection, "SELECT CAST(value AS TEXT) FROM meta WHERE name = @0");
        using var rows = select.Set(0, name).Read();
        return rows.Read() ? rows.GetString(0) : null;
    }

    private void DropIdle()
    {
        while (_idle.TryTake(out var idle)) idle.Connection.Dispose();
    }
}
