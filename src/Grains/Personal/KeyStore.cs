using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Threading.Channels;
using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.Personal;

/// <summary>
/// keys.db: one wrapped key per customer, and the two secrets behind blind indexes and fingerprints. One writer commits whatever is waiting
/// in one durable transaction, so a key is on disk before anybody seals with it and twenty thousand a second cost a few commits.
/// </summary>
internal sealed class KeyStore : IAsyncDisposable
{
    private const int Format = 1;
    private const string MasterIdSql = "SELECT key_id FROM secrets LIMIT 1";
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _selectToWrite;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _select;
    private readonly SqliteStatement _selectMasterId;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Channel<Work> _waiting = Channel.CreateBounded<Work>(new BoundedChannelOptions(GrainLimits.VaultQueueMax) { SingleReader = true });
    private readonly Task _loop;
    private volatile WrappingKeys _keys;
    private bool _closed;

    private KeyStore(string path, SqliteConnection writer, WrappingKeys keys)
    {
        _keys = keys;
        _writer = writer;
        _reader = SqliteFile.OpenReader(path);
        _insert = SqliteFile.Prepare(_writer, "INSERT INTO customer_keys(chain, customer, key_id, wrapped) VALUES(@0, @1, @2, @3) ON CONFLICT DO NOTHING");
        _selectToWrite = SqliteFile.Prepare(_writer, "SELECT key_id, wrapped FROM customer_keys WHERE chain = @0 AND customer = @1");
        _delete = SqliteFile.Prepare(_writer, "DELETE FROM customer_keys WHERE chain = @0 AND customer = @1");
        _select = SqliteFile.Prepare(_reader, "SELECT key_id, wrapped FROM customer_keys WHERE chain = @0 AND customer = @1");
        _selectMasterId = SqliteFile.Prepare(_reader, MasterIdSql);
        _loop = Task.Run(WriteAsync);
    }

    /// <summary>Opens keys.db, makes it when missing.</summary>
    public static KeyStore Open(string path, MasterKey master)
    {
        var writer = OpenFile(path);
        try
        {
            return new KeyStore(path, writer, new WrappingKeys(new WrappingKey(master.Id, master.WrappingKey()), null));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>The id of the master key that the file's secrets are wrapped with; null when the file holds none yet.</summary>
    public static string? MasterIdOf(string path)
    {
        if (!File.Exists(path)) return null;
        using var connection = OpenFile(path);
        using var select = SqliteFile.Prepare(connection, MasterIdSql);
        using var rows = select.Read();
        return rows.Read() ? rows.GetString(0) : null;
    }

    /// <summary>The customer's key, made and durable when there was none.</summary>
    public Task<byte[]> GetOrMakeAsync(string chain, string customer, CancellationToken cancellation) =>
        SubmitAsync(new Work { Chain = chain, Customer = customer }, cancellation)!;

    /// <summary>Destroys the customer's key for good.</summary>
    public Task DestroyAsync(string chain, string customer, CancellationToken cancellation) =>
        SubmitAsync(new Work { Chain = chain, Customer = customer, IsDestroy = true }, cancellation);

    /// <summary>Wraps everything with another master key, in one transaction. One rotation at a time.</summary>
    public Task RotateAsync(MasterKey next, CancellationToken cancellation) => SubmitAsync(new Work { Next = next }, cancellation);

    /// <summary>The customer's key, or null.</summary>
    public Task<byte[]?> FindAsync(string chain, string customer, CancellationToken cancellation) => ReadAsync(() =>
    {
        using var rows = _select.Set(0, chain).Set(1, customer).Read();
        return rows.Read() ? Unwrap(rows, chain, customer) : null;
    }, cancellation);

    /// <summary>The id of the master key that the secrets are wrapped with at this moment, as the file says; null when it holds none yet.</summary>
    public Task<string?> MasterIdAsync(CancellationToken cancellation) => ReadAsync(() =>
    {
        using var rows = _selectMasterId.Read();
        return rows.Read() ? rows.GetString(0) : null;
    }, cancellation);

    /// <summary>A secret of 32 bytes that outlives rotations; made at the first call. Only before the first other call: it uses the writer's connection.</summary>
    public byte[] Secret(string name)
    {
        var associated = Sealing.Associated("secret", name, "");
        var current = _keys.Current;
        using var select = SqliteFile.Prepare(_writer, "SELECT wrapped FROM secrets WHERE name = @0");
        using (var rows = select.Set(0, name).Read())
        {
            if (rows.Read()) return Sealing.Open(current.Key, rows.GetBytes(0), associated);
        }

        var secret = RandomNumberGenerator.GetBytes(Sealing.KeyBytes);
        using var insert = SqliteFile.Prepare(_writer, "INSERT INTO secrets(name, key_id, wrapped) VALUES(@0, @1, @2)");
        insert.Set(0, name).Set(1, current.Id).Set(2, Sealing.Seal(current.Key, secret, associated)).Run();
        return secret;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        await _reading.WaitAsync();
        _closed = true;
        foreach (var statement in new[] { _insert, _selectToWrite, _delete, _select, _selectMasterId }) statement.Dispose();
        await _reader.DisposeAsync();
        await _writer.DisposeAsync();
        _reading.Release();
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

    /// <summary>Reads on the thread pool, one at a time: the callers may be on threads that many others wait for, such as the one that completes purchases.</summary>
    private async Task<T?> ReadAsync<T>(Func<T?> read, CancellationToken cancellation)
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

    private async Task<byte[]?> SubmitAsync(Work work, CancellationToken cancellation)
    {
        try
        {
            await _waiting.Writer.WriteAsync(work, cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new VaultUnavailableException("The vault is closed.", closed);
        }

        return await work.Done.Task.WaitAsync(cancellation);
    }

    private async Task WriteAsync()
    {
        var batch = new List<Work>(GrainLimits.VaultBatchMax);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Count < GrainLimits.VaultBatchMax && _waiting.Reader.TryRead(out var work)) batch.Add(work);
            Commit(batch);
            batch.Clear();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong belongs to the callers of this batch; the writer goes on.")] // The reason is the justification.
    private void Commit(List<Work> batch)
    {
        try
        {
            // In key order, so that neighbours share pages. The sort is stable: what one customer asked stays in its order.
            var ordered = batch.OrderBy(work => work.Next is null ? 0 : 1).ThenBy(work => work.Chain, StringComparer.Ordinal).ThenBy(work => work.Customer, StringComparer.Ordinal).ToList();
            var results = new byte[]?[ordered.Count];
            using (var transaction = _writer.BeginTransaction())
            {
                using var cipher = new AesGcm(_keys.Current.Key, 16);
                for (var i = 0; i < ordered.Count; i++) results[i] = Do(ordered[i], cipher);
                transaction.Commit();
            }

            if (ordered.Exists(work => work.Next is not null)) _keys = new WrappingKeys(_keys.Other!, _keys.Current);
            // Without this, the write-ahead log would still hold pages with what was destroyed or wrapped by the former key.
            if (ordered.Exists(work => work.IsDestroy || work.Next is not null)) SqliteFile.Execute(_writer, "PRAGMA wal_checkpoint(TRUNCATE)");
            for (var i = 0; i < ordered.Count; i++) ordered[i].Done.SetResult(results[i]);
        }
        catch (SqliteException failure)
        {
            var told = Unavailable(failure);
            foreach (var work in batch) work.Done.TrySetException(told);
        }
        catch (Exception failure)
        {
            foreach (var work in batch) work.Done.TrySetException(failure);
        }
    }

    private byte[]? Do(Work work, AesGcm cipher)
    {
        if (work.Next is { } next)
        {
            Rewrap(next);
            return null;
        }

        if (work.IsDestroy)
        {
            _delete.Set(0, work.Chain).Set(1, work.Customer).Run();
            return null;
        }

        var key = RandomNumberGenerator.GetBytes(Sealing.KeyBytes);
        var wrapped = Sealing.Seal(cipher, key, Sealing.Associated("key", work.Chain, work.Customer));
        if (_insert.Set(0, work.Chain).Set(1, work.Customer).Set(2, _keys.Current.Id).Set(3, wrapped).Run() == 1) return key;
        using var rows = _selectToWrite.Set(0, work.Chain).Set(1, work.Customer).Read();
        return rows.Read() ? Unwrap(rows, work.Chain, work.Customer) : throw new VaultUnavailableException("A key that must be there was not found.");
    }

    private void Rewrap(MasterKey next)
    {
        var to = new WrappingKey(next.Id, next.WrappingKey());
        using var cipher = new AesGcm(to.Key, 16);
        // Readers may meet rows of either key until the commit is theirs to see, so both stay known.
        _keys = new WrappingKeys(_keys.Current, to);
        RewrapTable(cipher, to.Id, "SELECT name, '', key_id, wrapped FROM secrets WHERE name > @0 AND @1 = '' ORDER BY name LIMIT 1000",
            "UPDATE secrets SET key_id = @2, wrapped = @3 WHERE name = @0 AND @1 = ''", "secret");
        RewrapTable(cipher, to.Id, "SELECT chain, customer, key_id, wrapped FROM customer_keys WHERE (chain, customer) > (@0, @1) ORDER BY chain, customer LIMIT 1000",
            "UPDATE customer_keys SET key_id = @2, wrapped = @3 WHERE chain = @0 AND customer = @1", "key");
    }

    private void RewrapTable(AesGcm cipher, string toId, string selectSql, string updateSql, string purpose)
    {
        using var select = SqliteFile.Prepare(_writer, selectSql);
        using var update = SqliteFile.Prepare(_writer, updateSql);
        var (chain, customer) = ("", "");
        while (true)
        {
            var page = new List<(string Chain, string Customer, byte[] Wrapped)>();
            using (var rows = select.Set(0, chain).Set(1, customer).Read())
            {
                while (rows.Read())
                {
                    (chain, customer) = (rows.GetString(0), rows.GetString(1));
                    var associated = Sealing.Associated(purpose, chain, customer);
                    var clear = Sealing.Open(_keys.Named(rows.GetString(2)), rows.GetBytes(3), associated);
                    page.Add((chain, customer, Sealing.Seal(cipher, clear, associated)));
                    CryptographicOperations.ZeroMemory(clear);
                }
            }

            if (page.Count == 0) return;
            foreach (var row in page) update.Set(0, row.Chain).Set(1, row.Customer).Set(2, toId).Set(3, row.Wrapped).Run();
        }
    }

    private byte[] Unwrap(SqliteRows row, string chain, string customer) =>
        Sealing.Open(_keys.Named(row.GetString(0)), row.GetBytes(1), Sealing.Associated("key", chain, customer));

    private static VaultUnavailableException Unavailable(SqliteException failure) =>
        new($"The key store cannot be written or read at the moment (SQLite {failure.SqliteErrorCode}).", failure) { DiskFull = failure.SqliteErrorCode == 13 };

    private sealed record WrappingKey(string Id, byte[] Key);

    /// <summary>The key that wraps new ones and, during and after a rotation, the other one.</summary>
    private sealed record WrappingKeys(WrappingKey Current, WrappingKey? Other)
    {
        public byte[] Named(string id) =>
            Current.Id == id ? Current.Key
            : Other?.Id == id ? Other.Key
            : throw new PersonalDataDamagedException($"A key in keys.db is wrapped by the master key {id}, which is not here.");
    }

    private sealed class Work
    {
        public string Chain { get; init; } = "";
        public string Customer { get; init; } = "";
        public bool IsDestroy { get; init; }
        public MasterKey? Next { get; init; }
        public TaskCompletionSource<byte[]?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
