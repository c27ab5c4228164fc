namespace ChainCrm.Client.Wire;

/// <summary>What a return would answer: POST /v1/returns/quote. Nothing was recorded.</summary>
public sealed record ReturnQuoteReply
{
    public required string Customer { get; init; }
    public required string PurchaseStore { get; init; }
    public required string PurchaseReceipt { get; init; }
    public long AmountMinor { get; init; }
    /// <summary>What the till would pay back in money.</summary>
    public long PayBackMinor { get; init; }
    public long PointsTakenBack { get; init; }
    public long PointsGivenBack { get; init; }
    /// <summary>Left out when the receipt used none.</summary>
    public StoredValueMove? StoredValue { get; init; }
    /// <summary>Points afterwards.</summary>
    public long Balance { get; init; }
    public string? Tier { get; init; }
    public TierChange? TierChanged { get; init; }
    /// <summary>Left out when the return would change none.</summary>
    public ReturnCouponsView? Coupons { get; init; }
    /// <summary>Why, as for a recorded entry.</summary>
    public IReadOnlyList<WhyReason> Reasons { get; init; } = [];
    public int ProgrammeVersion { get; init; }
    /// <summary>The customer's newest entry when this was worked out.</summary>
    public long Version { get; init; }
}
