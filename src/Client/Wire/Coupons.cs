using System.Text.Json.Serialization;

namespace ChainCrm.Client.Wire;

/// <summary>Gives a customer coupons of one kind: POST /v1/coupons.</summary>
public sealed record IssueCouponsRequest
{
    public CustomerKey? Customer { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    /// <summary>A kind of the running programme.</summary>
    public string? Kind { get; init; }
    /// <summary>1 to 20; 1 when left out.</summary>
    public int? Count { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Takes one coupon away: POST /v1/coupons/revocations.</summary>
public sealed record RevokeCouponRequest
{
    public CustomerKey? Customer { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    [JsonRequired]
    public int Coupon { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A coupon in a customer's hand.</summary>
/// <param name="Coupon">Its number, unique within the customer.</param>
/// <param name="Kind">Its kind in the programme.</param>
/// <param name="Name">Null when the programme no longer has the kind.</param>
/// <param name="From">From when it is good.</param>
/// <param name="Until">When it ends; null for never.</param>
public sealed record CouponView(int Coupon, string Kind, LocalName? Name, DateTimeOffset From, DateTimeOffset? Until)
{
    /// <summary>An open basket holds it. Left out otherwise.</summary>
    public bool? Held { get; init; }
}

/// <summary>A coupon that a sale used.</summary>
/// <param name="Coupon">Its number.</param>
/// <param name="Kind">Its kind in the programme.</param>
/// <param name="Name">By the version that decided.</param>
/// <param name="DiscountMinor">What it took off.</param>
/// <param name="Bearer">Who bears that: headquarters, issuer, redeemer, supplier.</param>
public sealed record CouponUseView(int Coupon, string Kind, LocalName? Name, long DiscountMinor, string Bearer);

/// <summary>A coupon that was asked for and left alone, and why.</summary>
/// <param name="Coupon">Its number.</param>
/// <param name="Code">Number of the refusal.</param>
/// <param name="Zh">The refusal in Chinese.</param>
/// <param name="En">The refusal in English.</param>
public sealed record CouponSkippedView(int Coupon, int Code, string Zh, string En);

/// <summary>What one coupon would do alone.</summary>
/// <param name="Coupon">The coupon.</param>
/// <param name="DiscountMinor">What it would take off; 0 when it does not apply.</param>
/// <param name="MissingMinor">How much more would reach its minimum; 0 when that is not what is missing.</param>
public sealed record CouponOfferView(CouponView Coupon, long DiscountMinor, long MissingMinor)
{
    /// <summary>Why it does not apply; left out when it does.</summary>
    public CouponSkippedView? Why { get; init; }
}

/// <summary>What coupons took off a line of a sale.</summary>
public sealed record LineDiscount(int Line, long DiscountMinor);

/// <summary>What coupons did to a sale.</summary>
public sealed record SaleCouponsView
{
    /// <summary>Those that were used, in the order in which they were put to the basket.</summary>
    public IReadOnlyList<CouponUseView> Used { get; init; } = [];
    /// <summary>What they took off in all.</summary>
    public long DiscountMinor { get; init; }
    /// <summary>What they took off each line, where that is something.</summary>
    public IReadOnlyList<LineDiscount> Lines { get; init; } = [];
    /// <summary>Those that were left alone.</summary>
    public IReadOnlyList<CouponSkippedView> Skipped { get; init; } = [];
}

/// <summary>What a return did to coupons.</summary>
public sealed record ReturnCouponsView
{
    /// <summary>Those that came back to the customer.</summary>
    public IReadOnlyList<CouponView> Back { get; init; } = [];
    /// <summary>Numbers of those that the sale had brought and that went.</summary>
    public IReadOnlyList<int> Withdrawn { get; init; } = [];
    /// <summary>How much more, or less, is paid back than the lines had cost, because coupons were worked out again for what is kept.</summary>
    public long AdjustmentMinor { get; init; }
}

/// <summary>The answer to issuing.</summary>
public sealed record CouponsReply(string Customer, IReadOnlyList<CouponView> Coupons, long Version);

/// <summary>The answer to a revocation.</summary>
public sealed record CouponRevokedReply(string Customer, int Coupon, long Version);

/// <summary>A customer shows a printed code: POST /v1/coupons/codes/claims.</summary>
public sealed record ClaimCodeRequest
{
    public CustomerKey? Customer { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    /// <summary>As it is printed; capitals, spaces and hyphens do not matter.</summary>
    public string? Code { get; init; }
}

/// <summary>Codes to be printed: GET /v1/coupons/codes?batch=n&amp;from=n&amp;limit=n.</summary>
/// <param name="Kind">The kind of coupon that they bring.</param>
/// <param name="Codes">The codes, in order.</param>
/// <param name="NextFrom">What to send as <c>from</c> for the next page; null when this page is the last.</param>
public sealed record CodePage(string Kind, IReadOnlyList<string> Codes, long? NextFrom);
