using System.Diagnostics;
using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Silo.Why;

/// <summary>Why something is held, or no longer.</summary>
internal static class BasketReasons
{
    /// <summary>The reason behind an event of a basket.</summary>
    public static WhyReason Of(CustomerEvent happened, Names names) => happened switch
    {
        BasketOpened e => Reason("basket.opened", e.Basket, e.Hold, e.Coupons, e.EndsAt, new(
            $"购物篮预占{Held(e.Hold, names, e.Coupons).Zh}，至 {names.TimeOf(e.EndsAt)}；期间其他交易不能使用。",
            $"A basket holds {Held(e.Hold, names, e.Coupons).En} until {names.TimeOf(e.EndsAt)}; nobody else can use them meanwhile.")),
        BasketChanged e => Reason("basket.changed", e.Basket, e.Hold, e.Coupons, e.EndsAt, new(
            $"购物篮的预占由{Held(e.HoldBefore, names).Zh}改为{Held(e.Hold, names, e.Coupons).Zh}，重新计时至 {names.TimeOf(e.EndsAt)}。",
            $"The basket holds {Held(e.Hold, names, e.Coupons).En} in place of {Held(e.HoldBefore, names).En}, and its time begins anew: until {names.TimeOf(e.EndsAt)}.")),
        BasketCancelled e => Reason("basket.cancelled", e.Basket, e.Hold, [], null, new(
            $"购物篮已取消，释放{Held(e.Hold, names).Zh}。", $"The basket was cancelled; {Held(e.Hold, names).En} are free again.")),
        BasketCommitted e => Reason("basket.paid", e.Basket, e.Hold, [], null, new(
            $"本单结清了购物篮，其预占的{Held(e.Hold, names).Zh}随之解除。", $"This sale pays the basket; its hold of {Held(e.Hold, names).En} ends with it.")),
        BasketsExpired e => Expired(e, names),
        _ => throw new UnreachableException($"No reason for {happened.GetType().Name}."),
    };

    private static WhyReason Expired(BasketsExpired over, Names names)
    {
        var held = Held(over.Baskets.Aggregate(Hold.None, static (sum, basket) => sum + basket.Hold), names, [.. over.Baskets.SelectMany(static basket => basket.Coupons ?? [])]);
        return new WhyReason
        {
            Code = "basket.expired", Facts = [new("baskets", string.Join(',', over.Baskets.Select(static basket => Text(basket.Number))))],
            Zh = $"{over.Baskets.Count} 个购物篮的预占时间已到，释放{held.Zh}。",
            En = over.Baskets.Count == 1 ? $"The time of a basket is over; {held.En} are free again." : $"The time of {over.Baskets.Count} baskets is over; {held.En} are free again.",
        };
    }

    private static WhyReason Reason(string code, long number, Hold hold, IReadOnlyList<int> coupons, Timestamp? endsAt, Sentence sentence) => new()
    {
        Code = code,
        Facts =
        [
            new("basket", Text(number)), new("points", Text(hold.Points.Count)), new("storedValueMinor", Text(hold.StoredValue.Minor)),
            .. coupons.Count > 0 ? (WhyFact[])[new("coupons", string.Join(',', coupons.Select(static coupon => Text(coupon))))] : [],
            .. endsAt is { } end ? (WhyFact[])[new("endsAt", DateTimeOffset.FromUnixTimeMilliseconds(end.UnixMs).ToString("O", CultureInfo.InvariantCulture))] : [],
        ],
        Zh = sentence.Zh, En = sentence.En,
    };

    /// <summary>What is held, each part only where there is some. An entry that ends a basket, or says what it held before, does not name its coupons: nothing else there is all that it held.</summary>
    private static Sentence Held(Hold hold, Names names, IReadOnlyList<int>? coupons = null)
    {
        var parts = new List<Sentence>(3);
        if (hold.Points > Points.Zero) parts.Add(new($" {Names.Number(hold.Points.Count)} 分", $"{Names.Number(hold.Points.Count)} points"));
        if (hold.StoredValue > Money.Zero) parts.Add(new($"储值 {names.Money(hold.StoredValue)}", $"{names.Money(hold.StoredValue)} of stored value"));
        if (coupons is { Count: > 0 })
            parts.Add(new($"优惠券 {string.Join('、', coupons.Select(static coupon => $"{Text(coupon)} 号"))}", $"{(coupons.Count == 1 ? "coupon" : "coupons")} {string.Join(", ", coupons.Select(static coupon => Text(coupon)))}"));
        if (parts.Count == 0) return new("优惠券", "coupons");
        return new(string.Join('和', parts.Select(static part => part.Zh)), string.Join(" and ", parts.Select(static part => part.En)));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
