namespace ChainCrm.Domain.CouponCodes;

/// <summary>What can be asked of a coupon code. Decided in <see cref="CouponCodeDecider"/>.</summary>
public abstract record CouponCodeCommand
{
    private protected CouponCodeCommand() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
}

/// <summary>A customer shows the code: it is theirs from now on.</summary>
public sealed record ClaimCode : CouponCodeCommand
{
    public required CustomerId Customer { get; init; }
}

// NOTE: names and shapes below are the storage format, pinned by tests/Grains.Tests/Contracts.

/// <summary>What has happened to a code. Folded in <see cref="CouponCodeState"/>.</summary>
public abstract record CouponCodeEvent
{
    private protected CouponCodeEvent() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
}

/// <summary>A customer has the code, for ever.</summary>
public sealed record CodeClaimed : CouponCodeEvent
{
    public required CustomerId Customer { get; init; }
}
