using ChainCrm.Client.Wire;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Silo.Api;

/// <summary>Baskets in statements, and holds on the wire.</summary>
internal static class BasketViews
{
    /// <summary>What is held.</summary>
    public static HoldView Of(Hold hold, IReadOnlyList<int>? coupons = null) => new(hold.Points.Count, hold.StoredValue.Minor) { Coupons = coupons is { Count: > 0 } ? coupons : null };

    /// <summary>The line of an entry of a basket; null when the event is none of a basket. Held says by how much more, or less, is held since.</summary>
    public static StatementLine? LineOf(StatementLine line, string customer, CustomerEvent happened) => happened switch
    {
        BasketOpened e => line with { Kind = "basket-opened", Basket = BasketIds.Of(customer, e.Basket), Held = Of(e.Hold, e.Coupons) },
        BasketChanged e => line with { Kind = "basket-changed", Basket = BasketIds.Of(customer, e.Basket), Held = Of(e.Hold - e.HoldBefore, e.Coupons) },
        BasketCancelled e => line with { Kind = "basket-cancelled", Basket = BasketIds.Of(customer, e.Basket), Held = Of(Hold.None - e.Hold) },
        BasketCommitted e => line with { Kind = "basket-paid", Basket = BasketIds.Of(customer, e.Basket), Held = Of(Hold.None - e.Hold) },
        BasketsExpired e => line with
        {
            Kind = "basket-expired", Basket = e.Baskets is [var only] ? BasketIds.Of(customer, only.Number) : null,
            Held = Of(e.Baskets.Aggregate(Hold.None, static (sum, basket) => sum - basket.Hold), [.. e.Baskets.SelectMany(static basket => basket.Coupons ?? [])]),
        },
        _ => null,
    };
}
