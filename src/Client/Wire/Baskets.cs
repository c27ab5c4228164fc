using System.Text.Json.Serialization;

namespace ChainCrm.Client.Wire;

/// <summary>What a purchase would come to: POST /v1/baskets/quote. Changes nothing.</summary>
public sealed record QuoteRequest
{
    public CustomerKey? Customer { get; init; }
    /// <summary>A till may leave it out (its own).</summary>
    public string? Store { get; init; }
    public string? Channel { get; init; }
    public IReadOnlyList<PurchaseLineRequest>? Lines { get; init; }
    /// <summary>Points the customer would pay with.</summary>
    public long UsePoints { get; init; }
    /// <summary>Stored value the customer would pay with, after points; minor units.</summary>
    public long UseStoredValueMinor { get; init; }
    /// <summary>Numbers of the coupons that would be used.</summary>
    public IReadOnlyList<int>? Coupons { get; init; }
    /// <summary>Coupons that can't be used are left alone, instead of refusing the quote.</summary>
    public bool SkipCoupons { get; init; }
    /// <summary>The till charges what the reply says, with member prices taken off; without it none is.</summary>
    public bool MemberPrices { get; init; }
    /// <summary>An open basket, whose own hold is free for this quote.</summary>
    public string? Basket { get; init; }
    /// <summary>When the sale would happen, with offset; now when left out. At most 3,660 days ahead; a past time is a sale of then that is sent now.</summary>
    public DateTimeOffset? AsOf { get; init; }
}

/// <summary>What a purchase would answer, and what could be used at most.</summary>
public sealed record QuoteReply
{
    public required string Customer { get; init; }
    public required string Store { get; init; }
    /// <summary>For which time.</summary>
    public DateTimeOffset AsOf { get; init; }
    public long AmountMinor { get; init; }
    public long PointsUsed { get; init; }
    public long PointsValueMinor { get; init; }
    /// <summary>What the till would charge in money.</summary>
    public long ChargeMinor { get; init; }
    public long PointsEarned { get; init; }
    public long PointsBonus { get; init; }
    /// <summary>Points afterwards.</summary>
    public long Balance { get; init; }
    public string? Tier { get; init; }
    public TierChange? TierChanged { get; init; }
    public bool CrossStore { get; init; }
    /// <summary>What earning rules would give, or caps withhold; left out when no rule applies.</summary>
    public IReadOnlyList<GrantView>? Grants { get; init; }
    /// <summary>Left out when none would be used.</summary>
    public StoredValueMove? StoredValue { get; init; }
    /// <summary>Left out when no coupon was asked for.</summary>
    public SaleCouponsView? Coupons { get; init; }
    /// <summary>Coupons that the sale would bring; left out when none.</summary>
    public IReadOnlyList<CouponView>? CouponsIssued { get; init; }
    /// <summary>What member prices would take off lines; left out when none does.</summary>
    public IReadOnlyList<MemberPriceView>? MemberPrices { get; init; }
    /// <summary>Points because somebody recommended the chain, beside those earned; left out when none.</summary>
    public long? ReferralPoints { get; init; }
    /// <summary>What the till would be asked to say, print and show; left out for nothing.</summary>
    public IReadOnlyList<TillInstruction>? Instructions { get; init; }
    /// <summary>What each coupon of the customer would do alone: those that apply, by what they take off; then those that nearly do, by what is missing; then the others.</summary>
    public IReadOnlyList<CouponOfferView> Offers { get; init; } = [];
    /// <summary>Most points that could pay for this receipt: what is free, and no more than it is worth.</summary>
    public long UsablePoints { get; init; }
    public long UsablePointsValueMinor { get; init; }
    /// <summary>The customer's points are frozen, and none can pay; left out when not.</summary>
    public bool? PointsFrozen { get; init; }
    /// <summary>Most stored value that could pay for what these points leave open.</summary>
    public long UsableStoredValueMinor { get; init; }
    /// <summary>What other open baskets hold then.</summary>
    public required HoldView Held { get; init; }
    /// <summary>Why, as for a recorded entry.</summary>
    public IReadOnlyList<WhyReason> Reasons { get; init; } = [];
    public int ProgrammeVersion { get; init; }
    /// <summary>The customer's newest entry when this was worked out.</summary>
    public long Version { get; init; }
}

/// <summary>What is held, or how much of it is no longer.</summary>
public sealed record HoldView(long Points, long StoredValueMinor)
{
    /// <summary>Numbers of the coupons that it is about: of a line of a statement those that are held from then on, or of a basket whose time is over those that are free again. Left out when none.</summary>
    public IReadOnlyList<int>? Coupons { get; init; }
}

/// <summary>Holds points, stored value and coupons for a customer: POST /v1/baskets.</summary>
public sealed record BasketRequest
{
    public CustomerKey? Customer { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    public long Points { get; init; }
    public long StoredValueMinor { get; init; }
    /// <summary>Numbers of the coupons that are held.</summary>
    public IReadOnlyList<int>? Coupons { get; init; }
}

/// <summary>Holds something else from now on, and begins the lease anew: PATCH /v1/baskets/{id}.</summary>
public sealed record BasketChangeRequest
{
    public string? Store { get; init; }
    public string? Staff { get; init; }
    /// <summary>In place of what was held.</summary>
    [JsonRequired]
    public long Points { get; init; }
    /// <summary>In place of what was held.</summary>
    [JsonRequired]
    public long StoredValueMinor { get; init; }
    /// <summary>In place of those that were held; none when left out.</summary>
    public IReadOnlyList<int>? Coupons { get; init; }
}

/// <summary>A basket after it was opened, changed or cancelled.</summary>
public sealed record BasketReply
{
    /// <summary>What a purchase names as <c>basket</c>.</summary>
    public required string Id { get; init; }
    public required string Customer { get; init; }
    /// <summary>What it holds; of a cancelled one what it held.</summary>
    public long Points { get; init; }
    public long StoredValueMinor { get; init; }
    /// <summary>Numbers of the coupons it holds; left out when none.</summary>
    public IReadOnlyList<int>? Coupons { get; init; }
    /// <summary>From then on it holds nothing. Left out of a cancelled one.</summary>
    public DateTimeOffset? EndsAt { get; init; }
    /// <summary>The customer's entry; of a basket that is read, the newest.</summary>
    public long Version { get; init; }
}
