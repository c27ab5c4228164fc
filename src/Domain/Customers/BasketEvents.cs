namespace ChainCrm.Domain.Customers;

// NOTE: names and shapes in this file are the storage format, as in CustomerEvent.cs.

/// <summary>A basket was opened. Its number is the version of this entry.</summary>
public sealed record BasketOpened : CustomerEvent
{
    public required long Basket { get; init; }
    public required Hold Hold { get; init; }
    /// <summary>Numbers of the coupons it holds.</summary>
    public IReadOnlyList<int> Coupons { get; init; } = [];
    /// <summary>When its lease runs out.</summary>
    public required Timestamp EndsAt { get; init; }
}

/// <summary>A basket holds something else, and its lease begins anew.</summary>
public sealed record BasketChanged : CustomerEvent
{
    public required long Basket { get; init; }
    public required Hold Hold { get; init; }
    /// <summary>What it held before.</summary>
    public Hold HoldBefore { get; init; }
    /// <summary>Numbers of the coupons it holds from now on.</summary>
    public IReadOnlyList<int> Coupons { get; init; } = [];
    public required Timestamp EndsAt { get; init; }
}

/// <summary>A basket was given up.</summary>
public sealed record BasketCancelled : CustomerEvent
{
    public required long Basket { get; init; }
    /// <summary>What it held.</summary>
    public Hold Hold { get; init; }
}

/// <summary>A basket was paid. The sale stands in the same entry.</summary>
public sealed record BasketCommitted : CustomerEvent
{
    public required long Basket { get; init; }
    /// <summary>What it held; the sale may have used more or less.</summary>
    public Hold Hold { get; init; }
}

/// <summary>The leases of baskets ran out.</summary>
public sealed record BasketsExpired : CustomerEvent
{
    /// <summary>Each as it was.</summary>
    public required IReadOnlyList<Basket> Baskets { get; init; }
}
