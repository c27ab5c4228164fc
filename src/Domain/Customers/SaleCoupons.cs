using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>The coupons of a sale that is decided.</summary>
/// <param name="Uses">Those that were used.</param>
/// <param name="Shares">What they took off each line.</param>
/// <param name="Skipped">Those that were left alone.</param>
/// <param name="Off">What they took off in all.</param>
internal readonly record struct SaleCoupons(CouponUse[] Uses, Money[] Shares, SkippedCoupon[] Skipped, Money Off)
{
    public static SaleCoupons None { get; } = new([], [], [], Money.Zero);

    /// <summary>Puts the coupons of a sale to its lines: the refusal of the sale, or what they take off, which is taken off <paramref name="parts"/>.</summary>
    public static Rejection? Work(CustomerState state, RecordPurchase purchase, Programme programme, in SaleFacts sale, Span<LinePoints> parts, out SaleCoupons coupons)
    {
        coupons = None;
        if (purchase.Coupons is not { Count: > 0 } numbers) return null;
        var picks = new CouponPick[numbers.Count];
        List<SkippedCoupon>? skipped = null;
        var count = 0;
        for (var i = 0; i < numbers.Count; i++)
        {
            if (Find(state, numbers[i], purchase.At, purchase.Basket, programme, out picks[count]) is not { } why)
            {
                picks[count++].Place = i;
                continue;
            }

            if (!purchase.SkipCoupons) return why.At(FieldOf(i));
            (skipped ??= []).Add(new SkippedCoupon(numbers[i], why.Code));
        }

        var chosen = picks.AsSpan(0, count);
        CouponWork.Sort(chosen);
        var off = new long[count * parts.Length];
        CouponWork.Work(chosen, programme.Coupons.Categories, sale, new SentLines(purchase.Lines), parts, off);
        foreach (ref readonly var pick in chosen)
        {
            if (pick.Why is not { } why) continue;
            if (!purchase.SkipCoupons) return why.At(FieldOf(pick.Place));
            (skipped ??= []).Add(new SkippedCoupon(pick.Coupon.Number, why.Code));
        }

        coupons = new SaleCoupons(UsesOf(chosen), SharesOf(off, parts.Length), skipped?.ToArray() ?? [], Money.Zero);
        if (coupons.Uses.Length == 0) coupons = coupons with { Shares = [] };
        foreach (var use in coupons.Uses) coupons = coupons with { Off = coupons.Off + use.Discount };
        return null;
    }

    /// <summary>Why a coupon can't be put to any basket now; and the coupon.</summary>
    /// <param name="state">The customer.</param>
    /// <param name="number">The coupon's number.</param>
    /// <param name="at">Now.</param>
    /// <param name="basket">Number of the basket whose own hold is free; 0 for none.</param>
    /// <param name="programme">The rules.</param>
    /// <param name="pick">The coupon.</param>
    public static Rejection? Find(CustomerState state, int number, Timestamp at, long basket, Programme programme, out CouponPick pick)
    {
        pick = default;
        if (state.CouponAt(number) is var place && place < 0) return CustomerRejections.CouponNotHeld;
        var coupon = state.Coupons[place];
        if (coupon.IsOver(at)) return CustomerRejections.CouponNotHeld;
        if (coupon.From > at) return CustomerRejections.CouponNotYet;
        if (programme.Coupons.Find(coupon.Kind) is not { } kind) return CustomerRejections.CouponKindGone;
        if (state.HasBaskets && state.IsCouponHeld(number, at, basket)) return CustomerRejections.CouponHeld;
        pick = new CouponPick { Coupon = coupon, Kind = kind };
        return null;
    }

    private static string FieldOf(int place) => $"coupons[{place}]";

    private static CouponUse[] UsesOf(ReadOnlySpan<CouponPick> picks)
    {
        var count = 0;
        foreach (ref readonly var pick in picks) count += pick.Why is null ? 1 : 0;
        var uses = new CouponUse[count];
        count = 0;
        foreach (ref readonly var pick in picks)
        {
            if (pick.Why is null)
                uses[count++] = new CouponUse(pick.Coupon.Number, pick.Coupon.Kind, pick.Discount, pick.Kind.Bearer, pick.Coupon.Issuer, pick.Coupon.Until);
        }

        return uses;
    }

    private static Money[] SharesOf(ReadOnlySpan<long> off, int lines)
    {
        var shares = new Money[lines];
        for (var i = 0; i < off.Length; i++) shares[i % lines] += new Money(off[i]);
        return shares;
    }
}
