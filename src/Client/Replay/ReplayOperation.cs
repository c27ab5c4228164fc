using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Replay;

/// <summary>One thing to send, in the order of time.</summary>
public abstract record ReplayOperation
{
    private protected ReplayOperation() { }

    /// <summary>The customer's number in the file; null for nobody known.</summary>
    public required string? Customer { get; init; }
    public required string Store { get; init; }
    public required string Receipt { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    /// <summary>Line of the file on which it begins.</summary>
    public required long FileLine { get; init; }
}

/// <summary>A purchase with its lines as they are in the file.</summary>
public sealed record PurchaseOperation : ReplayOperation
{
    public required IReadOnlyList<PurchaseLineRequest> Lines { get; init; }
}

/// <summary>A cancellation.</summary>
public sealed record ReturnOperation : ReplayOperation
{
    /// <summary>Receipt of the purchase it takes back; a guess that the server refuses when <see cref="IsMatched"/> is false.</summary>
    public required string PurchaseReceipt { get; init; }
    /// <summary>An earlier purchase of the same customer with exactly the opposite units and amount was found.</summary>
    public required bool IsMatched { get; init; }
}
