namespace ChainCrm.Domain.Customers;

/// <summary>Gives the customer a tag by hand (R48), or another end to one that it carries.</summary>
public sealed record AddTag : CustomerCommand
{
    /// <summary>A tag of the programme's dictionary.</summary>
    public required string Tag { get; init; }
    /// <summary>The last local day on which it counts, today or later; null for no end.</summary>
    public BusinessDay? LastDay { get; init; }
    /// <summary>Offset of the chain's local time from UTC now, minutes: tags end at local midnight.</summary>
    public int UtcOffsetMinutes { get; init; }
}

/// <summary>Takes a tag off.</summary>
public sealed record RemoveTag : CustomerCommand
{
    public required string Tag { get; init; }
}
