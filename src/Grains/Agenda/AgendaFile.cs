using System.Globalization;
using ChainCrm.Grains.Storage;
using ChainCrm.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.Agenda;

/// <summary>
/// agenda.db: one row per grain that wants to be woken, ordered by time, changed in one transaction with the feed position it follows. Everything in
/// it comes from the journal, so losing its newest commits, or all of it, costs a re-reading and nothing else. Not thread-safe. Every answer is there when the call returns.
/// </summary>
internal sealed class AgendaFile : IAgendaTable
{
    private const int Format = 1;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _put;
    private readonly SqliteStatement _remove;
    private readonly SqliteStatement _done;
    private readonly SqliteStatement _postpone;
    private readonly SqliteStatement _forget;
    private readonly SqliteStatement _due;
    private readonly SqliteStatement _meta;

    private AgendaFile(SqliteConnection connection)
    {
        _connection = connection;
        _put = SqliteFile.Prepare(connection, "INSERT OR REPLACE INTO agenda(stream, due_ms, try_ms, attempts, cause) VALUES(@0, @1, @2, 0, @3)");
        _remove = SqliteFile.Prepare(connection, "DELETE FROM agenda WHERE stream = @0");
        _done = SqliteFile.Prepare(connection, "DELETE FROM agenda WHERE stream = @0 AND due_ms = @1 AND cause = @2");
        _postpone = SqliteFile.Prepare(connection, "UPDATE agenda SET try_ms = @3, attempts = @4 WHERE stream = @0 AND due_ms = @1 AND cause = @2");
        _forget = SqliteFile.Prepare(connection, "UPDATE agenda SET try_ms = due_ms WHERE try_ms > @0 AND try_ms > due_ms");
        _due = SqliteFile.Prepare(connection, "SELECT stream, due_ms, try_ms, attempts, cause FROM agenda WHERE try_ms <= @0 ORDER BY try_ms, stream LIMIT @1");
        _meta = SqliteFile.Prepare(connection, "INSERT OR REPLACE INTO meta(name, value) VALUES(@0, @1)");
    }

    public ValueTask<long> PositionAsync(CancellationToken cancellation) => new(SqliteFile.Scalar(_connection, "SELECT value FROM meta WHERE name = 'position'") ?? 0);

    public ValueTask<long?> NextTryAsync(CancellationToken cancellation) => new(SqliteFile.Scalar(_connection, "SELECT min(try_ms) FROM agenda"));

    /// <summary>Opens the file; one that is damaged, of another format or of another journal is made anew.</summary>
    public static async ValueTask<AgendaFile> OpenAsync(string path, IJournal journal, ILogger logger, CancellationToken cancellation)
    {
        if (await WhyUselessAsync(path, journal, cancellation) is { } reason)
        {
            ReadSide.ReadSideLog.AgendaRebuilding(logger, reason);
            SqliteFile.Delete(path);
        }

        var connection = SqliteFile.OpenWriter(path, durable: false);
        try
        {
            SqliteFile.Execute(connection, $"""
                CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS agenda(stream TEXT PRIMARY KEY, due_ms INT NOT NULL, try_ms INT NOT NULL, attempts INT NOT NULL, cause INT NOT NULL) WITHOUT ROWID;
                CREATE INDEX IF NOT EXISTS agenda_by_time ON agenda(try_ms);
                PRAGMA user_version={Format};
                """);
            return new AgendaFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ValueTask ApplyAsync(IReadOnlyDictionary<string, AgendaRow?> changes, CommittedEntry last, CancellationToken cancellation)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var (stream, row) in changes.OrderBy(change => change.Key, StringComparer.Ordinal))
        {
            if (row is { } wanted) _put.Set(0, stream).Set(1, wanted.DueMs).Set(2, wanted.TryMs).Set(3, wanted.Cause).Run();
            else _remove.Set(0, stream).Run();
        }

        _meta.Set(0, "position").Set(1, last.Position).Run();
        _meta.Set(0, "mark").Set(1, JournalMark.Of(last.Grain.Stream, last.Version, last.CommandId, last.TimeMs)).Run();
        transaction.Commit();
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<AgendaRow>> DueAsync(long nowMs, int max, CancellationToken cancellation)
    {
        var list = new List<AgendaRow>();
        using var rows = _due.Set(0, nowMs).Set(1, max).Read();
        while (rows.Read()) list.Add(new AgendaRow(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt32(3), rows.GetInt64(4)));
        return new(list);
    }

    public ValueTask SettleAsync(IReadOnlyCollection<(AgendaRow Row, long? TryAgainMs)> outcomes, CancellationToken cancellation)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var (row, tryAgainMs) in outcomes)
        {
            if (tryAgainMs is { } later) _postpone.Set(0, row.Stream).Set(1, row.DueMs).Set(2, row.Cause).Set(3, later).Set(4, row.Attempts + 1).Run();
            else _done.Set(0, row.Stream).Set(1, row.DueMs).Set(2, row.Cause).Run();
        }

        transaction.Commit();
        return ValueTask.CompletedTask;
    }

    public ValueTask ForgetPostponingAsync(long beyondMs, CancellationToken cancellation)
    {
        _forget.Set(0, beyondMs).Run();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var statement in new[] { _put, _remove, _done, _postpone, _forget, _due, _meta }) statement.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async ValueTask<string?> WhyUselessAsync(string path, IJournal journal, CancellationToken cancellation)
    {
        if (!File.Exists(path)) return null;
        long position;
        string? mark;
        try
        {
            using var connection = SqliteFile.OpenWriter(path, durable: false);
            var format = SqliteFile.Scalar(connection, "PRAGMA user_version") ?? 0;
            if (format != Format) return string.Create(CultureInfo.InvariantCulture, $"the file has format {format}, this version writes {Format}");
            // The agenda is small and decides what nobody else remembers, so the whole of it is checked.
            using var check = SqliteFile.Prepare(connection, "PRAGMA quick_check(1)");
            using (var rows = check.Read())
            {
                if (!rows.Read() || rows.GetString(0) != "ok") return "the file is damaged";
            }

            position = SqliteFile.Scalar(connection, "SELECT value FROM meta WHERE name = 'position'") ?? 0;
            using var select = SqliteFile.Prepare(connection, "SELECT value FROM meta WHERE name = 'mark'");
            using var marks = select.Read();
            mark = marks.Read() ? marks.GetString(0) : null;
        }
        catch (SqliteException failure) when (SqliteFile.IsDamage(failure))
        {
            return "the file is damaged";
        }

        return await JournalMark.HoldsAsync(journal, position, mark, cancellation) ? null : "the file belongs to another journal";
    }
}
