using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>What the lines of a purchase that are not returned earn alone, by the rules and facts of the sale (docs/domain/earning-rules.md, docs/domain/returns.md).</summary>
internal static class KeptPoints
{
    /// <summary>Works out a purchase again as it stands in its entry.</summary>
    /// <param name="purchase">The purchase.</param>
    /// <param name="programme">The version that decided it.</param>
    /// <param name="parts">Amount and quantity of each line that is kept.</param>
    /// <param name="notEarning">What of it earns nothing.</param>
    /// <param name="trace">A place for what became of each rule; null when nobody asks.</param>
    public static SaleEarned Work(PurchaseRecorded purchase, Programme programme, Span<LinePoints> parts, Money notEarning, RuleOutcome[]? trace = null) =>
        TermsOf(purchase, programme).Work(new RecordedLines(purchase.Lines), parts, notEarning, trace);

    /// <summary>Works out what is left of a purchase of which something came back, within what its caps leave.</summary>
    public static SaleEarned Rest(PurchaseRecorded purchase, Programme programme, Span<LinePoints> parts, Money notEarning, RuleRoom room) =>
        (TermsOf(purchase, programme) with { Room = room }).Work(new RecordedLines(purchase.Lines), parts, notEarning);

    /// <summary>All lines as they were sold.</summary>
    public static LinePoints[] WholeOf(PurchaseRecorded purchase) =>
        [.. purchase.Lines.Select(static line => LinePoints.Of(line))];

    private static SaleEarning TermsOf(PurchaseRecorded purchase, Programme programme) => new(
        programme,
        MultiplierOf(purchase, programme),
        FactsOf(purchase, programme),
        RuleRoom.Then(purchase),
        MayBonusOf(purchase));

    /// <summary>What conditions can ask of a sale, as it stands in its entry.</summary>
    public static SaleFacts FactsOf(PurchaseRecorded purchase, Programme programme) => new()
    {
        // A tier that the programme does not know counts as the lowest, here as in its multiplier.
        Tier = programme.TierOf(purchase.TierBefore ?? purchase.Tier).Id,
        Store = purchase.Store,
        Region = purchase.Region,
        City = purchase.City,
        Channel = purchase.Channel,
        Tags = purchase.Tags,
        Day = purchase.BusinessDay,
        LocalMinute = purchase.LocalMinute,
        CrossStore = purchase.CrossStore,
    };

    /// <summary>All lines as they were sold, before coupons.</summary>
    public static LinePoints[] BeforeCoupons(PurchaseRecorded purchase)
    {
        var parts = WholeOf(purchase);
        for (var i = 0; i < purchase.CouponShares.Count; i++) parts[i].Amount += purchase.CouponShares[i];
        return parts;
    }

    // The rules named in the entry say it for every purchase there ever was; the tier before stands only in those since there are earning rules.
    private static Tier MultiplierOf(PurchaseRecorded purchase, Programme programme)
    {
        for (var i = 0; i < purchase.Rules.Count; i++)
        {
            if (purchase.Rules[i].StartsWith(Programme.TierRulePrefix, StringComparison.Ordinal))
                return programme.TierOf(new TierId(purchase.Rules[i][Programme.TierRulePrefix.Length..]));
        }

        return Plain;
    }

    private static BonusOutcome MayBonusOf(PurchaseRecorded purchase)
    {
        for (var i = 0; i < purchase.Rules.Count; i++)
        {
            if (purchase.Rules[i] is Programme.BonusRule or Programme.BonusCappedRule) return BonusOutcome.Given;
            if (purchase.Rules[i] == Programme.BonusPausingRule) return BonusOutcome.CoolingDown;
        }

        return BonusOutcome.None;
    }

    private static readonly Tier Plain = new(new TierId("plain"), "", "", Money.Zero, 100);
}
