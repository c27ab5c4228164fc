using ChainCrm.Grains.Agenda;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace ChainCrm.Grains.Postgres;

/// <summary>The agenda as a table of the journal's schema. Whatever number of rows changes, it is three round trips.</summary>
internal sealed class PostgresAgenda : IAgendaTable
{
    private const int Format = 1;
    private readonly PostgresServer server;
    private readonly PositionRow position;
    private readonly string truncate, put, remove, done, postpone, forget, due, next;

    private PostgresAgenda(PostgresServer server, string schema)
    {
        this.server = server;
        position = new($"{schema}.agenda_position", Format);
        truncate = $"TRUNCATE {schema}.agenda";
        put = $"""
            INSERT INTO {schema}.agenda (stream, due_ms, try_ms, attempts, cause) SELECT a.stream, a.due_ms, a.try_ms, 0, a.cause FROM unnest($1, $2, $3, $4) AS a (stream, due_ms, try_ms, cause)
            ON CONFLICT (stream) DO UPDATE SET due_ms = excluded.due_ms, try_ms = excluded.try_ms, attempts = 0, cause = excluded.cause
            """;
        remove = $"DELETE FROM {schema}.agenda WHERE stream = ANY ($1)";
        done = $"DELETE FROM {schema}.agenda a USING unnest($1, $2, $3) AS d (stream, due_ms, cause) WHERE a.stream = d.stream AND a.due_ms = d.due_ms AND a.cause = d.cause";
        postpone = $"""
            UPDATE {schema}.agenda a SET try_ms = p.try_ms, attempts = p.attempts FROM unnest($1, $2, $3, $4, $5) AS p (stream, due_ms, cause, try_ms, attempts)
            WHERE a.stream = p.stream AND a.due_ms = p.due_ms AND a.cause = p.cause
            """;
        forget = $"UPDATE {schema}.agenda SET try_ms = due_ms WHERE try_ms > $1 AND try_ms > due_ms";
        due = $"SELECT stream, due_ms, try_ms, attempts, cause FROM {schema}.agenda WHERE try_ms <= $1 ORDER BY try_ms, stream LIMIT $2";
        next = $"SELECT try_ms FROM {schema}.agenda ORDER BY try_ms LIMIT 1";
    }

    /// <summary>Opens the table; rows of another format or of another journal are dropped.</summary>
    public static async ValueTask<PostgresAgenda> OpenAsync(PostgresServer server, string schema, IJournal journal, ILogger logger, CancellationToken cancellation)
    {
        var agenda = new PostgresAgenda(server, schema);
        if (await agenda.position.WhyUselessAsync(server, journal, cancellation) is not { } reason) return agenda;
        if (reason is not "") ReadSideLog.AgendaRebuilding(logger, reason);
        await PostgresTransaction.RunAsync(server, "Emptying the agenda", async (connection, token) =>
        {
            await agenda.position.ResetAsync(connection, token);
            await using var command = new NpgsqlCommand(agenda.truncate, connection);
            await command.ExecuteNonQueryAsync(token);
        }, cancellation);
        return agenda;
    }

    public ValueTask<long> PositionAsync(CancellationToken cancellation) => position.PositionAsync(server, cancellation);

    public ValueTask<long?> NextTryAsync(CancellationToken cancellation) => server.ReadAsync("Reading the agenda", async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(next, connection);
        return await command.ExecuteScalarAsync(token) as long?;
    }, cancellation);

    public async ValueTask ApplyAsync(IReadOnlyDictionary<string, AgendaRow?> changes, CommittedEntry last, CancellationToken cancellation) =>
        await PostgresTransaction.RunAsync(server, "Writing the agenda", async (connection, token) =>
        {
            // One that was thought lost and was committed nevertheless leaves the position where this one begins or ends: making the changes again changes nothing.
            if (!await position.MoveAsync(connection, 0, last.Position, last, token))
                throw new JournalUnavailableException($"{server.Place}: the agenda is ahead of what is to be written: another process writes it.");
            AgendaRow[] wanted = [.. changes.Values.OfType<AgendaRow>()];
            string[] gone = [.. changes.Where(change => change.Value is null).Select(change => change.Key)];
            await using var batch = new NpgsqlBatch(connection);
            if (wanted.Length > 0) batch.BatchCommands.Add(new(put) { Parameters = { Texts(wanted.Select(r => r.Stream)), Numbers(wanted.Select(r => r.DueMs)), Numbers(wanted.Select(r => r.TryMs)), Numbers(wanted.Select(r => r.Cause)) } });
            if (gone.Length > 0) batch.BatchCommands.Add(new(remove) { Parameters = { Texts(gone) } });
            if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(token);
        }, cancellation);

    public ValueTask<IReadOnlyList<AgendaRow>> DueAsync(long nowMs, int max, CancellationToken cancellation) => server.ReadAsync("Reading the agenda", async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(due, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = nowMs }, new NpgsqlParameter<int> { TypedValue = max } } };
        await using var rows = await command.ExecuteReaderAsync(token);
        List<AgendaRow> list = [];
        while (await rows.ReadAsync(token)) list.Add(new(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt32(3), rows.GetInt64(4)));
        return (IReadOnlyList<AgendaRow>)list;
    }, cancellation);

    public async ValueTask SettleAsync(IReadOnlyCollection<(AgendaRow Row, long? TryAgainMs)> outcomes, CancellationToken cancellation)
    {
        var settled = outcomes.Where(outcome => outcome.TryAgainMs is null).Select(outcome => outcome.Row).ToList();
        var later = outcomes.Where(outcome => outcome.TryAgainMs is not null).ToList();
        await PostgresTransaction.RunAsync(server, "Writing the agenda", async (connection, token) =>
        {
            await using var batch = new NpgsqlBatch(connection);
            if (settled.Count > 0) batch.BatchCommands.Add(new(done) { Parameters = { Texts(settled.Select(r => r.Stream)), Numbers(settled.Select(r => r.DueMs)), Numbers(settled.Select(r => r.Cause)) } });
            if (later.Count > 0)
            {
                batch.BatchCommands.Add(new(postpone)
                {
                    Parameters =
                    {
                        Texts(later.Select(o => o.Row.Stream)), Numbers(later.Select(o => o.Row.DueMs)), Numbers(later.Select(o => o.Row.Cause)), Numbers(later.Select(o => o.TryAgainMs!.Value)),
                        new() { Value = later.Select(o => o.Row.Attempts + 1).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                    },
                });
            }

            if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(token);
        }, cancellation);
    }

    public async ValueTask ForgetPostponingAsync(long beyondMs, CancellationToken cancellation) =>
        await PostgresTransaction.RunAsync(server, "Writing the agenda", async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(forget, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = beyondMs } } };
            await command.ExecuteNonQueryAsync(token);
        }, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Numbers(IEnumerable<long> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
}
