using System.Globalization;
using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>The most a rule may give in a time: day, month, year, ever or purchase.</summary>
internal readonly record struct CapOfJournal(string Per, long Points);

/// <summary>An earning rule as the auditor needs it.</summary>
internal sealed record RuleOfJournal(string? Group, bool Enabled, IReadOnlyList<CapOfJournal> Caps);

/// <summary>The rules of stored value as the auditor needs them.</summary>
internal sealed record StoredValueOfJournal(bool Offered, string Spend, bool GiftEarns, long? BalanceMax, bool Refunds, IReadOnlyList<(long AtLeast, long Gift)> Steps);

/// <summary>Who may give points to whom, how many at least, and at most in a time.</summary>
internal sealed record TransfersOfJournal(string To, long Least, long? PerDay, long? PerYear)
{
    public static TransfersOfJournal Read(JsonElement points) => points.TryGetProperty("transfer", out var section)
        ? new(section.Text("to") ?? "nobody", Math.Max(1, section.Number("leastPoints")), Most(section, "mostPointsPerDay"), Most(section, "mostPointsPerYear"))
        : new("nobody", 1, null, null);

    private static long? Most(JsonElement section, string name) => section.Number(name) is var most and > 0 ? most : null;
}

/// <summary>What the auditor needs of one version of the programme: the base, the rules by their ids, stored value and coupons.</summary>
internal sealed record ProgrammeOfJournal(
    decimal PerUnit, IReadOnlyDictionary<string, int> Multipliers, string LowestTier, IReadOnlyDictionary<string, RuleOfJournal> Rules, StoredValueOfJournal StoredValue,
    long LeaseMinutes, CouponsOfJournal Coupons, TiersOfJournal Tiers, PointEnds Ends, PricesOfJournal Prices, TagsOfJournal Tags, TransfersOfJournal Transfers);

/// <summary>The programmes of the journal, read from their documents with a JSON parser: nothing of the product's compiler.</summary>
internal sealed class PublishedRules
{
    // The programme before the first one, as docs/domain/programme.md and the tests of the domain have it.
    private const string BuiltIn =
        """
        { "points": { "perUnit": 1 }, "tiers": [ { "id": "member" }, { "id": "silver", "spendMinor": 200000, "multiplierPercent": 110 },
          { "id": "gold", "spendMinor": 1000000, "multiplierPercent": 125 }, { "id": "black-gold", "spendMinor": 3000000, "multiplierPercent": 150 } ] }
        """;

    private readonly Dictionary<int, ProgrammeOfJournal> _versions = new() { [0] = Read(BuiltIn) };

    public void Add(int version, string document) => _versions[version] = Read(document);

    /// <summary>A version; of one that was never published, which is told elsewhere, the built-in one.</summary>
    public ProgrammeOfJournal Of(int version) => _versions.GetValueOrDefault(version, _versions[0]);

    /// <summary>The time that a day falls into, as a name.</summary>
    public static string PeriodOf(string per, long day)
    {
        var date = DateOnly.FromDayNumber(checked((int)day) + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);
        return per switch
        {
            "day" => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "month" => date.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            "year" => date.ToString("yyyy", CultureInfo.InvariantCulture),
            _ => "",
        };
    }

    private static ProgrammeOfJournal Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        var tiers = root.List("tiers").ToList();
        var rules = new Dictionary<string, RuleOfJournal>(StringComparer.Ordinal);
        if (root.TryGetProperty("earning", out var earning))
        {
            foreach (var rule in earning.List("rules"))
                rules[rule.Text("id")!] = new RuleOfJournal(rule.Text("group"), !rule.TryGetProperty("enabled", out _) || rule.Flag("enabled"),
                    [.. rule.List("caps").Select(cap => new CapOfJournal(cap.Text("per")!, cap.Number("points")))]);
        }

        return new ProgrammeOfJournal(
            root.GetProperty("points").TryGetProperty("perUnit", out var rate) ? rate.GetDecimal() : 1m,
            tiers.ToDictionary(tier => tier.Text("id")!, tier => tier.TryGetProperty("multiplierPercent", out var percent) ? percent.GetInt32() : 100, StringComparer.Ordinal),
            tiers[0].Text("id")!, rules, root.TryGetProperty("storedValue", out var stored) ? StoredValueOf(stored) : new StoredValueOfJournal(false, "", false, null, true, []),
            root.TryGetProperty("baskets", out var baskets) && baskets.Number("leaseMinutes") is var minutes and > 0 ? minutes : 10, CouponsOfJournal.Read(root), TiersOfJournal.Read(root),
            PointEnds.Read(root.GetProperty("points")), PricesOfJournal.Read(root), TagsOfJournal.Read(root), TransfersOfJournal.Read(root.GetProperty("points")));
    }

    private static StoredValueOfJournal StoredValueOf(JsonElement section) => new(
        true, section.Text("spend") ?? "", section.Flag("giftEarns"), section.Number("balanceMaxMinor") is var most and > 0 ? most : null,
        !section.TryGetProperty("refunds", out _) || section.Flag("refunds"), [.. section.List("topUps").Select(step => (step.Number("atLeastMinor"), step.Number("giftMinor")))]);
}
