using System.Text.Json.Serialization;

namespace ChainCrm.Client.Wire;

// JsonRequired marks numbers that must be there: left out they would be read as 0, which means something.

/// <summary>Enrols a member: POST /v1/customers.</summary>
public sealed record EnrolRequest
{
    /// <summary>The store that enrols; a till may leave it out (its own).</summary>
    public string? Store { get; init; }
    public string? Staff { get; init; }
    public string? Name { get; init; }
    /// <summary>In any form people type; kept as E.164.</summary>
    public string? Phone { get; init; }
    public string? Card { get; init; }
    public string? ExternalId { get; init; }
    /// <summary>yyyy-MM-dd, or --MM-dd when the year is not known.</summary>
    public string? Birthday { get; init; }
    /// <summary>Home store; the enrolling store when left out.</summary>
    public string? HomeStore { get; init; }
}

/// <summary>Changes a profile: PATCH /v1/customers/{id}. Fields left out stay; an empty text clears.</summary>
public sealed record ChangeProfileRequest
{
    public string? Store { get; init; }
    public string? Staff { get; init; }
    public string? Name { get; init; }
    public string? Phone { get; init; }
    public string? Card { get; init; }
    public string? ExternalId { get; init; }
    public string? Birthday { get; init; }
    public string? HomeStore { get; init; }
}

/// <summary>How a customer identified; exactly one field. POST /v1/identify, and part of other requests.</summary>
public sealed record CustomerKey
{
    public string? Id { get; init; }
    public string? Phone { get; init; }
    public string? Card { get; init; }
    public string? ExternalId { get; init; }
}

/// <summary>One line of a receipt.</summary>
public sealed record PurchaseLineRequest
{
    /// <summary>1 to 32,767, unique within the receipt.</summary>
    [JsonRequired]
    public int Line { get; init; }
    public string? Product { get; init; }
    public string? Category { get; init; }
    /// <summary>For conditions on brands; at most 64 characters.</summary>
    public string? Brand { get; init; }
    /// <summary>0 or more, at most three decimals.</summary>
    [JsonRequired]
    public decimal Quantity { get; init; }
    /// <summary>Price of the whole line before discount, minor units.</summary>
    [JsonRequired]
    public long PriceMinor { get; init; }
    /// <summary>Discount on the whole line, minor units.</summary>
    public long DiscountMinor { get; init; }
}

/// <summary>Records a sale: POST /v1/purchases. The receipt number is the idempotency key (header Idempotency-Key, the same text).</summary>
public sealed record PurchaseRequest
{
    /// <summary>Who bought; left out for a sale to nobody known.</summary>
    public CustomerKey? Customer { get; init; }
    /// <summary>A till may leave it out (its own).</summary>
    public string? Store { get; init; }
    public string? Staff { get; init; }
    /// <summary>The receipt number, unique within its store; 1 to 64 characters.</summary>
    public string? Receipt { get; init; }
    /// <summary>When the sale happened, with offset; now when left out.</summary>
    public DateTimeOffset? OccurredAt
    {
        get => _saysWhen ? new DateTimeOffset(_occurredTicks, TimeSpan.FromMinutes(_offsetMinutes)) : null;
        init => (_occurredTicks, _offsetMinutes, _saysWhen) = value is { } at ? (at.Ticks, (short)at.TotalOffsetMinutes, true) : default;
    }
    public string? Channel { get; init; }
    public IReadOnlyList<PurchaseLineRequest>? Lines { get; init; }
    /// <summary>Points the customer pays with.</summary>
    public long UsePoints { get; init; }
    /// <summary>Stored value the customer pays with, after points; minor units.</summary>
    public long UseStoredValueMinor { get; init; }
    /// <summary>Numbers of the customer's coupons that are used; at most 20.</summary>
    public IReadOnlyList<int>? Coupons { get; init; }
    /// <summary>Coupons that can't be used are left alone, instead of refusing the sale.</summary>
    public bool SkipCoupons { get; init; }
    /// <summary>The open basket that this sale pays: it may use what the basket holds and what nobody holds. Left out for none.</summary>
    public string? Basket { get; init; }
    /// <summary>The till charges what the reply says, with member prices taken off; without it none is. No effect without a customer.</summary>
    public bool MemberPrices { get; init; }
    /// <summary>The goods were handed over already: goods that are not on sale for this customer yet are recorded all the same, and told.</summary>
    public bool SoldAlready { get; init; }

    // In parts, which take 8 bytes less than the whole: the basket's place in each of a chain's sales.
    private readonly long _occurredTicks;
    private readonly short _offsetMinutes;
    private readonly bool _saysWhen;
}

/// <summary>Up to 1,000 sales: POST /v1/purchases/batch. Each is decided by itself.</summary>
public sealed record PurchaseBatchRequest { public IReadOnlyList<PurchaseRequest>? Purchases { get; init; } }

/// <summary>How much of a line comes back.</summary>
public sealed record ReturnLineRequest
{
    [JsonRequired]
    public int Line { get; init; }
    [JsonRequired]
    public decimal Quantity { get; init; }
}

/// <summary>Takes lines back: POST /v1/returns. What that would come to: POST /v1/returns/quote.</summary>
public sealed record ReturnRequest
{
    public CustomerKey? Customer { get; init; }
    /// <summary>Where the goods come back.</summary>
    public string? Store { get; init; }
    public string? Staff { get; init; }
    /// <summary>Where they were bought; the same store when left out.</summary>
    public string? PurchaseStore { get; init; }
    public string? PurchaseReceipt { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    /// <summary>Left out or empty: everything not yet returned.</summary>
    public IReadOnlyList<ReturnLineRequest>? Lines { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Spends points on a gift: POST /v1/redemptions.</summary>
public sealed record RedeemRequest
{
    public CustomerKey? Customer { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    [JsonRequired]
    public long Points { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Gives or takes points by hand: POST /v1/adjustments.</summary>
public sealed record AdjustRequest
{
    public CustomerKey? Customer { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    /// <summary>Positive gives, negative takes.</summary>
    [JsonRequired]
    public long Points { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A customer gives points to another: POST /v1/points/transfers.</summary>
public sealed record TransferRequest
{
    /// <summary>Who gives.</summary>
    public CustomerKey? From { get; init; }
    /// <summary>Who gets.</summary>
    public CustomerKey? To { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    [JsonRequired]
    public long Points { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A member pays money in: POST /v1/stored-value/top-ups.</summary>
public sealed record TopUpRequest
{
    public CustomerKey? Customer { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    [JsonRequired]
    public long AmountMinor { get; init; }
}

/// <summary>Pays principal out: POST /v1/stored-value/refunds.</summary>
public sealed record StoredValueRefundRequest
{
    public CustomerKey? Customer { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    [JsonRequired]
    public long AmountMinor { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Freezes stored value or releases it: POST /v1/stored-value/freezes; or points: POST /v1/points/freezes.</summary>
public sealed record FreezeRequest
{
    public CustomerKey? Customer { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    /// <summary>True freezes, false releases.</summary>
    [JsonRequired]
    public bool Frozen { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Lets open points of a customer end later: POST /v1/customers/{id}/points/extensions.</summary>
public sealed record ExtendPointsRequest
{
    /// <summary>The last local day on which they are good from now on, yyyy-MM-dd; today or later.</summary>
    public string? LastDay { get; init; }
    /// <summary>Only points whose last day is before this one, yyyy-MM-dd; all that end before <see cref="LastDay"/> does when left out.</summary>
    public string? EndingBefore { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Puts a tag on a customer, or moves its end: POST /v1/customers/{id}/tags.</summary>
public sealed record AddTagRequest
{
    /// <summary>An id of the dictionary of tags.</summary>
    public string? Tag { get; init; }
    /// <summary>The last local day on which it counts, yyyy-MM-dd; today or later. Left out: for good.</summary>
    public string? LastDay { get; init; }
    /// <summary>Who does it.</summary>
    public string? Staff { get; init; }
}

/// <summary>Takes a tag off a customer: POST /v1/customers/{id}/tags/removals.</summary>
public sealed record RemoveTagRequest
{
    /// <summary>The id of a tag that the customer carries.</summary>
    public string? Tag { get; init; }
    /// <summary>Who does it.</summary>
    public string? Staff { get; init; }
}

/// <summary>Opens a store: POST /v1/stores. Changes one: PATCH /v1/stores/{id} (id left out of the body).</summary>
public sealed record StoreRequest
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Region { get; init; }
    public string? City { get; init; }
    /// <summary>open or closed; PATCH only.</summary>
    public string? Status { get; init; }
}

/// <summary>Publishes rules: PUT /v1/programme.</summary>
public sealed record ProgrammeRequest
{
    /// <summary>The version the author started from.</summary>
    [JsonRequired]
    public int BasedOnVersion { get; init; }
    [JsonRequired]
    public System.Text.Json.JsonElement Document { get; init; }
    public string? Note { get; init; }
}

/// <summary>Issues an access key: POST /v1/keys.</summary>
public sealed record KeyRequest
{
    /// <summary>till, office or viewer.</summary>
    public string? Role { get; init; }
    public string? Store { get; init; }
    public string? Till { get; init; }
    public bool SeesPersonal { get; init; }
    public string? Label { get; init; }
}
