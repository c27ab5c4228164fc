namespace ChainCrm.Domain.Customers;

// Baskets. A customer without one has no memory for any.
public sealed partial class CustomerState
{
    /// <summary>Baskets that were opened and not closed yet, oldest first; those whose lease ran out a moment ago among them.</summary>
    public ReadOnlySpan<Basket> Baskets => _seldom is null ? [] : _seldom.Baskets;

    /// <summary>There may be holds.</summary>
    internal bool HasBaskets => _seldom?.Baskets is not null;

    /// <summary>The soonest that anything is due: points or coupons end, the tier does or is looked at ahead, a lease runs out, a delivery is to be looked after. Null when nothing is.</summary>
    public Timestamp? NextDue
    {
        get
        {
            var due = NextExpiry;
            if ((TierNoticeAt ?? TierUntil) is { } tier && !(due <= tier)) due = tier;
            if (HasBaskets)
            {
                foreach (ref readonly var basket in Baskets)
                {
                    if (due is not { } soonest || basket.EndsAt < soonest) due = basket.EndsAt;
                }
            }

            return NextDelivery is { } delivery && !(due <= delivery) ? delivery : due;
        }
    }

    /// <summary>What open baskets hold at a time.</summary>
    /// <param name="at">A basket whose lease has run out by then holds nothing.</param>
    /// <param name="except">Number of a basket that is not counted; 0 for none.</param>
    public Hold HeldAt(Timestamp at, long except = 0)
    {
        var sum = Hold.None;
        foreach (ref readonly var basket in Baskets)
        {
            if (basket.Number != except && basket.IsOpen(at)) sum += basket.Hold;
        }

        return sum;
    }

    /// <summary>What can be spent at a time and is not held by a basket.</summary>
    /// <param name="at">When.</param>
    /// <param name="except">Number of the basket whose own hold is free; 0 for none.</param>
    public Points FreePointsAt(Timestamp at, long except = 0)
    {
        var spendable = SpendableAt(at);
        // Points may have ended, or been taken back by a return, while they were held.
        return HasBaskets ? Points.Max(Points.Zero, spendable - HeldAt(at, except).Points) : spendable;
    }

    /// <summary>Stored value that is not held by a basket, frozen or not.</summary>
    /// <param name="at">When.</param>
    /// <param name="except">Number of the basket whose own hold is free; 0 for none.</param>
    public Money FreeStoredValueAt(Timestamp at, long except = 0) =>
        HasBaskets ? StoredValue.Sum() - HeldAt(at, except).StoredValue : StoredValue.Sum();

    /// <summary>A coupon is held by an open basket.</summary>
    /// <param name="number">The coupon.</param>
    /// <param name="at">When.</param>
    /// <param name="except">Number of the basket whose own hold is free; 0 for none.</param>
    public bool IsCouponHeld(int number, Timestamp at, long except = 0)
    {
        foreach (ref readonly var basket in Baskets)
        {
            if (basket.Number != except && basket.IsOpen(at) && basket.HoldsCoupon(number)) return true;
        }

        return false;
    }

    /// <summary>A basket that is open at a time; null when there is none of this number.</summary>
    public Basket? OpenBasketAt(long number, Timestamp at)
    {
        foreach (ref readonly var basket in Baskets)
        {
            if (basket.Number == number && basket.IsOpen(at)) return basket;
        }

        return null;
    }

    internal void Fold(BasketOpened e)
    {
        var seldom = _seldom ??= new Seldom();
        seldom.Baskets = [.. seldom.Baskets ?? [], new Basket(e.Basket, e.Hold, e.EndsAt, ListOf(e.Coupons))];
    }

    internal void Fold(BasketChanged e) => _seldom!.Baskets![PlaceOf(e.Basket)] = new Basket(e.Basket, e.Hold, e.EndsAt, ListOf(e.Coupons));

    internal void Fold(BasketsExpired e)
    {
        foreach (var basket in e.Baskets) CloseBasket(basket.Number);
    }

    /// <summary>Forgets a basket; the last one leaves nothing behind.</summary>
    internal void CloseBasket(long number)
    {
        var place = PlaceOf(number);
        var baskets = _seldom!.Baskets!;
        _seldom.Baskets = baskets.Length == 1 ? null : [.. baskets[..place], .. baskets[(place + 1)..]];
        if (_seldom.IsEmpty) _seldom = null;
    }

    private static IReadOnlyList<int>? ListOf(IReadOnlyList<int> coupons) => coupons.Count == 0 ? null : coupons;

    private int PlaceOf(long number)
    {
        var baskets = Baskets;
        for (var i = 0; i < baskets.Length; i++)
        {
            if (baskets[i].Number == number) return i;
        }

        // Only a damaged entry names a basket that is not there: the engine sets the stream aside.
        throw new InvalidOperationException($"Basket {number} is not open.");
    }
}
