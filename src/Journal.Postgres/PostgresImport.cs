using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace ChainCrm.Journal.Postgres;

/// <summary>
/// Fills an empty schema with a journal that was kept elsewhere, in one transaction: whoever looks meanwhile sees an empty schema, and so does everybody for ever when it
/// does not come to its end, however it is ended. Holds the locks of appenders and of servers until then.
/// </summary>
public static class PostgresImport
{
    private const string Counts = "SELECT (SELECT count(*) FROM (SELECT FROM {0}.entries LIMIT 1) e), (SELECT count(*) FROM (SELECT FROM {0}.snapshots LIMIT 1) s), "
        + "(SELECT count(*) FROM (SELECT FROM {0}.key_secrets LIMIT 1) k)";

    /// <summary>Makes the tables where they are missing, and refuses a schema that holds entries, snapshots or keys.</summary>
    /// <exception cref="JournalUnusableException">The schema holds entries, snapshots or keys, or can't be used; the message says why.</exception>
    /// <exception cref="JournalUnavailableException">The server can't be reached now.</exception>
    public static Task CheckEmptyAsync(PostgresJournalOptions options, CancellationToken cancellation = default) =>
        RunAsync(options, static (_, _) => Task.FromResult(0L), cancellation);

    /// <summary>Writes all entries and commits them.</summary>
    /// <param name="options">Where the schema is.</param>
    /// <param name="entries">The whole journal: positions 1, 2, 3 ...</param>
    /// <param name="cancellation">Gives up; nothing was written then.</param>
    /// <returns>How many entries were written.</returns>
    /// <exception cref="JournalUnusableException">The schema is not empty, another process has it, or the entries are no journal. Nothing was written.</exception>
    /// <exception cref="JournalUnavailableException">The server can't be reached. When it was lost during the commit, the entries may be there or not.</exception>
    public static Task<long> RunAsync(PostgresJournalOptions options, IAsyncEnumerable<JournalEntry> entries, CancellationToken cancellation = default) =>
        RunAsync(options, entries, static (_, _) => Task.CompletedTask, cancellation);

    /// <summary>The same, and whatever else goes into the schema with it, in the same transaction behind the entries.</summary>
    internal static Task<long> RunAsync(PostgresJournalOptions options, IAsyncEnumerable<JournalEntry> entries, Func<NpgsqlConnection, string, Task> beside, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return RunAsync(options, async (connection, schema) =>
        {
            var count = await CopyAsync(connection, schema, entries, cancellation).ConfigureAwait(false);
            await CheckStreamsAsync(connection, schema, cancellation).ConfigureAwait(false);
            await beside(connection, schema).ConfigureAwait(false);
            return count;
        }, cancellation);
    }

    private static async Task<long> RunAsync(PostgresJournalOptions options, Func<NpgsqlConnection, string, Task<long>> fill, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        await new PostgresSchema(options).PrepareAsync(cancellation).ConfigureAwait(false);
        await using var server = new PostgresServer(options, durable: true);
        try
        {
            await using var connection = await server.ConnectAloneAsync(cancellation).ConfigureAwait(false);
            await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await TakeAsync(connection, options.Schema, server.Place, cancellation).ConfigureAwait(false);
            var count = await fill(connection, options.Schema).ConfigureAwait(false);
            // Not cancellable from here: the caller would not know whether the entries are there.
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return count;
        }
        catch (Exception e) when (PostgresFault.IsLockTimeout(e))
        {
            throw new JournalUnusableException($"{server.Place}: another process has the schema. Stop it first.", e);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NotNullViolation)
        {
            throw new JournalUnusableException("The entries are no journal: a position is there twice, or a number out of its range. Nothing was written.", e);
        }
        catch (Exception e) when (PostgresFault.Is(e))
        {
            cancellation.ThrowIfCancellationRequested();
            throw PostgresFault.ToUnavailable(e, "Filling the schema", server.Place);
        }
    }

    /// <summary>Takes the locks that servers and appenders take, and looks whether there is anything.</summary>
    private static async Task TakeAsync(NpgsqlConnection connection, string schema, string place, CancellationToken cancellation)
    {
        // It may take as long as it takes; the checks at the end read the whole table, which is no work for an index.
        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture,
            $"SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL enable_seqscan = on; SET LOCAL lock_timeout = {PostgresLimits.OwnerWaitMs}"),
            cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock(hashtext('chaincrm owner'), hashtext('{schema}')), pg_advisory_xact_lock({schema}.append_lock())", cancellation).ConfigureAwait(false);
        // No server would open it afterwards.
        if ((await PostgresSeal.ReadAsync(connection, schema, cancellation).ConfigureAwait(false)).Seal != SealReason.None)
            throw new JournalUnusableException($"{place}: the schema is sealed by a move. Choose another one (journal.schema).");
        await using var command = new NpgsqlCommand(string.Format(CultureInfo.InvariantCulture, Counts, schema), connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        if (reader.GetInt64(0) > 0) throw new JournalUnusableException($"{place}: the schema holds a journal already. Choose an empty one (journal.schema).");
        if (reader.GetInt64(1) > 0) throw new JournalUnusableException($"{place}: the schema holds snapshots of another journal. Empty the table snapshots, or choose another schema.");
        if (reader.GetInt64(2) > 0) throw new JournalUnusableException($"{place}: the schema holds customers' keys of another chain. Choose an empty one (journal.schema).");
    }

    private static async Task<long> CopyAsync(NpgsqlConnection connection, string schema, IAsyncEnumerable<JournalEntry> entries, CancellationToken cancellation)
    {
        await using var import = await connection.BeginBinaryImportAsync($"COPY {schema}.entries (position, stream, version, command, time, data) FROM STDIN (FORMAT BINARY)", cancellation)
            .ConfigureAwait(false);
        import.Timeout = TimeSpan.FromMilliseconds(PostgresLimits.MigrationMs);
        var position = 0L;
        await foreach (var entry in entries.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (entry.Position != ++position) throw new JournalUnusableException($"The entries are no journal: position {position} is missing. Nothing was written.");
            await import.StartRowAsync(cancellation).ConfigureAwait(false);
            await import.WriteAsync(entry.Position, NpgsqlDbType.Bigint, cancellation).ConfigureAwait(false);
            await import.WriteAsync(entry.Stream, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
            await import.WriteAsync(entry.Version, NpgsqlDbType.Bigint, cancellation).ConfigureAwait(false);
            await import.WriteAsync(entry.CommandId, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
            await import.WriteAsync(entry.TimeMs, NpgsqlDbType.Bigint, cancellation).ConfigureAwait(false);
            await import.WriteAsync(entry.Data, NpgsqlDbType.Bytea, cancellation).ConfigureAwait(false);
        }

        await import.CompleteAsync(cancellation).ConfigureAwait(false);
        return position;
    }

    /// <summary>Says that no version is missing or there twice, and no command twice: no constraint does.</summary>
    private static async Task CheckStreamsAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        if (await AnyAsync("GROUP BY stream HAVING min(version) <> 1 OR max(version) <> count(*) OR count(DISTINCT version) <> count(*)").ConfigureAwait(false))
            throw new JournalUnusableException("The entries are no journal: a stream has a gap, or a version twice. Nothing was written.");
        if (await AnyAsync("GROUP BY stream, command HAVING count(*) > 1").ConfigureAwait(false))
            throw new JournalUnusableException("The entries are no journal: a command is there twice in its stream. Nothing was written.");

        async Task<bool> AnyAsync(string groups)
        {
            await using var command = new NpgsqlCommand($"SELECT count(*) FROM (SELECT FROM {schema}.entries {groups} LIMIT 1) wrong", connection) { CommandTimeout = 0 };
            return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not 0L;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
