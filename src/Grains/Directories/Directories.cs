using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Grains.Directories;

/// <summary>What every sale needs to know of a store, in memory.</summary>
public sealed record StoreFacts(StoreId Id, string Name, string Region, string City, bool IsOpen);

/// <summary>An access key as the server checks it.</summary>
public sealed record KeyFacts(string Id, string Chain, AccessRole Role, string SecretHash, StoreId? Store, TillId? Till, bool SeesPersonal, string? Label, bool IsRevoked);

/// <summary>
/// Small chain-wide facts kept in memory by following the feed; rebuilt from the read models (or the journal) at start. Reads are
/// lock-free. A change is visible here before the caller that made it is answered (see <see cref="WaitForAsync"/>).
/// </summary>
public interface IDirectories : IProgrammes
{
    /// <summary>The store, or null when the chain has none of this id.</summary>
    StoreFacts? Store(string chain, StoreId id);

    /// <summary>All stores of a chain, by id.</summary>
    IReadOnlyCollection<StoreFacts> Stores(string chain);

    /// <summary>The key, or null.</summary>
    KeyFacts? Key(string keyId);

    /// <summary>All keys of a chain.</summary>
    IReadOnlyCollection<KeyFacts> Keys(string chain);

    /// <summary>Completes when the directories show the journal up to a position.</summary>
    ValueTask WaitForAsync(long position, CancellationToken cancellation = default);
}

/// <summary>Which customer an identity belongs to. A bounded cache before the identity grains; never answers with a customer that gave the identity up.</summary>
public interface IIdentityLookup
{
    /// <summary>The confirmed holder, or null; a refusal when the engine can't answer now.</summary>
    ValueTask<(CustomerId? Customer, Rejection? Rejection)> FindAsync(string chain, IdentityRef identity, CancellationToken cancellation = default);
}
