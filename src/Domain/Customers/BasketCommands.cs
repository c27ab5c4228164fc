namespace ChainCrm.Domain.Customers;

/// <summary>Holds points and stored value for a customer at a till, for the lease of the programme.</summary>
public sealed record OpenBasket : CustomerCommand
{
    /// <summary>What is held; more than nothing, unless coupons are.</summary>
    public required Hold Hold { get; init; }
    /// <summary>Numbers of the coupons that are held.</summary>
    public IReadOnlyList<int> Coupons { get; init; } = [];
}

/// <summary>Holds something else from now on, and begins the lease anew. The same hold again only prolongs it.</summary>
public sealed record ChangeBasket : CustomerCommand
{
    /// <summary>The basket's number.</summary>
    public required long Basket { get; init; }
    /// <summary>What is held in place of what was; more than nothing, unless coupons are.</summary>
    public required Hold Hold { get; init; }
    /// <summary>Numbers of the coupons that are held in place of those that were.</summary>
    public IReadOnlyList<int> Coupons { get; init; } = [];
}

/// <summary>Gives up what a basket holds.</summary>
public sealed record CancelBasket : CustomerCommand
{
    /// <summary>The basket's number.</summary>
    public required long Basket { get; init; }
}
