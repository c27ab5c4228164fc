using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>What became of a coupon that was put to an example basket.</summary>
/// <param name="Kind">Its kind, as it was asked for.</param>
/// <param name="Known">The kind in the programme; null when it has none.</param>
/// <param name="Discount">What it takes off; 0 when it does not apply.</param>
/// <param name="Lines">What of that each line bears, in the order of the basket.</param>
/// <param name="Why">Why it does not apply; null when it does.</param>
/// <param name="Missing">How much more would reach its minimum; 0 when that is not what is missing.</param>
public sealed record CouponTrial(string Kind, CouponKind? Known, Money Discount, IReadOnlyList<Money> Lines, Rejection? Why, Money Missing);

/// <summary>An example basket under a programme, with coupons as if they had just been issued.</summary>
/// <param name="Report">What it earns, on what member prices and coupons leave.</param>
/// <param name="Coupons">The coupons, in the order in which they were asked for.</param>
public sealed record BasketTrial(EarningReport Report, IReadOnlyList<CouponTrial> Coupons)
{
    /// <summary>What member prices take off lines, where they were asked for.</summary>
    public IReadOnlyList<MemberPriceUse> MemberPrices { get; private init; } = [];
    /// <summary>Lines whose goods are not on sale yet for this member, where prices were asked for.</summary>
    public IReadOnlyList<int> NotOnSale { get; private init; } = [];

    /// <summary>Works it out. The lines have been checked.</summary>
    /// <param name="programme">The rules.</param>
    /// <param name="sale">Facts of the receipt.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="kinds">A kind for each coupon.</param>
    /// <param name="asksPrices">Member prices are taken off first, as of a till that asks for them.</param>
    /// <param name="at">When.</param>
    /// <param name="utcOffsetMinutes">Offset of the local time then.</param>
    public static BasketTrial Of(
        Programme programme, in SaleFacts sale, IReadOnlyList<PurchaseLine> lines, IReadOnlyList<string> kinds, bool asksPrices, Timestamp at, int utcOffsetMinutes)
    {
        var parts = new LinePoints[lines.Count];
        for (var i = 0; i < parts.Length; i++) parts[i] = LinePoints.Of(lines[i]);
        var prices = asksPrices ? SalePrices.TakeOff(lines, programme, sale, parts, out _) : [];
        var trials = new CouponTrial[kinds.Count];
        var picks = new List<CouponPick>(kinds.Count);
        for (var i = 0; i < trials.Length; i++)
        {
            var kind = programme.Coupons.Find(kinds[i]);
            trials[i] = new CouponTrial(kinds[i], kind, Money.Zero, [], null, Money.Zero);
            if (kind is null) trials[i] = trials[i] with { Why = CustomerRejections.CouponKindGone };
            else if (CouponRules.LifeOf(kind, at, utcOffsetMinutes) is not { } life) trials[i] = trials[i] with { Why = CustomerRejections.CouponOver };
            else if (life.From > at) trials[i] = trials[i] with { Why = CustomerRejections.CouponNotYet };
            else picks.Add(new CouponPick { Coupon = new HeldCoupon(i + 1, kind.Id, life.From, life.Until, null), Kind = kind, Place = i });
        }

        Put(programme, sale, lines, picks, parts, trials);
        return new BasketTrial(EarningReport.Of(programme, sale, lines, parts), trials) { MemberPrices = prices, NotOnSale = asksPrices ? SalePrices.NotOnSale(lines, programme, sale) : [] };
    }

    private static void Put(Programme programme, in SaleFacts sale, IReadOnlyList<PurchaseLine> lines, List<CouponPick> picks, LinePoints[] parts, CouponTrial[] trials)
    {
        var chosen = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(picks);
        CouponWork.Sort(chosen);
        var (before, off) = (CouponWork.AmountsOf(parts), new long[chosen.Length * parts.Length]);
        CouponWork.Work(chosen, programme.Coupons.Categories, sale, new SentLines(lines), parts, off);
        for (var i = 0; i < chosen.Length; i++)
        {
            var pick = chosen[i];
            var isBelow = pick.Why?.Code == CustomerRejections.CouponBelowMinimum.Code;
            trials[pick.Place] = trials[pick.Place] with
            {
                Discount = pick.Discount,
                Lines = [.. off.AsSpan(i * parts.Length, parts.Length).ToArray().Select(static minor => new Money(minor))],
                Why = pick.Why,
                Missing = isBelow ? CouponWork.Missing(pick.Kind, sale, new SentLines(lines), before) : Money.Zero,
            };
        }
    }
}
