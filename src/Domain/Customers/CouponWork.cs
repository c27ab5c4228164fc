using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>A coupon that is put to a basket, and what becomes of it.</summary>
internal struct CouponPick
{
    public HeldCoupon Coupon;
    public CouponKind Kind;
    /// <summary>Place in the request.</summary>
    public int Place;
    public Money Discount;
    /// <summary>Why not; null when it is used.</summary>
    public Rejection? Why;
}

/// <summary>
/// What coupons take off a basket (docs/domain/coupons.md): one after the other in the order of their categories, each from what those before it left. The same
/// when it is sold, when a part of it comes back and when somebody asks why.
/// </summary>
internal static class CouponWork
{
    /// <summary>The order of evaluation: by category, by place of the kind in the document, by number.</summary>
    public static void Sort(Span<CouponPick> picks) => picks.Sort(static (a, b) =>
    {
        var byCategory = a.Kind.Category.CompareTo(b.Kind.Category);
        if (byCategory != 0) return byCategory;
        var byPlace = a.Kind.Place.CompareTo(b.Kind.Place);
        return byPlace != 0 ? byPlace : a.Coupon.Number.CompareTo(b.Coupon.Number);
    });

    /// <summary>Puts coupons in their order to the lines of a receipt.</summary>
    /// <param name="picks">In order; each gets its discount, or why it is left alone.</param>
    /// <param name="categories">How many of each go on one receipt.</param>
    /// <param name="sale">Facts of the receipt.</param>
    /// <param name="lines">What conditions ask of each line.</param>
    /// <param name="parts">Amounts before any coupon; less what they take off afterwards.</param>
    /// <param name="off">Place for what each coupon takes off each line, line by line for the first, then for the second.</param>
    public static void Work<TLines>(
        Span<CouponPick> picks, IReadOnlyList<CouponCategory> categories, in SaleFacts sale, TLines lines, Span<LinePoints> parts, Span<long> off)
        where TLines : struct, ISoldLines
    {
        var before = AmountsOf(parts);
        for (var i = 0; i < picks.Length; i++)
        {
            ref var pick = ref picks[i];
            pick.Why = StacksWith(pick, picks[..i], categories) ? Apply(pick.Kind, sale, lines, parts, before, off.Slice(i * parts.Length, parts.Length)) : CustomerRejections.CouponsDoNotStack;
            pick.Discount = pick.Why is null ? SumOf(off.Slice(i * parts.Length, parts.Length)) : Money.Zero;
        }
    }

    /// <summary>Amounts before any coupon.</summary>
    public static long[] AmountsOf(ReadOnlySpan<LinePoints> parts)
    {
        var amounts = new long[parts.Length];
        for (var i = 0; i < amounts.Length; i++) amounts[i] = parts[i].Amount.Minor;
        return amounts;
    }

    public static Money SumOf(ReadOnlySpan<long> amounts)
    {
        var sum = 0L;
        foreach (var amount in amounts) sum = checked(sum + amount);
        return new Money(sum);
    }

    private static bool StacksWith(in CouponPick pick, ReadOnlySpan<CouponPick> others, IReadOnlyList<CouponCategory> categories)
    {
        var (ofKind, ofCategory) = (1, 1);
        foreach (ref readonly var other in others)
        {
            if (other.Why is not null) continue;
            if (pick.Kind.Alone || other.Kind.Alone) return false;
            if (other.Kind.Category == pick.Kind.Category) ofCategory++;
            if (ReferenceEquals(other.Kind, pick.Kind)) ofKind++;
        }

        return ofKind <= pick.Kind.PerReceipt && ofCategory <= categories[pick.Kind.Category].PerReceipt;
    }

    /// <summary>Puts one coupon to the lines: why not, or what it takes off each line, which is then taken off.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="sale">Facts of the receipt.</param>
    /// <param name="lines">What conditions ask of each line.</param>
    /// <param name="parts">What earlier coupons left.</param>
    /// <param name="before">Amounts before any coupon.</param>
    /// <param name="off">What it takes off each line.</param>
    public static Rejection? Apply<TLines>(CouponKind kind, in SaleFacts sale, TLines lines, Span<LinePoints> parts, ReadOnlySpan<long> before, Span<long> off)
        where TLines : struct, ISoldLines
    {
        off.Clear();
        if (!kind.OfReceipt.Holds(sale, default)) return CustomerRejections.CouponNotHere;
        Span<int> places = parts.Length <= SaleEarning.LinesOnStack ? stackalloc int[parts.Length] : new int[parts.Length];
        var (count, amount, quantity, all) = (0, 0L, 0L, 0L);
        for (var i = 0; i < parts.Length; i++)
        {
            all += before[i];
            if (before[i] == 0 && parts[i].Quantity.Milli == 0) continue;
            if (!kind.OfLine.Holds(sale, lines.FactsOf(i))) continue;
            places[count++] = i;
            amount += before[i];
            quantity += parts[i].Quantity.Milli;
        }

        if (count == 0) return CustomerRejections.CouponNoGoods;
        if (amount < kind.MinimumAmount.Minor || quantity < kind.MinimumQuantity.Milli) return CustomerRejections.CouponBelowMinimum;
        var given = CouponGives.Share(kind.Give, places[..count], parts, before, off);
        // What is given away does not help to reach the minimum of the receipt.
        if (all - given < kind.ReceiptMinimum.Minor) return Refuse(CustomerRejections.CouponBelowMinimum, off);
        if (SumOf(off) == Money.Zero) return CustomerRejections.CouponGivesNothing;
        for (var i = 0; i < count; i++) parts[places[i]].Amount -= new Money(off[places[i]]);
        return null;
    }

    /// <summary>How much more of the goods that a coupon is for, or of the whole receipt, would reach its minimums; 0 when pieces are missing, or the kind gives away what would count.</summary>
    public static Money Missing<TLines>(CouponKind kind, in SaleFacts sale, TLines lines, ReadOnlySpan<long> before)
        where TLines : struct, ISoldLines
    {
        var (amount, all) = (0L, 0L);
        for (var i = 0; i < before.Length; i++)
        {
            all += before[i];
            if (kind.OfLine.Holds(sale, lines.FactsOf(i))) amount += before[i];
        }

        return new Money(Math.Max(0, Math.Max(kind.MinimumAmount.Minor - amount, kind.ReceiptMinimum.Minor - all)));
    }

    private static Rejection Refuse(Rejection why, Span<long> off)
    {
        off.Clear();
        return why;
    }
}
