namespace ChainCrm.Domain.Identities;

/// <summary>What can be asked of an identity grain (a phone number, a card ... by blind index). Decided in <see cref="IdentityDecider"/>.</summary>
public abstract record IdentityCommand
{
    private protected IdentityCommand() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
    /// <summary>The customer who wants it, has it, or gives it up.</summary>
    public required CustomerId Customer { get; init; }
}

/// <summary>Reserves the identity until <see cref="Until"/>; refused when another customer holds or has reserved it.</summary>
public sealed record ReserveIdentity : IdentityCommand { public required Timestamp Until { get; init; } }

/// <summary>The customer now has it.</summary>
public sealed record ConfirmIdentity : IdentityCommand;

/// <summary>Gives it up: a reservation that came to nothing, or an identity the customer no longer has.</summary>
public sealed record ReleaseIdentity : IdentityCommand;
