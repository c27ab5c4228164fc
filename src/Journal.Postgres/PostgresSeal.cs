using System.Globalization;
using Npgsql;

namespace ChainCrm.Journal.Postgres;

/// <summary>Why nobody may append to a schema.</summary>
public enum SealReason
{
    /// <summary>Nothing is in the way.</summary>
    None,

    /// <summary>A move fills the schema and has not ended.</summary>
    Filling,

    /// <summary>The chain has moved elsewhere.</summary>
    Moved,
}

/// <summary>What a schema holds, as far as a move needs to know before it opens it.</summary>
/// <param name="Exists">The tables are there.</param>
/// <param name="Head">Position of the newest entry; 0 when there is none.</param>
/// <param name="HasSnapshots">There are states of grains.</param>
/// <param name="HasKeys">There are customers' keys.</param>
/// <param name="Seal">Why nobody may append.</param>
/// <param name="Note">What whoever put the seal wrote on it.</param>
public sealed record SchemaState(bool Exists, long Head, bool HasSnapshots, bool HasKeys, SealReason Seal, string Note);

/// <summary>
/// The seal of a schema: a row that the append function and every start look for. A move puts it with the role that owns the tables, in a transaction that
/// takes its turn among the appends. See docs/formats/journal-postgres.md.
/// </summary>
public sealed class PostgresSeal : IAsyncDisposable
{
    private readonly PostgresServer server;
    private readonly PostgresJournalOptions options;
    private readonly string schema;

    /// <param name="options">Where the schema is. Its owner's connection string is used when there is one.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public PostgresSeal(PostgresJournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (this.options, schema) = (options, options.Schema);
        server = new(options, durable: true, options.MigrationConnectionString is "" ? null : options.MigrationConnectionString);
    }

    /// <summary>Where the schema is, for messages; without user and password.</summary>
    public string Place => server.Place;

    /// <summary>What the schema holds now; nothing is made or changed.</summary>
    /// <exception cref="JournalUnavailableException">The server can't be reached now.</exception>
    /// <exception cref="JournalUnusableException">The role may not look.</exception>
    public Task<SchemaState> LookAsync(CancellationToken cancellation = default) => WithAsync("Looking at the schema", async connection =>
    {
        var tables = await ScalarAsync<string>(connection, $"""
            SELECT coalesce(string_agg(c.relname, ' '), '') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = '{schema}' AND c.relkind = 'r' AND c.relname IN ('entries', 'snapshots', 'seal', 'key_secrets')
            """, cancellation).ConfigureAwait(false);
        if (!tables.Contains("entries", StringComparison.Ordinal)) return new SchemaState(false, 0, false, false, SealReason.None, "");
        var head = await ScalarAsync<long>(connection, $"SELECT coalesce((SELECT position FROM {schema}.entries ORDER BY position DESC LIMIT 1), 0)", cancellation).ConfigureAwait(false);
        var snapshots = tables.Contains("snapshots", StringComparison.Ordinal)
            && await ScalarAsync<bool>(connection, $"SELECT EXISTS (SELECT FROM {schema}.snapshots)", cancellation).ConfigureAwait(false);
        var keys = tables.Contains("key_secrets", StringComparison.Ordinal)
            && await ScalarAsync<bool>(connection, $"SELECT EXISTS (SELECT FROM {schema}.key_secrets)", cancellation).ConfigureAwait(false);
        // Before step 3 there was none.
        var (seal, note) = tables.Contains("seal", StringComparison.Ordinal) ? await ReadAsync(connection, schema, cancellation).ConfigureAwait(false) : (SealReason.None, "");
        return new SchemaState(true, head, snapshots, keys, seal, note);
    }, cancellation);

    /// <summary>Refuses when the role may not put and lift the seal, so that a move does not find out at its end.</summary>
    /// <exception cref="JournalUnavailableException">The server can't be reached now.</exception>
    /// <exception cref="JournalUnusableException">It may not.</exception>
    public async Task CheckRightsAsync(CancellationToken cancellation = default)
    {
        if (!await WithAsync("Looking at the seal", connection => ScalarAsync<bool>(connection,
            $"SELECT has_table_privilege('{schema}.seal', 'INSERT') AND has_table_privilege('{schema}.seal', 'DELETE')", cancellation), cancellation).ConfigureAwait(false))
            throw NotOwner(null);
    }

    /// <summary>Puts the seal, durably, when the schema holds entries up to the head given and nothing else is written on a seal. Appends after it are refused.</summary>
    /// <exception cref="JournalUnavailableException">It is unknown whether the seal was put.</exception>
    /// <exception cref="JournalUnusableException">The schema holds more or less, is sealed for another reason, or the role may not seal it.</exception>
    public Task PutAsync(SealReason reason, string note, long head, CancellationToken cancellation = default) =>
        ChangeAsync("Sealing the schema", reason, head, $"INSERT INTO {schema}.seal (reason, note) VALUES ($1, $2) ON CONFLICT DO NOTHING", [Word(reason), note], SealReason.None, cancellation);

    /// <summary>Lifts the seal, durably, when it was put for this reason and the schema holds entries up to the head given (any, when none is). A schema without a seal stays as it is.</summary>
    /// <exception cref="JournalUnavailableException">It is unknown whether the seal was lifted.</exception>
    /// <exception cref="JournalUnusableException">The schema holds more or less, is sealed for another reason, or the role may not lift it.</exception>
    public Task LiftAsync(SealReason reason, long? head, CancellationToken cancellation = default) =>
        ChangeAsync("Lifting the seal", reason, head, $"DELETE FROM {schema}.seal", [], SealReason.None, cancellation);

    /// <summary>Throws away what a move has filled so far. Refused for every schema that no move is filling.</summary>
    /// <exception cref="JournalUnavailableException">It is unknown whether the schema was emptied.</exception>
    /// <exception cref="JournalUnusableException">No move is filling the schema, or the role may not empty it.</exception>
    public async Task EmptyAsync(CancellationToken cancellation = default)
    {
        // An older build may have begun to fill it, before there were all of these tables.
        await new PostgresSchema(options).PrepareAsync(cancellation).ConfigureAwait(false);
        await ChangeAsync("Emptying the schema", SealReason.Filling, null,
            $"ALTER TABLE {schema}.entries DISABLE TRIGGER entries_stay; TRUNCATE {schema}.entries, {schema}.snapshots, {schema}.customer_keys, {schema}.key_secrets; ALTER TABLE {schema}.entries ENABLE TRIGGER entries_stay",
            [], SealReason.Filling, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();

    /// <summary>The seal of a schema that has been brought to this build's version.</summary>
    internal static async Task<(SealReason Seal, string Note)> ReadAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT reason, note FROM {schema}.seal", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false)) return (SealReason.None, "");
        return (reader.GetString(0) == Word(SealReason.Filling) ? SealReason.Filling : SealReason.Moved, reader.GetString(1));
    }

    /// <summary>Refuses a schema that is sealed, but for the move that fills it.</summary>
    internal static async Task RefuseAsync(PostgresServer server, PostgresJournalOptions options, CancellationToken cancellation)
    {
        try
        {
            var (seal, note) = await server.ReadAsync("Opening the journal", (connection, token) => new ValueTask<(SealReason, string)>(ReadAsync(connection, options.Schema, token)), cancellation)
                .ConfigureAwait(false);
            if (seal == SealReason.None || seal == SealReason.Filling && options.Filling) return;
            throw new JournalUnusableException(seal == SealReason.Moved
                ? $"{server.Place}: the chain is no longer in this schema. {note}"
                : $"{server.Place}: the schema is being filled by a move that has not ended. Run the move again to its end. {note}");
        }
        catch (JournalUnavailableException e) when (e.InnerException is { } inner && PostgresFault.IsPermission(inner))
        {
            throw new JournalUnusableException($"{e.Message} The rights of the application's role have to be granted again after an upgrade: docs/operations/postgres.md says which.", e);
        }
    }

    /// <summary>The word for a reason, in the table and in the setting that names it.</summary>
    internal static string Word(SealReason reason) => reason == SealReason.Filling ? "filling" : "moved";

    private Task ChangeAsync(string doing, SealReason reason, long? head, string sql, string[] values, SealReason orElse, CancellationToken cancellation) =>
        WithAsync(doing, async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await ScalarAsync<object>(connection, $"SELECT pg_advisory_xact_lock({schema}.append_lock())::text", cancellation).ConfigureAwait(false);
            var (seal, note) = await ReadAsync(connection, schema, cancellation).ConfigureAwait(false);
            if (seal != reason && seal != orElse)
                throw new JournalUnusableException($"{Place}: the schema is sealed{(note is "" ? "" : $" ({note})")}.");
            var found = await ScalarAsync<long>(connection, $"SELECT coalesce((SELECT position FROM {schema}.entries ORDER BY position DESC LIMIT 1), 0)", cancellation).ConfigureAwait(false);
            if (head is { } expected && found != expected)
                throw new JournalUnusableException(string.Create(CultureInfo.InvariantCulture, $"{Place}: the journal ends at position {found} and not at {expected} as when it was read. Somebody has written to it meanwhile."));
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return true;
        }, cancellation);

    private async Task<T> WithAsync<T>(string doing, Func<NpgsqlConnection, Task<T>> run, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await server.ConnectAsync(cancellation).ConfigureAwait(false);
            return await run(connection).ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresFault.IsPermission(e))
        {
            throw NotOwner(e);
        }
        catch (Exception e) when (PostgresFault.Is(e))
        {
            throw PostgresFault.ToUnavailable(e, doing, server.Place);
        }
    }

    private JournalUnusableException NotOwner(Exception? inner)
    {
        var message = $"{Place}: the role given may not seal the schema, which a move does with the role that owns the tables. Give journal.ownerConnection as well.";
        return inner is null ? new(message) : new(message, inner);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
