namespace ChainCrm.Domain.Identities;

// NOTE: names and shapes in this file are the storage format, pinned by tests/Grains.Tests/Contracts.

/// <summary>What has happened to an identity. Folded in <see cref="IdentityState"/>.</summary>
public abstract record IdentityEvent
{
    private protected IdentityEvent() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
    public required CustomerId Customer { get; init; }
}

/// <summary>Held for a customer until a time, not yet confirmed. The agenda wakes it then.</summary>
public sealed record IdentityReserved : IdentityEvent { public required Timestamp Until { get; init; } }

/// <summary>Belongs to the customer.</summary>
public sealed record IdentityConfirmed : IdentityEvent;

/// <summary>Free again.</summary>
public sealed record IdentityReleased : IdentityEvent;
