using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>A sale to a customer: checks, points paid with, points earned, tier (docs/domain/earning.md).</summary>
internal static class Purchases
{
    public static Decision<CustomerEvent> Decide(CustomerState state, RecordPurchase purchase, Programme programme)
    {
        if (PurchaseChecks.Wrong(purchase, programme, out var amount) is { } wrong) return wrong;
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        var tier = programme.TierOf(state.Tier);
        Span<LinePoints> parts = purchase.Lines.Count <= SaleEarning.LinesOnStack ? stackalloc LinePoints[SaleEarning.LinesOnStack] : new LinePoints[purchase.Lines.Count];
        parts = PartsOf(purchase.Lines, parts);
        var facts = FactsOf(state, purchase, programme, tier);
        if (SalePrices.RefuseEarly(purchase, programme, facts, out var early) is { } tooEarly) return tooEarly;
        var prices = SalePrices.TakeOff(purchase, programme, facts, parts, out var offByPrices);
        if (SaleCoupons.Work(state, purchase, programme, facts, parts, out var coupons) is { } notWithCoupons) return notWithCoupons;
        amount -= offByPrices + coupons.Off;
        if (RefusePoints(state, purchase, programme, amount, out var value) is { } refused) return refused;
        if (StoredValueRules.RefusePayment(state, purchase.UseStoredValue, amount - value, programme.StoredValue.Spend, out var fromCard) is { } notFromCard) return notFromCard;
        if (BasketRules.Refuse(state, purchase) is { } held) return held;

        var terms = new SaleEarning(programme, tier, facts, RuleRoom.Now(state, purchase.BusinessDay), Earning.MayBonus(state, purchase, programme));
        var earned = terms.Work(new SentLines(purchase.Lines), parts, StoredValueRules.NotEarning(value, fromCard, programme));
        var all = earned.All;
        if (all.Count > Limits.PointsMax) return CustomerRejections.EarnsTooMuch.At("lines");

        var events = default(EventList);
        events.Add(Burning.Expire(state, purchase, out var expired));
        var used = Burning.Take(state.Lots, purchase.At, purchase.UsePoints, activeOnly: true, withEnd: true);
        var debtPaid = Points.Min(state.Debt, all);
        var inLot = all - debtPaid;
        var lot = inLot > Points.Zero ? state.LastLot + 1 : 0;
        var activeFrom = SaleTimes.AddDays(purchase.OccurredAt, programme.ActiveAfterDays);
        var life = PointLife.Of(state, purchase, programme);
        var balance = state.Balance - expired - purchase.UsePoints + all;
        Span<LotGrant> granted = [new LotGrant(lot, inLot, activeFrom, life.End)];
        if (lot == 0) granted = [];
        var expiredAtOnce = Burning.ExpireAtOnce(purchase, granted, ref balance);
        var window = TierRules.WindowWith(state, purchase, amount, all, programme);
        var tierChanged = TierRules.AfterPurchase(state, purchase, amount, all, window, programme);
        events.Add(new PurchaseRecorded
        {
            At = purchase.At,
            Origin = purchase.Origin,
            Store = purchase.Store,
            Receipt = purchase.Receipt,
            OccurredAt = purchase.OccurredAt,
            BusinessDay = purchase.BusinessDay,
            Channel = purchase.Channel,
            Lines = LinesOf(purchase.Lines, parts, all, inLot, lot),
            Amount = amount,
            PointsUsed = purchase.UsePoints,
            LotsUsed = used,
            PointsValue = value,
            PointsEarned = all,
            PointsBonus = earned.Bonus,
            DebtPaid = debtPaid,
            ActiveFrom = activeFrom,
            ExpiresAt = life.End,
            ByInactivity = life.ByInactivity,
            PreviousStore = state.StoreBefore(purchase),
            CrossStore = purchase.Store != state.HomeStore,
            Balance = balance,
            QualifyingSpend = window.Spend,
            QualifyingFrom = window.From,
            QualifyingTo = window.To,
            Tier = tierChanged?.To ?? state.Tier,
            Rules = programme.RulesFor(tier, earned.BonusOutcome),
            Grants = earned.Grants,
            TierBefore = tierChanged is not null && programme.AskTier ? state.Tier : null,
            Region = facts.Region,
            City = facts.City,
            Tags = facts.Tags ?? [],
            LocalMinute = facts.LocalMinute,
            StoredValueUsed = fromCard,
            StoredValueBalance = fromCard == default ? default : state.StoredValue - fromCard,
            Coupons = coupons.Uses,
            CouponShares = coupons.Shares,
            CouponsSkipped = coupons.Skipped,
            AsksMemberPrices = purchase.MemberPrices && programme.MemberPrices.Prices.Count > 0,
            MemberPrices = prices,
            EarlySales = early,
            QualifyingPoints = window.PointsOf(programme),
            QualifyingVisits = window.VisitsOf(programme),
        });
        events.Add(expiredAtOnce);
        events.Add(tierChanged);
        events.Add(TierTerms.Begin(state, purchase, window, tierChanged, programme));
        events.Add(new CouponIssuing(state, purchase, programme, purchase.UtcOffsetMinutes).ForPurchase(
            purchase.BusinessDay, facts, new SentLines(purchase.Lines), parts, tierChanged?.To));
        events.Add(LotMerging.Decide(state, purchase, used, granted.Length, state.LastLot + granted.Length, life.ByInactivity ? life.End : null));
        events.Add(BasketRules.Commit(state, purchase));
        return events.ToDecision();
    }

    private static Rejection? RefusePoints(
        CustomerState state, RecordPurchase purchase, Programme programme, Money amount, out Money value)
    {
        value = Money.Zero;
        if (purchase.UsePoints == Points.Zero) return null;
        if (programme.PointValue == Money.Zero) return CustomerRejections.PointsNotAccepted.At("usePoints");
        if (state.ArePointsFrozen) return CustomerRejections.PointsFrozen.At("usePoints");
        if (purchase.UsePoints > state.SpendableAt(purchase.At)) return CustomerRejections.NotEnoughPoints.At("usePoints");
        value = new Money(purchase.UsePoints.Count * programme.PointValue.Minor);
        return value > amount ? CustomerRejections.PointsExceedAmount.At("usePoints") : null;
    }

    /// <summary>What conditions can ask of the sale; what no rule asks for is left out, and so is not recorded.</summary>
    internal static SaleFacts FactsOf(CustomerState state, RecordPurchase purchase, Programme programme, Tier tier) => new()
    {
        Tier = tier.Id,
        Store = purchase.Store,
        Region = programme.AskPlace ? purchase.Region : null,
        City = programme.AskPlace ? purchase.City : null,
        Channel = purchase.Channel,
        Tags = TagRules.AskedOf(state, programme, purchase.OccurredAt),
        Day = purchase.BusinessDay,
        LocalMinute = programme.AskTime ? Earning.LocalMinuteOf(purchase.OccurredAt, purchase.UtcOffsetMinutes) : null,
        CrossStore = purchase.Store != state.HomeStore,
    };

    private static Span<LinePoints> PartsOf(IReadOnlyList<PurchaseLine> lines, Span<LinePoints> parts)
    {
        for (var i = 0; i < lines.Count; i++) parts[i] = LinePoints.Of(lines[i]);
        return parts[..lines.Count];
    }

    /// <summary>The lines with what each earned, and its share of what went into the lot, exactly.</summary>
    private static RecordedLine[] LinesOf(IReadOnlyList<PurchaseLine> lines, ReadOnlySpan<LinePoints> parts, Points all, Points inLot, int lot)
    {
        var recorded = new RecordedLine[lines.Count];
        var (allUpTo, lotUpTo) = (0L, 0L);
        for (var i = 0; i < recorded.Length; i++)
        {
            var line = lines[i];
            ref readonly var part = ref parts[i];
            allUpTo += part.Earned + part.Bonus;
            var inLotUpTo = Shares.Floor(inLot.Count, allUpTo, all.Count);
            var points = inLotUpTo - lotUpTo;
            lotUpTo = inLotUpTo;
            recorded[i] = new RecordedLine
            {
                Line = line.Line,
                Product = line.Product,
                Category = line.Category,
                Brand = line.Brand,
                Quantity = line.Quantity,
                Price = line.Price,
                // What the till, member prices and coupons took off: they left this much of it.
                Discount = line.Price - part.Amount,
                Earned = new Points(part.Earned),
                Bonus = new Points(part.Bonus),
                Lot = points > 0 ? lot : 0,
                LotPoints = new Points(points),
            };
        }

        return recorded;
    }
}
