using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>What is wrong with a purchase whoever the customer is, in the order of <see cref="CustomerRejections"/>.</summary>
public static class PurchaseChecks
{
    private const int BitsPerWord = 64;

    /// <summary>What is wrong, or null; and the sum of the lines. A sale to nobody known is held to the same, though a store records it.</summary>
    public static Rejection? Wrong(RecordPurchase purchase, Programme programme, out Money amount)
    {
        amount = Money.Zero;
        if (!IdRules.IsValid(purchase.Store)) return CustomerRejections.StoreInvalid.At("store");
        if (!IdRules.IsReceipt(purchase.Receipt)) return CustomerRejections.ReceiptInvalid.At("receipt");
        if (!SaleTimes.IsNotAhead(purchase.OccurredAt, purchase.At)) return CustomerRejections.InFuture.At("occurredAt");
        if (!SaleTimes.Fits(purchase.BusinessDay, purchase.OccurredAt)) return CustomerRejections.BusinessDayInvalid.At("occurredAt");
        if (purchase.BusinessDay < Limits.EarliestDay || purchase.BusinessDay < programme.EarliestPurchase)
            return CustomerRejections.TooEarly.At("occurredAt");
        if (!IsWordOrNull(purchase.Channel)) return CustomerRejections.ChannelInvalid.At("channel");
        if (WrongLines(purchase.Lines, out amount) is { } wrong) return wrong;
        if (purchase.UsePoints.Count is < 0 or > Limits.PointsMax) return CustomerRejections.PointsInvalid.At("usePoints");
        if (purchase.UseStoredValue.Minor is < 0 or > Limits.AmountMinorMax) return CustomerRejections.StoredValueAmountInvalid.At("useStoredValueMinor");
        if (purchase.Coupons is { } coupons && WrongCoupons(coupons)) return CustomerRejections.CouponsInvalid.At("coupons");
        return Math.Abs((long)purchase.UtcOffsetMinutes) > Limits.UtcOffsetMinutesMax ? CustomerRejections.OffsetInvalid : null;
    }

    /// <summary>A line number is in range.</summary>
    public static bool IsLineNumber(int number) => number is >= 1 and <= Limits.LineNumberMax;

    /// <summary>What is wrong with the lines alone, or null; and their sum.</summary>
    public static Rejection? WrongLines(IReadOnlyList<PurchaseLine>? lines, out Money amount)
    {
        amount = Money.Zero;
        if (lines is null || lines.Count == 0) return CustomerRejections.NoLines.At("lines");
        if (lines.Count > Limits.ReceiptLinesMax) return CustomerRejections.TooManyLines.At("lines");
        var (ascending, last) = (true, 0);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (!IsLineNumber(line.Line)) return At(CustomerRejections.LineNumberInvalid, i, "line");
            ascending &= line.Line > last;
            last = line.Line;
            if (!IdRules.IsValid(line.Product)) return At(CustomerRejections.ProductInvalid, i, "product");
            if (!IsWordOrNull(line.Category)) return At(CustomerRejections.CategoryInvalid, i, "category");
            if (!IsWordOrNull(line.Brand)) return At(CustomerRejections.BrandInvalid, i, "brand");
            if (line.Quantity.Milli is < 0 or > Limits.QuantityMilliMax) return At(CustomerRejections.QuantityInvalid, i, "quantity");
            if (line.Price.Minor is < 0 or > Limits.AmountMinorMax) return At(CustomerRejections.PriceInvalid, i, "priceMinor");
            if (line.Discount < Money.Zero || line.Discount > line.Price) return At(CustomerRejections.DiscountInvalid, i, "discountMinor");
            amount += line.Price - line.Discount;
        }

        // Tills number their lines 1, 2, 3: only others need the bitmap.
        if (!ascending && Twice(lines) is >= 0 and var twice) return At(CustomerRejections.LineTwice, twice, "line");
        return amount.Minor > Limits.AmountMinorMax ? CustomerRejections.AmountTooLarge.At("lines") : null;
    }

    /// <summary>Too many coupons, or one twice.</summary>
    internal static bool WrongCoupons(IReadOnlyList<int> numbers)
    {
        if (numbers.Count > Limits.CouponsPerReceiptMax) return true;
        for (var i = 0; i < numbers.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (numbers[j] == numbers[i]) return true;
            }
        }

        return false;
    }

    private static int Twice(IReadOnlyList<PurchaseLine> lines)
    {
        Span<ulong> seen = stackalloc ulong[(Limits.LineNumberMax / BitsPerWord) + 1];
        for (var i = 0; i < lines.Count; i++)
        {
            ref var word = ref seen[lines[i].Line / BitsPerWord];
            var bit = 1UL << (lines[i].Line % BitsPerWord);
            if ((word & bit) != 0) return i;
            word |= bit;
        }

        return -1;
    }

    private static bool IsWordOrNull(string? text) =>
        text is null || (!string.IsNullOrWhiteSpace(text) && text.Length <= Limits.IdLengthMax && TextRules.IsClean(text));

    private static Rejection At(Rejection rejection, int line, string field) => rejection.At($"lines[{line}].{field}");
}
