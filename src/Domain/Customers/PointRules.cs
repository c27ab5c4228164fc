using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>Points outside a sale: spent on a gift, given or taken by hand, expired (docs/domain/lots.md).</summary>
internal static class PointRules
{
    public static Decision<CustomerEvent> Decide(CustomerState state, RedeemPoints redeem)
    {
        if (redeem.Points.Count is < 1 or > Limits.PointsMax) return CustomerRejections.PointsInvalid.At("points");
        if (!TextRules.IsText(redeem.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        if (state.ArePointsFrozen) return CustomerRejections.PointsFrozen.At("points");
        if (redeem.Points > state.SpendableAt(redeem.At)) return CustomerRejections.NotEnoughPoints.At("points");
        if (BasketRules.RefuseSpending(state, redeem.At, redeem.Points, "points") is { } held) return held;

        var events = default(EventList);
        events.Add(Burning.Expire(state, redeem, out var expired));
        events.Add(new PointsRedeemed
        {
            At = redeem.At,
            Origin = redeem.Origin,
            Points = redeem.Points,
            Reason = redeem.Reason,
            LotsUsed = Burning.Take(state.Lots, redeem.At, redeem.Points, activeOnly: true),
            Balance = state.Balance - expired - redeem.Points,
        });
        return events.ToDecision();
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, AdjustPoints adjust, Programme programme)
    {
        if (adjust.Points.Count is 0 or > Limits.PointsMax or < -Limits.PointsMax) return CustomerRejections.PointsInvalid.At("points");
        if (!TextRules.IsText(adjust.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (Math.Abs((long)adjust.UtcOffsetMinutes) > Limits.UtcOffsetMinutesMax) return CustomerRejections.OffsetInvalid;
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        return adjust.Points > Points.Zero ? Give(state, adjust, programme) : Take(state, adjust, programme);
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, FreezePoints freeze)
    {
        if (!TextRules.IsText(freeze.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        return state.ArePointsFrozen ? Decision<CustomerEvent>.AlreadyDone : new PointsFrozen { At = freeze.At, Origin = freeze.Origin, Reason = freeze.Reason };
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, ReleasePoints release)
    {
        if (!TextRules.IsText(release.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        return state.ArePointsFrozen ? new PointsReleased { At = release.At, Origin = release.Origin, Reason = release.Reason } : Decision<CustomerEvent>.AlreadyDone;
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, WakeCustomer wake, Programme programme)
    {
        var events = default(EventList);
        events.Add(Burning.Expire(state, wake, out _));
        events.Add(CouponRules.Expire(state, wake));
        events.Add(TierTerms.Review(state, wake, programme));
        events.Add(BasketRules.Expire(state, wake));
        return events.ToDecision();
    }

    private static Decision<CustomerEvent> Give(CustomerState state, AdjustPoints adjust, Programme programme)
    {
        var events = default(EventList);
        events.Add(Burning.Expire(state, adjust, out var expired));
        var debtPaid = Points.Min(state.Debt, adjust.Points);
        var rest = adjust.Points - debtPaid;
        LotGrant[] granted = [];
        if (rest > Points.Zero)
        {
            var life = PointLife.OfGiven(state, adjust.At, adjust.UtcOffsetMinutes, programme);
            granted = [new LotGrant(state.LastLot + 1, rest, adjust.At, life.End, life.ByInactivity)];
        }

        events.Add(new PointsAdjusted
        {
            At = adjust.At,
            Origin = adjust.Origin,
            Points = adjust.Points,
            Reason = adjust.Reason,
            LotsGranted = granted,
            DebtPaid = debtPaid,
            Balance = state.Balance - expired + adjust.Points,
        });
        events.Add(LotMerging.Decide(state, adjust, [], granted.Length, state.LastLot + granted.Length));
        return events.ToDecision();
    }

    private static Decision<CustomerEvent> Take(CustomerState state, AdjustPoints adjust, Programme programme)
    {
        var need = -adjust.Points;
        var expiry = Burning.Expire(state, adjust, out var expired);
        var taken = Burning.Take(state.Lots, adjust.At, need, activeOnly: false);
        var debt = need - Burning.Sum(taken);
        if (debt > Points.Zero && !programme.NegativeBalance) return CustomerRejections.NotEnoughPoints.At("points");
        if (BasketRules.RefuseTaking(state, adjust, taken) is { } held) return held;

        var events = default(EventList);
        events.Add(expiry);
        events.Add(new PointsAdjusted
        {
            At = adjust.At,
            Origin = adjust.Origin,
            Points = adjust.Points,
            Reason = adjust.Reason,
            LotsTaken = taken,
            DebtAdded = debt,
            Balance = state.Balance - expired - need,
        });
        return events.ToDecision();
    }
}
