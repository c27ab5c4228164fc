using ChainCrm.Domain;
using ChainCrm.Domain.Identities;

namespace ChainCrm.Grains.Personal;

/// <summary>The personal fields of one customer, in clear. Lives only on the way in and on the way out; never in a state, an event or a log.</summary>
public sealed record PersonalData
{
    public string? Name { get; init; }
    /// <summary>E.164.</summary>
    public string? Phone { get; init; }
    public string? Card { get; init; }
    public string? ExternalId { get; init; }
    /// <summary>yyyy-MM-dd or --MM-dd.</summary>
    public string? Birthday { get; init; }
    /// <summary>Never prints what it holds.</summary>
    public override string ToString() => "(personal data)";
}

/// <summary>
/// Seals personal data under a key of each customer (AES-256-GCM), that key wrapped by the master key and kept apart from the journal,
/// so that destroying it erases the person (invariant 11). Thread-safe.
/// </summary>
public interface IPersonalVault
{
    /// <summary>Seals; makes and durably keeps the customer's key first when there is none.</summary>
    ValueTask<Sealed> SealAsync(string chain, CustomerId customer, PersonalData data, CancellationToken cancellation = default);

    /// <summary>Opens; null when the customer's key was destroyed.</summary>
    ValueTask<PersonalData?> OpenAsync(string chain, CustomerId customer, Sealed profile, CancellationToken cancellation = default);

    /// <summary>The keyed blind index of a normalised value. Same value, same chain: same index.</summary>
    IdentityRef Index(string chain, IdentityKind kind, string normalisedValue);

    /// <summary>Keyed 64-bit fingerprint of bytes (HMAC-SHA256, truncated), for telling a repeated request from another one with the same key. Never 0.</summary>
    ulong Fingerprint(ReadOnlySpan<byte> content);

    /// <summary>The keys as they are kept, wrapped by the master key, for a backup. To be disposed by the caller.</summary>
    IWrappedKeys ReadWrapped();
}
