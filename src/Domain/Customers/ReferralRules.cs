using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>Who recommended a customer, and the reward that stands.</summary>
/// <param name="By">The referrer.</param>
/// <param name="Purchase">Command id of the purchase that earned the reward; null while none has, or none any more.</param>
/// <param name="Points">The friend's points.</param>
/// <param name="Lot">The lot they went to; 0 when there is none.</param>
/// <param name="ReferrerPoints">What the referrer got or is to get; 0 when it could not be had.</param>
/// <param name="Delivery">The delivery to the referrer.</param>
public sealed record Referral(CustomerId By, string? Purchase = null, Points Points = default, int Lot = 0, Points ReferrerPoints = default, int Delivery = 0);

/// <summary>
/// The reward of a referral (docs/domain/referral.md; R67, F22): part of the entry of the friend's first purchase that is large and early enough, and of the
/// return that takes it away. Worked out on a copy of the state after the rest of the entry: that happens once or twice in a customer's life.
/// </summary>
internal static class ReferralRules
{
    /// <summary>The counter of rewards that a referrer got. No earning rule and no coupon has a name like it.</summary>
    public const string Counter = "referral:rewards";

    private const string Reason = "referral";

    /// <summary>A sale with what it earns because somebody recommended the chain.</summary>
    public static Decision<CustomerEvent> AfterPurchase(CustomerState state, RecordPurchase purchase, Programme programme, Decision<CustomerEvent> decision)
    {
        if (state.Referral is not { Purchase: null } referral || programme.Referral is not { } terms) return decision;
        if (PlaceOf<PurchaseRecorded>(decision.Events) is var place && place < 0) return decision;
        var sold = (PurchaseRecorded)decision.Events[place];
        var days = (long)purchase.BusinessDay.Number - Earning.DayOf(state.MemberSince, purchase.UtcOffsetMinutes).Number;
        // When nothing can be sent now, a later purchase earns it.
        if (sold.Amount < terms.Least || days < 0 || days > terms.WithinDays || DeliveryRules.RefuseSending(state) is not null) return decision;

        var after = Folded(state, decision.Events);
        var debtPaid = Points.Min(after.Debt, terms.FriendPoints);
        var inLot = terms.FriendPoints - debtPaid;
        var life = PointLife.OfGiven(after, purchase.At, purchase.UtcOffsetMinutes, programme);
        var balance = after.Balance + terms.FriendPoints;
        LotGrant[] granted = inLot == Points.Zero ? [] : [new LotGrant(after.LastLot + 1, inLot, purchase.At, life.End, life.ByInactivity)];
        var sent = DeliveryRules.Send(after, purchase, referral.By, DeliveryKinds.Referral, terms.ReferrerPoints, Reason, balance);
        var rewarded = new ReferralRewarded
        {
            At = purchase.At, Origin = purchase.Origin, Referrer = referral.By, Store = sold.Store, Receipt = sold.Receipt, Points = terms.FriendPoints, LotsGranted = granted,
            DebtPaid = debtPaid, ReferrerPoints = terms.ReferrerPoints, Delivery = sent.Delivery, Balance = balance,
        };
        return With(decision.Events, place, sold with { Balance = sold.Balance + terms.FriendPoints }, rewarded, sent);
    }

    /// <summary>A return with what it takes back of the reward, when what is kept of the purchase would not have earned it.</summary>
    public static Decision<CustomerEvent> AfterReturn(CustomerState state, ReturnLines back, Programme programme, Decision<CustomerEvent> decision)
    {
        if (state.Referral is not { Purchase: { } rewardedBy } referral || rewardedBy != CustomerDecider.PurchaseCommandId(back.PurchaseStore, back.PurchaseReceipt)) return decision;
        if (PlaceOf<LinesReturned>(decision.Events) is var place && place < 0) return decision;
        var returned = (LinesReturned)decision.Events[place];
        if (KeptOf(back.Purchase!, returned) >= (back.PurchaseProgramme?.Referral?.Least ?? Money.Zero)) return decision;

        var after = Folded(state, decision.Events);
        var taken = Burning.Take(after.Lots, back.At, referral.Points, activeOnly: false, ownLot: PlaceOfLot(after, referral.Lot));
        var missing = referral.Points - Burning.Sum(taken);
        var debt = programme.NegativeBalance ? missing : Points.Zero;
        var points = Burning.Sum(taken) + debt;
        var balance = after.Balance - points;
        var withdrawn = new ReferralWithdrawn
        {
            At = back.At, Origin = back.Origin, Referrer = referral.By, Store = back.PurchaseStore, Receipt = back.PurchaseReceipt, Points = points, Forgiven = missing - debt,
            LotsTaken = taken, DebtAdded = debt, Balance = balance,
        };
        returned = returned with { Balance = returned.Balance - points };
        if (referral.ReferrerPoints == Points.Zero) return With(decision.Events, place, returned, withdrawn);
        // What is taken back must not wait: it may be one more than a customer usually has under way.
        var sent = DeliveryRules.Send(after, back, referral.By, DeliveryKinds.ReferralBack, referral.ReferrerPoints, Reason, balance);
        return With(decision.Events, place, returned, withdrawn, sent with { Of = referral.Delivery });
    }

    private static Money KeptOf(PurchaseRecorded purchase, LinesReturned returned)
    {
        var kept = purchase.Amount - returned.CouponAdjustmentSoFar;
        foreach (var line in returned.Lines) kept -= line.AmountSoFar;
        return kept;
    }

    private static CustomerState Folded(CustomerState state, IReadOnlyList<CustomerEvent> events)
    {
        var after = CustomerState.Import(state.Export());
        foreach (var happened in events) after = CustomerDecider.Evolve(after, happened);
        return after;
    }

    private static Decision<CustomerEvent> With(IReadOnlyList<CustomerEvent> events, int place, CustomerEvent changed, params ReadOnlySpan<CustomerEvent> more)
    {
        CustomerEvent[] all = [.. events, .. more];
        all[place] = changed;
        return Decision<CustomerEvent>.Accept(all);
    }

    private static int PlaceOf<TEvent>(IReadOnlyList<CustomerEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is TEvent) return i;
        }

        return -1;
    }

    private static int PlaceOfLot(CustomerState state, int number)
    {
        for (var i = 0; i < state.Lots.Length; i++)
        {
            if (state.Lots[i].Number == number) return i;
        }

        return -1;
    }
}
