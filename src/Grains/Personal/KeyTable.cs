namespace ChainCrm.Grains.Personal;

/// <summary>A secret of the vault as it is kept: wrapped by a master key, of no use without that.</summary>
public sealed record WrappedSecret(string Name, string MasterKeyId, byte[] Wrapped);

/// <summary>A customer's key as it is kept: wrapped by a master key, of no use without that.</summary>
public sealed record WrappedCustomerKey(string Chain, string Customer, string MasterKeyId, byte[] Wrapped);

/// <summary>
/// Where the vault keeps its wrapped keys. Knows nothing of what is in them. Whatever fails now and may pass later is a <see cref="VaultUnavailableException"/>. Changes come
/// from one caller at a time; reading is thread-safe and never holds up the caller's thread.
/// </summary>
public abstract class KeyTable : IAsyncDisposable
{
    internal KeyTable() { }

    /// <summary>What it is, for messages.</summary>
    public abstract string Place { get; }

    public abstract ValueTask DisposeAsync();

    /// <summary>Reads everything beside the running vault.</summary>
    /// <exception cref="VaultUnavailableException">The keys can't be read now.</exception>
    public abstract IWrappedKeys Reader();

    /// <summary>The id of the master key that the secrets are wrapped with at this moment; null when there are none yet.</summary>
    internal abstract ValueTask<string?> MasterIdAsync(CancellationToken cancellation);

    /// <summary>The secret of that name as it is in force; the one given, made durable, when there was none.</summary>
    internal abstract ValueTask<WrappedSecret> SecretAsync(string name, Func<WrappedSecret> make, CancellationToken cancellation);

    /// <summary>The customer's key, or null.</summary>
    internal abstract ValueTask<WrappedCustomerKey?> FindAsync(string chain, string customer, CancellationToken cancellation);

    /// <summary>Makes the changes in their order, all or none, durable when it returns.</summary>
    /// <returns>For each change the key that was there already, which then stays; null where there was none, and for what is destroyed.</returns>
    internal abstract ValueTask<WrappedCustomerKey?[]> CommitAsync(IReadOnlyList<KeyChange> changes, CancellationToken cancellation);

    /// <summary>Wraps everything anew, all or nothing, durable when it returns. When it fails, <see cref="MasterIdAsync"/> says whether it was done.</summary>
    internal abstract ValueTask RewrapAsync(Func<WrappedSecret, WrappedSecret> secret, Func<WrappedCustomerKey, WrappedCustomerKey> key, CancellationToken cancellation);
}

/// <summary>Gives a customer without a key this one, or destroys the key of one.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Customer">The customer.</param>
/// <param name="Made">The key; null to destroy.</param>
internal readonly record struct KeyChange(string Chain, string Customer, WrappedCustomerKey? Made);

/// <summary>Reads the wrapped keys beside the running vault, for a backup or a move. Opens no key. One caller at a time.</summary>
/// <remarks>Each page is a short reading of its own: one long one would show a single moment, but would hold up who destroys a key or enrols meanwhile.</remarks>
public interface IWrappedKeys : IAsyncDisposable
{
    /// <summary>The secrets behind blind indexes and fingerprints, in the order of their names.</summary>
    /// <exception cref="VaultUnavailableException">They can't be read now.</exception>
    ValueTask<IReadOnlyList<WrappedSecret>> SecretsAsync(CancellationToken cancellation = default);

    /// <summary>Keys of customers in the order of chain and customer, beginning behind one of them; empty at the end.</summary>
    /// <param name="chain">The chain of the last key read; empty to begin.</param>
    /// <param name="customer">The customer of the last key read; empty to begin.</param>
    /// <param name="max">How many at most, 1 to <see cref="GrainLimits.VaultBatchMax"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultUnavailableException">They can't be read now.</exception>
    ValueTask<IReadOnlyList<WrappedCustomerKey>> AfterAsync(string chain, string customer, int max, CancellationToken cancellation = default);
}

/// <summary>Fills an empty place with wrapped keys, for a restore or a move. Durable once <see cref="CommitAsync"/> has returned; before that the place holds nothing of it.</summary>
public interface IWrappedKeyWriter : IAsyncDisposable
{
    /// <exception cref="VaultUnavailableException">It can't be written, or holds the secret already.</exception>
    ValueTask AddAsync(WrappedSecret secret, CancellationToken cancellation = default);

    /// <exception cref="VaultUnavailableException">It can't be written, or holds the key already.</exception>
    ValueTask AddAsync(WrappedCustomerKey key, CancellationToken cancellation = default);

    /// <exception cref="VaultUnavailableException">It can't be written; when the connection to a server was lost, it may have been.</exception>
    ValueTask CommitAsync(CancellationToken cancellation = default);
}
