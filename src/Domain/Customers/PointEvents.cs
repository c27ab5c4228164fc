namespace ChainCrm.Domain.Customers;

// NOTE: names and shapes in this file are the storage format, as in CustomerEvent.cs.

/// <summary>Points were spent outside a sale.</summary>
public sealed record PointsRedeemed : CustomerEvent
{
    public required Points Points { get; init; }
    public required string Reason { get; init; }
    public required IReadOnlyList<LotPart> LotsUsed { get; init; }
    public required Points Balance { get; init; }
}

/// <summary>Points were given (positive) or taken (negative) by hand.</summary>
public sealed record PointsAdjusted : CustomerEvent
{
    public required Points Points { get; init; }
    public required string Reason { get; init; }
    public IReadOnlyList<LotGrant> LotsGranted { get; init; } = [];
    public IReadOnlyList<LotPart> LotsTaken { get; init; } = [];
    public Points DebtPaid { get; init; }
    public Points DebtAdded { get; init; }
    public required Points Balance { get; init; }
}

/// <summary>Lots reached their end.</summary>
public sealed record PointsExpired : CustomerEvent
{
    public required Points Points { get; init; }
    public required IReadOnlyList<LotPart> Lots { get; init; }
    public required Points Balance { get; init; }
}

/// <summary>
/// The end of open lots was moved to a later one by hand: of all that end before <see cref="Until"/> and no later than <see cref="EndingBy"/>. Which lots
/// these are follows from the entries before, so that the event is as short for a hundred lots as for one.
/// </summary>
public sealed record PointsExtended : CustomerEvent
{
    /// <summary>How many points end later now.</summary>
    public required Points Points { get; init; }
    /// <summary>Their new end.</summary>
    public required Timestamp Until { get; init; }
    /// <summary>Lots that end later than this are left alone; null for none.</summary>
    public Timestamp? EndingBy { get; init; }
    public required string Reason { get; init; }
}

/// <summary>The customer's points were frozen: none is spent or held by a basket until they are released.</summary>
public sealed record PointsFrozen : CustomerEvent
{
    public required string Reason { get; init; }
}

/// <summary>A freeze of points ended.</summary>
public sealed record PointsReleased : CustomerEvent
{
    public required string Reason { get; init; }
}
