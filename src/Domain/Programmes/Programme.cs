using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;
using ChainCrm.Domain.Programmes.Pricing;

namespace ChainCrm.Domain.Programmes;

/// <summary>A tier: its qualifying spend, and what it brings.</summary>
/// <param name="Id">Names it for ever.</param>
/// <param name="NameZh">What people see.</param>
/// <param name="NameEn">What people see.</param>
/// <param name="Spend">Qualifying spend that reaches it.</param>
/// <param name="MultiplierPercent">What purchases earn in it, in percent.</param>
/// <param name="Lasting">For life: never lost by the passing of time.</param>
/// <param name="Points">Qualifying points that reach it; 0: not asked for.</param>
/// <param name="Visits">Qualifying visits that reach it; 0: not asked for.</param>
public sealed record Tier(TierId Id, string NameZh, string NameEn, Money Spend, int MultiplierPercent, bool Lasting = false, Points Points = default, int Visits = 0)
{
    /// <summary>It asks for more than spend.</summary>
    public bool AsksMeasures => Points != default || Visits != 0;

    /// <summary>What is held reaches it.</summary>
    public bool IsReachedBy(in TierMeasures held, TierQualify qualify)
    {
        if (!AsksMeasures) return held.Spend >= Spend;
        if (qualify == TierQualify.Any) return (Spend != Money.Zero && held.Spend >= Spend) || (Points != default && held.Points >= Points) || (Visits != 0 && held.Visits >= Visits);
        return (Spend == Money.Zero || held.Spend >= Spend) && (Points == default || held.Points >= Points) && held.Visits >= Visits;
    }

    /// <summary>What of each it asks for is missing; nothing once it is reached.</summary>
    public TierMeasures Missing(in TierMeasures held, TierQualify qualify)
    {
        if (IsReachedBy(held, qualify)) return default;
        var (spend, points) = (Spend > held.Spend ? Spend - held.Spend : Money.Zero, Points > held.Points ? Points - held.Points : default);
        return new TierMeasures(Spend == Money.Zero ? Money.Zero : spend, Points == default ? default : points, Visits == 0 ? 0 : Math.Max(0, Visits - held.Visits));
    }
}

/// <summary>What became of the bonus for buying in another store.</summary>
internal enum BonusOutcome
{
    None,
    Given,
    Capped,
    CoolingDown,
}

/// <summary>One version of the chain's rules, compiled from its document: immutable, read by every decision. Fields: docs/domain/programme.md.</summary>
public sealed partial record Programme
{
    /// <summary>1, 2, 3 ...; 0 is the built-in one that rules before the first is published.</summary>
    public required int Version { get; init; }

    /// <summary>The document it was compiled from.</summary>
    public required string Document { get; init; }

    /// <summary>Display name of the chain.</summary>
    public required string ChainName { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>IANA name of the chain's time zone; the host turns instants into business days with it.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Ascending by spend; the first has spend 0.</summary>
    public required IReadOnlyList<Tier> Tiers { get; init; }

    /// <summary>Which days count for a tier.</summary>
    public required QualifyingWindow Window { get; init; }

    /// <summary>The chain's dictionary of tags, in the order of the document.</summary>
    public required IReadOnlyList<Tag> Tags { get; init; }

    /// <summary>Whether tiers want all that they ask for, or any of it.</summary>
    public required TierQualify Qualify { get; init; }

    /// <summary>Some tier asks for points or visits: only then are they counted.</summary>
    public required bool AsksMeasures { get; init; }

    /// <summary>How long tiers last; null: for ever.</summary>
    public required TierValidity? TierValidity { get; init; }

    /// <summary>Points per 100 minor units, in ten-thousandths of a point: 10,000 is one point.</summary>
    public required long PointsPerUnitE4 { get; init; }

    /// <summary>Days from the sale until its points can be spent; 0 is at once.</summary>
    public required int ActiveAfterDays { get; init; }

    /// <summary>When points end.</summary>
    public required PointExpiry Expiry { get; init; }

    /// <summary>What one point is worth when paid with, minor units; 0 when nobody can pay with points.</summary>
    public required Money PointValue { get; init; }

    /// <summary>Points taken back beyond the balance become debt; otherwise taking back stops at zero.</summary>
    public required bool NegativeBalance { get; init; }

    /// <summary>Days that points given back still live when their old end has passed.</summary>
    public required int GiveBackGraceDays { get; init; }

    /// <summary>Points that customers give to each other.</summary>
    public required TransferTerms Transfers { get; init; }

    /// <summary>Extra points, in percent of those earned, for buying in another store than the home store; 0 for none.</summary>
    public required int CrossStoreBonusPercent { get; init; }

    /// <summary>Most bonus points of one purchase; null for no cap.</summary>
    public required Points? CrossStoreCap { get; init; }

    /// <summary>Days between two purchases with a bonus; 0 for none, 1 for one a day.</summary>
    public required int CrossStoreCoolDownDays { get; init; }

    /// <summary>The first business day a sale may have.</summary>
    public required BusinessDay EarliestPurchase { get; init; }

    /// <summary>Days after the sale within which lines can come back; null for always.</summary>
    public required int? ReturnWindowDays { get; init; }

    /// <summary>What purchases earn beside the base.</summary>
    public required EarningRuleList Earning { get; init; }

    /// <summary>Money paid in beforehand.</summary>
    public required StoredValueTerms StoredValue { get; init; }

    /// <summary>Coupons: their kinds, and when they are issued by themselves.</summary>
    public required CouponTerms Coupons { get; init; }

    /// <summary>What some goods cost members.</summary>
    public required MemberPriceList MemberPrices { get; init; }

    /// <summary>Goods that some members may buy first.</summary>
    public required EarlyAccessList EarlyAccess { get; init; }

    /// <summary>Some rule, coupon or price asks for region or city: only then are they recorded.</summary>
    internal bool AskPlace => Earning.AskPlace || Coupons.AskPlace || MemberPrices.AskPlace || EarlyAccess.AskPlace;

    /// <summary>Some rule, coupon or price may ask for the tier: where a purchase changes it, the one before is recorded.</summary>
    internal bool AskTier => Earning.Rules.Count > 0 || Coupons.Kinds.Count > 0 || MemberPrices.Prices.Count > 0 || EarlyAccess.Of.Count > 0;

    /// <summary>Some rule, coupon or price asks for the time of day.</summary>
    internal bool AskTime => Earning.AskTime || Coupons.AskTime || MemberPrices.AskTime || EarlyAccess.AskTime;

    /// <summary>Tags that some rule or coupon asks for: only of these a purchase says whether the customer carries them.</summary>
    internal IReadOnlySet<string> AskTags => _askTags ??= new HashSet<string>([.. Earning.AskTags, .. Coupons.AskTags, .. MemberPrices.AskTags, .. EarlyAccess.AskTags], StringComparer.Ordinal);
    private HashSet<string>? _askTags;

    /// <summary>Whether the dictionary has a tag.</summary>
    public bool HasTag(string id) => TagOf(id) is not null;

    /// <summary>A tag by its id; null when this version has none.</summary>
    public Tag? TagOf(string id) => Tags.FirstOrDefault(tag => tag.Id == id);

    /// <summary>How long a basket holds what it holds, in minutes.</summary>
    public required int BasketLeaseMinutes { get; init; }

    /// <summary>The tier of an id; the lowest when unknown.</summary>
    public Tier TierOf(TierId id) => Tiers[Math.Max(0, RankOf(id))];

    /// <summary>The highest tier that is reached.</summary>
    public Tier TierFor(in TierMeasures held) => Tiers[RankFor(held)];

    /// <summary>Place of the highest tier that is reached.</summary>
    public int RankFor(in TierMeasures held)
    {
        for (var i = Tiers.Count - 1; i > 0; i--)
        {
            if (Tiers[i].IsReachedBy(held, Qualify)) return i;
        }

        return 0;
    }

    /// <summary>The next tier above an id; null at the top.</summary>
    public Tier? NextAfter(TierId id)
    {
        var next = Math.Max(0, RankOf(id)) + 1;
        return next < Tiers.Count ? Tiers[next] : null;
    }

    /// <summary>Place of a tier, 0 for the lowest; -1 when this version does not know it.</summary>
    public int RankOf(TierId id)
    {
        for (var i = 0; i < Tiers.Count; i++)
        {
            if (Tiers[i].Id == id) return i;
        }

        return -1;
    }

    /// <summary>The names of the rules behind what a purchase earned, for the question why. The same list for the same case: no garbage.</summary>
    internal IReadOnlyList<string> RulesFor(Tier tier, BonusOutcome bonus)
    {
        _rules ??= BuildRules(Tiers);
        return _rules[(Math.Max(0, RankOf(tier.Id)) * BonusOutcomes) + (int)bonus];
    }

    /// <summary>What the name of a tier's rule begins with.</summary>
    internal const string TierRulePrefix = "tier.";
    internal const string BonusRule = "cross-store.bonus";
    internal const string BonusCappedRule = "cross-store.bonus-capped";
    internal const string BonusPausingRule = "cross-store.cooling-down";
    private const int BonusOutcomes = 4;
    private IReadOnlyList<string>[]? _rules;

    private static IReadOnlyList<string>[] BuildRules(IReadOnlyList<Tier> tiers)
    {
        var rules = new IReadOnlyList<string>[tiers.Count * BonusOutcomes];
        for (var i = 0; i < rules.Length; i++)
        {
            var tier = tiers[i / BonusOutcomes];
            var names = new List<string> { "points.earned" };
            if (tier.MultiplierPercent != 100) names.Add(TierRulePrefix + tier.Id);
            if ((BonusOutcome)(i % BonusOutcomes) is var bonus && bonus != BonusOutcome.None)
            {
                names.Add(bonus switch
                {
                    BonusOutcome.Given => BonusRule,
                    BonusOutcome.Capped => BonusCappedRule,
                    _ => BonusPausingRule,
                });
            }

            rules[i] = names.ToArray();
        }

        return rules;
    }

    /// <summary>Compiles a document; field-by-field refusals when it is wrong.</summary>
    public static (Programme? Programme, IReadOnlyList<Rejection> Errors) Compile(string document, int version) =>
        ProgrammeCompiler.Compile(document, version);

    /// <summary>The rules before the first version is published.</summary>
    public static Programme BuiltIn { get; } = Compile(BuiltInDocument, 0).Programme
        ?? throw new InvalidOperationException("The built-in programme does not compile.");

    private const string BuiltInDocument =
        """
        {
          "name": "ChainCrm",
          "currency": "CNY",
          "timeZone": "Asia/Shanghai",
          "points": {
            "perUnit": 1,
            "activeAfterDays": 0,
            "expiry": { "kind": "rolling", "months": 12, "roundUpTo": "month" },
            "valueMinor": 1,
            "negativeBalance": true,
            "giveBackGraceDays": 7
          },
          "tiers": [
            { "id": "member", "nameZh": "普通会员", "nameEn": "Member", "spendMinor": 0, "multiplierPercent": 100 },
            { "id": "silver", "nameZh": "银卡会员", "nameEn": "Silver", "spendMinor": 200000, "multiplierPercent": 110 },
            { "id": "gold", "nameZh": "金卡会员", "nameEn": "Gold", "spendMinor": 1000000, "multiplierPercent": 125 },
            { "id": "black-gold", "nameZh": "黑金会员", "nameEn": "Black Gold", "spendMinor": 3000000, "multiplierPercent": 150 }
          ],
          "qualifyingMonths": 12,
          "crossStore": { "bonusPercent": 20, "capPerPurchase": 500, "coolDownDays": 0 },
          "purchases": { "earliest": "2000-01-01", "returnWindowDays": null }
        }
        """;
}
