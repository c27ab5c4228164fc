using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

// NOTE: IssuedCoupon, CouponUse and SkippedCoupon are part of the storage format, as the events in CustomerEvent.cs are.

/// <summary>A coupon as it is issued.</summary>
/// <param name="Number">Unique within the customer.</param>
/// <param name="Kind">Its kind in the programme.</param>
/// <param name="From">From when it is good.</param>
/// <param name="Until">When it ends; null for never.</param>
/// <param name="Rule">The rule that issued it; null when it was issued by hand.</param>
/// <param name="Counted">The time in which it counts towards what one customer may get of its kind.</param>
public readonly record struct IssuedCoupon(
    int Number, string Kind, Timestamp From, Timestamp? Until, string? Rule = null, CapPeriods Counted = CapPeriods.None);

/// <summary>A coupon that a purchase used.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">Its kind in the programme.</param>
/// <param name="Discount">What it took off; more than 0.</param>
/// <param name="Bearer">Who bears that.</param>
/// <param name="Issuer">The store that had issued it; null when no store did.</param>
/// <param name="Until">When it would have ended, for a return.</param>
public readonly record struct CouponUse(int Number, string Kind, Money Discount, CostBearer Bearer, StoreId? Issuer, Timestamp? Until);

/// <summary>A coupon that was asked for and left alone, with the number of the refusal that says why.</summary>
public readonly record struct SkippedCoupon(int Number, int Code);

/// <summary>A coupon that is over.</summary>
public readonly record struct EndedCoupon(int Number, string Kind);

/// <summary>A coupon that a purchase had brought and that goes with what came back.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">Its kind in the programme.</param>
/// <param name="Counted">The time in which it counted towards what one customer may get of its kind.</param>
public readonly record struct WithdrawnCoupon(int Number, string Kind, CapPeriods Counted = CapPeriods.None);

/// <summary>A coupon in a customer's hand.</summary>
/// <param name="Number">Unique within the customer.</param>
/// <param name="Kind">Its kind in the programme.</param>
/// <param name="From">From when it is good.</param>
/// <param name="Until">When it ends; null for never.</param>
/// <param name="Issuer">The store that issued it; null when no store did.</param>
public readonly record struct HeldCoupon(int Number, string Kind, Timestamp From, Timestamp? Until, StoreId? Issuer)
{
    internal bool IsOver(Timestamp at) => Until <= at;
}

/// <summary>The coupons in a customer's hand, those that end first in front; the rest of what is remembered of coupons. Changed in place: a sale with five coupons moves five, and makes no garbage.</summary>
internal struct CouponBook
{
    private HeldCoupon[]? _all;
    private int _count;
    private int[]? _void;

    public readonly ReadOnlySpan<HeldCoupon> All => _all.AsSpan(0, _count);

    /// <summary>Number of the newest coupon.</summary>
    public int Last { get; set; }

    /// <summary>Numbers of coupons that were used when the sale that had brought them came back: they do not come back with the sale that used them.</summary>
    public readonly ReadOnlySpan<int> Void => _void;

    /// <summary>The coupons as they were kept.</summary>
    public void Set(IReadOnlyList<HeldCoupon> coupons, int last, IReadOnlyList<int> voids)
    {
        _all = coupons.Count == 0 ? null : [.. coupons.Select(static coupon => coupon with { Kind = string.Intern(coupon.Kind) })];
        (_count, Last, _void) = (coupons.Count, last, voids.Count == 0 ? null : [.. voids]);
    }

    public void Add(HeldCoupon coupon)
    {
        if (_all is null) _all = new HeldCoupon[1];
        else if (_count == _all.Length) Array.Resize(ref _all, _count + Math.Max(4, _count / 2));
        var place = _count;
        while (place > 0 && EndsBefore(coupon, _all[place - 1])) place--;
        Array.Copy(_all, place, _all, place + 1, _count - place);
        _all[place] = coupon with { Kind = string.Intern(coupon.Kind) };
        _count++;
        Last = Math.Max(Last, coupon.Number);
    }

    public void Remove(int number)
    {
        if (IndexOf(number) is var place && place < 0) return;
        Array.Copy(_all!, place + 1, _all!, place, _count - place - 1);
        _count--;
        // What a removed one refers to is let go.
        _all![_count] = default;
        if (_count == 0) _all = null;
    }

    /// <summary>A coupon that is used will not come back. Of too many the oldest is forgotten, in the customer's favour.</summary>
    public void AddVoid(int number)
    {
        if (Void.Contains(number)) return;
        _void = Void.Length < Limits.VoidCouponsMax ? [.. Void, number] : [.. Void[1..], number];
    }

    /// <summary>Place of a coupon; -1 when it is not held.</summary>
    public readonly int IndexOf(int number)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_all![i].Number == number) return i;
        }

        return -1;
    }

    /// <summary>How many are over.</summary>
    public readonly int CountOver(Timestamp at)
    {
        var over = 0;
        while (over < _count && _all![over].IsOver(at)) over++;
        return over;
    }

    private static bool EndsBefore(in HeldCoupon a, in HeldCoupon b)
    {
        var (endOfA, endOfB) = (a.Until?.UnixMs ?? long.MaxValue, b.Until?.UnixMs ?? long.MaxValue);
        return endOfA < endOfB || (endOfA == endOfB && a.Number < b.Number);
    }
}
