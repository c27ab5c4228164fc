using Npgsql;
using NpgsqlTypes;

namespace ChainCrm.Journal.Postgres;

/// <summary>The one round trip of an append: the function of the schema compares and writes, and the statement is its own transaction.</summary>
internal sealed class AppendStatement(string schema)
{
    private readonly string sql = $"SELECT first_position, lost FROM {schema}.append($1, $2, $3, $4, $5, $6, $7, $8)";

    /// <summary>Commits the batch or names the streams in its way. Once sent it is not cancelled.</summary>
    public async Task<AppendResult> RunAsync(NpgsqlConnection connection, AppendColumns batch)
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters =
            {
                new() { Value = batch.Streams, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = batch.Versions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = batch.Firsts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean },
                new() { Value = batch.Commands, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = batch.Fresh, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean },
                new() { Value = batch.Times, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = batch.Payloads, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new NpgsqlParameter<bool> { TypedValue = batch.Conflicts.Count > 0 },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
        if (!await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            throw new NpgsqlException("The append function gave no answer.");
        var first = reader.GetInt64(0);
        string[] lost = await reader.IsDBNullAsync(1, CancellationToken.None).ConfigureAwait(false) ? [] : reader.GetFieldValue<string[]>(1);
        // The implicit transaction is committed when the server has ended the statement, not when it has sent the row.
        while (await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false))
        {
            // There is no further result, but asking for it waits for the end.
        }

        return first > 0 ? new(first, []) : new(0, [.. lost.Union(batch.Conflicts, StringComparer.Ordinal)]);
    }
}
