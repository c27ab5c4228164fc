using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>Coupons outside a sale: issued by hand or by a rule, taken away, ended (docs/domain/coupons.md).</summary>
internal static class CouponRules
{
    public static Decision<CustomerEvent> Decide(CustomerState state, IssueCoupons issue, Programme programme)
    {
        if (!TextRules.IsText(issue.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (Math.Abs((long)issue.UtcOffsetMinutes) > Limits.UtcOffsetMinutesMax) return CustomerRejections.OffsetInvalid;
        if (issue.Count is < 1 or > Limits.CouponsAtOnceMax) return CustomerRejections.CouponCountInvalid.At("count");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        if (programme.Coupons.Find(issue.Kind ?? "") is not { Enabled: true } kind) return CustomerRejections.CouponKindNotIssued.At("kind");
        var life = LifeOf(kind, issue.At, issue.UtcOffsetMinutes);
        if (life is not { } valid) return CustomerRejections.CouponOver.At("kind");
        var day = Earning.DayOf(issue.At, issue.UtcOffsetMinutes);
        if (RoomOf(state, kind, day) < issue.Count) return CustomerRejections.CouponLimitReached.At("kind");
        var expired = Expire(state, issue);
        if (state.Coupons.Length - (expired?.Coupons.Count ?? 0) + issue.Count > Limits.HeldCouponsMax) return CustomerRejections.TooManyCoupons;

        var coupons = new IssuedCoupon[issue.Count];
        for (var i = 0; i < coupons.Length; i++) coupons[i] = CouponOf(kind, state.LastCoupon + 1 + i, valid, null);
        var events = default(EventList);
        events.Add(expired);
        events.Add(new CouponsIssued { At = issue.At, Origin = issue.Origin, Coupons = coupons, Reason = issue.Reason, Day = day });
        return events.ToDecision();
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, RevokeCoupon revoke)
    {
        if (!TextRules.IsText(revoke.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        var place = state.CouponAt(revoke.Number);
        if (place < 0) return CustomerRejections.CouponNotHeld.At("coupon");
        return new CouponRevoked { At = revoke.At, Origin = revoke.Origin, Number = revoke.Number, Kind = state.Coupons[place].Kind, Reason = revoke.Reason };
    }

    /// <summary>The event that says which coupons are over; null when none is.</summary>
    public static CouponsExpired? Expire(CustomerState state, CustomerCommand command)
    {
        var over = state.CouponsOver(command.At);
        if (over == 0) return null;
        var ended = new EndedCoupon[over];
        for (var i = 0; i < over; i++) ended[i] = new EndedCoupon(state.Coupons[i].Number, state.Coupons[i].Kind);
        return new CouponsExpired { At = command.At, Origin = command.Origin, Coupons = ended };
    }

    /// <summary>From when to when a coupon is good that is issued now; null when it would be over already.</summary>
    public static (Timestamp From, Timestamp? Until)? LifeOf(CouponKind kind, Timestamp at, int utcOffsetMinutes)
    {
        var today = Earning.DayOf(at, utcOffsetMinutes);
        var first = new BusinessDay(today.Number + kind.AfterDays);
        if (kind.FirstDay > first) first = kind.FirstDay.Value;
        var from = first > today ? Earning.StartOf(first, utcOffsetMinutes) : at;
        var last = kind.Days is { } days ? new BusinessDay(first.Number + days) : kind.LastDay;
        if (last > kind.LastDay) last = kind.LastDay;
        if (last is not { } day) return (from, null);
        var until = Earning.StartOf(new BusinessDay(day.Number + 1), utcOffsetMinutes);
        return until > from ? (from, until) : null;
    }

    /// <summary>How many coupons of a kind the customer may still get.</summary>
    public static long RoomOf(CustomerState state, CouponKind kind, BusinessDay day) =>
        kind.PerCustomer is { } cap ? state.RuleRoomOf(CouponKind.CounterOf(kind.Id), cap, day).Count : long.MaxValue;

    public static IssuedCoupon CouponOf(CouponKind kind, int number, (Timestamp From, Timestamp? Until) life, string? rule) =>
        new(number, kind.Id, life.From, life.Until, rule, kind.PerCustomer?.Counted ?? CapPeriods.None);
}
