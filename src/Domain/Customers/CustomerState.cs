using ChainCrm.Domain.Identities;

namespace ChainCrm.Domain.Customers;

/// <summary>A lot of points as it stands.</summary>
/// <param name="Number">Unique within the customer, growing.</param>
/// <param name="Granted">Points when granted.</param>
/// <param name="Remaining">Points left, more than 0.</param>
/// <param name="ActiveFrom">From when they can be spent.</param>
/// <param name="ExpiresAt">When they expire; null for never.</param>
public readonly record struct Lot(int Number, Points Granted, Points Remaining, Timestamp ActiveFrom, Timestamp? ExpiresAt);

/// <summary>A visit as the member card shows it.</summary>
public readonly record struct Visit(StoreId Store, string Receipt, Timestamp OccurredAt, Money Amount);

/// <summary>One customer: the fold of its events. Changed in place by the one thread that owns it.</summary>
public sealed partial class CustomerState
{
    /// <summary>False before the first event.</summary>
    public bool IsEnrolled { get; private set; }
    public Timestamp MemberSince { get; private set; }
    public StoreId HomeStore { get; private set; }
    public Sealed? Profile { get; private set; }
    public IReadOnlyList<IdentityRef> Identities { get; private set; } = [];
    public TierId Tier { get; private set; }
    /// <summary>Net of returns.</summary>
    public Money LifetimeSpend { get; private set; }
    public long PurchaseCount { get; private set; }
    public Points Debt { get; private set; }
    /// <summary>Sum of what is left in lots, less debt.</summary>
    public Points Balance => LotSum - Debt;
    public Points LotSum { get; private set; }
    /// <summary>Open lots in burn order: soonest expiry, then oldest, never-expiring last.</summary>
    public ReadOnlySpan<Lot> Lots => default;
    /// <summary>Newest first, at most <see cref="Limits.VisitsKept"/>.</summary>
    public IReadOnlyList<Visit> Visits => [];
    /// <summary>What can be spent at a time: active and not expired.</summary>
    public Points SpendableAt(Timestamp at) => default;
    /// <summary>Granted but not active at a time.</summary>
    public Points PendingAt(Timestamp at) => default;
    /// <summary>Net spend of the window of <paramref name="months"/> months that ends on a day.</summary>
    public Money QualifyingSpend(BusinessDay today, int months) => default;
    /// <summary>When the soonest lot expires; null when none does.</summary>
    public Timestamp? NextExpiry => null;
}
