using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Programmes.Pricing;

/// <summary>How a member price is meant.</summary>
public enum MemberPriceKind
{
    /// <summary>Percent off what the line comes to.</summary>
    Percent,
    /// <summary>So much for each piece, or each unit of weight.</summary>
    Price,
}

/// <summary>A price that only members get, or some of them (R36). Fields: docs/domain/member-prices.md.</summary>
public sealed record MemberPrice
{
    /// <summary>Names it for ever: entries name it.</summary>
    public required string Id { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    /// <summary>Off: nobody gets it.</summary>
    public required bool Enabled { get; init; }
    public required MemberPriceKind Kind { get; init; }
    /// <summary>Percent off, or minor units for a quantity of 1.</summary>
    public required long Value { get; init; }
    /// <summary>Also on lines that the till has already discounted.</summary>
    public required bool OnDiscounted { get; init; }
    /// <summary>What the receipt must be.</summary>
    public required Condition OfReceipt { get; init; }
    /// <summary>What a line must be.</summary>
    public required Condition OfLine { get; init; }

    /// <summary>What it takes off a line; never more than the line comes to, in whole minor units, rounded down.</summary>
    /// <param name="amount">What the line comes to, 0 or more.</param>
    /// <param name="quantity">How much of it.</param>
    public Money Off(Money amount, Quantity quantity)
    {
        if (Kind == MemberPriceKind.Percent) return new Money(Customers.Shares.Floor(amount.Minor, Value, Percent));
        // What it costs is rounded up, so that what is taken off is rounded down.
        var costs = (((Int128)Value * quantity.Milli) + MilliPerUnit - 1) / MilliPerUnit;
        return costs >= amount.Minor || quantity.Milli == 0 ? Money.Zero : new Money(amount.Minor - (long)costs);
    }

    private const int Percent = 100;
    private const int MilliPerUnit = 1_000;
}

/// <summary>The member prices of a programme version.</summary>
/// <param name="Prices">In the order of the document.</param>
/// <param name="AskPlace">Some price asks for region or city.</param>
/// <param name="AskTime">Some price asks for the time of day.</param>
/// <param name="AskTags">Tags that some price asks for.</param>
public sealed record MemberPriceList(IReadOnlyList<MemberPrice> Prices, bool AskPlace, bool AskTime, IReadOnlyList<string> AskTags)
{
    public static MemberPriceList None { get; } = new([], false, false, []);

    /// <summary>A price by its id; null when this version has none.</summary>
    public MemberPrice? Find(string id) => Prices.FirstOrDefault(price => price.Id == id);
}
