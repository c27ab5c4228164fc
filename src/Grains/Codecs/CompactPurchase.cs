using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// What the form customer.purchase-recorded.2 leaves out because it follows from the rest; the table is in docs/formats/journal-entry.md. Writer and
/// reader ask here, so that what one leaves out is what the other puts in. Part of the storage format: a rule here never changes.
/// </summary>
internal static class CompactPurchase
{
    /// <summary>Elements of a line that are always written: number, product, quantity, price.</summary>
    public const int LineLengthMin = 4;

    /// <summary>The lot of a line that names none: the receipt's, when the line put points into it.</summary>
    public static int LotOf(long lotPoints, int receiptLot) => lotPoints > 0 ? receiptLot : 0;

    /// <summary>What the lines add up to. Wider than any member, so that no sum of extreme numbers is mistaken for another.</summary>
    public static LineSums SumsOf(ReadOnlySpan<RecordedLine> lines)
    {
        Int128 amount = 0, earned = 0, bonus = 0;
        foreach (ref readonly var line in lines)
        {
            amount += (Int128)line.Price.Minor - line.Discount.Minor;
            earned += (Int128)line.Earned.Count + line.Bonus.Count;
            bonus += line.Bonus.Count;
        }

        return new(amount, earned, bonus);
    }

    /// <summary>The lot given once for the whole receipt: that of the first line that has one; 0 for none.</summary>
    public static int ReceiptLot(ReadOnlySpan<RecordedLine> lines)
    {
        foreach (ref readonly var line in lines)
            if (line.Lot != 0) return line.Lot;
        return 0;
    }
}

/// <summary>Sums over the lines of a purchase.</summary>
/// <param name="Amount">Price less discount.</param>
/// <param name="Earned">Points earned, bonus included.</param>
/// <param name="Bonus">Bonus alone.</param>
internal readonly record struct LineSums(Int128 Amount, Int128 Earned, Int128 Bonus);

/// <summary>Names of rules as short numbers. Part of the storage format: a number is never reused.</summary>
internal static class RuleCodes
{
    /// <summary>Stands for the rule of the tier that the event itself names.</summary>
    public const int OwnTier = 2;

    private const string TierPrefix = "tier.";

    /// <summary>The number of a rule; 0 for one that is written as text.</summary>
    public static int Of(string? rule, string? tier) => rule switch
    {
        null => 0,
        "points.earned" => 1,
        "cross-store.bonus" => 3,
        "cross-store.bonus-capped" => 4,
        "cross-store.cooling-down" => 5,
        _ => rule.StartsWith(TierPrefix, StringComparison.Ordinal) && rule.AsSpan(TierPrefix.Length).SequenceEqual(tier) ? OwnTier : 0,
    };

    /// <summary>The rule of a number other than <see cref="OwnTier"/>; null for an unknown one.</summary>
    public static string? NameOf(int code) => code switch
    {
        1 => "points.earned",
        3 => "cross-store.bonus",
        4 => "cross-store.bonus-capped",
        5 => "cross-store.cooling-down",
        _ => null,
    };

    /// <summary>The rule of a tier.</summary>
    public static string OfTier(string tier)
    {
        if (TierPrefix.Length + tier.Length > GrainLimits.PooledStringLengthMax) return TierPrefix + tier;
        Span<char> name = stackalloc char[TierPrefix.Length + tier.Length];
        TierPrefix.CopyTo(name);
        tier.CopyTo(name[TierPrefix.Length..]);
        return StringPool.Get(name);
    }
}
