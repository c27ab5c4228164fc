using System.Diagnostics;

namespace ChainCrm.Domain.CouponCodes;

/// <summary>One printed code of a coupon. Exists only once somebody showed it: ten million of a batch cost nothing before.</summary>
public sealed class CouponCodeState
{
    /// <summary>Whose it is; null before anybody showed it.</summary>
    public CustomerId? Customer { get; internal set; }

    /// <summary>The state as plain data, for a snapshot.</summary>
    public CouponCodeStateData Export() => new(Customer);

    /// <summary>The state back from plain data.</summary>
    public static CouponCodeState Import(CouponCodeStateData data) => new() { Customer = data.Customer };
}

/// <summary>A <see cref="CouponCodeState"/> as plain data.</summary>
public sealed record CouponCodeStateData(CustomerId? Customer);

/// <summary>The rules of one code: whoever shows it first has it (docs/domain/coupons.md).</summary>
public static class CouponCodeDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<CouponCodeEvent> Decide(CouponCodeState state, CouponCodeCommand command)
    {
        if (!IdRules.IsValid(command.Origin)) return CouponCodeRejections.OriginInvalid;
        return command switch
        {
            ClaimCode claim => Claim(state, claim),
            _ => throw new UnreachableException($"No rule decides {command.GetType().Name}."),
        };
    }

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static CouponCodeState Evolve(CouponCodeState state, CouponCodeEvent happened)
    {
        switch (happened)
        {
            case CodeClaimed e:
                state.Customer = e.Customer;
                return state;
            default:
                throw new UnreachableException($"Nothing folds {happened.GetType().Name}.");
        }
    }

    private static Decision<CouponCodeEvent> Claim(CouponCodeState state, ClaimCode claim)
    {
        if (!IdRules.IsValid(claim.Customer)) return CouponCodeRejections.CustomerInvalid.At("customer");
        if (state.Customer is { } owner) return owner == claim.Customer ? Decision<CouponCodeEvent>.AlreadyDone : CouponCodeRejections.Taken.At("code");
        return new CodeClaimed { At = claim.At, Origin = claim.Origin, Customer = claim.Customer };
    }
}
