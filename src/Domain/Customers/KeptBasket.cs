using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;

namespace ChainCrm.Domain.Customers;

/// <summary>
/// What of a receipt stays with the customer when something comes back, and what that costs: its coupons are worked out again for what is kept
/// (docs/domain/coupons.md, docs/domain/returns.md). What is paid back is what had been paid less what the rest costs, never less than nothing.
/// </summary>
internal readonly struct KeptBasket
{
    private KeptBasket(LinePoints[] parts, Money refund, Money refundSoFar, Money adjustment, Money adjustmentSoFar) =>
        (Parts, Refund, RefundSoFar, Adjustment, AdjustmentSoFar, Back, BackSoFar) = (parts, refund, refundSoFar, adjustment, adjustmentSoFar, [], []);

    /// <summary>What each line that is kept costs.</summary>
    public LinePoints[] Parts { get; }
    /// <summary>What is paid back with this return, and with all so far.</summary>
    public Money Refund { get; }
    public Money RefundSoFar { get; }
    /// <summary>How much more, or less, that is than what the lines had cost: with this return, and with all so far.</summary>
    public Money Adjustment { get; }
    public Money AdjustmentSoFar { get; }
    /// <summary>Coupons that come back.</summary>
    public HeldCoupon[] Back { get; private init; }
    /// <summary>Numbers of all that came back so far.</summary>
    public IReadOnlyList<int> BackSoFar { get; private init; }

    /// <summary>Works it out.</summary>
    public static KeptBasket Of(CustomerState state, ReturnLines back, PurchaseRecorded purchase, in ReturnedLines lines, int graceDays)
    {
        if (purchase.Coupons.Count == 0) return new KeptBasket(lines.Kept(purchase), lines.Amount, lines.AmountSoFar, Money.Zero, Money.Zero);
        var parts = lines.KeptBeforeCoupons(purchase);
        var fallen = TakeOff(back, purchase, lines, parts);
        var adjustedBefore = back.LastReturn?.CouponAdjustmentSoFar ?? Money.Zero;
        var paid = purchase.Amount - (lines.AmountSoFar - lines.Amount + adjustedBefore);
        var costs = CouponWork.SumOf(CouponWork.AmountsOf(parts));
        // Nobody pays for bringing something back: what the rest costs more stays with the customer, and the coupons stay used for it.
        var isCovered = costs <= paid;
        if (!isCovered) Lower(parts, paid, costs);
        var soFar = purchase.Amount - (isCovered ? costs : paid);
        var kept = new KeptBasket(parts, paid - (purchase.Amount - soFar), soFar, soFar - lines.AmountSoFar - adjustedBefore, soFar - lines.AmountSoFar);
        return isCovered ? kept.WithBack(state, back, purchase, fallen, graceDays) : kept with { BackSoFar = back.LastReturn?.CouponsBackSoFar ?? [] };
    }

    /// <summary>Takes the coupons of the sale off what is kept; the places of those that fall away.</summary>
    private static bool[] TakeOff(ReturnLines back, PurchaseRecorded purchase, in ReturnedLines lines, LinePoints[] parts)
    {
        var programme = back.PurchaseProgramme ?? throw new InvalidOperationException("The programme that decided the purchase was not loaded.");
        var sale = KeptPoints.FactsOf(purchase, programme);
        var sold = new RecordedLines(purchase.Lines);
        var picks = PicksOf(purchase, programme);
        var whole = KeptPoints.BeforeCoupons(purchase);
        var off = new long[picks.Length * whole.Length];
        CouponWork.Work(picks, programme.Coupons.Categories, sale, sold, whole, off);
        var before = CouponWork.AmountsOf(parts);
        var fallen = new bool[picks.Length];
        for (var i = 0; i < picks.Length; i++)
        {
            var now = off.AsSpan(i * whole.Length, whole.Length);
            if (IsBack(back.LastReturn, picks[i].Coupon.Number)) fallen[i] = true;
            else if (picks[i].Kind.OnReturn == CouponReturnPolicy.Recheck) fallen[i] = CouponWork.Apply(picks[i].Kind, sale, sold, parts, before, now) is not null;
            else fallen[i] = !TakeShares(lines.KeptOf(purchase, now), parts);
        }

        return fallen;
    }

    private static CouponPick[] PicksOf(PurchaseRecorded purchase, Programme programme)
    {
        var picks = new CouponPick[purchase.Coupons.Count];
        for (var i = 0; i < picks.Length; i++)
        {
            var use = purchase.Coupons[i];
            picks[i].Coupon = new HeldCoupon(use.Number, use.Kind, purchase.At, use.Until, use.Issuer);
            picks[i].Kind = programme.Coupons.Find(use.Kind) ?? throw new InvalidOperationException("The programme that decided the purchase does not know its coupon.");
        }

        return picks;
    }

    private static bool TakeShares(ReadOnlySpan<long> shares, Span<LinePoints> parts)
    {
        var any = false;
        for (var i = 0; i < parts.Length; i++)
        {
            any |= shares[i] > 0;
            parts[i].Amount -= new Money(Math.Min(shares[i], parts[i].Amount.Minor));
        }

        return any;
    }

    private static void Lower(Span<LinePoints> parts, Money paid, Money costs)
    {
        var (costsUpTo, paidUpTo) = (0L, 0L);
        foreach (ref var part in parts)
        {
            costsUpTo += part.Amount.Minor;
            var upTo = Shares.Floor(paid.Minor, costsUpTo, costs.Minor);
            part.Amount = new Money(upTo - paidUpTo);
            paidUpTo = upTo;
        }
    }

    private KeptBasket WithBack(CustomerState state, ReturnLines back, PurchaseRecorded purchase, bool[] fallen, int graceDays)
    {
        var coupons = new List<HeldCoupon>();
        var all = new List<int>(back.LastReturn?.CouponsBackSoFar ?? []);
        for (var i = 0; i < fallen.Length; i++)
        {
            var use = purchase.Coupons[i];
            if (!fallen[i] || IsBack(back.LastReturn, use.Number)) continue;
            all.Add(use.Number);
            var until = use.Until <= back.At ? SaleTimes.AddDays(back.At, graceDays) : use.Until;
            if (!(until <= back.At) && !state.IsCouponVoid(use.Number) && state.Coupons.Length + coupons.Count < Limits.CouponsWithReturnsMax)
                coupons.Add(new HeldCoupon(use.Number, use.Kind, purchase.At, until, use.Issuer));
        }

        return this with { Back = [.. coupons], BackSoFar = [.. all] };
    }

    private static bool IsBack(LinesReturned? last, int number)
    {
        foreach (var other in last?.CouponsBackSoFar ?? [])
        {
            if (other == number) return true;
        }

        return false;
    }
}
