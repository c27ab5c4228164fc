using Npgsql;

namespace ChainCrm.Journal.Postgres;

/// <summary>The questions of a journal as SQL. What a read may return in bytes is cut off in the server, by the sizes alone: payloads beyond it are neither
/// unpacked nor sent. A stream and a command are looked up by the 8 bytes that stand for them, and compared by name.</summary>
internal sealed class JournalQueries(string schema)
{
    private const string Columns = "position, stream, version, command, time, data", Stream = "hashtextextended(stream, 0) = hashtextextended($3, 0) AND stream = $3";

    private readonly string after = Page(schema, "position > $1", "position");
    private readonly string forward = Page(schema, $"{Stream} AND version >= $1", "version");
    private readonly string backward = Page(schema, $"{Stream} AND version < $1", "version DESC");
    private readonly string byCommand = $"""
        SELECT {Columns} FROM {schema}.entries
        WHERE hashtextextended(command, hashtextextended(stream, 0)) = hashtextextended($2, hashtextextended($1, 0)) AND stream = $1 AND command = $2
        """;

    private readonly string head = $"SELECT position FROM {schema}.entries ORDER BY position DESC LIMIT 1";

    public ValueTask<IReadOnlyList<JournalEntry>> AfterAsync(NpgsqlConnection connection, long position, int max, CancellationToken cancellation) =>
        PageAsync(connection, after, position, max, null, cancellation);

    public ValueTask<IReadOnlyList<JournalEntry>> ForwardAsync(NpgsqlConnection connection, string stream, long from, int max, CancellationToken cancellation) =>
        PageAsync(connection, forward, from, max, stream, cancellation);

    public ValueTask<IReadOnlyList<JournalEntry>> BackwardAsync(NpgsqlConnection connection, string stream, long before, int max, CancellationToken cancellation) =>
        PageAsync(connection, backward, before, max, stream, cancellation);

    public async ValueTask<JournalEntry?> FindCommandAsync(NpgsqlConnection connection, string stream, string commandId, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(byCommand, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = stream }, new NpgsqlParameter<string> { TypedValue = commandId } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? Entry(reader) : null;
    }

    /// <summary>Position of the newest entry, 0 when there is none.</summary>
    public async ValueTask<long> HeadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(head, connection);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is long position ? position : 0;
    }

    private static string Page(string schema, string where, string order) => $"""
        SELECT {Columns} FROM (
            SELECT *, sum(octet_length(data)) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) AS bytes FROM (
                SELECT {Columns} FROM {schema}.entries WHERE {where} ORDER BY {order} LIMIT $2) AS page) AS summed
        WHERE bytes <= {JournalLimits.ReadBytesMax} ORDER BY {order}
        """;

    private static async ValueTask<IReadOnlyList<JournalEntry>> PageAsync(
        NpgsqlConnection connection, string sql, long place, int max, string? stream, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = place }, new NpgsqlParameter<int> { TypedValue = max } },
        };
        if (stream is not null) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var page = new ReadPage(max);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) page.Add(Entry(reader));
        return page.Entries;
    }

    private static JournalEntry Entry(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetInt64(4), row.GetFieldValue<byte[]>(5));
}
