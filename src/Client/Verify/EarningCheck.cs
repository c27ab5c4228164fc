using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>Recomputes what a purchase earns from the programme's document alone (docs/domain/earning.md).</summary>
internal static class EarningCheck
{
    /// <summary>Points of a purchase; called right after the ledger folded it, with the tier it had before.</summary>
    public static void Purchase(ProgrammeRules rules, CustomerLedger customer, JsonElement data, string where, Differences differences)
    {
        var value = data.Number("pointsUsed") * rules.PointValueMinor;
        differences.Expect(where, "value of points used", value, data.Number("pointsValue"));

        // Per 100 minor units, ten-thousandths of a point, percent of the tier: rounded down once, for the receipt as a whole.
        var multiplier = rules.Tiers.Count == 0 ? 100 : rules.Tiers[rules.RankOf(customer.TierBefore)].MultiplierPercent;
        var gift = !rules.GiftEarns && data.TryGetProperty("storedValueUsed", out var used) ? used.Number("gift") : 0;
        var earned = (long)decimal.Floor((decimal)(data.Number("amount") - value - gift) * rules.PointsPerUnitE4 * multiplier / (100m * 10_000m * 100m));
        var bonus = Bonus(rules, customer, data, earned);
        differences.Expect(where, "points by the base", earned, data.Number("pointsEarned") - data.Number("pointsBonus") - data.Sum("grants", "points"));
        GrantCheck.Purchase(rules, data, where, differences);
        differences.Expect(where, "bonus by the cross-store rule", bonus, data.Number("pointsBonus"));
        var day = (int)data.Number("businessDay");
        if (data.Number("pointsBonus") > 0 && (customer.LastBonusDay is not { } last || day > last)) customer.LastBonusDay = day;
    }

    private static long Bonus(ProgrammeRules rules, CustomerLedger customer, JsonElement data, long earned)
    {
        if (data.Text("store") == customer.HomeStore) return 0;
        var isResting = rules.CrossStoreCoolDownDays > 0 && customer.LastBonusDay is { } last
            && Math.Abs(data.Number("businessDay") - last) < rules.CrossStoreCoolDownDays;
        var bonus = isResting ? 0 : earned * rules.CrossStoreBonusPercent / 100;
        return Math.Min(bonus, rules.CrossStoreCap ?? bonus);
    }
}
