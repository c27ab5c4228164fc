using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>A sale to a customer: checks, points paid with, points earned, tier (docs/domain/earning.md).</summary>
internal static class Purchases
{
    public static Decision<CustomerEvent> Decide(CustomerState state, RecordPurchase purchase, Programme programme)
    {
        if (PurchaseChecks.Wrong(purchase, programme, out var amount) is { } wrong) return wrong;
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        if (RefusePoints(state, purchase, programme, amount, out var value) is { } refused) return refused;

        var tier = programme.TierOf(state.Tier);
        var earned = new Points(Earning.PointsFor(amount - value, programme, tier));
        var (bonus, outcome) = Earning.BonusFor(state, purchase, earned, programme);
        var all = earned + bonus;
        if (all.Count > Limits.PointsMax) return CustomerRejections.EarnsTooMuch.At("lines");

        var events = default(EventList);
        events.Add(Burning.Expire(state, purchase, out var expired));
        var used = Burning.Take(state.Lots, purchase.At, purchase.UsePoints, activeOnly: true, withEnd: true);
        var debtPaid = Points.Min(state.Debt, all);
        var inLot = all - debtPaid;
        var lot = inLot > Points.Zero ? state.LastLot + 1 : 0;
        var activeFrom = SaleTimes.AddDays(purchase.OccurredAt, programme.ActiveAfterDays);
        var end = Earning.EndOf(programme, purchase.BusinessDay, purchase.OccurredAt, purchase.UtcOffsetMinutes);
        var balance = state.Balance - expired - purchase.UsePoints + all;
        Span<LotGrant> granted = [new LotGrant(lot, inLot, activeFrom, end)];
        if (lot == 0) granted = [];
        var expiredAtOnce = Burning.ExpireAtOnce(purchase, granted, ref balance);
        var window = TierRules.WindowWith(state, purchase.BusinessDay, amount, programme.QualifyingMonths);
        var tierChanged = TierRules.AfterPurchase(state, purchase, amount, window, programme);
        events.Add(new PurchaseRecorded
        {
            At = purchase.At,
            Origin = purchase.Origin,
            Store = purchase.Store,
            Receipt = purchase.Receipt,
            OccurredAt = purchase.OccurredAt,
            BusinessDay = purchase.BusinessDay,
            Channel = purchase.Channel,
            Lines = ShareOut(purchase.Lines, amount, value, programme, tier, bonus, all, inLot, lot),
            Amount = amount,
            PointsUsed = purchase.UsePoints,
            LotsUsed = used,
            PointsValue = value,
            PointsEarned = all,
            PointsBonus = bonus,
            DebtPaid = debtPaid,
            ActiveFrom = activeFrom,
            ExpiresAt = end,
            PreviousStore = state.StoreBefore(purchase),
            CrossStore = purchase.Store != state.HomeStore,
            Balance = balance,
            QualifyingSpend = window.Spend,
            QualifyingFrom = window.From,
            QualifyingTo = window.To,
            Tier = tierChanged?.To ?? state.Tier,
            Rules = programme.RulesFor(tier, outcome),
        });
        events.Add(expiredAtOnce);
        events.Add(tierChanged);
        events.Add(LotMerging.Decide(state, purchase, used, granted.Length, state.LastLot + granted.Length));
        return events.ToDecision();
    }

    private static Rejection? RefusePoints(
        CustomerState state, RecordPurchase purchase, Programme programme, Money amount, out Money value)
    {
        value = Money.Zero;
        if (purchase.UsePoints == Points.Zero) return null;
        if (programme.PointValue == Money.Zero) return CustomerRejections.PointsNotAccepted.At("usePoints");
        if (purchase.UsePoints > state.SpendableAt(purchase.At)) return CustomerRejections.NotEnoughPoints.At("usePoints");
        value = new Money(purchase.UsePoints.Count * programme.PointValue.Minor);
        return value > amount ? CustomerRejections.PointsExceedAmount.At("usePoints") : null;
    }

    /// <summary>Shares what was paid in points, what was earned and what went into the lot out among the lines, exactly.</summary>
    private static RecordedLine[] ShareOut(
        IReadOnlyList<PurchaseLine> lines, Money amount, Money value, Programme programme, Tier tier, Points bonus, Points all, Points inLot, int lot)
    {
        var recorded = new RecordedLine[lines.Count];
        var net = amount - value;
        var (amountUpTo, earnedUpTo, bonusUpTo, lotUpTo) = (0L, 0L, 0L, 0L);
        for (var i = 0; i < recorded.Length; i++)
        {
            var line = lines[i];
            amountUpTo += line.Price.Minor - line.Discount.Minor;
            // What is net of points up to this line; points pay for every part of the receipt alike.
            var netUpTo = amountUpTo - Shares.Floor(value.Minor, amountUpTo, amount.Minor);
            var earned = Earning.PointsFor(new Money(netUpTo), programme, tier) - earnedUpTo;
            var extra = Shares.Floor(bonus.Count, netUpTo, net.Minor) - bonusUpTo;
            earnedUpTo += earned;
            bonusUpTo += extra;
            var inLotUpTo = Shares.Floor(inLot.Count, earnedUpTo + bonusUpTo, all.Count);
            var points = inLotUpTo - lotUpTo;
            lotUpTo = inLotUpTo;
            recorded[i] = new RecordedLine
            {
                Line = line.Line,
                Product = line.Product,
                Category = line.Category,
                Quantity = line.Quantity,
                Price = line.Price,
                Discount = line.Discount,
                Earned = new Points(earned),
                Bonus = new Points(extra),
                Lot = points > 0 ? lot : 0,
                LotPoints = new Points(points),
            };
        }

        return recorded;
    }
}
