namespace ChainCrm.Client.Wire;

/// <summary>The lines of a member's sale, and what came back of them: GET /v1/customers/{id}/entries/{version}/receipt.</summary>
public sealed record ReceiptReply
{
    public required string Customer { get; init; }
    /// <summary>Number of the sale's entry.</summary>
    public long Version { get; init; }
    public required string Store { get; init; }
    public string? StoreName { get; init; }
    public required string Receipt { get; init; }
    /// <summary>When it was sold.</summary>
    public DateTimeOffset At { get; init; }
    public long AmountMinor { get; init; }
    public required IReadOnlyList<ReceiptLineView> Lines { get; init; }
}

/// <summary>One line of a sale.</summary>
public sealed record ReceiptLineView
{
    public int Line { get; init; }
    public required string Product { get; init; }
    public string? Category { get; init; }
    public string? Brand { get; init; }
    /// <summary>0 for a line that can only come back whole, such as a fee.</summary>
    public decimal Quantity { get; init; }
    /// <summary>Price less all discounts, minor units.</summary>
    public long AmountMinor { get; init; }
    /// <summary>How much came back so far, and its amount.</summary>
    public decimal BackQuantity { get; init; }
    public long BackMinor { get; init; }
    /// <summary>All of the line came back.</summary>
    public bool Back { get; init; }
}
