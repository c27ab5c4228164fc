namespace ChainCrm.Client.Wire;

/// <summary>What an earning rule gave.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Name">Its names in the programme version that decided; null when that version has no such rule.</param>
/// <param name="Points">Points given.</param>
/// <param name="Withheld">Points that a cap withheld.</param>
public sealed record GrantView(string Rule, LocalName? Name, long Points, long Withheld);

/// <summary>An example basket under the running rules and under a draft: POST /v1/programme/try. Changes nothing.</summary>
public sealed record ProgrammeTryRequest
{
    /// <summary>The draft; left out: the running rules alone.</summary>
    public System.Text.Json.JsonElement? Document { get; init; }
    public TryBasket? Basket { get; init; }
    /// <summary>Kinds of coupons that are put to the basket, each as if just issued to the member; one twice for two of a kind. At most 20.</summary>
    public IReadOnlyList<string>? Coupons { get; init; }
}

/// <summary>A basket that nobody bought.</summary>
public sealed record TryBasket
{
    /// <summary>A store of the chain; left out: none, and so neither region nor city.</summary>
    public string? Store { get; init; }
    public string? Channel { get; init; }
    /// <summary>When it would be bought; now when left out.</summary>
    public DateTimeOffset? OccurredAt { get; init; }
    /// <summary>The member's tier before; the lowest when left out, or when the programme has no such tier.</summary>
    public string? Tier { get; init; }
    /// <summary>Ids of tags that the member carries; at most 50. Left out: none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
    /// <summary>Bought in another store than the home store.</summary>
    public bool CrossStore { get; init; }
    public IReadOnlyList<PurchaseLineRequest>? Lines { get; init; }
    /// <summary>Member prices are taken off, and goods that are not on sale yet are told.</summary>
    public bool MemberPrices { get; init; }
}

/// <summary>What a basket would earn.</summary>
/// <param name="Valid">The draft has no mistake.</param>
/// <param name="Errors">What is wrong with the draft, field by field.</param>
/// <param name="Running">Under the rules that run.</param>
/// <param name="Draft">Under the draft; null when there is none, or it is wrong.</param>
public sealed record ProgrammeTryReply(bool Valid, IReadOnlyList<Problem> Errors, TryResult Running, TryResult? Draft);

/// <summary>What a basket earns under one version.</summary>
public sealed record TryResult
{
    /// <summary>The version; 0 for a draft and for the built-in rules.</summary>
    public int Version { get; init; }
    /// <summary>What the basket comes to, after member prices and coupons.</summary>
    public long AmountMinor { get; init; }
    /// <summary>All points.</summary>
    public long PointsEarned { get; init; }
    /// <summary>Of these, by the rate and the tier.</summary>
    public long PointsBase { get; init; }
    /// <summary>Of these, for another store than the home store.</summary>
    public long PointsBonus { get; init; }
    /// <summary>Every rule, in its order.</summary>
    public required IReadOnlyList<RuleTrial> Rules { get; init; }
    /// <summary>The coupons, in the order in which they were asked for; left out when none was.</summary>
    public IReadOnlyList<CouponTrialView>? Coupons { get; init; }
    /// <summary>What member prices take off lines; left out when they were not asked for, or take nothing.</summary>
    public IReadOnlyList<MemberPriceView>? MemberPrices { get; init; }
    /// <summary>Lines whose goods are not on sale yet for this member; left out when none, or when prices were not asked for.</summary>
    public IReadOnlyList<int>? NotOnSale { get; init; }
}

/// <summary>What became of a coupon that was tried.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its names; left out when these rules have no such kind.</param>
/// <param name="DiscountMinor">What it takes off.</param>
/// <param name="Lines">What of that each line bears, where that is something.</param>
/// <param name="MissingMinor">How much more would reach its minimum; 0 when that is not what is missing.</param>
public sealed record CouponTrialView(string Kind, LocalName? Name, long DiscountMinor, IReadOnlyList<LineDiscount> Lines, long MissingMinor)
{
    /// <summary>Why it does not apply, by its place among those that were asked for, from 1; left out when it does.</summary>
    public CouponSkippedView? Why { get; init; }
}

/// <summary>What became of a rule.</summary>
public sealed record RuleTrial
{
    public required string Id { get; init; }
    public required LocalName Name { get; init; }
    /// <summary>given, reduced, capped, other-won, not-met, no-line, below-minimum, nothing, off.</summary>
    public required string Outcome { get; init; }
    public long Points { get; init; }
    /// <summary>What caps withheld.</summary>
    public long Withheld { get; init; }
    /// <summary>Numbers of the lines that match.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];
    /// <summary>Why, in one sentence.</summary>
    public required string Zh { get; init; }
    public required string En { get; init; }
}

/// <summary>A version of the programme in a list.</summary>
public sealed record ProgrammeVersionView(int Version, DateTimeOffset PublishedAt, string? Note);

/// <summary>Versions of the programme, newest first. GET /v1/programme/versions?before=version&amp;limit=n.</summary>
/// <param name="Versions">The page.</param>
/// <param name="Next">The next page begins before this version; null at the end.</param>
public sealed record ProgrammeVersionPage(IReadOnlyList<ProgrammeVersionView> Versions, int? Next);

/// <summary>Why an entry is as it is: GET /v1/customers/{id}/entries/{version}/why.</summary>
public sealed record WhyReply
{
    public required string Customer { get; init; }
    public long Version { get; init; }
    public DateTimeOffset At { get; init; }
    /// <summary>The version of the rules that decided.</summary>
    public int ProgrammeVersion { get; init; }
    /// <summary>Of a purchase: its points were worked out again from the entry and that version, and are the same. Null where nothing is worked out.</summary>
    public bool? Agrees { get; init; }
    public required IReadOnlyList<WhyReason> Reasons { get; init; }
}

/// <summary>One reason.</summary>
public sealed record WhyReason
{
    /// <summary>What it explains, such as points.base, rule.given, tier.spend-reached; the list is in docs/domain/why.md.</summary>
    public required string Code { get; init; }
    /// <summary>The earning rule, where it is one.</summary>
    public string? Rule { get; init; }
    /// <summary>Change of the points that it explains; null where it explains none.</summary>
    public long? Points { get; init; }
    /// <summary>The facts it rests on.</summary>
    public IReadOnlyList<WhyFact> Facts { get; init; } = [];
    public required string Zh { get; init; }
    public required string En { get; init; }
}

/// <summary>A fact: its name, and its value as text.</summary>
public sealed record WhyFact(string Name, string Value);

/// <summary>Begins a rehearsal: POST /v1/programme/rehearsals. Nothing is booked.</summary>
public sealed record RehearsalRequest
{
    /// <summary>The draft; left out: each sale again under the version that decided it, which must give what was booked.</summary>
    public System.Text.Json.JsonElement? Document { get; init; }
    /// <summary>Days back from now, 1 to 400; 90 when left out.</summary>
    public int? Days { get; init; }
}

/// <summary>A rehearsal as it stands: GET /v1/programme/rehearsals/{id}.</summary>
public sealed record RehearsalView
{
    public required string Id { get; init; }
    /// <summary>running, done, cancelled, failed.</summary>
    public required string State { get; init; }
    /// <summary>False when each sale is decided by the version that booked it.</summary>
    public bool HasDraft { get; init; }
    public DateTimeOffset From { get; init; }
    public DateTimeOffset Until { get; init; }
    /// <summary>Customers looked at, of so many.</summary>
    public long Done { get; init; }
    public long Of { get; init; }
    public double Seconds { get; init; }
    /// <summary>Customers with an entry in the window; those who gain points, and who lose.</summary>
    public long Customers { get; init; }
    public long Gain { get; init; }
    public long Lose { get; init; }
    /// <summary>Points of the window's sales, net of its returns: as booked, and as lived again.</summary>
    public long BookedPoints { get; init; }
    public long LivedPoints { get; init; }
    /// <summary>What the difference is worth at the value of a point.</summary>
    public long CostMinor { get; init; }
    /// <summary>Points those customers hold at the end of the window, and what the difference is worth.</summary>
    public long BookedBalance { get; init; }
    public long LivedBalance { get; init; }
    public long LiabilityMinor { get; init; }
    /// <summary>Customers who end in a higher or a lower tier.</summary>
    public long HigherTier { get; init; }
    public long LowerTier { get; init; }
    /// <summary>Commands that would be refused, or sales that could not be paid in points.</summary>
    public long Refused { get; init; }
    /// <summary>Sales and returns with other points than booked.</summary>
    public long Different { get; init; }
    public required IReadOnlyList<RehearsalLine> Stores { get; init; }
    public required IReadOnlyList<RehearsalLine> Rules { get; init; }
    public required IReadOnlyList<RehearsalLine> Tiers { get; init; }
    public required IReadOnlyList<RehearsalGain> Most { get; init; }
}

/// <summary>Points of a store, a rule or a tier.</summary>
public sealed record RehearsalLine(string Id, LocalName? Name, long Sales, long BookedPoints, long LivedPoints, long Withheld);

/// <summary>Somebody who gains much.</summary>
public sealed record RehearsalGain(string Customer, long Points);
