namespace ChainCrm.Domain.Customers;

/// <summary>What deliveries are for. Part of the storage format.</summary>
public static class DeliveryKinds
{
    /// <summary>A customer gives points to another.</summary>
    public const string Transfer = "transfer";
}

/// <summary>Gives points to another customer (F9).</summary>
public sealed record TransferPoints : CustomerCommand
{
    /// <summary>The customer who decides: a state does not know whose it is.</summary>
    public required CustomerId From { get; init; }
    public required CustomerId To { get; init; }
    public required Points Points { get; init; }
    public required string Reason { get; init; }
    /// <summary>Offset of the chain's local time from UTC now, minutes: limits count by local days.</summary>
    public int UtcOffsetMinutes { get; init; }
    /// <summary>Number of the delivery where a history is lived again; 0: the next.</summary>
    public int Number { get; init; }
}

/// <summary>Brings what another customer has sent. The command id names the sender and the delivery, so that it comes once.</summary>
public sealed record TakeDelivery : CustomerCommand
{
    public required CustomerId From { get; init; }
    public required int Delivery { get; init; }
    public required string Kind { get; init; }
    public required Points Points { get; init; }
    public required string Reason { get; init; }
    /// <summary>The points as they lay at the sender; empty where they are made for this customer.</summary>
    public IReadOnlyList<DeliveredLot> Lots { get; init; } = [];
    /// <summary>Offset of the chain's local time from UTC now, minutes: points that are made end at local midnight.</summary>
    public int UtcOffsetMinutes { get; init; }
}

/// <summary>Tells the sender what came of a delivery.</summary>
public sealed record SettleDelivery : CustomerCommand
{
    public required int Delivery { get; init; }
    /// <summary>Number of the receiver's refusal; 0: it has arrived.</summary>
    public int Refusal { get; init; }
}
