namespace ChainCrm.Domain.Programmes.EarningRules;

/// <summary>What a condition can ask of a receipt. Everything here is in the purchase's entry, so that the same is decided again.</summary>
public readonly record struct SaleFacts
{
    /// <summary>The tier before the purchase; the lowest where the programme does not know it.</summary>
    public required TierId Tier { get; init; }
    public required StoreId Store { get; init; }
    /// <summary>Null when the rules do not ask, or nobody knows.</summary>
    public string? Region { get; init; }
    public string? City { get; init; }
    public string? Channel { get; init; }
    /// <summary>Those of the customer's tags that the rules ask for; null for none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
    public required BusinessDay Day { get; init; }
    /// <summary>Minutes since local midnight; null when the rules do not ask.</summary>
    public int? LocalMinute { get; init; }
    /// <summary>In another store than the home store.</summary>
    public required bool CrossStore { get; init; }
}

/// <summary>What a condition can ask of a line.</summary>
public readonly record struct LineFacts(ProductId Product, string? Category, string? Brand);

/// <summary>A fact that a condition compares with a list.</summary>
public enum Fact
{
    Tier,
    Store,
    Region,
    City,
    Channel,
    Weekday,
    Product,
    Category,
    Brand,
}
