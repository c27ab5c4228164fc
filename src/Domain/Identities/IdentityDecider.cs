namespace ChainCrm.Domain.Identities;

/// <summary>Who holds an identity.</summary>
public sealed class IdentityState
{
    /// <summary>The holder, confirmed or reserving; null when free.</summary>
    public CustomerId? Customer { get; internal set; }
    public bool IsConfirmed { get; internal set; }
    /// <summary>End of an unconfirmed reservation.</summary>
    public Timestamp? ReservedUntil { get; internal set; }
}

/// <summary>The rules of one identity.</summary>
public static class IdentityDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<IdentityEvent> Decide(IdentityState state, IdentityCommand command) => default;

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static IdentityState Evolve(IdentityState state, IdentityEvent happened) => state;
}
