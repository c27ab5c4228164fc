using System.Globalization;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using Npgsql;

namespace ChainCrm.Grains.Postgres;

/// <summary>The row that says how far the tables of one follower go. Every write locks it first, so one that was thought lost and is still under way is waited for.</summary>
internal sealed class PositionRow(string table, int format)
{
    private readonly string select = $"SELECT format, position, mark FROM {table}";
    private readonly string move = $"UPDATE {table} SET position = $1, mark = $2 WHERE position BETWEEN $3 AND $4";
    private readonly string reset = $"UPDATE {table} SET position = 0, mark = NULL, format = $1";

    /// <summary>How far the rows go.</summary>
    public async ValueTask<long> PositionAsync(PostgresServer server, CancellationToken cancellation) => (await ReadAsync(server, cancellation)).Position;

    /// <summary>Why the rows are of no use for this build and this journal; empty when there are none yet, null when they are.</summary>
    /// <exception cref="JournalUnusableException">The role may not read them.</exception>
    public async ValueTask<string?> WhyUselessAsync(PostgresServer server, IJournal journal, CancellationToken cancellation)
    {
        try
        {
            var (found, position, mark) = await ReadAsync(server, cancellation);
            if (found == 0) return "";
            if (found != format) return string.Create(CultureInfo.InvariantCulture, $"the tables have format {found}, this version writes {format}");
            return await JournalMark.HoldsAsync(journal, position, mark, cancellation) ? null : "the tables belong to another journal";
        }
        catch (JournalUnavailableException e) when (e.InnerException is { } inner && PostgresFault.IsPermission(inner))
        {
            throw new JournalUnusableException($"{e.Message} The rights of the application's role have to be granted again after an upgrade: docs/operations/postgres.md says which.", e);
        }
    }

    /// <summary>Moves on to an entry, from where the rows must stand; false when they do not.</summary>
    public async Task<bool> MoveAsync(NpgsqlConnection connection, long fromAtLeast, long fromAtMost, CommittedEntry to, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(move, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = to.Position },
                new NpgsqlParameter<string> { TypedValue = JournalMark.Of(to.Grain.Stream, to.Version, to.CommandId, to.TimeMs) },
                new NpgsqlParameter<long> { TypedValue = fromAtLeast },
                new NpgsqlParameter<long> { TypedValue = fromAtMost },
            },
        };
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Back to the beginning.</summary>
    public async Task ResetAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(reset, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = format } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private ValueTask<(int Format, long Position, string? Mark)> ReadAsync(PostgresServer server, CancellationToken cancellation) =>
        server.ReadAsync("Looking how far the read side is", async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(select, connection);
            await using var rows = await command.ExecuteReaderAsync(token);
            if (!await rows.ReadAsync(token)) throw new JournalUnusableException($"{server.Place}: {table} is empty; it has one row. Insert it: INSERT INTO {table} DEFAULT VALUES.");
            return (rows.GetInt32(0), rows.GetInt64(1), await rows.IsDBNullAsync(2, token) ? null : rows.GetString(2));
        }, cancellation);
}
