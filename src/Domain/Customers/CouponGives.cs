using ChainCrm.Domain.Programmes.Coupons;

namespace ChainCrm.Domain.Customers;

/// <summary>What one coupon takes off each line that it is for: in whole minor units, rounded down, never more than the line still comes to.</summary>
internal static class CouponGives
{
    private const int PerPiece = 1_000;
    private const int PercentScale = 100;

    /// <summary>Works it out.</summary>
    /// <param name="give">What the coupon gives.</param>
    /// <param name="places">The lines it is for.</param>
    /// <param name="parts">What the lines still come to.</param>
    /// <param name="before">What they came to before any coupon.</param>
    /// <param name="off">What is taken off each line.</param>
    /// <returns>What the pieces that it gives away or for a fixed price came to before any coupon; 0 for other kinds.</returns>
    public static long Share(CouponGive give, Span<int> places, ReadOnlySpan<LinePoints> parts, ReadOnlySpan<long> before, Span<long> off)
    {
        switch (give.Kind)
        {
            case CouponGiveKind.Free:
            case CouponGiveKind.Price:
                return SharePieces(give, places, parts, before, off);
            case CouponGiveKind.Second:
                ShareSeconds(give, places, parts, off);
                return 0;
            default:
                ShareByAmount(give, places, parts, before, off);
                return 0;
        }
    }

    /// <summary>One sum off all the lines together, shared out by what they still come to.</summary>
    private static void ShareByAmount(CouponGive give, ReadOnlySpan<int> places, ReadOnlySpan<LinePoints> parts, ReadOnlySpan<long> before, Span<long> off)
    {
        var (left, full) = (0L, 0L);
        foreach (var place in places)
        {
            left += parts[place].Amount.Minor;
            full += before[place];
        }

        var sum = Math.Min(left, give.Kind switch
        {
            CouponGiveKind.Amount => give.Value,
            CouponGiveKind.Percent => Capped(Shares.Floor(left, give.Value, PercentScale), give.Most),
            _ => Times(Capped(full / give.Each, give.Most), give.Value, left),
        });
        var (amountUpTo, offUpTo) = (0L, 0L);
        foreach (var place in places)
        {
            amountUpTo += parts[place].Amount.Minor;
            off[place] = Shares.Floor(sum, amountUpTo, left) - offUpTo;
            offUpTo += off[place];
        }
    }

    /// <summary>The cheapest pieces, for nothing or for a fixed price.</summary>
    private static long SharePieces(CouponGive give, Span<int> places, ReadOnlySpan<LinePoints> parts, ReadOnlySpan<long> before, Span<long> off)
    {
        SortByPiece(places, parts);
        var (left, given) = (give.Most, 0L);
        foreach (var place in places)
        {
            ref readonly var part = ref parts[place];
            var pieces = Math.Min(left, PiecesOf(part));
            if (pieces == 0) continue;
            var worth = WorthOf(part.Amount.Minor, pieces, part.Quantity.Milli);
            var price = checked(pieces * give.Value);
            if (worth <= price) continue;
            off[place] = worth - price;
            given += WorthOf(before[place], pieces, part.Quantity.Milli);
            left -= pieces;
        }

        return given;
    }

    /// <summary>Of all pieces together half, rounded down, are second ones: the cheapest.</summary>
    private static void ShareSeconds(CouponGive give, Span<int> places, ReadOnlySpan<LinePoints> parts, Span<long> off)
    {
        var all = 0L;
        foreach (var place in places) all += PiecesOf(parts[place]);
        SortByPiece(places, parts);
        var left = Math.Min(give.Most, all / 2);
        foreach (var place in places)
        {
            ref readonly var part = ref parts[place];
            var pieces = Math.Min(left, PiecesOf(part));
            if (pieces == 0) continue;
            off[place] = Shares.Floor(WorthOf(part.Amount.Minor, pieces, part.Quantity.Milli), give.Value, PercentScale);
            left -= pieces;
        }
    }

    /// <summary>Whole pieces of a line that still costs something. A part of a kilogram is none.</summary>
    private static long PiecesOf(in LinePoints part) => part.Amount == Money.Zero ? 0 : part.Quantity.Milli / PerPiece;

    private static long WorthOf(long amount, long pieces, long milli) => Shares.Floor(amount, checked(pieces * PerPiece), milli);

    // No further than there is something left: so many times so much may be more than any number holds.
    private static long Times(long times, long value, long left) => times > left / value ? left : times * value;

    private static long Capped(long number, long most) => most == 0 ? number : Math.Min(number, most);

    /// <summary>The cheapest pieces first; of the same price, the first line.</summary>
    private static void SortByPiece(Span<int> places, ReadOnlySpan<LinePoints> parts)
    {
        Span<(long Price, int Place)> sorted = places.Length <= SaleEarning.LinesOnStack ? stackalloc (long, int)[places.Length] : new (long, int)[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            ref readonly var part = ref parts[places[i]];
            sorted[i] = (part.Quantity.Milli == 0 ? 0 : WorthOf(part.Amount.Minor, 1, part.Quantity.Milli), places[i]);
        }

        sorted.Sort(static (a, b) => a.Price != b.Price ? a.Price.CompareTo(b.Price) : a.Place.CompareTo(b.Place));
        for (var i = 0; i < places.Length; i++) places[i] = sorted[i].Place;
    }
}
