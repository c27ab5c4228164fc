using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>Coupons that something brings by itself. Never a reason to refuse it: what does not fit is not issued (docs/domain/coupons.md).</summary>
/// <param name="State">The customer before.</param>
/// <param name="Command">What happens.</param>
/// <param name="Programme">Whose rules count.</param>
/// <param name="UtcOffsetMinutes">Local time less UTC.</param>
internal readonly record struct CouponIssuing(CustomerState State, CustomerCommand Command, Programme Programme, int UtcOffsetMinutes)
{
    /// <summary>What a member gets for becoming one; null for nothing.</summary>
    public CouponsIssued? ForEnrolment() => Programme.Coupons.Rules.Count == 0 ? null : Issue(Earning.DayOf(Command.At, UtcOffsetMinutes), static rule => rule.On == CouponOccasion.Enrolment);

    /// <summary>What a top-up brings; null for nothing.</summary>
    public CouponsIssued? ForTopUp(Money amount) => Programme.Coupons.Rules.Count == 0
        ? null
        : Issue(Earning.DayOf(Command.At, UtcOffsetMinutes), rule => rule.On == CouponOccasion.TopUp && amount >= rule.MinimumAmount);

    /// <summary>What a purchase brings, and a tier that it reaches; null for nothing.</summary>
    /// <param name="day">Its business day.</param>
    /// <param name="sale">Facts of the receipt.</param>
    /// <param name="lines">What conditions ask of each line.</param>
    /// <param name="parts">What each line comes to after coupons.</param>
    /// <param name="reached">The tier it reaches; null when it reaches none.</param>
    public CouponsIssued? ForPurchase<TLines>(BusinessDay day, in SaleFacts sale, TLines lines, ReadOnlySpan<LinePoints> parts, TierId? reached)
        where TLines : struct, ISoldLines
    {
        if (Programme.Coupons.Rules.Count == 0) return null;
        var due = new List<CouponRule>();
        foreach (var rule in Programme.Coupons.Rules)
        {
            if (rule.On == CouponOccasion.TierReached ? Reaches(rule, reached) : Holds(rule, sale, lines, parts)) due.Add(rule);
        }

        return Issue(day, due);
    }

    /// <summary>Whether a rule for purchases holds for what of a receipt is kept.</summary>
    public static bool Holds<TLines>(CouponRule rule, in SaleFacts sale, TLines lines, ReadOnlySpan<LinePoints> parts)
        where TLines : struct, ISoldLines
    {
        if (rule.On != CouponOccasion.Purchase || !rule.OfReceipt.Holds(sale, default)) return false;
        var (any, amount) = (false, Money.Zero);
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Amount == Money.Zero && parts[i].Quantity.Milli == 0) continue;
            if (!rule.OfLine.Holds(sale, lines.FactsOf(i))) continue;
            any = true;
            amount += parts[i].Amount;
        }

        return any && amount >= rule.MinimumAmount;
    }

    private static bool Reaches(CouponRule rule, TierId? reached) => reached is { } tier && (rule.Tier is null || rule.Tier == tier);

    private CouponsIssued? Issue(BusinessDay day, Func<CouponRule, bool> isDue) => Issue(day, Programme.Coupons.Rules.Where(isDue));

    private CouponsIssued? Issue(BusinessDay day, IEnumerable<CouponRule> due)
    {
        List<IssuedCoupon>? coupons = null;
        var space = Limits.HeldCouponsMax - State.Coupons.Length;
        foreach (var rule in due)
        {
            if (!rule.Enabled) continue;
            if (Programme.Coupons.Find(rule.Kind) is not { Enabled: true } kind || CouponRules.LifeOf(kind, Command.At, UtcOffsetMinutes) is not { } life) continue;
            var room = CouponRules.RoomOf(State, kind, day);
            foreach (var coupon in coupons ?? [])
            {
                if (coupon.Kind == kind.Id) room--;
            }

            for (var i = 0; i < rule.Count && room > 0 && space > 0; i++, room--, space--)
                (coupons ??= []).Add(CouponRules.CouponOf(kind, State.LastCoupon + 1 + coupons.Count, life, rule.Id));
        }

        return coupons is null ? null : new CouponsIssued { At = Command.At, Origin = Command.Origin, Coupons = coupons.ToArray(), Day = day };
    }
}
