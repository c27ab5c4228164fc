using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>What a sale would come to on a customer as it stands. Made by the decider itself, and nothing of it is folded.</summary>
/// <param name="Decision">What would be decided.</param>
/// <param name="UsablePoints">Most points that could pay for it.</param>
/// <param name="UsableStoredValue">Most stored value that could pay for what the points of the sale leave open.</param>
/// <param name="Held">What other open baskets hold then.</param>
/// <param name="Offers">What each coupon of the customer would do alone.</param>
/// <param name="Version">Of the state that was asked.</param>
/// <param name="PointsFrozen">No points can pay now.</param>
public sealed record Quote(Decision<CustomerEvent> Decision, Points UsablePoints, Money UsableStoredValue, Hold Held, IReadOnlyList<CouponOffer> Offers, long Version, bool PointsFrozen)
{
    /// <summary>Works it out. The state is only read.</summary>
    public static Quote Of(CustomerState state, RecordPurchase sale, Programme programme)
    {
        var decision = CustomerDecider.Decide(state, sale, programme);
        var (points, card) = (Points.Zero, Money.Zero);
        CouponOffer[] offers = [];
        // What is refused may have lines that add up to nothing sensible.
        if (decision.Rejection is null && decision.Events.OfType<PurchaseRecorded>().SingleOrDefault() is { Amount: var amount })
        {
            offers = CouponOffer.Of(state, sale, programme);
            if (programme.PointValue > Money.Zero && !state.ArePointsFrozen) points = Points.Min(state.FreePointsAt(sale.At, sale.Basket), new Points(amount.Minor / programme.PointValue.Minor));
            var open = new Money(amount.Minor - (sale.UsePoints.Count * programme.PointValue.Minor));
            var free = state.FreeStoredValueAt(sale.At, sale.Basket);
            if (!state.IsStoredValueFrozen) card = free < open ? free : open;
        }

        return new Quote(decision, points, card, state.HeldAt(sale.At, sale.Basket), offers, state.Version, state.ArePointsFrozen);
    }
}
