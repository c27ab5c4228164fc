using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>
/// Goods that come back: the points they earned are taken back, the points that paid for them are given back, spend and tier follow
/// (docs/domain/returns.md). Everything is counted per line and so far, so that parts in any number add up to exactly the whole.
/// </summary>
internal static class Returns
{
    public static Decision<CustomerEvent> Decide(CustomerState state, ReturnLines back, Programme programme)
    {
        if (ReturnChecks.Wrong(back) is { } wrong) return wrong;
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        if (back.Purchase is not { } purchase) return CustomerRejections.UnknownReceipt.At("purchaseReceipt");
        ReturnChecks.FactsFit(state, back, purchase);
        if (ReturnChecks.Refuse(state, back, purchase, programme) is { } refused) return refused;
        if (ReturnedLines.Count(back, purchase) is var lines && lines.Rejection is { } tooMuch) return tooMuch;

        var events = default(EventList);
        events.Add(Burning.Expire(state, back, out var expired));
        var basket = KeptBasket.Of(state, back, purchase, lines, programme.GiveBackGraceDays);
        var valueSoFar = new Money(Shares.Floor(purchase.PointsValue.Minor, basket.RefundSoFar.Minor, purchase.Amount.Minor));
        var toCardSoFar = StoredValueRules.GivenBack(purchase.StoredValueUsed, basket.RefundSoFar - valueSoFar, purchase.Amount - purchase.PointsValue);
        var kept = Keep(state, back, purchase, basket, purchase.PointsValue - valueSoFar, purchase.StoredValueUsed - toCardSoFar);
        var own = TakeBack(state, back, purchase, lines, kept, programme);
        var given = GiveBack(state, back, purchase, basket, programme, own.Debt);
        var toCard = toCardSoFar - (back.LastReturn?.StoredValueBackSoFar ?? default);
        var balance = state.Balance - expired - own.Taken + given.Points;
        var expiredAtOnce = Burning.ExpireAtOnce(back, given.Lots, ref balance);
        // Only what was counted is taken back, whatever the tiers ask for today.
        var isCounted = purchase.QualifyingPoints is not null;
        var isAllBack = isCounted && basket.Refund > Money.Zero && basket.RefundSoFar == purchase.Amount;
        var uncounted = new MeasureDay(purchase.BusinessDay, purchase.Store, isAllBack ? -1 : 0, isCounted ? -kept.TakenNow : Points.Zero);
        var tierChanged = TierRules.AfterReturn(state, back, basket.Refund, uncounted, programme);
        var withdrawn = CouponWithdrawal.Decide(state, back, purchase, basket.Parts, tierChanged?.To);
        events.Add(new LinesReturned
        {
            At = back.At,
            Origin = back.Origin,
            PurchaseStore = back.PurchaseStore,
            PurchaseReceipt = back.PurchaseReceipt,
            PurchaseDay = purchase.BusinessDay,
            OccurredAt = back.OccurredAt,
            BusinessDay = back.BusinessDay,
            Reason = back.Reason,
            Lines = lines.WithPoints(back.LastReturn, kept.TakenNow),
            Amount = basket.Refund,
            PointsValue = valueSoFar - (back.LastReturn?.PointsValueSoFar ?? Money.Zero),
            PointsValueSoFar = valueSoFar,
            PointsTakenBack = own.Taken,
            PointsForgiven = kept.TakenNow - own.Taken,
            GrantsBack = kept.GrantsBack,
            LotsTaken = own.Lots,
            DebtAdded = own.Debt,
            PointsGivenBack = given.Points,
            PointsGivenBackSoFar = given.SoFar,
            LotsGivenBack = given.Lots,
            DebtPaid = given.DebtPaid,
            StoredValueBack = toCard,
            StoredValueBackSoFar = toCardSoFar,
            StoredValueBalance = purchase.StoredValueUsed == default ? default : state.StoredValue + toCard,
            CouponAdjustment = basket.Adjustment,
            CouponAdjustmentSoFar = basket.AdjustmentSoFar,
            CouponsBack = basket.Back,
            CouponsBackSoFar = basket.BackSoFar,
            CouponsWithdrawn = withdrawn.Now,
            CouponsVoided = withdrawn.Void,
            CouponsWithdrawnSoFar = withdrawn.SoFar,
            Balance = balance,
            QualifyingSpend = QualifyingSpendAfter(state, purchase.BusinessDay, basket.Refund, programme),
            Tier = tierChanged?.To ?? state.Tier,
            PointsUncounted = -uncounted.Points,
            VisitUncounted = isAllBack,
        });
        events.Add(expiredAtOnce);
        events.Add(tierChanged);
        events.Add(LotMerging.Decide(state, back, own.Lots, given.Lots.Length, state.LastLot + given.Lots.Length));
        return events.ToDecision();
    }

    /// <summary>What the receipt earns without what came back, and so what is to be taken.</summary>
    /// <param name="TakenNow">With this return.</param>
    /// <param name="TakenNowOfLot">Of these, what went into the receipt's lot; the rest paid debt.</param>
    /// <param name="GrantsBack">Of rules with caps, what is free again.</param>
    private readonly record struct Kept(Points TakenNow, Points TakenNowOfLot, IReadOnlyList<RuleGrantBack> GrantsBack);

    /// <summary>
    /// Works the receipt out again without what came back, by the rules of the sale. What an earlier build took back by shares of the lines may be a point
    /// more than that: nothing is given for it, the last part takes the rest.
    /// </summary>
    /// <param name="state">Before the return.</param>
    /// <param name="back">The return.</param>
    /// <param name="purchase">The purchase.</param>
    /// <param name="basket">What is kept.</param>
    /// <param name="inPoints">What of the rest is paid in points.</param>
    /// <param name="fromCard">What of the rest is paid from stored value.</param>
    private static Kept Keep(CustomerState state, ReturnLines back, PurchaseRecorded purchase, in KeptBasket basket, Money inPoints, StoredValue fromCard)
    {
        var programme = back.PurchaseProgramme ?? throw new InvalidOperationException("The programme that decided the purchase was not loaded.");
        var room = RuleRoom.Rest(state, purchase, back.LastReturn);
        var left = KeptPoints.Rest(purchase, programme, basket.Parts, StoredValueRules.NotEarning(inPoints, fromCard, programme), room);
        var before = ReturnedLines.TakenBefore(back.LastReturn);
        var soFar = Points.Max(before, purchase.PointsEarned - left.All);
        var inLot = (purchase.PointsEarned - purchase.DebtPaid).Count;
        var ofLot = Shares.Floor(inLot, soFar.Count, purchase.PointsEarned.Count) - Shares.Floor(inLot, before.Count, purchase.PointsEarned.Count);
        return new Kept(soFar - before, new Points(ofLot), GrantsBack(back, purchase, programme, left.Grants));
    }

    /// <summary>Of rules with caps: what they gave less what they give for the rest. Less than nothing for one that gives now in place of another of its group.</summary>
    private static RuleGrantBack[] GrantsBack(ReturnLines back, PurchaseRecorded purchase, Programme programme, IReadOnlyList<RuleGrant> left)
    {
        if (purchase.Grants.Count == 0) return [];
        var grants = new List<RuleGrantBack>();
        foreach (var grant in purchase.Grants)
        {
            var (before, kept) = (Points.Zero, default(RuleGrant));
            foreach (var earlier in back.LastReturn?.GrantsBack ?? [])
            {
                if (earlier.Rule == grant.Rule) before = earlier.PointsSoFar;
            }

            foreach (var still in left)
            {
                if (still.Rule == grant.Rule) kept = still;
            }

            var soFar = grant.Points - kept.Points;
            if (soFar == Points.Zero && before == Points.Zero) continue;
            var counted = grant.Counted == CapPeriods.None ? programme.Earning.Find(grant.Rule)?.Counted ?? CapPeriods.None : grant.Counted;
            if (counted != CapPeriods.None) grants.Add(new RuleGrantBack(grant.Rule, soFar - before, soFar, counted));
        }

        return [.. grants];
    }

    /// <summary>Takes what the lines had earned: from the receipt's own lot, then in burn order, then as debt.</summary>
    private static (Points Taken, LotPart[] Lots, Points Debt) TakeBack(
        CustomerState state, ReturnLines back, PurchaseRecorded purchase, in ReturnedLines lines, in Kept kept, Programme programme)
    {
        var need = kept.TakenNow;
        var own = lines.Lot == 0 ? -1 : Burning.FindOwn(state.Lots, back.At, lines.Lot, purchase.ExpiresAt, purchase.ByInactivity);
        // What is left of a lot at its end is gone: it is not taken a second time. How much of it had been spent before nobody
        // remembers any more, so the customer gets the benefit of the doubt.
        if (own < 0 && PointLife.HasEnded(state, purchase, lines.Lot, back.At)) need -= kept.TakenNowOfLot;
        var taken = Burning.Take(state.Lots, back.At, need, activeOnly: false, own);
        var debt = programme.NegativeBalance ? need - Burning.Sum(taken) : Points.Zero;
        return (Burning.Sum(taken) + debt, taken, debt);
    }

    /// <summary>Gives back what the customer had paid with, pro rata, with its old end; debt is paid first.</summary>
    private static (Points Points, Points SoFar, LotGrant[] Lots, Points DebtPaid) GiveBack(
        CustomerState state, ReturnLines back, PurchaseRecorded purchase, in KeptBasket basket, Programme programme, Points debtAdded)
    {
        if (purchase.PointsUsed == Points.Zero) return (Points.Zero, Points.Zero, [], Points.Zero);
        var before = back.LastReturn?.PointsGivenBackSoFar ?? Points.Zero;
        var soFar = new Points(Shares.Floor(purchase.PointsUsed.Count, basket.RefundSoFar.Minor, purchase.Amount.Minor));
        var points = soFar - before;
        var debtPaid = Points.Min(state.Debt + debtAdded, points);
        var lots = Regrant(state, purchase.LotsUsed, before, points - debtPaid, back.At, programme.GiveBackGraceDays);
        return (points, soFar, lots, debtPaid);
    }

    /// <summary>New lots for points given back: those that end last come back first, in the customer's favour.</summary>
    /// <param name="state">Before the return.</param>
    /// <param name="used">The lots that paid, in burn order.</param>
    /// <param name="skip">How many points of them came back before.</param>
    /// <param name="need">How many come back into lots now.</param>
    /// <param name="at">Now.</param>
    /// <param name="graceDays">How long points still live whose old end has passed.</param>
    private static LotGrant[] Regrant(CustomerState state, IReadOnlyList<LotPart> used, Points skip, Points need, Timestamp at, int graceDays)
    {
        var grants = new List<LotGrant>();
        var lastLot = state.LastLot;
        for (var i = used.Count - 1; i >= 0 && need > Points.Zero; i--)
        {
            var skipped = Points.Min(skip, used[i].Points);
            skip -= skipped;
            var points = Points.Min(need, used[i].Points - skipped);
            if (points == Points.Zero) continue;
            need -= points;
            var life = PointLife.OfGivenBack(state, used[i], at, graceDays);
            if (grants.Count > 0 && grants[^1].ExpiresAt == life.End && grants[^1].ByInactivity == life.ByInactivity) grants[^1] = grants[^1] with { Points = grants[^1].Points + points };
            else grants.Add(new LotGrant(++lastLot, points, at, life.End, life.ByInactivity));
        }

        return [.. grants];
    }

    private static Money QualifyingSpendAfter(CustomerState state, BusinessDay day, Money amount, Programme programme)
    {
        var spend = state.Spend.Copy();
        spend.Add(day, new Money(-amount.Minor), state.LatestDay);
        return spend.Sum(programme.Window.FirstDay(state.LatestDay), state.LatestDay);
    }
}
