namespace ChainCrm.Domain.Customers;

// NOTE: names and shapes in this file are the storage format, as in CustomerEvent.cs.

/// <summary>The customer got coupons.</summary>
public sealed record CouponsIssued : CustomerEvent
{
    public required IReadOnlyList<IssuedCoupon> Coupons { get; init; }
    /// <summary>Why, when they were issued by hand.</summary>
    public string? Reason { get; init; }
    /// <summary>The business day for which they count.</summary>
    public required BusinessDay Day { get; init; }
}

/// <summary>A coupon was taken away by hand.</summary>
public sealed record CouponRevoked : CustomerEvent
{
    public required int Number { get; init; }
    public required string Kind { get; init; }
    public required string Reason { get; init; }
}

/// <summary>Coupons reached their end.</summary>
public sealed record CouponsExpired : CustomerEvent
{
    public required IReadOnlyList<EndedCoupon> Coupons { get; init; }
}
