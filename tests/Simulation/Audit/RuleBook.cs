using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>What earning rules gave one customer, by arithmetic over the events' JSON alone: no cap is exceeded, no group gives twice, no more comes back than was given.</summary>
internal sealed class RuleBook
{
    private readonly Dictionary<string, SoldByRules> _sold = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Rule, string Per, string Period), long> _given = [];

    public int Grants { get; private set; }

    public int Withheld { get; private set; }

    public void Bought(ProgrammeOfJournal programme, JsonElement data, string? tier, List<string> wrong)
    {
        var receipt = $"{data.Text("store")}/{data.Text("receipt")}";
        var sold = new SoldByRules(programme, data.Number("businessDay"), data.List("lines").ToDictionary(line => line.Number("line"), line => line.Number("quantity")));
        var (byRules, groups) = (0L, new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var grant in data.List("grants"))
        {
            var (id, points) = (grant.Text("rule")!, grant.Number("points"));
            byRules += points;
            sold.Given[id] = points;
            if (points > 0)
                Grants++;
            if (grant.Number("withheld") > 0)
                Withheld++;
            if (!programme.Rules.TryGetValue(id, out var rule) || !rule.Enabled || points < 0 || grant.Number("withheld") < 0)
                wrong.Add($"rule {id} gives {points} points for {receipt}, and is not in force");
            else if (points > 0 && rule.Group is { } group && !groups.TryAdd(group, id))
                wrong.Add($"rules {groups[group]} and {id} of group {group} both give for {receipt}");
            Count(sold, id, points, receipt, wrong);
        }

        var multiplier = programme.Multipliers.TryGetValue(tier ?? "", out var percent) ? percent : programme.Multipliers[programme.LowestTier];
        var gift = !programme.StoredValue.GiftEarns && data.TryGetProperty("storedValueUsed", out var used) ? used.Number("gift") : 0;
        var basePoints = (long)decimal.Floor((data.Number("amount") - data.Number("pointsValue") - gift) * programme.PerUnit * multiplier / 10_000m);
        if (basePoints + byRules + data.Number("pointsBonus") != data.Number("pointsEarned"))
            wrong.Add($"{receipt} earns {data.Number("pointsEarned")} points: {basePoints} by the base, {byRules} by rules, {data.Number("pointsBonus")} as bonus");
        _sold[receipt] = sold;
    }

    public void Returned(JsonElement data, List<string> wrong)
    {
        var receipt = $"{data.Text("purchaseStore")}/{data.Text("purchaseReceipt")}";
        if (!_sold.TryGetValue(receipt, out var sold))
            return;
        foreach (var back in data.List("grantsBack"))
        {
            var (id, points) = (back.Text("rule")!, back.Number("points"));
            var soFar = sold.Back.GetValueOrDefault(id) + points;
            sold.Back[id] = soFar;
            if (soFar != back.Number("pointsSoFar"))
                wrong.Add($"{back.Number("pointsSoFar")} points of rule {id} came back for {receipt} so far, the sum is {soFar}");
            if (soFar > sold.Given.GetValueOrDefault(id))
                wrong.Add($"{soFar} points of rule {id} came back for {receipt}, which it gave {sold.Given.GetValueOrDefault(id)}");
            Count(sold, id, -points, receipt, wrong);
        }

        if (!IsAllBack(sold, data))
            return;
        // Only what caps count is told when it comes back.
        foreach (var (id, points) in sold.Given)
            if (points != sold.Back.GetValueOrDefault(id) && sold.Programme.Rules.TryGetValue(id, out var rule) && rule.Caps.Any(cap => cap.Per != "purchase"))
                wrong.Add($"all of {receipt} came back, and of the {points} points of rule {id} {sold.Back.GetValueOrDefault(id)}");
    }

    // In every time for which the rule of the sale's programme has a cap; what it gave while it had none does not count.
    private void Count(SoldByRules sold, string id, long points, string receipt, List<string> wrong)
    {
        if (points == 0 || !sold.Programme.Rules.TryGetValue(id, out var rule))
            return;
        foreach (var cap in rule.Caps)
        {
            var period = cap.Per == "purchase" ? receipt : PublishedRules.PeriodOf(cap.Per, sold.Day);
            var sum = _given.GetValueOrDefault((id, cap.Per, period)) + points;
            _given[(id, cap.Per, period)] = sum;
            if (points > 0 && sum > cap.Points)
                wrong.Add($"rule {id} has given {sum} points in {cap.Per} {period} with {receipt}, {sum - cap.Points} more than the {cap.Points} of its cap");
            if (sum < 0)
                wrong.Add($"more came back in {cap.Per} {period} of rule {id} than it gave");
        }
    }

    private static bool IsAllBack(SoldByRules sold, JsonElement data)
    {
        var back = data.List("lines").ToDictionary(line => line.Number("line"), line => line.Number("quantitySoFar"));
        return sold.Lines.All(line => back.TryGetValue(line.Key, out var quantity) && quantity == line.Value);
    }

    /// <summary>What the rules gave a receipt, and what came back of it.</summary>
    private sealed record SoldByRules(ProgrammeOfJournal Programme, long Day, Dictionary<long, long> Lines)
    {
        public Dictionary<string, long> Given { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, long> Back { get; } = new(StringComparer.Ordinal);
    }
}
