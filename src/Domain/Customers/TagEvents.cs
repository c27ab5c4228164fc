namespace ChainCrm.Domain.Customers;

// NOTE: names and shapes in this file are the storage format, as in CustomerEvent.cs.

/// <summary>A tag was put on, or its end was moved.</summary>
public sealed record TagAdded : CustomerEvent
{
    public required string Tag { get; init; }
    /// <summary>When it ends; null for never.</summary>
    public Timestamp? Until { get; init; }
}

/// <summary>A tag was taken off.</summary>
public sealed record TagRemoved : CustomerEvent
{
    public required string Tag { get; init; }
}
