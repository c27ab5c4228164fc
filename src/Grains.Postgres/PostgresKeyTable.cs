using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace ChainCrm.Grains.Postgres;

/// <summary>
/// Customers' wrapped keys in the schema of the journal, over connections whose commits wait for the disk. The master key is not here: it stays a file, elsewhere than what it
/// opens. A batch of changes is one transaction of three round trips.
/// </summary>
public sealed class PostgresKeyTable : KeyTable
{
    private readonly PostgresServer server;
    private readonly string schema;
    private readonly string find, make, destroy;

    private PostgresKeyTable(PostgresServer server, string schema)
    {
        (this.server, this.schema) = (server, schema);
        find = $"SELECT key_id, wrapped FROM {schema}.customer_keys WHERE chain = $1 AND customer = $2";
        // What is selected is what was there before the statement: a key that is neither there nor made now is being made by somebody else.
        make = $"""
            WITH made AS (INSERT INTO {schema}.customer_keys (chain, customer, key_id, wrapped) SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING chain, customer)
            SELECT a.place, k.key_id, k.wrapped FROM unnest($1, $2) WITH ORDINALITY AS a (chain, customer, place)
            LEFT JOIN made m ON m.chain = a.chain AND m.customer = a.customer LEFT JOIN {schema}.customer_keys k ON k.chain = a.chain AND k.customer = a.customer
            WHERE m.customer IS NULL
            """;
        destroy = $"DELETE FROM {schema}.customer_keys k USING unnest($1, $2) AS a (chain, customer) WHERE k.chain = a.chain AND k.customer = a.customer";
    }

    public override string Place => server.Place;

    /// <summary>Opens the keys of a schema, whose tables are made when they are missing.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="JournalUnavailableException">The server can't be reached now.</exception>
    /// <exception cref="JournalUnusableException">The schema can't be used; see <see cref="PostgresJournal.OpenAsync"/>.</exception>
    public static async Task<PostgresKeyTable> OpenAsync(PostgresJournalOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        await new PostgresSchema(options).PrepareAsync(cancellation);
        return new(new PostgresServer(options with { Readers = GrainsPostgresLimits.KeyReadersMax }, durable: true), options.Schema);
    }

    /// <summary>True when the schema holds keys.</summary>
    /// <exception cref="VaultUnavailableException">They can't be read now.</exception>
    /// <exception cref="VaultUnusableException">The role may not read them.</exception>
    public async ValueTask<bool> HoldsKeysAsync(CancellationToken cancellation = default) => await MasterIdAsync(cancellation) is not null;

    public override IWrappedKeys Reader() => new PostgresWrappedKeys(server, schema, isOwned: false);

    public override ValueTask DisposeAsync() => server.DisposeAsync();

    // With a lock, so that a rotation which is thought lost and still under way is waited for.
    internal override ValueTask<string?> MasterIdAsync(CancellationToken cancellation) => KeyFault.OpeningAsync(() => server.ReadAsync("Looking at the keys", async (connection, token) =>
    {
        await using var command = new NpgsqlCommand($"SELECT key_id FROM {schema}.key_secrets ORDER BY name LIMIT 1 FOR UPDATE", connection);
        return await command.ExecuteScalarAsync(token) as string;
    }, cancellation));

    internal override ValueTask<WrappedSecret> SecretAsync(string name, Func<WrappedSecret> given, CancellationToken cancellation) => KeyFault.OpeningAsync(() => WriteAsync("Keeping a secret", async (connection, token) =>
    {
        if (await SecretAsync(connection, name, token) is { } kept) return kept;
        var made = given();
        await using (var insert = new NpgsqlCommand($"INSERT INTO {schema}.key_secrets (name, key_id, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", connection)
        { Parameters = { Text(name), Text(made.MasterKeyId), new NpgsqlParameter<byte[]> { TypedValue = made.Wrapped } } })
            await insert.ExecuteNonQueryAsync(token);
        return await SecretAsync(connection, name, token) ?? made;
    }, cancellation));

    internal override ValueTask<WrappedCustomerKey?> FindAsync(string chain, string customer, CancellationToken cancellation) => KeyFault.WithAsync(() => server.ReadAsync("Reading a key", async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(find, connection) { Parameters = { Text(chain), Text(customer) } };
        await using var rows = await command.ExecuteReaderAsync(token);
        return await rows.ReadAsync(token) ? new WrappedCustomerKey(chain, customer, rows.GetString(0), rows.GetFieldValue<byte[]>(1)) : null;
    }, cancellation));

    internal override ValueTask<WrappedCustomerKey?[]> CommitAsync(IReadOnlyList<KeyChange> changes, CancellationToken cancellation) => WriteAsync("Keeping keys", async (connection, token) =>
    {
        var found = new WrappedCustomerKey?[changes.Count];
        foreach (var round in Rounds(changes))
        {
            int[] gone = [.. round.Where(place => changes[place].Made is null)], made = [.. round.Where(place => changes[place].Made is not null)];
            if (gone.Length > 0)
            {
                await using var command = new NpgsqlCommand(destroy, connection) { Parameters = { Texts(gone, place => changes[place].Chain), Texts(gone, place => changes[place].Customer) } };
                await command.ExecuteNonQueryAsync(token);
            }

            if (made.Length > 0) await MakeAsync(connection, changes, made, found, token);
        }

        return found;
    }, cancellation);

    internal override async ValueTask RewrapAsync(Func<WrappedSecret, WrappedSecret> secret, Func<WrappedCustomerKey, WrappedCustomerKey> key, CancellationToken cancellation) =>
        await WriteAsync("Wrapping the keys anew", async (connection, token) =>
        {
            await using var reader = new PostgresWrappedKeys(connection, schema);
            List<WrappedCustomerKey> secrets = [.. (await reader.SecretsAsync(token)).Select(secret).Select(next => new WrappedCustomerKey(next.Name, "", next.MasterKeyId, next.Wrapped))];
            await UpdateAsync(connection, $"UPDATE {schema}.key_secrets k SET key_id = a.key_id, wrapped = a.wrapped FROM unnest($1, $2, $3, $4) AS a (name, none, key_id, wrapped) WHERE k.name = a.name", secrets, token);
            var (chain, customer) = ("", "");
            while (await reader.AfterAsync(chain, customer, GrainLimits.VaultBatchMax, token) is { Count: > 0 } page)
            {
                await UpdateAsync(connection, $"UPDATE {schema}.customer_keys k SET key_id = a.key_id, wrapped = a.wrapped FROM unnest($1, $2, $3, $4) AS a (chain, customer, key_id, wrapped) WHERE k.chain = a.chain AND k.customer = a.customer",
                    [.. page.Select(key)], token);
                (chain, customer) = (page[^1].Chain, page[^1].Customer);
            }

            return true;
        }, cancellation);

    /// <summary>The keys as arrays of their columns.</summary>
    internal static NpgsqlParameter[] Columns(IReadOnlyList<WrappedCustomerKey> keys) =>
    [
        Texts(keys, key => key.Chain), Texts(keys, key => key.Customer), Texts(keys, key => key.MasterKeyId),
        new() { Value = keys.Select(key => key.Wrapped).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
    ];

    internal static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    /// <summary>The places of the changes: those that can be made at once, because none is of a customer that another one is of, then those that follow them.</summary>
    private static IEnumerable<List<int>> Rounds(IReadOnlyList<KeyChange> changes)
    {
        Dictionary<(string, string), int> met = [];
        List<List<int>> rounds = [];
        for (var place = 0; place < changes.Count; place++)
        {
            var of = (changes[place].Chain, changes[place].Customer);
            var round = met[of] = met.TryGetValue(of, out var last) ? last + 1 : 0;
            if (round == rounds.Count) rounds.Add([]);
            rounds[round].Add(place);
        }

        return rounds;
    }

    private async Task MakeAsync(NpgsqlConnection connection, IReadOnlyList<KeyChange> changes, int[] made, WrappedCustomerKey?[] found, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(make, connection);
        command.Parameters.AddRange(Columns([.. made.Select(place => changes[place].Made!)]));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var place = made[(int)rows.GetInt64(0) - 1];
            if (await rows.IsDBNullAsync(1, cancellation)) throw new VaultUnavailableException($"{server.Place}: a key is being made by somebody else at this moment.");
            found[place] = changes[place].Made! with { MasterKeyId = rows.GetString(1), Wrapped = rows.GetFieldValue<byte[]>(2) };
        }
    }

    private async Task<WrappedSecret?> SecretAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT key_id, wrapped FROM {schema}.key_secrets WHERE name = $1", connection) { Parameters = { Text(name) } };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? new(name, rows.GetString(0), rows.GetFieldValue<byte[]>(1)) : null;
    }

    private static async Task UpdateAsync(NpgsqlConnection connection, string sql, IReadOnlyList<WrappedCustomerKey> rows, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(Columns(rows));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private ValueTask<T> WriteAsync<T>(string doing, Func<NpgsqlConnection, CancellationToken, Task<T>> write, CancellationToken cancellation) => KeyFault.WithAsync(async () =>
    {
        T result = default!;
        await PostgresTransaction.RunAsync(server, doing, async (connection, token) => result = await write(connection, token), cancellation);
        return result;
    });

    private static NpgsqlParameter Texts<T>(IEnumerable<T> rows, Func<T, string> column) => new() { Value = rows.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
