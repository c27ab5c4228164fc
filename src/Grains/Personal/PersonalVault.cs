using System.Buffers.Binary;
using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Storage;

namespace ChainCrm.Grains.Personal;

/// <summary>The vault over a master key file and a table of wrapped keys. See docs/operations/master-key.md for loss, rotation and backups.</summary>
public sealed class PersonalVault : IPersonalVault, IAsyncDisposable
{
    private readonly string _masterKeyFile;
    private readonly KeyStore _store;
    private readonly BlindIndexes _indexes;
    private readonly KeyedHash _fingerprints;
    private readonly BoundedCache<(string Chain, string Customer), byte[]> _keys = new(GrainLimits.VaultKeysCached);
    private readonly SemaphoreSlim _rotating = new(1);

    private PersonalVault(string masterKeyFile, KeyStore store, byte[] index, byte[] fingerprint)
    {
        _masterKeyFile = masterKeyFile;
        _store = store;
        _indexes = new BlindIndexes(index);
        _fingerprints = new KeyedHash(fingerprint);
    }

    /// <summary>Opens the vault over keys.db; at the first run makes the master key file and keys.db.</summary>
    /// <param name="masterKeyFile">The master key file; its folder must exist.</param>
    /// <param name="keysFile">keys.db; its folder must exist.</param>
    /// <exception cref="VaultUnusableException">The two do not belong together, one is missing or damaged, or others may read the key file.</exception>
    public static PersonalVault Open(string masterKeyFile, string keysFile)
    {
        // The file is not made before the master key is there.
        var master = MasterKeyFor(masterKeyFile, SqliteKeyTable.MasterIdOf(keysFile), keysFile);
        // Nothing here waits for anything but the disk.
        return OpenAsync(masterKeyFile, SqliteKeyTable.Open(keysFile), master, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Opens the vault over a table; at the first run makes the master key file.</summary>
    /// <param name="masterKeyFile">The master key file; its folder must exist.</param>
    /// <param name="table">The keys; disposed of with the vault, or when the opening fails.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <exception cref="VaultUnusableException">The two do not belong together, the file is missing or damaged, or others may read it.</exception>
    /// <exception cref="VaultUnavailableException">The keys can't be read now.</exception>
    public static async Task<PersonalVault> OpenAsync(string masterKeyFile, KeyTable table, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        MasterKey master;
        try
        {
            master = MasterKeyFor(masterKeyFile, await table.MasterIdAsync(cancellation), table.Place);
        }
        catch
        {
            await table.DisposeAsync();
            throw;
        }

        return await OpenAsync(masterKeyFile, table, master, cancellation);
    }

    private static async Task<PersonalVault> OpenAsync(string masterKeyFile, KeyTable table, MasterKey master, CancellationToken cancellation)
    {
        var store = new KeyStore(table, master);
        try
        {
            return new PersonalVault(masterKeyFile, store, await store.SecretAsync("index", cancellation), await store.SecretAsync("fingerprint", cancellation));
        }
        catch (PersonalDataDamagedException damaged)
        {
            await store.DisposeAsync();
            throw new VaultUnusableException($"The secrets in {table.Place} do not open with the master key {masterKeyFile}: one of the two is damaged.", damaged);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<Sealed> SealAsync(string chain, CustomerId customer, PersonalData data, CancellationToken cancellation = default)
    {
        var id = (chain, customer.Value);
        if (!_keys.TryGet(id, out var key))
        {
            var epoch = _keys.Epoch;
            key = await _store.GetOrMakeAsync(chain, customer.Value, cancellation);
            _keys.Put(id, key, epoch);
        }

        return new Sealed(Sealing.Seal(key, PersonalJson.Write(data), Sealing.Associated("profile", chain, customer.Value)));
    }

    public ValueTask<PersonalData?> OpenAsync(string chain, CustomerId customer, Sealed profile, CancellationToken cancellation = default) =>
        _keys.TryGet((chain, customer.Value), out var key)
            ? ValueTask.FromResult<PersonalData?>(OpenSealed(key, chain, customer, profile))
            : ReadAndOpenAsync(chain, customer, profile, cancellation);

    public IdentityRef Index(string chain, IdentityKind kind, string normalisedValue) => _indexes.Of(chain, kind, normalisedValue);

    public ulong Fingerprint(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[KeyedHash.Bytes];
        _fingerprints.Hash(content, hash);
        var value = BinaryPrimitives.ReadUInt64BigEndian(hash);
        return value == 0 ? 1 : value;
    }

    public IWrappedKeys ReadWrapped() => _store.Reader();

    /// <summary>
    /// Destroys the customer's key: from then on nothing that was sealed for the customer opens, in the journal or in a backup of it. Durable when it returns.
    /// </summary>
    public async ValueTask DestroyAsync(string chain, CustomerId customer, CancellationToken cancellation = default)
    {
        try
        {
            await _store.DestroyAsync(chain, customer.Value, cancellation);
        }
        finally
        {
            // Also when it failed: it may have been done, and nothing may be sealed with a key that is nowhere but here.
            _keys.Forget((chain, customer.Value));
        }
    }

    /// <summary>
    /// Makes another key the master key: wraps every key anew and replaces the key file. Blind indexes and fingerprints stay as they are. A crash
    /// at any moment leaves either key in force, whole: the next start, or the next rotation, finishes or takes back what was begun.
    /// </summary>
    /// <exception cref="VaultUnusableException">An earlier rotation failed half-way and the master key in force is in neither file; nothing was touched.</exception>
    /// <exception cref="VaultUnavailableException">The keys can't be written now.</exception>
    public async ValueTask RotateAsync(MasterKey newMaster, CancellationToken cancellation = default)
    {
        await _rotating.WaitAsync(cancellation);
        try
        {
            var prepared = Prepared(_masterKeyFile);
            await SettleEarlierRotationAsync(prepared, cancellation);
            newMaster.Save(prepared);
            // Not cancellable from here: the caller would not know which key is in force.
            await _store.RotateAsync(newMaster, CancellationToken.None);
            File.Move(prepared, _masterKeyFile, overwrite: true);
        }
        finally
        {
            _rotating.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _indexes.Dispose();
        _fingerprints.Dispose();
        _rotating.Dispose();
    }

    private async ValueTask<PersonalData?> ReadAndOpenAsync(string chain, CustomerId customer, Sealed profile, CancellationToken cancellation)
    {
        var epoch = _keys.Epoch;
        var key = await _store.FindAsync(chain, customer.Value, cancellation);
        if (key is null) return null;
        _keys.Put((chain, customer.Value), key, epoch);
        return OpenSealed(key, chain, customer, profile);
    }

    private static PersonalData OpenSealed(byte[] key, string chain, CustomerId customer, Sealed profile) =>
        PersonalJson.Read(Sealing.Open(key, profile.Bytes, Sealing.Associated("profile", chain, customer.Value)));

    /// <summary>
    /// An earlier rotation that failed half-way left its key behind. When the keys have gone over to it, that file is the only copy of the master key in
    /// force: it is moved into place. It is deleted only when the master key file is sure to be the one in force.
    /// </summary>
    private async Task SettleEarlierRotationAsync(string prepared, CancellationToken cancellation)
    {
        if (!File.Exists(prepared)) return;
        var inForce = await _store.MasterIdAsync(cancellation);
        if (File.Exists(_masterKeyFile) && MasterKey.Load(_masterKeyFile).Id == inForce) File.Delete(prepared);
        else if (MasterKey.Load(prepared).Id == inForce) File.Move(prepared, _masterKeyFile, overwrite: true);
        else throw new VaultUnusableException($"The keys are wrapped by the master key {inForce}, but neither {_masterKeyFile} nor {prepared} is that key. Restore it from its copy.");
    }

    private static string Prepared(string masterKeyFile) => masterKeyFile + ".next";

    private static MasterKey MasterKeyFor(string masterKeyFile, string? wantedId, string place)
    {
        var prepared = Prepared(masterKeyFile);
        if (!File.Exists(masterKeyFile) && wantedId is null)
        {
            // First run (a crashed first run may have left half a key prepared). Under another name first, so that the real one is whole or absent.
            File.Delete(prepared);
            MasterKey.Generate().Save(prepared);
        }

        if (!File.Exists(masterKeyFile) && !File.Exists(prepared))
            throw new VaultUnusableException($"The master key file {masterKeyFile} is missing, but {place} holds keys wrapped by the master key {wantedId}. Restore the file from its copy.");

        var master = File.Exists(masterKeyFile) ? MasterKey.Load(masterKeyFile) : null;
        if (File.Exists(prepared))
        {
            if (master is null || (wantedId is not null && master.Id != wantedId && MasterKey.Load(prepared).Id == wantedId))
            {
                File.Move(prepared, masterKeyFile, overwrite: true);
                master = MasterKey.Load(masterKeyFile);
            }
            else
            {
                // A rotation that never reached the keys: the old key rules.
                File.Delete(prepared);
            }
        }

        if (wantedId is not null && master!.Id != wantedId)
            throw new VaultUnusableException($"{place} was made with the master key {wantedId}, but {masterKeyFile} is the master key {master.Id}. Restore the one that belongs to it.");
        return master!;
    }
}
