using System.Globalization;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>Baskets: opened, changed, given up, paid, run out; and what their holds keep from everybody else (docs/domain/baskets.md).</summary>
internal static class BasketRules
{
    public static Decision<CustomerEvent> Decide(CustomerState state, OpenBasket open, Programme programme)
    {
        if (Wrong(open.Hold, open.Coupons) is { } wrong) return wrong;
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        if (RefuseHold(state, open.At, open.Hold, except: 0, programme) is { } refused) return refused;
        if (RefuseCoupons(state, open.At, open.Coupons, except: 0, programme) is { } notCoupons) return notCoupons;
        if (CountOpen(state, open.At) >= Limits.OpenBasketsMax) return CustomerRejections.TooManyBaskets;
        var events = default(EventList);
        // Those that ran out go first, so that a customer never has more than the limit of them, whether the agenda came or not.
        events.Add(Expire(state, open));
        events.Add(new BasketOpened { At = open.At, Origin = open.Origin, Basket = state.Version + 1, Hold = open.Hold, Coupons = open.Coupons, EndsAt = EndOf(open, programme) });
        return events.ToDecision();
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, ChangeBasket change, Programme programme)
    {
        if (Wrong(change.Hold, change.Coupons) is { } wrong) return wrong;
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        if (state.OpenBasketAt(change.Basket, change.At) is not { } basket) return CustomerRejections.BasketNotOpen.At("basket");
        if (RefuseHold(state, change.At, change.Hold, change.Basket, programme) is { } refused) return refused;
        if (RefuseCoupons(state, change.At, change.Coupons, change.Basket, programme) is { } notCoupons) return notCoupons;
        return new BasketChanged
        {
            At = change.At, Origin = change.Origin, Basket = change.Basket, Hold = change.Hold, HoldBefore = basket.Hold, Coupons = change.Coupons, EndsAt = EndOf(change, programme),
        };
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, CancelBasket cancel)
    {
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        return state.OpenBasketAt(cancel.Basket, cancel.At) is { } basket
            ? new BasketCancelled { At = cancel.At, Origin = cancel.Origin, Basket = cancel.Basket, Hold = basket.Hold }
            : CustomerRejections.BasketNotOpen.At("basket");
    }

    /// <summary>The event that says which leases ran out; null when none did.</summary>
    public static BasketsExpired? Expire(CustomerState state, CustomerCommand command)
    {
        if (!state.HasBaskets) return null;
        List<Basket>? over = null;
        foreach (ref readonly var basket in state.Baskets)
        {
            if (!basket.IsOpen(command.At)) (over ??= []).Add(basket);
        }

        return over is null ? null : new BasketsExpired { At = command.At, Origin = command.Origin, Baskets = over.ToArray() };
    }

    /// <summary>Why a sale can't be: the basket it names is not open, or other baskets hold what it would use.</summary>
    public static Rejection? Refuse(CustomerState state, RecordPurchase purchase)
    {
        if (purchase.Basket == 0 && !state.HasBaskets) return null;
        if (purchase.Basket != 0 && state.OpenBasketAt(purchase.Basket, purchase.At) is null) return CustomerRejections.BasketNotOpen.At("basket");
        if (purchase.UsePoints > Points.Zero && purchase.UsePoints > state.FreePointsAt(purchase.At, purchase.Basket)) return CustomerRejections.PointsHeld.At("usePoints");
        return purchase.UseStoredValue > state.FreeStoredValueAt(purchase.At, purchase.Basket) ? CustomerRejections.StoredValueHeld.At("useStoredValueMinor") : null;
    }

    /// <summary>The event that says that a sale pays a basket; null for a sale without one.</summary>
    public static BasketCommitted? Commit(CustomerState state, RecordPurchase purchase) => purchase.Basket == 0 ? null : new BasketCommitted
    {
        At = purchase.At, Origin = purchase.Origin, Basket = purchase.Basket, Hold = state.OpenBasketAt(purchase.Basket, purchase.At)!.Value.Hold,
    };

    /// <summary>Why points can't be spent outside a sale: baskets hold them. There are enough otherwise.</summary>
    public static Rejection? RefuseSpending(CustomerState state, Timestamp at, Points points, string field) =>
        state.HasBaskets && points > state.FreePointsAt(at) ? CustomerRejections.PointsHeld.At(field) : null;

    /// <summary>Why points can't be taken by hand: what can be spent afterwards would be less than what baskets hold.</summary>
    public static Rejection? RefuseTaking(CustomerState state, AdjustPoints adjust, ReadOnlySpan<LotPart> taken)
    {
        if (!state.HasBaskets || state.HeldAt(adjust.At).Points == Points.Zero) return null;
        var spendable = Points.Zero;
        foreach (ref readonly var part in taken)
        {
            if (IsActive(state, part.Lot, adjust.At)) spendable += part.Points;
        }

        return spendable > state.FreePointsAt(adjust.At) ? CustomerRejections.PointsHeld.At("points") : null;
    }

    /// <summary>Why stored value can't be paid out: less would be left than baskets hold.</summary>
    public static Rejection? RefuseRefund(CustomerState state, Timestamp at, StoredValue paidOut) =>
        state.HasBaskets && paidOut.Sum() > state.FreeStoredValueAt(at) ? CustomerRejections.StoredValueHeld.At("amountMinor") : null;

    private static Rejection? Wrong(Hold hold, IReadOnlyList<int> coupons)
    {
        if (hold.Points.Count is < 0 or > Limits.PointsMax) return CustomerRejections.PointsInvalid.At("points");
        if (hold.StoredValue.Minor is < 0 or > Limits.AmountMinorMax) return CustomerRejections.StoredValueAmountInvalid.At("storedValueMinor");
        if (PurchaseChecks.WrongCoupons(coupons)) return CustomerRejections.CouponsInvalid.At("coupons");
        return hold == Hold.None && coupons.Count == 0 ? CustomerRejections.BasketHoldsNothing : null;
    }

    /// <summary>Why these coupons can't be held: what no sale could use now is not promised.</summary>
    private static Rejection? RefuseCoupons(CustomerState state, Timestamp at, IReadOnlyList<int> coupons, long except, Programme programme)
    {
        for (var i = 0; i < coupons.Count; i++)
        {
            if (SaleCoupons.Find(state, coupons[i], at, except, programme, out _) is { } why) return why.At(string.Create(CultureInfo.InvariantCulture, $"coupons[{i}]"));
        }

        return null;
    }

    /// <summary>Why this can't be held: what a sale could not use is not promised, nor what another basket holds.</summary>
    private static Rejection? RefuseHold(CustomerState state, Timestamp at, Hold hold, long except, Programme programme)
    {
        if (hold.Points > Points.Zero)
        {
            if (programme.PointValue == Money.Zero) return CustomerRejections.PointsNotAccepted.At("points");
            if (state.ArePointsFrozen) return CustomerRejections.PointsFrozen.At("points");
            if (hold.Points > state.SpendableAt(at)) return CustomerRejections.NotEnoughPoints.At("points");
            if (hold.Points > state.FreePointsAt(at, except)) return CustomerRejections.PointsHeld.At("points");
        }

        if (hold.StoredValue == Money.Zero) return null;
        if (state.IsStoredValueFrozen) return CustomerRejections.StoredValueFrozen.At("storedValueMinor");
        if (hold.StoredValue > state.StoredValue.Sum()) return CustomerRejections.NotEnoughStoredValue.At("storedValueMinor");
        return hold.StoredValue > state.FreeStoredValueAt(at, except) ? CustomerRejections.StoredValueHeld.At("storedValueMinor") : null;
    }

    private static int CountOpen(CustomerState state, Timestamp at)
    {
        var open = 0;
        foreach (ref readonly var basket in state.Baskets)
        {
            if (basket.IsOpen(at)) open++;
        }

        return open;
    }

    private static bool IsActive(CustomerState state, int number, Timestamp at)
    {
        foreach (ref readonly var lot in state.Lots)
        {
            if (lot.Number == number) return lot.ActiveFrom <= at;
        }

        return false;
    }

    private static Timestamp EndOf(CustomerCommand command, Programme programme) => new(checked(command.At.UnixMs + (programme.BasketLeaseMinutes * MinuteMs)));

    private const long MinuteMs = 60_000;
}
