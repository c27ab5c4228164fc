using System.Runtime.InteropServices;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

// NOTE: names and shapes in this file are the storage format. They are pinned by tests/Grains.Tests/Contracts and its golden files:
// a field is added as optional or the event gets a new name; a meaning never changes.

/// <summary>What has happened to a customer. A closed family: every case is folded in <see cref="CustomerState"/>.</summary>
public abstract record CustomerEvent
{
    private protected CustomerEvent() { }

    /// <summary>When the server recorded it.</summary>
    public required Timestamp At { get; init; }

    /// <summary>Where and by whom.</summary>
    public required Origin Origin { get; init; }
}

/// <summary>The customer became a member.</summary>
public sealed record CustomerEnrolled : CustomerEvent
{
    public required StoreId HomeStore { get; init; }
    public required Sealed Profile { get; init; }
    public required IReadOnlyList<IdentityRef> Identities { get; init; }
    public required TierId Tier { get; init; }
}

/// <summary>Profile, identities or home store changed; carries the whole new value.</summary>
public sealed record ProfileChanged : CustomerEvent
{
    public required StoreId HomeStore { get; init; }
    public required Sealed Profile { get; init; }
    public required IReadOnlyList<IdentityRef> Identities { get; init; }
    /// <summary>Identities the customer had before and has no longer. They are released after this event, whatever happens in between: the agenda
    /// sees them here and looks after those that a crash left unreleased.</summary>
    public IReadOnlyList<IdentityRef> Released { get; init; } = [];
}

/// <summary>One line of a recorded purchase, with what it earned. A value: the lines of a sale in memory are one object, not one for each line.</summary>
public readonly record struct RecordedLine
{
    private readonly object? _sort;

    public required int Line { get; init; }
    public required ProductId Product { get; init; }
    public string? Category { get => LineSort.CategoryOf(_sort); init => _sort = LineSort.Of(value, Brand); }
    public string? Brand { get => LineSort.BrandOf(_sort); init => _sort = LineSort.Of(Category, value); }
    public required Quantity Quantity { get; init; }
    public required Money Price { get; init; }
    public Money Discount { get; init; }
    /// <summary>Points this line earned by the base, with the tier's multiplier, and by earning rules.</summary>
    public Points Earned { get; init; }
    /// <summary>Points this line earned for being bought away from the home store.</summary>
    public Points Bonus { get; init; }
    /// <summary>Number of the lot that holds what this line earned; 0 when it earned nothing or all of it paid debt. The lines of one receipt
    /// share one lot: they become active and expire together, and a long receipt costs a customer no more memory than a short one.</summary>
    public int Lot { get; init; }
    /// <summary>What this line put into that lot when it was granted (earned + bonus, less what paid debt). The lot holds the sum over the lines.</summary>
    public Points LotPoints { get; init; }
}

/// <summary>A part of a lot, taken, returned or expired.</summary>
/// <param name="Lot">The lot's number, unique within the customer.</param>
/// <param name="Points">How many; more than 0.</param>
/// <param name="ExpiresAt">When that lot expires. Set where points pay for a purchase, so that a return gives them back with their old end.</param>
/// <param name="ByInactivity">That end moves with later purchases. Set where the end is.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LotPart(int Lot, Points Points, Timestamp? ExpiresAt = null, bool ByInactivity = false);

/// <summary>A lot granted outside a purchase line, or given back.</summary>
/// <param name="Lot">The new lot's number.</param>
/// <param name="Points">How many; more than 0.</param>
/// <param name="ActiveFrom">From when the points can be spent.</param>
/// <param name="ExpiresAt">When they expire; null for never.</param>
/// <param name="ByInactivity">That end moves with later purchases; all lots of the kind have the same.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LotGrant(int Lot, Points Points, Timestamp ActiveFrom, Timestamp? ExpiresAt, bool ByInactivity = false);

/// <summary>What an earning rule gave for a purchase, or would have given.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Points">What it gave; 0 when a cap or another rule of its group left nothing.</param>
/// <param name="Withheld">What its caps withheld.</param>
/// <param name="Room">What its caps left before this purchase; null for a rule without caps.</param>
/// <param name="Counted">The times in which the points count towards its caps.</param>
public readonly record struct RuleGrant(string Rule, Points Points, Points Withheld = default, Points? Room = null, CapPeriods Counted = CapPeriods.None);

/// <summary>What came back of what a rule gave, and is free again in its caps; below 0 what a rule gives now in place of another of its group, and uses of its caps.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Points">With this return.</param>
/// <param name="PointsSoFar">With all returns of the receipt.</param>
/// <param name="Counted">The times in which they counted.</param>
public readonly record struct RuleGrantBack(string Rule, Points Points, Points PointsSoFar, CapPeriods Counted);

/// <summary>A sale was recorded.</summary>
public sealed record PurchaseRecorded : CustomerEvent
{
    public required StoreId Store { get; init; }
    public required string Receipt { get; init; }
    public required Timestamp OccurredAt { get; init; }
    public required BusinessDay BusinessDay { get; init; }
    public string? Channel { get; init; }
    public required IReadOnlyList<RecordedLine> Lines { get; init; }
    /// <summary>Sum over lines of price less discount.</summary>
    public required Money Amount { get; init; }
    /// <summary>Points paid with, and the lots they came from.</summary>
    public Points PointsUsed { get; init; }
    public IReadOnlyList<LotPart> LotsUsed { get; init; } = [];
    /// <summary>What those points were worth; the till charges <see cref="Amount"/> less this.</summary>
    public Money PointsValue { get; init; }
    /// <summary>All points earned, bonus included.</summary>
    public required Points PointsEarned { get; init; }
    /// <summary>Of these, the bonus for another store than the home store.</summary>
    public Points PointsBonus { get; init; }
    /// <summary>Of what was earned, how much paid off debt.</summary>
    public Points DebtPaid { get; init; }
    /// <summary>When the earned lots become spendable and when they expire.</summary>
    public required Timestamp ActiveFrom { get; init; }
    public Timestamp? ExpiresAt { get; init; }
    /// <summary>The store of the customer's visit before this one; null at the first.</summary>
    public StoreId? PreviousStore
    {
        get => _hasPreviousStore ? _previousStore : null;
        init => (_hasPreviousStore, _previousStore) = (value is not null, value ?? default);
    }
    /// <summary>Bought in another store than the home store.</summary>
    public bool CrossStore { get; init; }
    /// <summary>After this entry: balance (less debt), qualifying spend in the window, tier.</summary>
    public required Points Balance { get; init; }
    public required Money QualifyingSpend { get; init; }
    /// <summary>First day of the window that <see cref="QualifyingSpend"/> sums; its last day is <see cref="QualifyingTo"/>.</summary>
    public BusinessDay QualifyingFrom { get; init; }
    /// <summary>Last day of that window: the day of the customer's latest sale.</summary>
    public BusinessDay QualifyingTo { get; init; }
    public required TierId Tier { get; init; }
    /// <summary>The rules that applied, by name, for the question why.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];
    /// <summary>What earning rules gave, or what caps and other rules left nothing of.</summary>
    public IReadOnlyList<RuleGrant> Grants
    {
        get => _besides?.Grants ?? [];
        init { if (value is { Count: > 0 } || Grants.Count > 0) _besides = Or(_besides) with { Grants = value ?? [] }; }
    }
    /// <summary>The tier before, where the purchase changed it and the programme had earning rules: their conditions ask for it.</summary>
    public TierId? TierBefore
    {
        get => _besides?.TierBefore;
        init { if (value != TierBefore) _besides = Or(_besides) with { TierBefore = value }; }
    }
    /// <summary>Region of the store, where the programme's rules ask for it.</summary>
    public string? Region
    {
        get => _besides?.Region;
        init { if (value != Region) _besides = Or(_besides) with { Region = value }; }
    }
    /// <summary>City of the store, where the programme's rules ask for it.</summary>
    public string? City
    {
        get => _besides?.City;
        init { if (value != City) _besides = Or(_besides) with { City = value }; }
    }
    /// <summary>Those of the customer's tags that the programme's rules ask for.</summary>
    public IReadOnlyList<string> Tags
    {
        get => _besides?.Tags ?? [];
        init { if (value is { Count: > 0 } || Tags.Count > 0) _besides = Or(_besides) with { Tags = value }; }
    }
    /// <summary>Minutes since local midnight, where the programme's rules ask for them.</summary>
    public int? LocalMinute
    {
        get => _besides?.LocalMinute;
        init { if (value != LocalMinute) _besides = Or(_besides) with { LocalMinute = value }; }
    }

    /// <summary>What was paid from the customer's stored value, principal and gift apart.</summary>
    public StoredValue StoredValueUsed
    {
        get => _besides?.Used ?? default;
        init { if (value != StoredValueUsed) _besides = Or(_besides) with { Used = value }; }
    }
    /// <summary>Principal and gift after this entry, where stored value was used.</summary>
    public StoredValue StoredValueBalance
    {
        get => _besides?.Balance ?? default;
        init { if (value != StoredValueBalance) _besides = Or(_besides) with { Balance = value }; }
    }

    /// <summary>Coupons that were used, in the order of evaluation. Their discount is part of each line's <see cref="RecordedLine.Discount"/>.</summary>
    public IReadOnlyList<CouponUse> Coupons
    {
        get => _besides?.Coupons ?? [];
        init { if (value is { Count: > 0 } || Coupons.Count > 0) _besides = Or(_besides) with { Coupons = value ?? [] }; }
    }
    /// <summary>What coupons took off each line, line by line; empty when none was used.</summary>
    public IReadOnlyList<Money> CouponShares
    {
        get => _besides?.CouponShares ?? [];
        init { if (value is { Count: > 0 } || CouponShares.Count > 0) _besides = Or(_besides) with { CouponShares = value ?? [] }; }
    }
    /// <summary>Coupons that were asked for and left alone.</summary>
    public IReadOnlyList<SkippedCoupon> CouponsSkipped
    {
        get => _besides?.CouponsSkipped ?? [];
        init { if (value is { Count: > 0 } || CouponsSkipped.Count > 0) _besides = Or(_besides) with { CouponsSkipped = value ?? [] }; }
    }

    /// <summary>The till charges member prices, and the programme has some: whoever lives the sale again under other rules asks for them again.</summary>
    public bool AsksMemberPrices
    {
        get => _besides?.AsksMemberPrices ?? false;
        init { if (value != AsksMemberPrices) _besides = Or(_besides) with { AsksMemberPrices = value }; }
    }
    /// <summary>What member prices took off lines, before coupons; part of each line's <see cref="RecordedLine.Discount"/>.</summary>
    public IReadOnlyList<MemberPriceUse> MemberPrices
    {
        get => _besides?.MemberPrices ?? [];
        init { if (value is { Count: > 0 } || MemberPrices.Count > 0) _besides = Or(_besides) with { MemberPrices = value ?? [] }; }
    }
    /// <summary>Lines that were sold before they were on sale for this customer, by a till that could not ask.</summary>
    public IReadOnlyList<EarlySale> EarlySales
    {
        get => _besides?.EarlySales ?? [];
        init { if (value is { Count: > 0 } || EarlySales.Count > 0) _besides = Or(_besides) with { EarlySales = value ?? [] }; }
    }

    /// <summary>Points end by inactivity: <see cref="ExpiresAt"/> is from now on the end of all open lots of the kind, also of those granted before.</summary>
    public bool ByInactivity
    {
        get => _besides?.ByInactivity ?? false;
        init { if (value != ByInactivity) _besides = Or(_besides) with { ByInactivity = value }; }
    }

    /// <summary>Points and visits of the window that <see cref="QualifyingSpend"/> sums, this purchase included, where tiers ask for them: only then does the purchase count in them.</summary>
    public Points? QualifyingPoints
    {
        get => _besides?.Points;
        init { if (value != QualifyingPoints) _besides = Or(_besides) with { Points = value }; }
    }
    /// <summary>As <see cref="QualifyingPoints"/>.</summary>
    public int? QualifyingVisits
    {
        get => _besides?.Visits;
        init { if (value != QualifyingVisits) _besides = Or(_besides) with { Visits = value }; }
    }

    // Apart, the flag shares the place of another one: eight bytes less than a nullable store.
    private readonly StoreId _previousStore;
    private readonly bool _hasPreviousStore;
    private readonly Besides? _besides;

    private static Besides Or(Besides? known) => known ?? new Besides([], null, null, null, null, default, default, [], [], [], [], [], false);

    /// <summary>What only purchases under earning rules, with coupons or member prices, paid with stored value or whose points end by inactivity have: all others cost one empty reference for it.</summary>
    private sealed record Besides(
        IReadOnlyList<RuleGrant> Grants, TierId? TierBefore, string? Region, string? City, int? LocalMinute, StoredValue Used, StoredValue Balance,
        IReadOnlyList<CouponUse> Coupons, IReadOnlyList<Money> CouponShares, IReadOnlyList<SkippedCoupon> CouponsSkipped,
        IReadOnlyList<MemberPriceUse> MemberPrices, IReadOnlyList<EarlySale> EarlySales,
        bool ByInactivity, Points? Points = null, int? Visits = null, bool AsksMemberPrices = false, IReadOnlyList<string>? Tags = null);
}

/// <summary>One returned line: this time, and in all so far.</summary>
public sealed record ReturnedLine
{
    public required int Line { get; init; }
    public required Quantity Quantity { get; init; }
    public required Money Amount { get; init; }
    /// <summary>Its share of what this return takes back.</summary>
    public required Points PointsTakenBack { get; init; }
    public required Quantity QuantitySoFar { get; init; }
    public required Money AmountSoFar { get; init; }
    public required Points PointsTakenBackSoFar { get; init; }
}

/// <summary>Lines of a purchase came back.</summary>
public sealed record LinesReturned : CustomerEvent
{
    public required StoreId PurchaseStore { get; init; }
    public required string PurchaseReceipt { get; init; }
    public required BusinessDay PurchaseDay { get; init; }
    public required Timestamp OccurredAt { get; init; }
    public required BusinessDay BusinessDay { get; init; }
    public string? Reason { get; init; }
    /// <summary>Every line of the purchase that has come back so far, those of this return with a quantity or amount above 0.</summary>
    public required IReadOnlyList<ReturnedLine> Lines { get; init; }
    /// <summary>Goods value that came back in this return.</summary>
    public required Money Amount { get; init; }
    /// <summary>Of <see cref="Amount"/>, what had been paid in points; the till pays back the rest in money.</summary>
    public Money PointsValue { get; init; }
    public Money PointsValueSoFar { get; init; }
    /// <summary>Points taken back that the lines had earned: the sum of <see cref="LotsTaken"/> and <see cref="DebtAdded"/>.</summary>
    public required Points PointsTakenBack { get; init; }
    /// <summary>What the lines had earned but could not or need not be taken: it had expired, or the programme allows no debt.</summary>
    public Points PointsForgiven { get; init; }
    /// <summary>Of what earning rules with caps had given, what came back.</summary>
    public IReadOnlyList<RuleGrantBack> GrantsBack { get; init; } = [];
    public IReadOnlyList<LotPart> LotsTaken { get; init; } = [];
    public Points DebtAdded { get; init; }
    /// <summary>Points given back that the customer had paid with: the lots they return to (old expiry), and what paid debt.</summary>
    public Points PointsGivenBack { get; init; }
    public Points PointsGivenBackSoFar { get; init; }
    public IReadOnlyList<LotGrant> LotsGivenBack { get; init; } = [];
    public Points DebtPaid { get; init; }
    /// <summary>Stored value given back that had paid for the goods: with this return, and in all so far; and the balance after it, where any was used.</summary>
    public StoredValue StoredValueBack { get; init; }
    public StoredValue StoredValueBackSoFar { get; init; }
    public StoredValue StoredValueBalance { get; init; }
    /// <summary>What <see cref="Amount"/> is more, or less, than what the lines had cost: coupons are worked out again for what is kept. With this return, and in all so far.</summary>
    public Money CouponAdjustment { get; init; }
    public Money CouponAdjustmentSoFar { get; init; }
    /// <summary>Coupons that came back with this return; and the numbers of all that did so far.</summary>
    public IReadOnlyList<HeldCoupon> CouponsBack { get; init; } = [];
    public IReadOnlyList<int> CouponsBackSoFar { get; init; } = [];
    /// <summary>Coupons that the purchase had brought and that go with what came back, where they are still held.</summary>
    public IReadOnlyList<WithdrawnCoupon> CouponsWithdrawn { get; init; } = [];
    /// <summary>Numbers of coupons that the purchase had brought and that are not held any more: used, they do not come back with the sale that used them.</summary>
    public IReadOnlyList<int> CouponsVoided { get; init; } = [];
    /// <summary>Numbers of all coupons that went with returns of the receipt so far, those that were used already too.</summary>
    public IReadOnlyList<int> CouponsWithdrawnSoFar { get; init; } = [];
    public required Points Balance { get; init; }
    public required Money QualifyingSpend { get; init; }
    public required TierId Tier { get; init; }
    /// <summary>Of a purchase that counted in points and visits: points that it no longer counts, and that all of it is back.</summary>
    public Points PointsUncounted { get; init; }
    public bool VisitUncounted { get; init; }
}

/// <summary>Money was paid in; the chain added a gift.</summary>
public sealed record StoredValueToppedUp : CustomerEvent
{
    public required Money Amount { get; init; }
    public Money Gift { get; init; }
    /// <summary>Principal and gift after this entry.</summary>
    public required Money PrincipalBalance { get; init; }
    public required Money GiftBalance { get; init; }
}

/// <summary>Principal was paid out; gift was withdrawn with it.</summary>
public sealed record StoredValueRefunded : CustomerEvent
{
    public required Money Amount { get; init; }
    public Money GiftWithdrawn { get; init; }
    public required string Reason { get; init; }
    /// <summary>Principal and gift after this entry.</summary>
    public required Money PrincipalBalance { get; init; }
    public required Money GiftBalance { get; init; }
}

/// <summary>Stored value was frozen.</summary>
public sealed record StoredValueFrozen : CustomerEvent
{
    public required string Reason { get; init; }
}

/// <summary>A freeze ended.</summary>
public sealed record StoredValueReleased : CustomerEvent
{
    public required string Reason { get; init; }
}

/// <summary>
/// Many small lots of one expiry day became one, so that a customer's state stays small whatever the length of its history.
/// The points are the same to the last; the merged lot keeps the latest expiry among its parts, in the customer's favour.
/// </summary>
public sealed record LotsMerged : CustomerEvent
{
    public required IReadOnlyList<LotMerge> Merges { get; init; }
}

/// <summary>The lots named are now one lot, <see cref="Into"/>.</summary>
public readonly record struct LotMerge(IReadOnlyList<int> Lots, LotGrant Into);
