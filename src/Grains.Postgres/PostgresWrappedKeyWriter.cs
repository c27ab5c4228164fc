using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using Npgsql;

namespace ChainCrm.Grains.Postgres;

/// <summary>Fills a schema with wrapped keys, in one transaction.</summary>
public sealed class PostgresWrappedKeyWriter : IWrappedKeyWriter
{
    private readonly List<WrappedCustomerKey> secrets = [], keys = [];
    private readonly NpgsqlConnection connection;
    private readonly string place, insertSecrets, insertKeys;
    private PostgresServer? server;
    private NpgsqlTransaction? transaction;

    private PostgresWrappedKeyWriter(NpgsqlConnection connection, string schema, string place)
    {
        (this.connection, this.place) = (connection, place);
        insertSecrets = $"INSERT INTO {schema}.key_secrets (name, key_id, wrapped) SELECT a.name, a.key_id, a.wrapped FROM unnest($1, $2, $3, $4) AS a (name, none, key_id, wrapped)";
        insertKeys = $"INSERT INTO {schema}.customer_keys (chain, customer, key_id, wrapped) SELECT * FROM unnest($1, $2, $3, $4)";
    }

    /// <summary>Opens a schema that has been brought to this build's version, with the role that owns it when that is given.</summary>
    /// <param name="options">Where the schema is.</param>
    /// <param name="replace">Throws away the keys that are there, with the same commit; that takes the owner's rights.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultUnavailableException">The server can't be reached now.</exception>
    /// <exception cref="VaultUnusableException">The role lacks a right.</exception>
    public static async Task<PostgresWrappedKeyWriter> OpenAsync(PostgresJournalOptions options, bool replace, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var server = new PostgresServer(options, durable: true, options.MigrationConnectionString is "" ? null : options.MigrationConnectionString);
        NpgsqlConnection? connection = null;
        try
        {
            return await TryAsync(async () =>
            {
                connection = await server.ConnectAloneAsync(cancellation);
                var writer = new PostgresWrappedKeyWriter(connection, options.Schema, server.Place) { server = server, transaction = await connection.BeginTransactionAsync(cancellation) };
                // Takes no time, however many there are, and leaves nothing of them in the pages.
                if (replace) await writer.ExecuteAsync($"TRUNCATE {options.Schema}.customer_keys, {options.Schema}.key_secrets", cancellation);
                return writer;
            }, server.Place, cancellation);
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask AddAsync(WrappedSecret secret, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        secrets.Add(new(secret.Name, "", secret.MasterKeyId, secret.Wrapped));
        return ValueTask.CompletedTask;
    }

    public async ValueTask AddAsync(WrappedCustomerKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        keys.Add(key);
        if (keys.Count == GrainLimits.VaultBatchMax) await SendAsync(cancellation);
    }

    public async ValueTask CommitAsync(CancellationToken cancellation = default)
    {
        await SendAsync(cancellation);
        // Without a transaction of its own it is a part of somebody else's.
        if (transaction is not null) await TryAsync(async () =>
        {
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        }, place, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (transaction is null) return;
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        await server!.DisposeAsync();
    }

    /// <summary>Writes within the transaction that a connection has open; the commit of it is the caller's.</summary>
    internal static PostgresWrappedKeyWriter Within(NpgsqlConnection connection, string schema) => new(connection, schema, $"schema {schema}");

    private async Task SendAsync(CancellationToken cancellation)
    {
        foreach (var (rows, sql) in new[] { (secrets, insertSecrets), (keys, insertKeys) })
        {
            if (rows.Count == 0) continue;
            await TryAsync(async () =>
            {
                await using var command = new NpgsqlCommand(sql, connection);
                command.Parameters.AddRange(PostgresKeyTable.Columns(rows));
                return await command.ExecuteNonQueryAsync(cancellation);
            }, place, cancellation);
            rows.Clear();
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static ValueTask<T> TryAsync<T>(Func<Task<T>> write, string place, CancellationToken cancellation) => KeyFault.OpeningAsync(async () =>
    {
        try
        {
            return await write();
        }
        catch (Exception e) when (PostgresFault.Is(e))
        {
            cancellation.ThrowIfCancellationRequested();
            throw PostgresFault.ToUnavailable(e, "Writing keys", place);
        }
    });
}
