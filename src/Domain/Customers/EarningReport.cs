using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>What a basket earns under a programme, and what became of each of its rules; or the same of a purchase, worked out again from its entry.</summary>
/// <param name="Amount">Price less discount.</param>
/// <param name="Base">Points by the rate and the tier's multiplier.</param>
/// <param name="ByRules">Points by earning rules.</param>
/// <param name="Bonus">Points for another store than the home store.</param>
/// <param name="Rules">Every rule of the programme, in its order.</param>
public sealed record EarningReport(Money Amount, Points Base, Points ByRules, Points Bonus, IReadOnlyList<RuleOutcome> Rules)
{
    /// <summary>All of it.</summary>
    public Points All => Base + ByRules + Bonus;

    /// <summary>What a basket would earn somebody whose caps are untouched, on what is left of its lines. They have been checked.</summary>
    internal static EarningReport Of(Programme programme, in SaleFacts sale, IReadOnlyList<PurchaseLine> lines, LinePoints[] parts)
    {
        var bonus = sale.CrossStore && programme.CrossStoreBonusPercent > 0 ? BonusOutcome.Given : BonusOutcome.None;
        var trace = new RuleOutcome[programme.Earning.Rules.Count];
        var earned = new SaleEarning(programme, programme.TierOf(sale.Tier), sale, RuleRoom.Full, bonus).Work(new SentLines(lines), parts, Money.Zero, trace);
        return Report(parts, earned, trace);
    }

    /// <summary>A purchase worked out again by its facts, its room and the programme version that decided it; and whether that is what was booked.</summary>
    public static (EarningReport Report, bool Agrees) Again(PurchaseRecorded purchase, Programme programme)
    {
        var parts = KeptPoints.WholeOf(purchase);
        var trace = new RuleOutcome[programme.Earning.Rules.Count];
        var earned = KeptPoints.Work(purchase, programme, parts, StoredValueRules.NotEarning(purchase.PointsValue, purchase.StoredValueUsed, programme), trace);
        return (Report(parts, earned, trace), earned.All == purchase.PointsEarned && earned.Bonus == purchase.PointsBonus && earned.Grants.SequenceEqual(purchase.Grants));
    }

    private static EarningReport Report(ReadOnlySpan<LinePoints> parts, in SaleEarned earned, RuleOutcome[] trace)
    {
        var amount = Money.Zero;
        foreach (ref readonly var part in parts) amount += part.Amount;
        return new EarningReport(amount, earned.Base, earned.ByRules, earned.Bonus, trace);
    }
}
