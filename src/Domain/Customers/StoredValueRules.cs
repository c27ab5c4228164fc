using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>Stored value: paid in, spent, given back, paid out, frozen (docs/domain/stored-value.md).</summary>
internal static class StoredValueRules
{
    public static Decision<CustomerEvent> Decide(CustomerState state, TopUpStoredValue topUp, Programme programme)
    {
        if (!IsAmount(topUp.Amount)) return CustomerRejections.StoredValueAmountInvalid.At("amountMinor");
        if (Math.Abs((long)topUp.UtcOffsetMinutes) > Limits.UtcOffsetMinutesMax) return CustomerRejections.OffsetInvalid;
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        var terms = programme.StoredValue;
        if (!terms.Offered) return CustomerRejections.StoredValueNotOffered;
        if (state.IsStoredValueFrozen) return CustomerRejections.StoredValueFrozen;
        var paidIn = new StoredValue(topUp.Amount, terms.GiftFor(topUp.Amount));
        var after = state.StoredValue + paidIn;
        if (after.Sum() > (terms.BalanceMax ?? new Money(Limits.StoredValueMinorMax)) || after.Sum().Minor > Limits.StoredValueMinorMax)
            return CustomerRejections.StoredValueTooMuch.At("amountMinor");
        var events = default(EventList);
        events.Add(new StoredValueToppedUp
        {
            At = topUp.At, Origin = topUp.Origin, Amount = paidIn.Principal, Gift = paidIn.Gift, PrincipalBalance = after.Principal, GiftBalance = after.Gift,
        });
        events.Add(new CouponIssuing(state, topUp, programme, topUp.UtcOffsetMinutes).ForTopUp(topUp.Amount));
        return events.ToDecision();
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, RefundStoredValue refund, Programme programme)
    {
        if (!IsAmount(refund.Amount)) return CustomerRejections.StoredValueAmountInvalid.At("amountMinor");
        if (!TextRules.IsText(refund.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        if (state.IsStoredValueFrozen) return CustomerRejections.StoredValueFrozen;
        if (!programme.StoredValue.Refunds) return CustomerRejections.StoredValueNotRefunded;
        var held = state.StoredValue;
        if (refund.Amount > held.Principal) return CustomerRejections.RefundExceedsPrincipal.At("amountMinor");
        var paidOut = new StoredValue(refund.Amount, new Money(Shares.Floor(held.Gift.Minor, refund.Amount.Minor, held.Principal.Minor)));
        if (BasketRules.RefuseRefund(state, refund.At, paidOut) is { } inBaskets) return inBaskets;
        var after = held - paidOut;
        return new StoredValueRefunded
        {
            At = refund.At, Origin = refund.Origin, Amount = paidOut.Principal, GiftWithdrawn = paidOut.Gift, Reason = refund.Reason, PrincipalBalance = after.Principal,
            GiftBalance = after.Gift,
        };
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, FreezeStoredValue freeze)
    {
        if (!TextRules.IsText(freeze.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        return state.IsStoredValueFrozen ? Decision<CustomerEvent>.AlreadyDone : new StoredValueFrozen { At = freeze.At, Origin = freeze.Origin, Reason = freeze.Reason };
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, ReleaseStoredValue release)
    {
        if (!TextRules.IsText(release.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        return state.IsStoredValueFrozen ? new StoredValueReleased { At = release.At, Origin = release.Origin, Reason = release.Reason } : Decision<CustomerEvent>.AlreadyDone;
    }

    /// <summary>Why a sale can't be paid so; and how the payment is split.</summary>
    /// <param name="state">The customer.</param>
    /// <param name="use">What is to be paid from the card.</param>
    /// <param name="open">What is left of the receipt after points.</param>
    /// <param name="order">What pays first.</param>
    /// <param name="used">The split.</param>
    public static Rejection? RefusePayment(CustomerState state, Money use, Money open, SpendOrder order, out StoredValue used)
    {
        used = StoredValue.Zero;
        if (use == Money.Zero) return null;
        if (state.IsStoredValueFrozen) return CustomerRejections.StoredValueFrozen.At("useStoredValueMinor");
        var held = state.StoredValue;
        if (use > held.Sum()) return CustomerRejections.NotEnoughStoredValue.At("useStoredValueMinor");
        if (use > open) return CustomerRejections.StoredValueExceedsAmount.At("useStoredValueMinor");
        var gift = order switch
        {
            SpendOrder.GiftFirst => Min(use, held.Gift),
            SpendOrder.PrincipalFirst => use - Min(use, held.Principal),
            _ => new Money(Shares.Floor(use.Minor, held.Gift.Minor, held.Sum().Minor)),
        };
        used = new StoredValue(use - gift, gift);
        return null;
    }

    /// <summary>
    /// What of a receipt has gone back to the card in all: first the card's part of what came back, of that the gift's. By what came back so far, not by each return alone, so that
    /// goods brought back one by one give the same parts to the fen as at once: many small returns don't turn gift into money.
    /// </summary>
    /// <param name="paid">What the card paid of the receipt.</param>
    /// <param name="back">What came back in all, less what of it had been paid in points.</param>
    /// <param name="whole">What of the receipt was not paid in points.</param>
    public static StoredValue GivenBack(StoredValue paid, Money back, Money whole)
    {
        var card = Shares.Floor(paid.Sum().Minor, back.Minor, whole.Minor);
        var gift = Shares.Floor(paid.Gift.Minor, card, paid.Sum().Minor);
        return new StoredValue(new Money(card - gift), new Money(gift));
    }

    /// <summary>What of a sale earns no points: paid in points, or by a gift that earns none.</summary>
    public static Money NotEarning(Money pointsValue, StoredValue used, Programme programme) => programme.StoredValue.GiftEarns ? pointsValue : pointsValue + used.Gift;

    private static bool IsAmount(Money amount) => amount.Minor is > 0 and <= Limits.AmountMinorMax;

    private static Money Min(Money a, Money b) => a <= b ? a : b;
}
