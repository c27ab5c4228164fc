using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>What can be asked of a customer. A closed family: every case is decided in <see cref="CustomerDecider"/>.</summary>
public abstract record CustomerCommand
{
    private protected CustomerCommand() { }

    /// <summary>When the server received the command.</summary>
    public required Timestamp At { get; init; }

    /// <summary>Where and by whom.</summary>
    public required Origin Origin { get; init; }
}

/// <summary>Makes a person a member of the chain (R3, R7).</summary>
public sealed record Enrol : CustomerCommand
{
    public required StoreId HomeStore { get; init; }
    public required Sealed Profile { get; init; }
    public required IReadOnlyList<IdentityRef> Identities { get; init; }
    /// <summary>The member who recommended the chain; null when nobody did.</summary>
    public CustomerId? ReferredBy { get; init; }
    /// <summary>Offset of the chain's local time from UTC now, minutes: coupons for new members begin and end at local midnight.</summary>
    public int UtcOffsetMinutes { get; init; }
}

/// <summary>Replaces the sealed profile and the list of identities.</summary>
public sealed record ChangeProfile : CustomerCommand
{
    public required Sealed Profile { get; init; }
    public required IReadOnlyList<IdentityRef> Identities { get; init; }
    /// <summary>The new home store; null leaves it.</summary>
    public StoreId? HomeStore { get; init; }
}

/// <summary>One line of a receipt as the till sends it. A value: the lines of a sale in memory are one object, not one for each line.</summary>
public readonly record struct PurchaseLine
{
    private readonly object? _sort;

    /// <summary>1 to 32,767; unique within the receipt.</summary>
    public required int Line { get; init; }
    public required ProductId Product { get; init; }
    public string? Category { get => LineSort.CategoryOf(_sort); init => _sort = LineSort.Of(value, Brand); }
    /// <summary>What conditions on brands ask for (R25, F1); null when nobody says.</summary>
    public string? Brand { get => LineSort.BrandOf(_sort); init => _sort = LineSort.Of(Category, value); }
    /// <summary>0 or more. A line of quantity 0 (a fee, a rounding) can only be returned whole.</summary>
    public required Quantity Quantity { get; init; }
    /// <summary>Price of the whole line before discount; 0 or more.</summary>
    public required Money Price { get; init; }
    /// <summary>Discount on the whole line; 0 to <see cref="Price"/>.</summary>
    public Money Discount { get; init; }
}

/// <summary>Records a sale to this customer. The command id is <c>store/receipt</c>.</summary>
public sealed record RecordPurchase : CustomerCommand
{
    public required StoreId Store { get; init; }
    /// <summary>The receipt number, unique within its store.</summary>
    public required string Receipt { get; init; }
    /// <summary>When the sale happened at the till.</summary>
    public required Timestamp OccurredAt { get; init; }
    public required BusinessDay BusinessDay { get; init; }
    /// <summary>Offset of the chain's local time from UTC at the time of the sale, minutes (China: 480). The host stamps it: points that
    /// end with the day or the month end at local midnight, and the domain knows no time zones.</summary>
    public int UtcOffsetMinutes { get; init; }
    public required IReadOnlyList<PurchaseLine> Lines { get; init; }
    /// <summary>Points the customer pays with; 0 for none.</summary>
    public Points UsePoints { get; init; }
    /// <summary>Stored value the customer pays with, after points; 0 for none.</summary>
    public Money UseStoredValue { get; init; }
    /// <summary>store, mini-program, app, online; null when the till does not say.</summary>
    public string? Channel { get; init; }
    /// <summary>Region and city of the store. The host stamps them: earning rules may ask.</summary>
    public string? Region { get; init; }
    public string? City { get; init; }
    /// <summary>Numbers of the coupons that the customer uses; null for none.</summary>
    public IReadOnlyList<int>? Coupons { get; init; }
    /// <summary>Coupons that can't be used are left alone, instead of refusing the sale.</summary>
    public bool SkipCoupons { get; init; }
    /// <summary>Number of the basket that this sale pays; 0 for none.</summary>
    public long Basket { get; init; }
    /// <summary>The till charges member prices as the answer tells them; otherwise nothing is taken off.</summary>
    public bool MemberPrices { get; init; }
    /// <summary>The goods were handed over already, by a till that could not ask: those that are not on sale for this customer yet are recorded all the same.</summary>
    public bool SoldAlready { get; init; }
}

/// <summary>How much of one line comes back.</summary>
public readonly record struct ReturnLine(int Line, Quantity Quantity);

/// <summary>Returns lines of a purchase, all or part. Needs the purchase's own event (and its last return), loaded by the runner.</summary>
public sealed record ReturnLines : CustomerCommand
{
    public required StoreId PurchaseStore { get; init; }
    public required string PurchaseReceipt { get; init; }
    public required Timestamp OccurredAt { get; init; }
    public required BusinessDay BusinessDay { get; init; }
    /// <summary>The lines coming back; empty means everything not yet returned.</summary>
    public required IReadOnlyList<ReturnLine> Lines { get; init; }
    public string? Reason { get; init; }
    /// <summary>The purchase as it was recorded; null when this customer has no such receipt. Filled in by the runner, not by the caller.</summary>
    public PurchaseRecorded? Purchase { get; init; }
    /// <summary>The last return of that purchase, which carries what has come back so far; null when none. Filled in by the runner.</summary>
    public LinesReturned? LastReturn { get; init; }
    /// <summary>The coupons that the purchase brought; null when none. Filled in by the runner.</summary>
    public CouponsIssued? PurchaseCoupons { get; init; }
    /// <summary>The programme that decided the purchase. Filled in by the runner.</summary>
    public Programme? PurchaseProgramme { get; init; }
}

/// <summary>Spends points on a gift or service outside a sale.</summary>
public sealed record RedeemPoints : CustomerCommand
{
    public required Points Points { get; init; }
    public required string Reason { get; init; }
}

/// <summary>Gives or takes points by hand, always with a reason.</summary>
public sealed record AdjustPoints : CustomerCommand
{
    /// <summary>Positive gives, negative takes; never 0.</summary>
    public required Points Points { get; init; }
    public required string Reason { get; init; }
    /// <summary>Offset of the chain's local time from UTC now, minutes (China: 480). The host stamps it: points that
    /// end with the day or the month end at local midnight, and the domain knows no time zones.</summary>
    public int UtcOffsetMinutes { get; init; }
}

/// <summary>Lets open points end later (F3).</summary>
public sealed record ExtendPoints : CustomerCommand
{
    /// <summary>The last local day on which they are good; today or later.</summary>
    public required BusinessDay LastDay { get; init; }
    /// <summary>Only points whose last day is before this one; null for all that end before <see cref="LastDay"/> does.</summary>
    public BusinessDay? EndingBefore { get; init; }
    public required string Reason { get; init; }
    /// <summary>Offset of the chain's local time from UTC now, minutes.</summary>
    public int UtcOffsetMinutes { get; init; }
}

/// <summary>No points are spent or held by baskets until they are released: a dispute, a stolen account (R37).</summary>
public sealed record FreezePoints : CustomerCommand
{
    public required string Reason { get; init; }
}

/// <summary>Ends a freeze of points.</summary>
public sealed record ReleasePoints : CustomerCommand
{
    public required string Reason { get; init; }
}

/// <summary>A member pays money in (R28).</summary>
public sealed record TopUpStoredValue : CustomerCommand
{
    public required Money Amount { get; init; }
    /// <summary>Offset of the chain's local time from UTC now, minutes: coupons for top-ups begin and end at local midnight.</summary>
    public int UtcOffsetMinutes { get; init; }
}

/// <summary>Principal is paid out; gift is withdrawn with it.</summary>
public sealed record RefundStoredValue : CustomerCommand
{
    public required Money Amount { get; init; }
    public required string Reason { get; init; }
}

/// <summary>Nothing is paid in, out or spent until it is released: a lost card, a dispute.</summary>
public sealed record FreezeStoredValue : CustomerCommand
{
    public required string Reason { get; init; }
}

/// <summary>Ends a freeze.</summary>
public sealed record ReleaseStoredValue : CustomerCommand
{
    public required string Reason { get; init; }
}

/// <summary>Gives the customer coupons of one kind by hand.</summary>
public sealed record IssueCoupons : CustomerCommand
{
    /// <summary>A kind of the programme.</summary>
    public required string Kind { get; init; }
    /// <summary>1 to <see cref="Limits.CouponsAtOnceMax"/>.</summary>
    public required int Count { get; init; }
    public required string Reason { get; init; }
    /// <summary>Offset of the chain's local time from UTC now, minutes: coupons begin and end at local midnight.</summary>
    public int UtcOffsetMinutes { get; init; }
}

/// <summary>Takes one coupon away by hand.</summary>
public sealed record RevokeCoupon : CustomerCommand
{
    public required int Number { get; init; }
    public required string Reason { get; init; }
}

/// <summary>The agenda wakes the customer because something is due (points or coupons end, the lease of a basket runs out).</summary>
public sealed record WakeCustomer : CustomerCommand;
