namespace ChainCrm.Domain.Customers;

// NOTE: names and shapes in this file are the storage format, as in CustomerEvent.cs.

/// <summary>Points of one end on their way from one customer to another.</summary>
/// <param name="Points">How many; more than 0.</param>
/// <param name="ActiveFrom">From when the sender could spend them.</param>
/// <param name="ExpiresAt">When they expire, at the sender as at the receiver; null for never.</param>
/// <param name="ByInactivity">Purchases of the sender moved that end while the points were there; at the receiver it stands.</param>
public readonly record struct DeliveredLot(Points Points, Timestamp ActiveFrom, Timestamp? ExpiresAt, bool ByInactivity = false);

/// <summary>Something is on its way to another customer. It is open until an entry of the same customer says what came of it.</summary>
public sealed record DeliverySent : CustomerEvent
{
    /// <summary>Its number: grows within the sender, from 1.</summary>
    public required int Delivery { get; init; }
    public required CustomerId To { get; init; }
    /// <summary>What it is for, one of <see cref="DeliveryKinds"/>.</summary>
    public required string Kind { get; init; }
    public required Points Points { get; init; }
    public required string Reason { get; init; }
    /// <summary>The points as they lay here; empty where they are made for the receiver, to whom they are then what points given by hand are.</summary>
    public IReadOnlyList<DeliveredLot> Lots { get; init; } = [];
    /// <summary>The sender's lots that they were taken from; empty where they are made for the receiver.</summary>
    public IReadOnlyList<LotPart> LotsUsed { get; init; } = [];
    /// <summary>The local day, and the times in which it counts towards the sender's limits.</summary>
    public BusinessDay Day { get; init; }
    public Programmes.EarningRules.CapPeriods Counted { get; init; }
    /// <summary>An earlier delivery of the sender that this one takes back; 0 for none.</summary>
    public int Of { get; init; }
    /// <summary>The sender's balance after it.</summary>
    public required Points Balance { get; init; }
}

/// <summary>What another customer had sent is here.</summary>
public sealed record DeliveryReceived : CustomerEvent
{
    public required CustomerId From { get; init; }
    /// <summary>Its number within the sender.</summary>
    public required int Delivery { get; init; }
    /// <summary>Where a reward is taken back: number of the delivery that had brought it; 0 otherwise.</summary>
    public int Of { get; init; }
    public required string Kind { get; init; }
    public required Points Points { get; init; }
    public required string Reason { get; init; }
    public IReadOnlyList<LotGrant> LotsGranted { get; init; } = [];
    public Points DebtPaid { get; init; }
    /// <summary>Where something is taken back: from which lots, and what became debt. The points are then below 0.</summary>
    public IReadOnlyList<LotPart> LotsTaken { get; init; } = [];
    public Points DebtAdded { get; init; }
    /// <summary>The local day, and the times in which it counts towards limits of rewards.</summary>
    public BusinessDay Day { get; init; }
    public Programmes.EarningRules.CapPeriods Counted { get; init; }
    public required Points Balance { get; init; }
}

/// <summary>A delivery of this customer's has reached its receiver.</summary>
public sealed record DeliveryArrived : CustomerEvent
{
    public required int Delivery { get; init; }
    public required CustomerId To { get; init; }
    public required string Kind { get; init; }
    public required Points Points { get; init; }
}

/// <summary>The receiver can't have a delivery of this customer's: what was taken for it is back.</summary>
public sealed record DeliveryGivenBack : CustomerEvent
{
    public required int Delivery { get; init; }
    public required CustomerId To { get; init; }
    public required string Kind { get; init; }
    /// <summary>Points that came back: all of them, or none where they had been made for the receiver.</summary>
    public required Points Points { get; init; }
    /// <summary>Number of the refusal.</summary>
    public required int Refusal { get; init; }
    public IReadOnlyList<LotGrant> LotsGivenBack { get; init; } = [];
    public Points DebtPaid { get; init; }
    /// <summary>The day on which it was sent, and the times in which it had counted.</summary>
    public BusinessDay Day { get; init; }
    public Programmes.EarningRules.CapPeriods Counted { get; init; }
    public required Points Balance { get; init; }
}
