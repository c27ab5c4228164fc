using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>The lines of a sale, whichever form they have.</summary>
internal interface ISoldLines
{
    LineFacts FactsOf(int index);
}

/// <summary>Lines as the till sends them.</summary>
internal readonly struct SentLines(IReadOnlyList<PurchaseLine> lines) : ISoldLines
{
    // A line is large: nearly always they stand in an array, where none is copied.
    private readonly PurchaseLine[] _lines = lines as PurchaseLine[] ?? [.. lines];

    public LineFacts FactsOf(int index)
    {
        ref readonly var line = ref _lines[index];
        return new(line.Product, line.Category, line.Brand);
    }
}

/// <summary>Lines as they were recorded.</summary>
internal readonly struct RecordedLines(IReadOnlyList<RecordedLine> lines) : ISoldLines
{
    // A line is large: nearly always they stand in an array, where none is copied.
    private readonly RecordedLine[] _lines = lines as RecordedLine[] ?? [.. lines];

    public LineFacts FactsOf(int index)
    {
        ref readonly var line = ref _lines[index];
        return new(line.Product, line.Category, line.Brand);
    }
}

/// <summary>What a line is worth and what it earns.</summary>
internal struct LinePoints
{
    /// <summary>Price less discount.</summary>
    public Money Amount;
    public Quantity Quantity;
    /// <summary>Amount less its share of what earns nothing: what points pay for, or a gift that earns none.</summary>
    public long Net;
    /// <summary>Points by the base and by rules.</summary>
    public long Earned;
    /// <summary>Points for another store than the home store.</summary>
    public long Bonus;

    /// <summary>A line as it is sold.</summary>
    public static LinePoints Of(in PurchaseLine line) => new() { Amount = line.Price - line.Discount, Quantity = line.Quantity };

    /// <summary>A line as it was sold.</summary>
    public static LinePoints Of(in RecordedLine line) => new() { Amount = line.Price - line.Discount, Quantity = line.Quantity };
}
