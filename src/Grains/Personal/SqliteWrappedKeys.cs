using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.Personal;

/// <summary>Reads keys.db beside the running vault. Every answer is there when the call returns.</summary>
public sealed class SqliteWrappedKeys : IWrappedKeys
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _secrets;
    private readonly SqliteStatement _keys;

    /// <param name="keysFile">The file, which must be there.</param>
    /// <exception cref="VaultUnavailableException">keys.db can't be read now.</exception>
    public SqliteWrappedKeys(string keysFile)
    {
        try
        {
            _connection = SqliteFile.OpenReader(keysFile);
        }
        catch (SqliteException failure)
        {
            throw Unavailable(failure);
        }

        _secrets = SqliteFile.Prepare(_connection, "SELECT name, key_id, wrapped FROM secrets ORDER BY name");
        _keys = SqliteFile.Prepare(_connection, "SELECT chain, customer, key_id, wrapped FROM customer_keys WHERE (chain, customer) > (@0, @1) ORDER BY chain, customer LIMIT @2");
    }

    public ValueTask<IReadOnlyList<WrappedSecret>> SecretsAsync(CancellationToken cancellation = default)
    {
        try
        {
            List<WrappedSecret> found = [];
            using var rows = _secrets.Read();
            while (rows.Read()) found.Add(new(rows.GetString(0), rows.GetString(1), rows.GetBytes(2).ToArray()));
            return new(found);
        }
        catch (SqliteException failure)
        {
            throw Unavailable(failure);
        }
    }

    public ValueTask<IReadOnlyList<WrappedCustomerKey>> AfterAsync(string chain, string customer, int max, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(max is >= 1 and <= GrainLimits.VaultBatchMax, true);
        try
        {
            List<WrappedCustomerKey> found = [];
            using var rows = _keys.Set(0, chain).Set(1, customer).Set(2, max).Read();
            while (rows.Read()) found.Add(new(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetBytes(3).ToArray()));
            return new(found);
        }
        catch (SqliteException failure)
        {
            throw Unavailable(failure);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _secrets.Dispose();
        _keys.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private static VaultUnavailableException Unavailable(SqliteException failure) =>
        new($"The key store cannot be read at the moment (SQLite {failure.SqliteErrorCode}).", failure) { DiskFull = failure.SqliteErrorCode == 13 };
}

/// <summary>Makes a keys.db of wrapped keys.</summary>
public sealed class SqliteWrappedKeyWriter : IWrappedKeyWriter
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly SqliteStatement _secret;
    private readonly SqliteStatement _key;

    /// <param name="keysFile">The file, which must not be there yet.</param>
    /// <exception cref="VaultUnusableException">The file can't be made.</exception>
    /// <exception cref="VaultUnavailableException">The file was made and can't be written now.</exception>
    public SqliteWrappedKeyWriter(string keysFile)
    {
        if (File.Exists(keysFile)) throw new VaultUnusableException($"{keysFile} is there already.");
        _connection = SqliteKeyTable.OpenFile(keysFile);
        try
        {
            _transaction = _connection.BeginTransaction();
        }
        catch (SqliteException failure)
        {
            _connection.Dispose();
            throw Unwritable(failure);
        }

        _secret = SqliteFile.Prepare(_connection, "INSERT INTO secrets(name, key_id, wrapped) VALUES(@0, @1, @2)");
        _key = SqliteFile.Prepare(_connection, "INSERT INTO customer_keys(chain, customer, key_id, wrapped) VALUES(@0, @1, @2, @3)");
    }

    public ValueTask AddAsync(WrappedSecret secret, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return Try(() => _secret.Set(0, secret.Name).Set(1, secret.MasterKeyId).Set(2, secret.Wrapped).Run());
    }

    public ValueTask AddAsync(WrappedCustomerKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Try(() => _key.Set(0, key.Chain).Set(1, key.Customer).Set(2, key.MasterKeyId).Set(3, key.Wrapped).Run());
    }

    public ValueTask CommitAsync(CancellationToken cancellation = default) => Try(_transaction.Commit);

    /// <summary>Closes the file; without <see cref="CommitAsync"/> it holds nothing.</summary>
    public ValueTask DisposeAsync()
    {
        _secret.Dispose();
        _key.Dispose();
        _transaction.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ValueTask Try(Action write)
    {
        try
        {
            write();
            return ValueTask.CompletedTask;
        }
        catch (SqliteException failure)
        {
            throw Unwritable(failure);
        }
    }

    private static VaultUnavailableException Unwritable(SqliteException failure) =>
        new($"The key store cannot be written (SQLite {failure.SqliteErrorCode}).", failure) { DiskFull = failure.SqliteErrorCode == 13 };
}
