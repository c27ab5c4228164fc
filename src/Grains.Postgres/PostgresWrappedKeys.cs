using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using Npgsql;

namespace ChainCrm.Grains.Postgres;

/// <summary>Reads the wrapped keys of a schema.</summary>
public sealed class PostgresWrappedKeys : IWrappedKeys
{
    private readonly Func<Func<NpgsqlConnection, CancellationToken, Task<bool>>, CancellationToken, ValueTask> with;
    private readonly PostgresServer? owned;
    private readonly string secrets, after;

    internal PostgresWrappedKeys(PostgresServer server, string schema, bool isOwned)
        : this(schema, async (read, cancellation) =>
        {
            ValueTask<bool> ReadAsync() => server.ReadAsync("Reading the keys", async (connection, token) => await read(connection, token), cancellation);
            // With connections of its own it reads for a start or a move, otherwise beside the vault at work.
            await (isOwned ? KeyFault.OpeningAsync(ReadAsync) : KeyFault.WithAsync(ReadAsync));
        })
    {
        if (isOwned) owned = server;
    }

    /// <summary>Within the transaction of a connection.</summary>
    internal PostgresWrappedKeys(NpgsqlConnection connection, string schema)
        : this(schema, async (read, cancellation) => await read(connection, cancellation))
    {
    }

    private PostgresWrappedKeys(string schema, Func<Func<NpgsqlConnection, CancellationToken, Task<bool>>, CancellationToken, ValueTask> with)
    {
        this.with = with;
        secrets = $"SELECT name, '', key_id, wrapped FROM {schema}.key_secrets ORDER BY name";
        after = $"SELECT chain, customer, key_id, wrapped FROM {schema}.customer_keys WHERE (chain, customer) > ($1, $2) ORDER BY chain, customer LIMIT $3";
    }

    /// <summary>Opens the keys of a schema that has been brought to this build's version.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static PostgresWrappedKeys Open(PostgresJournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new(new PostgresServer(options, durable: true), options.Schema, isOwned: true);
    }

    public async ValueTask<IReadOnlyList<WrappedSecret>> SecretsAsync(CancellationToken cancellation = default) =>
        [.. (await RowsAsync(secrets, [], cancellation)).Select(row => new WrappedSecret(row.Chain, row.MasterKeyId, row.Wrapped))];

    public async ValueTask<IReadOnlyList<WrappedCustomerKey>> AfterAsync(string chain, string customer, int max, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(max is >= 1 and <= GrainLimits.VaultBatchMax, true);
        return await RowsAsync(after, [chain, customer, max], cancellation);
    }

    public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask<List<WrappedCustomerKey>> RowsAsync(string sql, object[] values, CancellationToken cancellation)
    {
        List<WrappedCustomerKey> list = [];
        await with(async (connection, token) =>
        {
            // A second attempt begins anew.
            list.Clear();
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            await using var rows = await command.ExecuteReaderAsync(token);
            while (await rows.ReadAsync(token)) list.Add(new(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<byte[]>(3)));
            return true;
        }, cancellation);
        return list;
    }
}
