using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>What one coupon of the customer would do alone to a basket (F21): which offers apply, which nearly do, and why not.</summary>
/// <param name="Coupon">The coupon.</param>
/// <param name="Kind">Its kind; null when the programme no longer has it.</param>
/// <param name="Discount">What it would take off; 0 when it does not apply.</param>
/// <param name="Why">Why it does not apply; null when it does.</param>
/// <param name="Missing">How much more of the goods it is for, or of the whole receipt, it would need; 0 when that is not what is missing.</param>
public readonly record struct CouponOffer(HeldCoupon Coupon, CouponKind? Kind, Money Discount, Rejection? Why, Money Missing)
{
    /// <summary>Every coupon that is not over, those that take most off first, then those that need least.</summary>
    internal static CouponOffer[] Of(CustomerState state, RecordPurchase sale, Programme programme)
    {
        var offers = new List<CouponOffer>();
        LinePoints[] whole = [.. sale.Lines.Select(static line => LinePoints.Of(line))];
        var facts = Purchases.FactsOf(state, sale, programme, programme.TierOf(state.Tier));
        SalePrices.TakeOff(sale, programme, facts, whole, out _);
        var basket = new Basket(new SentLines(sale.Lines), whole, CouponWork.AmountsOf(whole), new LinePoints[whole.Length], new long[whole.Length]);
        foreach (ref readonly var coupon in state.Coupons)
        {
            if (!coupon.IsOver(sale.At)) offers.Add(Of(state, coupon, sale, programme, facts, basket));
        }

        return [.. offers.OrderByDescending(static offer => offer.Discount).ThenBy(static offer => offer.Missing == Money.Zero).ThenBy(static offer => offer.Missing)];
    }

    private static CouponOffer Of(CustomerState state, in HeldCoupon coupon, RecordPurchase sale, Programme programme, in SaleFacts facts, Basket basket)
    {
        if (SaleCoupons.Find(state, coupon.Number, sale.At, sale.Basket, programme, out var pick) is { } not)
            return new CouponOffer(coupon, programme.Coupons.Find(coupon.Kind), Money.Zero, not, Money.Zero);
        // Each is put to the whole basket, in the same place: a long receipt and many coupons ask for no memory each.
        basket.Whole.CopyTo(basket.Parts, 0);
        var why = CouponWork.Apply(pick.Kind, facts, basket.Lines, basket.Parts, basket.Before, basket.Off);
        var isBelow = why?.Code == CustomerRejections.CouponBelowMinimum.Code;
        return new CouponOffer(coupon, pick.Kind, CouponWork.SumOf(basket.Off), why, isBelow ? CouponWork.Missing(pick.Kind, facts, basket.Lines, basket.Before) : Money.Zero);
    }

    private sealed record Basket(SentLines Lines, LinePoints[] Whole, long[] Before, LinePoints[] Parts, long[] Off);
}
