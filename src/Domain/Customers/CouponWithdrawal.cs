using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;

namespace ChainCrm.Domain.Customers;

/// <summary>Coupons that a purchase had brought and that what is kept of it would not have brought: they go, where they are still held (docs/domain/coupons.md).</summary>
internal static class CouponWithdrawal
{
    /// <summary>Which go now; of those that are not held any more, the numbers, which will not come back; and the numbers of all that went so far.</summary>
    /// <param name="state">Before the return.</param>
    /// <param name="back">The return.</param>
    /// <param name="purchase">The purchase.</param>
    /// <param name="kept">What each line that is kept costs.</param>
    /// <param name="taken">The tier that this return leaves of the one before; null when it takes none.</param>
    public static (WithdrawnCoupon[] Now, int[] Void, int[] SoFar) Decide(CustomerState state, ReturnLines back, PurchaseRecorded purchase, ReadOnlySpan<LinePoints> kept, TierId? taken)
    {
        if (back.PurchaseCoupons is not { } brought) return ([], [], []);
        var programme = back.PurchaseProgramme ?? throw new InvalidOperationException("The programme that decided the purchase was not loaded.");
        var before = back.LastReturn?.CouponsWithdrawnSoFar ?? [];
        // A tier that had ended by time before is not taken by this return.
        var reached = programme.RankOf(purchase.Tier);
        var takesTier = taken is { } left && programme.RankOf(state.Tier) >= reached && programme.RankOf(left) < reached;
        var soFar = new List<int>(before);
        var now = new List<WithdrawnCoupon>();
        var voids = new List<int>();
        foreach (var coupon in brought.Coupons)
        {
            if (soFar.Contains(coupon.Number) || StillDue(coupon, programme, purchase, kept, takesTier)) continue;
            soFar.Add(coupon.Number);
            if (state.CouponAt(coupon.Number) >= 0) now.Add(new WithdrawnCoupon(coupon.Number, coupon.Kind, coupon.Counted));
            else voids.Add(coupon.Number);
        }

        return ([.. now], [.. voids], [.. soFar]);
    }

    private static bool StillDue(in IssuedCoupon coupon, Programme programme, PurchaseRecorded purchase, ReadOnlySpan<LinePoints> kept, bool takesTier)
    {
        foreach (var rule in programme.Coupons.Rules)
        {
            if (rule.Id != coupon.Rule) continue;
            return rule.On == CouponOccasion.TierReached
                ? !takesTier
                : CouponIssuing.Holds(rule, KeptPoints.FactsOf(purchase, programme), new RecordedLines(purchase.Lines), kept);
        }

        return true;
    }
}
