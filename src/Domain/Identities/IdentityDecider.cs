using System.Diagnostics;

namespace ChainCrm.Domain.Identities;

/// <summary>Who holds an identity.</summary>
public sealed class IdentityState
{
    /// <summary>The holder, confirmed or reserving; null when free.</summary>
    public CustomerId? Customer { get; internal set; }
    public bool IsConfirmed { get; internal set; }
    /// <summary>End of an unconfirmed reservation.</summary>
    public Timestamp? ReservedUntil { get; internal set; }

    /// <summary>The state as plain data, for a snapshot.</summary>
    public IdentityStateData Export() => new(Customer, IsConfirmed, ReservedUntil);

    /// <summary>The state back from plain data.</summary>
    public static IdentityState Import(IdentityStateData data) =>
        new() { Customer = data.Customer, IsConfirmed = data.IsConfirmed, ReservedUntil = data.ReservedUntil };
}

/// <summary>An <see cref="IdentityState"/> as plain data.</summary>
public sealed record IdentityStateData(CustomerId? Customer, bool IsConfirmed, Timestamp? ReservedUntil);

/// <summary>
/// The rules of one identity. A reservation whose time is over still stands until somebody who asked the customer confirms or releases
/// it: only the customer knows whether the enrolment went through, so time alone never frees an identity.
/// </summary>
public static class IdentityDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<IdentityEvent> Decide(IdentityState state, IdentityCommand command)
    {
        if (!IdRules.IsValid(command.Origin)) return IdentityRejections.OriginInvalid;
        if (!IdRules.IsValid(command.Customer)) return IdentityRejections.CustomerInvalid;
        return command switch
        {
            ReserveIdentity reserve => Reserve(state, reserve),
            ConfirmIdentity confirm => Confirm(state, confirm),
            ReleaseIdentity release => Release(state, release),
            _ => throw new UnreachableException($"No rule decides {command.GetType().Name}."),
        };
    }

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static IdentityState Evolve(IdentityState state, IdentityEvent happened)
    {
        switch (happened)
        {
            case IdentityReserved e:
                (state.Customer, state.IsConfirmed, state.ReservedUntil) = (e.Customer, false, e.Until);
                return state;
            case IdentityConfirmed e:
                (state.Customer, state.IsConfirmed, state.ReservedUntil) = (e.Customer, true, null);
                return state;
            case IdentityReleased:
                (state.Customer, state.IsConfirmed, state.ReservedUntil) = (null, false, null);
                return state;
            default:
                throw new UnreachableException($"Nothing folds {happened.GetType().Name}.");
        }
    }

    private static Decision<IdentityEvent> Reserve(IdentityState state, ReserveIdentity reserve)
    {
        if (reserve.Until <= reserve.At) return IdentityRejections.UntilInvalid;
        if (state.Customer is { } holder && holder != reserve.Customer)
            return state.IsConfirmed ? IdentityRejections.Taken : IdentityRejections.Reserved;
        if (state.IsConfirmed || state.ReservedUntil > reserve.At) return Decision<IdentityEvent>.AlreadyDone;

        return new IdentityReserved { At = reserve.At, Origin = reserve.Origin, Customer = reserve.Customer, Until = reserve.Until };
    }

    private static Decision<IdentityEvent> Confirm(IdentityState state, ConfirmIdentity confirm)
    {
        if (state.Customer is { } holder && holder != confirm.Customer)
            return state.IsConfirmed ? IdentityRejections.Taken : IdentityRejections.Reserved;
        if (state.Customer is null) return IdentityRejections.NotReserved;
        if (state.IsConfirmed) return Decision<IdentityEvent>.AlreadyDone;

        return new IdentityConfirmed { At = confirm.At, Origin = confirm.Origin, Customer = confirm.Customer };
    }

    private static Decision<IdentityEvent> Release(IdentityState state, ReleaseIdentity release)
    {
        // Whoever does not hold it has nothing to give up: releasing twice, or after another took it, changes nothing.
        if (state.Customer != release.Customer) return Decision<IdentityEvent>.AlreadyDone;

        return new IdentityReleased { At = release.At, Origin = release.Origin, Customer = release.Customer };
    }
}
