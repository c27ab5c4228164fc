using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.Personal;

/// <summary>A secret of the vault as keys.db holds it: wrapped by a master key, of no use without that.</summary>
public sealed record WrappedSecret(string Name, string MasterKeyId, byte[] Wrapped);

/// <summary>A customer's key as keys.db holds it: wrapped by a master key, of no use without that.</summary>
public sealed record WrappedCustomerKey(string Chain, string Customer, string MasterKeyId, byte[] Wrapped);

/// <summary>Reads keys.db beside the running vault, for a backup. Opens no key: everything stays wrapped. One thread at a time.</summary>
/// <remarks>Each page is a short read of its own. One long read would show a single moment, but would keep the vault from emptying the write-ahead log
/// when a key is destroyed, and so hold up who enrols meanwhile.</remarks>
public sealed class WrappedKeyReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _secrets;
    private readonly SqliteStatement _keys;

    /// <exception cref="VaultUnavailableException">keys.db can't be read now.</exception>
    internal WrappedKeyReader(string keysFile)
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

    /// <summary>The secrets behind blind indexes and fingerprints.</summary>
    /// <exception cref="VaultUnavailableException">keys.db can't be read now.</exception>
    public IReadOnlyList<WrappedSecret> Secrets()
    {
        try
        {
            List<WrappedSecret> found = [];
            using var rows = _secrets.Read();
            while (rows.Read()) found.Add(new(rows.GetString(0), rows.GetString(1), rows.GetBytes(2).ToArray()));
            return found;
        }
        catch (SqliteException failure)
        {
            throw Unavailable(failure);
        }
    }

    /// <summary>Keys of customers in the order of chain and customer, beginning behind one of them; empty at the end.</summary>
    /// <param name="chain">The chain of the last key read; empty to begin.</param>
    /// <param name="customer">The customer of the last key read; empty to begin.</param>
    /// <param name="max">How many at most, 1 to <see cref="GrainLimits.VaultBatchMax"/>.</param>
    /// <exception cref="VaultUnavailableException">keys.db can't be read now.</exception>
    public IReadOnlyList<WrappedCustomerKey> After(string chain, string customer, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(max is >= 1 and <= GrainLimits.VaultBatchMax, true);
        try
        {
            List<WrappedCustomerKey> found = [];
            using var rows = _keys.Set(0, chain).Set(1, customer).Set(2, max).Read();
            while (rows.Read()) found.Add(new(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetBytes(3).ToArray()));
            return found;
        }
        catch (SqliteException failure)
        {
            throw Unavailable(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _secrets.Dispose();
        _keys.Dispose();
        _connection.Dispose();
    }

    private static VaultUnavailableException Unavailable(SqliteException failure) =>
        new($"The key store cannot be read at the moment (SQLite {failure.SqliteErrorCode}).", failure) { DiskFull = failure.SqliteErrorCode == 13 };
}

/// <summary>Makes a keys.db of wrapped keys, for a restore. Durable once <see cref="Commit"/> has returned; before that the file holds nothing.</summary>
public sealed class WrappedKeyWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly SqliteStatement _secret;
    private readonly SqliteStatement _key;

    /// <param name="keysFile">The file, which must not be there yet.</param>
    /// <exception cref="VaultUnusableException">The file can't be made.</exception>
    /// <exception cref="VaultUnavailableException">The file was made and can't be written now.</exception>
    public WrappedKeyWriter(string keysFile)
    {
        if (File.Exists(keysFile)) throw new VaultUnusableException($"{keysFile} is there already.");
        _connection = KeyStore.OpenFile(keysFile);
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

    /// <summary>Adds a secret.</summary>
    /// <exception cref="VaultUnavailableException">The file can't be written, or holds it already.</exception>
    public void Add(WrappedSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Try(() => _secret.Set(0, secret.Name).Set(1, secret.MasterKeyId).Set(2, secret.Wrapped).Run());
    }

    /// <summary>Adds a customer's key.</summary>
    /// <exception cref="VaultUnavailableException">The file can't be written, or holds it already.</exception>
    public void Add(WrappedCustomerKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Try(() => _key.Set(0, key.Chain).Set(1, key.Customer).Set(2, key.MasterKeyId).Set(3, key.Wrapped).Run());
    }

    /// <summary>Makes everything added durable.</summary>
    /// <exception cref="VaultUnavailableException">The file can't be written.</exception>
    public void Commit() => Try(_transaction.Commit);

    /// <summary>Closes the file; without <see cref="Commit"/> it holds nothing.</summary>
    public void Dispose()
    {
        _secret.Dispose();
        _key.Dispose();
        _transaction.Dispose();
        _connection.Dispose();
    }

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (SqliteException failure)
        {
            throw Unwritable(failure);
        }
    }

    private static VaultUnavailableException Unwritable(SqliteException failure) =>
        new($"The key store cannot be written (SQLite {failure.SqliteErrorCode}).", failure) { DiskFull = failure.SqliteErrorCode == 13 };
}
