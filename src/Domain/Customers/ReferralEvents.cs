namespace ChainCrm.Domain.Customers;

// NOTE: names and shapes in this file are the storage format, as in CustomerEvent.cs.

/// <summary>A purchase earned the reward of a referral: the friend's part. The referrer's is on its way as <see cref="Delivery"/>.</summary>
public sealed record ReferralRewarded : CustomerEvent
{
    public required CustomerId Referrer { get; init; }
    /// <summary>The purchase.</summary>
    public required StoreId Store { get; init; }
    public required string Receipt { get; init; }
    /// <summary>The friend's points; 0 for none.</summary>
    public required Points Points { get; init; }
    public IReadOnlyList<LotGrant> LotsGranted { get; init; } = [];
    public Points DebtPaid { get; init; }
    public required Points ReferrerPoints { get; init; }
    public required int Delivery { get; init; }
    public required Points Balance { get; init; }
}

/// <summary>The purchase that earned the reward of a referral came back: the friend's part is taken back, and the referrer's too.</summary>
public sealed record ReferralWithdrawn : CustomerEvent
{
    public required CustomerId Referrer { get; init; }
    public required StoreId Store { get; init; }
    public required string Receipt { get; init; }
    /// <summary>How many of the friend's points are taken back.</summary>
    public required Points Points { get; init; }
    /// <summary>What is not there, and the programme makes no debt of.</summary>
    public Points Forgiven { get; init; }
    public IReadOnlyList<LotPart> LotsTaken { get; init; } = [];
    public Points DebtAdded { get; init; }
    public required Points Balance { get; init; }
}
