using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.Personal;

/// <summary>keys.db: one wrapped key per customer, and the two secrets behind blind indexes and fingerprints. What is deleted is overwritten, in the write-ahead log too.</summary>
public sealed class SqliteKeyTable : KeyTable
{
    private const int Format = 1;
    private const string MasterIdSql = "SELECT key_id FROM secrets LIMIT 1";
    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _selectToWrite;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _select;
    private readonly SqliteStatement _selectMasterId;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private bool _closed;

    private SqliteKeyTable(string path, SqliteConnection writer)
    {
        (_path, _writer) = (path, writer);
        _reader = SqliteFile.OpenReader(path);
        _insert = SqliteFile.Prepare(_writer, "INSERT INTO customer_keys(chain, customer, key_id, wrapped) VALUES(@0, @1, @2, @3) ON CONFLICT DO NOTHING");
        _selectToWrite = SqliteFile.Prepare(_writer, "SELECT key_id, wrapped FROM customer_keys WHERE chain = @0 AND customer = @1");
        _delete = SqliteFile.Prepare(_writer, "DELETE FROM customer_keys WHERE chain = @0 AND customer = @1");
        _select = SqliteFile.Prepare(_reader, "SELECT key_id, wrapped FROM customer_keys WHERE chain = @0 AND customer = @1");
        _selectMasterId = SqliteFile.Prepare(_reader, MasterIdSql);
    }

    public override string Place => _path;

    /// <summary>Opens keys.db, makes it when missing.</summary>
    /// <exception cref="VaultUnusableException">It is damaged, or of a newer version.</exception>
    public static SqliteKeyTable Open(string path)
    {
        var writer = OpenFile(path);
        try
        {
            return new SqliteKeyTable(path, writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>The id of the master key that the file's secrets are wrapped with; null when the file holds none yet, or is not there.</summary>
    /// <exception cref="VaultUnusableException">It is damaged, or of a newer version.</exception>
    public static string? MasterIdOf(string path)
    {
        if (!File.Exists(path)) return null;
        using var connection = OpenFile(path);
        using var select = SqliteFile.Prepare(connection, MasterIdSql);
        using var rows = select.Read();
        return rows.Read() ? rows.GetString(0) : null;
    }

    public override IWrappedKeys Reader() => new SqliteWrappedKeys(_path);

    public override async ValueTask DisposeAsync()
    {
        await _reading.WaitAsync();
        _closed = true;
        foreach (var statement in new[] { _insert, _selectToWrite, _delete, _select, _selectMasterId }) statement.Dispose();
        await _reader.DisposeAsync();
        await _writer.DisposeAsync();
        _reading.Release();
    }

    internal override ValueTask<string?> MasterIdAsync(CancellationToken cancellation) => ReadAsync(() =>
    {
        using var rows = _selectMasterId.Read();
        return rows.Read() ? rows.GetString(0) : null;
    }, cancellation);

    internal override ValueTask<WrappedSecret> SecretAsync(string name, Func<WrappedSecret> make, CancellationToken cancellation)
    {
        try
        {
            using var select = SqliteFile.Prepare(_writer, "SELECT key_id, wrapped FROM secrets WHERE name = @0");
            using (var rows = select.Set(0, name).Read())
            {
                if (rows.Read()) return new(new WrappedSecret(name, rows.GetString(0), rows.GetBytes(1).ToArray()));
            }

            var made = make();
            using var insert = SqliteFile.Prepare(_writer, "INSERT INTO secrets(name, key_id, wrapped) VALUES(@0, @1, @2)");
            insert.Set(0, name).Set(1, made.MasterKeyId).Set(2, made.Wrapped).Run();
            return new(made);
        }
        catch (SqliteException failure)
        {
            throw Unavailable(failure);
        }
    }

    internal override ValueTask<WrappedCustomerKey?> FindAsync(string chain, string customer, CancellationToken cancellation) => ReadAsync(() =>
    {
        using var rows = _select.Set(0, chain).Set(1, customer).Read();
        return rows.Read() ? new WrappedCustomerKey(chain, customer, rows.GetString(0), rows.GetBytes(1).ToArray()) : null;
    }, cancellation);

    internal override ValueTask<WrappedCustomerKey?[]> CommitAsync(IReadOnlyList<KeyChange> changes, CancellationToken cancellation)
    {
        try
        {
            var found = new WrappedCustomerKey?[changes.Count];
            using (var transaction = _writer.BeginTransaction())
            {
                for (var i = 0; i < changes.Count; i++) found[i] = Make(changes[i]);
                transaction.Commit();
            }

            if (changes.Any(change => change.Made is null)) ForgetWritten();
            return new(found);
        }
        catch (SqliteException failure)
        {
            throw Unavailable(failure);
        }
    }

    internal override ValueTask RewrapAsync(Func<WrappedSecret, WrappedSecret> secret, Func<WrappedCustomerKey, WrappedCustomerKey> key, CancellationToken cancellation)
    {
        try
        {
            using (var transaction = _writer.BeginTransaction())
            {
                RewrapTable("SELECT name, '', key_id, wrapped FROM secrets WHERE name > @0 AND @1 = '' ORDER BY name LIMIT 1000",
                    "UPDATE secrets SET key_id = @2, wrapped = @3 WHERE name = @0 AND @1 = ''", row =>
                    {
                        var next = secret(new(row.Chain, row.MasterKeyId, row.Wrapped));
                        return row with { MasterKeyId = next.MasterKeyId, Wrapped = next.Wrapped };
                    });
                RewrapTable("SELECT chain, customer, key_id, wrapped FROM customer_keys WHERE (chain, customer) > (@0, @1) ORDER BY chain, customer LIMIT 1000",
                    "UPDATE customer_keys SET key_id = @2, wrapped = @3 WHERE chain = @0 AND customer = @1", key);
                transaction.Commit();
            }

            ForgetWritten();
            return ValueTask.CompletedTask;
        }
        catch (SqliteException failure)
        {
            throw Unavailable(failure);
        }
    }

    /// <summary>Opens the file for its one writer, and makes it when it is missing.</summary>
    internal static SqliteConnection OpenFile(string path)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteFile.OpenWriter(path, durable: true);
            var format = SqliteFile.Scalar(connection, "PRAGMA user_version");
            if (format > Format) throw new VaultUnusableException($"{path} was written by a newer version of ChainCrm (format {format}, this version knows {Format}).");
            // secure_delete overwrites what is deleted: a destroyed key must not linger in free pages.
            SqliteFile.Execute(connection, $"""
                PRAGMA secure_delete=ON;
                CREATE TABLE IF NOT EXISTS secrets(name TEXT PRIMARY KEY, key_id TEXT NOT NULL, wrapped BLOB NOT NULL) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS customer_keys(chain TEXT NOT NULL, customer TEXT NOT NULL, key_id TEXT NOT NULL, wrapped BLOB NOT NULL,
                    PRIMARY KEY(chain, customer)) WITHOUT ROWID;
                PRAGMA user_version={Format};
                """);
            // A key that a killed process wrote and could not flush is read from memory all the same; before anything is sealed with it, it is written anew.
            SqliteFile.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            return connection;
        }
        catch (SqliteException damaged)
        {
            connection?.Dispose();
            throw new VaultUnusableException($"{path} cannot be opened as a key store: {damaged.Message}", damaged);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    private WrappedCustomerKey? Make(KeyChange change)
    {
        if (change.Made is not { } made)
        {
            _delete.Set(0, change.Chain).Set(1, change.Customer).Run();
            return null;
        }

        if (_insert.Set(0, change.Chain).Set(1, change.Customer).Set(2, made.MasterKeyId).Set(3, made.Wrapped).Run() == 1) return null;
        using var rows = _selectToWrite.Set(0, change.Chain).Set(1, change.Customer).Read();
        return rows.Read() ? made with { MasterKeyId = rows.GetString(0), Wrapped = rows.GetBytes(1).ToArray() } : throw new VaultUnavailableException("A key that must be there was not found.");
    }

    private void RewrapTable(string selectSql, string updateSql, Func<WrappedCustomerKey, WrappedCustomerKey> rewrap)
    {
        using var select = SqliteFile.Prepare(_writer, selectSql);
        using var update = SqliteFile.Prepare(_writer, updateSql);
        var (chain, customer) = ("", "");
        while (true)
        {
            var page = new List<WrappedCustomerKey>();
            using (var rows = select.Set(0, chain).Set(1, customer).Read())
            {
                while (rows.Read()) page.Add(rewrap(new(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetBytes(3).ToArray())));
            }

            if (page.Count == 0) return;
            foreach (var row in page) update.Set(0, row.Chain).Set(1, row.Customer).Set(2, row.MasterKeyId).Set(3, row.Wrapped).Run();
            (chain, customer) = (page[^1].Chain, page[^1].Customer);
        }
    }

    /// <summary>Without this, the write-ahead log would still hold pages with what was destroyed or wrapped by the former key.</summary>
    private void ForgetWritten() => SqliteFile.Execute(_writer, "PRAGMA wal_checkpoint(TRUNCATE)");

    /// <summary>Reads on the thread pool, one at a time: the callers may be on threads that many others wait for, such as the one that completes purchases.</summary>
    private async ValueTask<T?> ReadAsync<T>(Func<T?> read, CancellationToken cancellation)
        where T : class
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (_closed) throw new VaultUnavailableException("The vault is closed.");
            return read();
        }
        catch (SqliteException failure)
        {
            throw Unavailable(failure);
        }
        finally
        {
            _reading.Release();
        }
    }

    private static VaultUnavailableException Unavailable(SqliteException failure) =>
        new($"The key store cannot be written or read at the moment (SQLite {failure.SqliteErrorCode}).", failure) { DiskFull = failure.SqliteErrorCode == 13 };
}
