using ChainCrm.Domain;

namespace ChainCrm.Grains.ReadModels;

/// <summary>Totals of one store since its first day. Revenue is net of returns at the store of purchase, walk-ins included.</summary>
public readonly record struct StoreTotals(string Store, long RevenueMinor, long Purchases, long WalkIns, long ReturnsMinor);

/// <summary>Totals of a chain.</summary>
public readonly record struct ChainTotals(
    long Position, long Members, long Purchases, long WalkIns, long Returns, long RevenueMinor, long PointsGiven, long PointsUsed,
    long CrossStorePurchases, long CustomersAtTwoStores, long CustomersWithPurchase);

/// <summary>One day of one store.</summary>
public readonly record struct StoreDay(string Store, DateOnly Day, long RevenueMinor, long Purchases, long WalkIns, long NewMembers, long CrossStoreVisits, long PointsGiven, long PointsUsed);

/// <summary>What queries read: tables that follow the feed. Disposable: dropped, they are rebuilt from the journal with the same rows (invariant 12).</summary>
public interface IReadModels
{
    /// <summary>Journal position that the tables show.</summary>
    long Position { get; }

    /// <summary>Completes when the tables show the journal up to a position.</summary>
    ValueTask WaitForAsync(long position, CancellationToken cancellation = default);

    ValueTask<ChainTotals> TotalsAsync(string chain, CancellationToken cancellation = default);

    ValueTask<IReadOnlyList<StoreTotals>> StoresAsync(string chain, CancellationToken cancellation = default);

    /// <summary>Days of one store, newest first, at most 400.</summary>
    ValueTask<IReadOnlyList<StoreDay>> StoreDaysAsync(string chain, StoreId store, DateOnly from, DateOnly to, CancellationToken cancellation = default);

    /// <summary>Customer ids in order, after one, at most 1,000.</summary>
    ValueTask<IReadOnlyList<CustomerId>> CustomersAsync(string chain, CustomerId? after, int max, CancellationToken cancellation = default);
}
