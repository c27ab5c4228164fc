using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>What a sale earns in all.</summary>
/// <param name="Base">By the rate of the programme and the tier's multiplier.</param>
/// <param name="ByRules">By earning rules.</param>
/// <param name="Bonus">For another store than the home store.</param>
/// <param name="BonusOutcome">What became of that bonus.</param>
/// <param name="Grants">Each rule that gave, was cut by a cap, or lost to another of its group.</param>
internal readonly record struct SaleEarned(Points Base, Points ByRules, Points Bonus, BonusOutcome BonusOutcome, IReadOnlyList<RuleGrant> Grants)
{
    public Points All => Base + ByRules + Bonus;
}

/// <summary>What a sale earns, worked out the same way when it is sold, when a part of it comes back and when somebody asks why (docs/domain/earning-rules.md).</summary>
/// <param name="Programme">The rules of the sale.</param>
/// <param name="Multiplier">The tier whose multiplier counts.</param>
/// <param name="Sale">The facts that conditions ask for.</param>
/// <param name="Room">What caps leave.</param>
/// <param name="MayBonus">Given when a bonus for another store is due, otherwise why not.</param>
internal readonly record struct SaleEarning(Programme Programme, Tier Multiplier, SaleFacts Sale, RuleRoom Room, BonusOutcome MayBonus)
{
    /// <summary>Lines whose numbers fit on the stack.</summary>
    public const int LinesOnStack = 32;

    /// <summary>Works it out.</summary>
    /// <param name="lines">What conditions ask of each line.</param>
    /// <param name="parts">Amount and quantity of each line are given; net, earned and bonus are set.</param>
    /// <param name="notEarning">What of it earns nothing: paid in points, or by a gift that earns none.</param>
    /// <param name="trace">A place for what became of each rule; null when nobody asks.</param>
    public SaleEarned Work<TLines>(TLines lines, Span<LinePoints> parts, Money notEarning, RuleOutcome[]? trace = null)
        where TLines : struct, ISoldLines
    {
        var amount = Money.Zero;
        foreach (ref readonly var part in parts) amount += part.Amount;
        var net = amount - notEarning;
        var earned = new Points(Earning.PointsFor(net, Programme, Multiplier));
        var (bonus, outcome) = Earning.BonusFor(MayBonus, earned, Programme);
        ShareOut(parts, amount, notEarning, net, bonus);
        if (Programme.Earning.Rules.Count == 0) return new SaleEarned(earned, Points.Zero, bonus, outcome, []);
        var (byRules, grants) = RuleEarning.Work(this, lines, parts, trace);
        return new SaleEarned(earned, byRules, bonus, outcome, grants);
    }

    /// <summary>Shares base and bonus out among the lines by what of each earns, exactly; what earns nothing pays for every part of the receipt alike.</summary>
    private void ShareOut(Span<LinePoints> parts, Money amount, Money notEarning, Money net, Points bonus)
    {
        var (amountUpTo, netBefore, earnedUpTo, bonusUpTo) = (0L, 0L, 0L, 0L);
        foreach (ref var part in parts)
        {
            amountUpTo += part.Amount.Minor;
            var netUpTo = amountUpTo - Shares.Floor(notEarning.Minor, amountUpTo, amount.Minor);
            part.Net = netUpTo - netBefore;
            part.Earned = Earning.PointsFor(new Money(netUpTo), Programme, Multiplier) - earnedUpTo;
            part.Bonus = Shares.Floor(bonus.Count, netUpTo, net.Minor) - bonusUpTo;
            netBefore = netUpTo;
            earnedUpTo += part.Earned;
            bonusUpTo += part.Bonus;
        }
    }
}
