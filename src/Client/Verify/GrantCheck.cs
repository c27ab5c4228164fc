using System.Globalization;
using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>What entries say of earning rules, as far as it shows in the journal alone (docs/domain/earning-rules.md). Conditions and caps over time are not worked out again.</summary>
internal static class GrantCheck
{
    /// <summary>Each rule that gives is in force, gives at most its room, and alone in its group.</summary>
    public static void Purchase(ProgrammeRules rules, JsonElement data, string where, Differences differences)
    {
        var groups = new HashSet<string>(StringComparer.Ordinal);
        foreach (var grant in data.List("grants"))
        {
            var (id, points) = (grant.Text("rule") ?? "", grant.Number("points"));
            if (points < 0) differences.Add(where, $"points of rule {id}", "0 or more", Number(points));
            if (grant.NumberOrNull("room") is { } room && points > room) differences.Add(where, $"points of rule {id}", $"at most its room {room}", Number(points));
            if (!rules.Earning.TryGetValue(id, out var rule) || !rule.Enabled) differences.Add(where, "rule that gives", "one in force", id);
            else if (points > 0 && rule.Group is { } group && !groups.Add(group)) differences.Add(where, $"rules of group {group} that give", "one", $"also {id}");
        }
    }

    /// <summary>No more comes back than was given, and all of what is counted when everything comes back.</summary>
    public static void Return(PurchaseFacts purchase, JsonElement data, bool isAll, string where, Differences differences)
    {
        var back = data.List("grantsBack").GroupBy(grant => grant.Text("rule") ?? "", StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Sum(grant => grant.Number("pointsSoFar")), StringComparer.Ordinal);
        foreach (var (id, soFar) in back)
        {
            var given = purchase.Grants?.FirstOrDefault(grant => grant.Rule == id).Points ?? 0;
            if (soFar > given) differences.Add(where, $"points of rule {id} back in all", $"at most {given}", Number(soFar));
        }

        if (!isAll || purchase.AmountMinor == 0) return;
        foreach (var grant in purchase.Grants ?? [])
        {
            if (grant.IsCounted) differences.Expect(where, $"points of rule {grant.Rule} back when all is returned", grant.Points, back.GetValueOrDefault(grant.Rule));
        }
    }

    /// <summary>What to remember of a purchase; null when no rule gave anything.</summary>
    public static IReadOnlyList<GrantFacts>? FactsOf(JsonElement data)
    {
        var facts = data.List("grants").Where(grant => grant.Number("points") > 0)
            .Select(grant => new GrantFacts(grant.Text("rule") ?? "", grant.Number("points"), grant.Number("counted") != 0)).ToArray();
        return facts.Length == 0 ? null : facts;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
