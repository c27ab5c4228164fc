using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>A tier as a programme document has it.</summary>
internal sealed record TierRule(string Id, long SpendMinor, long MultiplierPercent, long Points = 0, long Visits = 0);

/// <summary>An earning rule as a programme document has it.</summary>
/// <param name="Group">Its group.</param>
/// <param name="Enabled">It is not switched off.</param>
/// <param name="Tags">The tags it asks for, when it asks for nothing else.</param>
internal sealed record EarningRuleFacts(string? Group, bool Enabled, IReadOnlySet<string>? Tags = null);

/// <summary>What verify needs of one version of the programme, read from its document.</summary>
internal sealed record ProgrammeRules
{
    /// <summary>Points per 100 minor units, in ten-thousandths of a point.</summary>
    public required long PointsPerUnitE4 { get; init; }
    public required long PointValueMinor { get; init; }
    public required long CrossStoreBonusPercent { get; init; }
    /// <summary>Most bonus points of one purchase; null for no cap.</summary>
    public required long? CrossStoreCap { get; init; }
    public required int CrossStoreCoolDownDays { get; init; }
    public required int QualifyingMonths { get; init; }

    /// <summary>The window begins with a month, quarter, half-year or year.</summary>
    public bool IsCalendar { get; init; }

    /// <summary>Any of what a tier asks for is enough.</summary>
    public bool AnyIsEnough { get; init; }
    /// <summary>What the gift of stored value pays for earns points.</summary>
    public bool GiftEarns { get; init; }
    /// <summary>Ascending by spend.</summary>
    public required IReadOnlyList<TierRule> Tiers { get; init; }
    /// <summary>Earning rules by their ids.</summary>
    public required IReadOnlyDictionary<string, EarningRuleFacts> Earning { get; init; }

    /// <summary>Member prices by their ids.</summary>
    public required IReadOnlyDictionary<string, MemberPriceFacts> MemberPrices { get; init; }

    /// <summary>The dictionary of tags.</summary>
    public IReadOnlySet<string> Tags { get; init; } = new HashSet<string>();

    /// <summary>Tags that rules and coupons ask for.</summary>
    public IReadOnlySet<string> AskedTags { get; init; } = new HashSet<string>();

    /// <summary>Reads a document.</summary>
    public static ProgrammeRules Read(JsonElement document)
    {
        var points = Section(document, "points");
        var crossStore = Section(document, "crossStore");
        return new ProgrammeRules
        {
            PointsPerUnitE4 = (long)((Number(points, "perUnit") ?? 1m) * 10_000m),
            PointValueMinor = (long)(Number(points, "valueMinor") ?? 1m),
            CrossStoreBonusPercent = (long)(Number(crossStore, "bonusPercent") ?? 0m),
            CrossStoreCap = (long?)Number(crossStore, "capPerPurchase"),
            CrossStoreCoolDownDays = (int)(Number(crossStore, "coolDownDays") ?? 0m),
            GiftEarns = Section(document, "storedValue") is var stored && stored.ValueKind == JsonValueKind.Object && stored.Flag("giftEarns"),
            QualifyingMonths = document.Text("qualifyingWindow") switch { "year" => 12, "halfYear" => 6, "quarter" => 3, "month" => 1, _ => (int)(Number(document, "qualifyingMonths") ?? 12m) },
            IsCalendar = document.Text("qualifyingWindow") is "year" or "halfYear" or "quarter" or "month",
            AnyIsEnough = document.Text("qualify") == "any",
            Tiers = document.List("tiers")
                .Select(tier => new TierRule(tier.Text("id") ?? "", tier.Number("spendMinor"), (long)(Number(tier, "multiplierPercent") ?? 100m), tier.Number("points"), tier.Number("visits")))
                .ToList(),
            Tags = document.List("tags").Select(tag => tag.Text("id") ?? "").ToHashSet(StringComparer.Ordinal),
            AskedTags = TagConditions.In(document).ToHashSet(StringComparer.Ordinal),
            Earning = (document.TryGetProperty("earning", out var earning) && earning.ValueKind == JsonValueKind.Object ? earning.List("rules") : [])
                .GroupBy(rule => rule.Text("id") ?? "", StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => new EarningRuleFacts(same.First().Text("group"), !IsOff(same.First()), TagConditions.Alone(same.First())), StringComparer.Ordinal),
            MemberPrices = document.List("memberPrices").GroupBy(price => price.Text("id") ?? "", StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => MemberPriceOf(same.First()), StringComparer.Ordinal),
        };
    }

    /// <summary>Reads a document from its text.</summary>
    public static ProgrammeRules Read(string document)
    {
        using var json = JsonDocument.Parse(document);
        return Read(json.RootElement);
    }

    /// <summary>Place of a tier, 0 for the lowest, and for one that this version does not know.</summary>
    public int RankOf(string? tier)
    {
        for (var i = 0; i < Tiers.Count; i++)
            if (Tiers[i].Id == tier)
                return i;
        return 0;
    }

    /// <summary>Place of the highest tier that a spend reaches, with points and visits where tiers ask for them.</summary>
    public int RankFor(long spendMinor, long points = 0, long visits = 0)
    {
        var rank = 0;
        for (var i = 1; i < Tiers.Count; i++)
            if (IsReached(Tiers[i], spendMinor, points, visits))
                rank = i;
        return rank;
    }

    private bool IsReached(TierRule tier, long spendMinor, long points, long visits)
    {
        var wanted = new List<bool>();
        if (tier.SpendMinor != 0) wanted.Add(spendMinor >= tier.SpendMinor);
        if (tier.Points != 0) wanted.Add(points >= tier.Points);
        if (tier.Visits != 0) wanted.Add(visits >= tier.Visits);
        return AnyIsEnough ? wanted.Contains(true) : !wanted.Contains(false);
    }

    private static MemberPriceFacts MemberPriceOf(JsonElement price)
    {
        var give = Section(price, "give");
        return new MemberPriceFacts(
            !IsOff(price), !price.TryGetProperty("onDiscounted", out var also) || also.ValueKind != JsonValueKind.False, (long?)Number(give, "percent"), (long)(Number(give, "minor") ?? 0m));
    }

    private static bool IsOff(JsonElement rule) => rule.TryGetProperty("enabled", out var enabled) && enabled.ValueKind == JsonValueKind.False;

    private static JsonElement Section(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var section) && section.ValueKind == JsonValueKind.Object ? section : default;

    private static decimal? Number(JsonElement section, string name) =>
        section.ValueKind == JsonValueKind.Object && section.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : null;
}
