using System.Globalization;
using Npgsql;

namespace ChainCrm.Journal.Postgres;

/// <summary>
/// Sees to it that the schema holds the tables this build works with. Several processes may start at once: one makes the tables, the others wait for it
/// and find them made. All missing steps are one transaction; a schema that is newer, changed or somebody else's is left as it is.
/// </summary>
internal sealed class PostgresSchema(PostgresJournalOptions options, IReadOnlyList<Migration>? steps = null)
{
    private readonly IReadOnlyList<Migration> known = steps ?? Migration.All;
    private readonly string schema = options.Schema;

    /// <exception cref="JournalUnavailableException">The server can't be reached now.</exception>
    /// <exception cref="JournalUnusableException">The schema can't be used; the message says why and what to do.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        bool current;
        await using (var server = new PostgresServer(options, durable: true))
        {
            current = await WithAsync(server, "Opening the journal", async connection =>
            {
                await CheckServerAsync(connection, server.Place, cancellation).ConfigureAwait(false);
                return Missing(await AppliedAsync(connection, null, cancellation).ConfigureAwait(false), server.Place).Count == 0;
            }, cancellation).ConfigureAwait(false);
        }

        if (current) return;
        var other = options.MigrationConnectionString is "" ? null : options.MigrationConnectionString;
        await using var owner = new PostgresServer(options, durable: true, other);
        await WithAsync(owner, "Making the journal's tables", connection => MigrateAsync(connection, owner.Place, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task<T> WithAsync<T>(PostgresServer server, string doing, Func<NpgsqlConnection, Task<T>> run, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await server.ConnectAsync(cancellation).ConfigureAwait(false);
            return await run(connection).ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresFault.IsPermission(e))
        {
            throw new JournalUnusableException(
                $"{doing}: {PostgresFault.Say(e, server.Place)} The schema {schema} has to be brought to version {known.Count} by the role that owns it, "
                + "and the rights of the application's role have to be granted: docs/operations/postgres.md says how.", e);
        }
        catch (Exception e) when (PostgresFault.Is(e))
        {
            throw PostgresFault.ToUnavailable(e, doing, server.Place);
        }
    }

    private async Task CheckServerAsync(NpgsqlConnection connection, string place, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_setting('fsync'), "
            + "current_setting('synchronous_commit'), quote_ident($1) = $1", connection)
        { Parameters = { new NpgsqlParameter<string> { TypedValue = schema } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        var (version, encoding, fsync) = (reader.GetInt32(0), reader.GetString(1), reader.GetString(2));
        var (commit, plain) = (reader.GetString(3), reader.GetBoolean(4));
        if (version < PostgresLimits.ServerVersionMin)
            throw new JournalUnusableException(string.Create(CultureInfo.InvariantCulture, $"{place}: PostgreSQL {version / 10_000} is too old; {PostgresLimits.ServerVersionMin / 10_000} or newer is needed."));
        if (encoding != "UTF8")
            throw new JournalUnusableException($"{place}: the database is encoded in {encoding}; it must be UTF8 (CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0).");
        if (fsync != "on")
            throw new JournalUnusableException($"{place}: the server is set to fsync = {fsync}, so a commit would not survive a power cut. Set it to on.");
        // Asked for when the connection began; something between here and the server may have left it out.
        if (commit is not ("on" or "local" or "remote_write" or "remote_apply"))
            throw new JournalUnusableException($"{place}: connections begin with synchronous_commit = {commit} although on was asked for, so a commit would not survive a crash of the server. "
                + "Connect directly, or through a pooler that passes the options of a connection on.");
        if (!plain)
            throw new JournalUnusableException($"{place}: \"{schema}\" is a word of SQL and can't be the name of the schema. Choose another name.");
    }

    /// <summary>The steps that the schema went through; null when there is no such schema, or nothing in it.</summary>
    private async Task<List<(int Number, string Name, string Checksum)>?> AppliedAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellation)
    {
        // The catalogue answers whoever asks, also those who may not look into the schema.
        await using var look = new NpgsqlCommand("""
            SELECT count(*) FILTER (WHERE c.relname = 'migrations'), count(*)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            """, connection, transaction)
        { Parameters = { new NpgsqlParameter<string> { TypedValue = schema } } };
        await using (var counts = await look.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            await counts.ReadAsync(cancellation).ConfigureAwait(false);
            var (migrations, tables) = (counts.GetInt64(0), counts.GetInt64(1));
            if (tables == 0) return null;
            if (migrations == 0)
                throw new JournalUnusableException($"The schema {schema} holds tables that this programme did not make. Choose another schema.");
        }

        await using var command = new NpgsqlCommand($"SELECT number, name, checksum FROM {schema}.migrations ORDER BY number", connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<(int, string, string)> applied = [];
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) applied.Add((reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        return applied;
    }

    private List<Migration> Missing(List<(int Number, string Name, string Checksum)>? applied, string place)
    {
        if (applied is null) return [.. known];
        for (var i = 0; i < applied.Count; i++)
        {
            var (number, name, checksum) = applied[i];
            if (number > known.Count)
                throw new JournalUnusableException(string.Create(CultureInfo.InvariantCulture,
                    $"{place}: the schema is at version {applied[^1].Number}, and this build knows versions up to {known.Count}. Start a newer build; nothing was touched."));
            if (number != i + 1 || checksum != known[i].Checksum)
                throw new JournalUnusableException(string.Create(CultureInfo.InvariantCulture,
                    $"{place}: step {number} ({name}) of the schema is not the one this build knows. Nothing was touched."));
        }

        return [.. known.Skip(applied.Count)];
    }

    private async Task<int> MigrateAsync(NpgsqlConnection connection, string place, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await RunAsync(string.Create(CultureInfo.InvariantCulture,
            $"SET LOCAL statement_timeout = {PostgresLimits.MigrationMs}; SET LOCAL lock_timeout = {PostgresLimits.MigrationWaitMs}")).ConfigureAwait(false);
        // Whoever comes second waits here and finds below that nothing is missing any more.
        await RunAsync($"SELECT pg_advisory_xact_lock(hashtext('chaincrm migrations'), hashtext('{schema}'))").ConfigureAwait(false);
        var applied = await AppliedAsync(connection, transaction, cancellation).ConfigureAwait(false);
        var missing = Missing(applied, place);
        // Who works with the tables as they are must not find them changed: a server that has the schema ends first, and appends come wholly before the change or after it.
        if (applied is { Count: > 0 } && missing.Count > 0) await TakeAsync().ConfigureAwait(false);
        if (applied is null)
        {
            if (!await ExistsAsync(connection, transaction, cancellation).ConfigureAwait(false)) await RunAsync($"CREATE SCHEMA {schema}").ConfigureAwait(false);
            await RunAsync($"""
                CREATE TABLE {schema}.migrations (
                    number int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT now(), role text NOT NULL DEFAULT current_user)
                """).ConfigureAwait(false);
        }

        foreach (var step in missing)
        {
            await RunAsync(step.SqlFor(schema)).ConfigureAwait(false);
            await RunAsync(string.Create(CultureInfo.InvariantCulture,
                $"INSERT INTO {schema}.migrations (number, name, checksum) VALUES ({step.Number}, '{step.Name}', '{step.Checksum}')")).ConfigureAwait(false);
        }

        // An owner who is lent for the start hands the tables to the role that works with them.
        if (missing.Count > 0 && ApplicationRole() is { } role) await RunAsync(Migration.Rights(schema, role)).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return missing.Count;

        async Task TakeAsync()
        {
            try
            {
                await RunAsync(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {PostgresLimits.OwnerWaitMs}")).ConfigureAwait(false);
                await RunAsync($"SELECT pg_advisory_xact_lock(hashtext('chaincrm owner'), hashtext('{schema}'))").ConfigureAwait(false);
            }
            catch (PostgresException e) when (PostgresFault.IsLockTimeout(e))
            {
                throw new JournalUnusableException($"{place}: another process has the schema {schema}, and its tables have to be brought to version {known.Count}. Stop the other one first; nothing was touched.", e);
            }

            await RunAsync(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {PostgresLimits.MigrationWaitMs}")).ConfigureAwait(false);
            await RunAsync($"SELECT pg_advisory_xact_lock({schema}.append_lock())").ConfigureAwait(false);
        }

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = PostgresLimits.MigrationMs / 1_000 };
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The role of the application, when another one makes the tables; otherwise null.</summary>
    private string? ApplicationRole()
    {
        if (options.MigrationConnectionString is "") return null;
        var role = new NpgsqlConnectionStringBuilder(options.ConnectionString).Username!;
        return role == new NpgsqlConnectionStringBuilder(options.MigrationConnectionString).Username ? null : role;
    }

    private async Task<bool> ExistsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_namespace WHERE nspname = $1", connection, transaction)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = schema } },
        };
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is > 0L;
    }
}
