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
        BasketOpened e => Reason("basket.opened", e.Basket, e.Hold, e.EndsAt, new(
            $"购物篮预占{Held(e.Hold, names).Zh}，至 {names.TimeOf(e.EndsAt)}；期间其他交易不能使用。",
            $"A basket holds {Held(e.Hold, names).En} until {names.TimeOf(e.EndsAt)}; nobody else can use them meanwhile.")),
        BasketChanged e => Reason("basket.changed", e.Basket, e.Hold, e.EndsAt, new(
            $"购物篮的预占由{Held(e.HoldBefore, names).Zh}改为{Held(e.Hold, names).Zh}，重新计时至 {names.TimeOf(e.EndsAt)}。",
            $"The basket holds {Held(e.Hold, names).En} in place of {Held(e.HoldBefore, names).En}, and its time begins anew: until {names.TimeOf(e.EndsAt)}.")),
        BasketCancelled e => Reason("basket.cancelled", e.Basket, e.Hold, null, new(
            $"购物篮已取消，释放{Held(e.Hold, names).Zh}。", $"The basket was cancelled; {Held(e.Hold, names).En} are free again.")),
        BasketCommitted e => Reason("basket.paid", e.Basket, e.Hold, null, new(
            $"本单结清了购物篮，其预占的{Held(e.Hold, names).Zh}随之解除。", $"This sale pays the basket; its hold of {Held(e.Hold, names).En} ends with it.")),
        BasketsExpired e => Expired(e, names),
        _ => throw new UnreachableException($"No reason for {happened.GetType().Name}."),
    };

    private static WhyReason Expired(BasketsExpired over, Names names)
    {
        var held = Held(over.Baskets.Aggregate(Hold.None, static (sum, basket) => sum + basket.Hold), names);
        return new WhyReason
        {
            Code = "basket.expired", Facts = [new("baskets", string.Join(',', over.Baskets.Select(static basket => Text(basket.Number))))],
            Zh = $"{over.Baskets.Count} 个购物篮的预占时间已到，释放{held.Zh}。",
            En = over.Baskets.Count == 1 ? $"The time of a basket is over; {held.En} are free again." : $"The time of {over.Baskets.Count} baskets is over; {held.En} are free again.",
        };
    }

    private static WhyReason Reason(string code, long number, Hold hold, Timestamp? endsAt, Sentence sentence) => new()
    {
        Code = code,
        Facts =
        [
            new("basket", Text(number)), new("points", Text(hold.Points.Count)), new("storedValueMinor", Text(hold.StoredValue.Minor)),
            .. endsAt is { } end ? (WhyFact[])[new("endsAt", DateTimeOffset.FromUnixTimeMilliseconds(end.UnixMs).ToString("O", CultureInfo.InvariantCulture))] : [],
        ],
        Zh = sentence.Zh, En = sentence.En,
    };

    private static Sentence Held(Hold hold, Names names)
    {
        var points = new Sentence($" {Names.Number(hold.Points.Count)} 分", $"{Names.Number(hold.Points.Count)} points");
        var card = new Sentence($"储值 {names.Money(hold.StoredValue)}", $"{names.Money(hold.StoredValue)} of stored value");
        if (hold.StoredValue == Money.Zero) return points;
        return hold.Points == Points.Zero ? card : new($"{points.Zh}和{card.Zh}", $"{points.En} and {card.En}");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
