using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.ReadModels;

namespace ChainCrm.Grains.Tests.ReadModels;

/// <summary>The same figures worked out anew from all entries, without folds, tables or shared code.</summary>
internal static class PlainFigures
{
    public static ChainTotals Totals(IReadOnlyList<CommittedEntry> all, string chain)
    {
        var events = Of(all, chain);
        var purchases = events.Where(e => e.Happened is PurchaseRecorded).Select(e => (e.Grain, Purchase: (PurchaseRecorded)e.Happened)).ToList();
        var walkIns = events.Select(e => e.Happened).OfType<WalkInRecorded>().ToList();
        var returns = events.Select(e => e.Happened).OfType<LinesReturned>().ToList();
        var byCustomer = purchases.GroupBy(p => p.Grain.Stream).ToList();
        return new ChainTotals(
            all.Count, events.Count(e => e.Happened is CustomerEnrolled), purchases.Count, walkIns.Count, returns.Count,
            purchases.Sum(p => p.Purchase.Amount.Minor) + walkIns.Sum(w => w.Amount.Minor) - returns.Sum(r => r.Amount.Minor),
            purchases.Sum(p => p.Purchase.PointsEarned.Count) + events.Select(e => e.Happened).OfType<PointsAdjusted>().Where(a => a.Points.Count > 0).Sum(a => a.Points.Count),
            purchases.Sum(p => p.Purchase.PointsUsed.Count) + events.Select(e => e.Happened).OfType<PointsRedeemed>().Sum(r => r.Points.Count),
            purchases.Count(p => p.Purchase.CrossStore),
            byCustomer.Count(group => group.Select(p => p.Purchase.Store).Distinct().Count() > 1), byCustomer.Count);
    }

    public static List<StoreTotals> Stores(IReadOnlyList<CommittedEntry> all, string chain) =>
    [
        .. Of(all, chain).Select(e => (Store: StoreOf(e.Grain, e.Happened), e.Happened)).Where(e => e.Store is not null).GroupBy(e => e.Store!).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group =>
            {
                var happened = group.Select(e => e.Happened).ToList();
                var returned = happened.OfType<LinesReturned>().Sum(r => r.Amount.Minor);
                return new StoreTotals(
                    group.Key, happened.OfType<PurchaseRecorded>().Sum(p => p.Amount.Minor) + happened.OfType<WalkInRecorded>().Sum(w => w.Amount.Minor) - returned,
                    happened.OfType<PurchaseRecorded>().Count(), happened.OfType<WalkInRecorded>().Count(), returned);
            }),
    ];

    public static List<StoreDay> Days(IReadOnlyList<CommittedEntry> all, string chain, string store) =>
    [
        .. Of(all, chain).Where(e => StoreOf(e.Grain, e.Happened) == store).GroupBy(e => DayOf(e.Happened)).OrderByDescending(group => group.Key)
            .Select(group =>
            {
                var happened = group.Select(e => e.Happened).ToList();
                var purchases = happened.OfType<PurchaseRecorded>().ToList();
                return new StoreDay(
                    store, group.Key,
                    purchases.Sum(p => p.Amount.Minor) + happened.OfType<WalkInRecorded>().Sum(w => w.Amount.Minor) - happened.OfType<LinesReturned>().Sum(r => r.Amount.Minor),
                    purchases.Count, happened.OfType<WalkInRecorded>().Count(), happened.OfType<CustomerEnrolled>().Count(), purchases.Count(p => p.CrossStore),
                    purchases.Sum(p => p.PointsEarned.Count) + happened.OfType<PointsAdjusted>().Sum(a => a.Points.Count),
                    purchases.Sum(p => p.PointsUsed.Count) + happened.OfType<PointsRedeemed>().Sum(r => r.Points.Count));
            }),
    ];

    private static List<(GrainId Grain, object Happened)> Of(IReadOnlyList<CommittedEntry> all, string chain) =>
        [.. all.Where(entry => entry.Grain.Chain.SequenceEqual(chain)).SelectMany(entry => entry.Events.Select(happened => (entry.Grain, happened)))];

    private static string? StoreOf(GrainId grain, object happened) => happened switch
    {
        PurchaseRecorded e => e.Store.Value,
        LinesReturned e => e.PurchaseStore.Value,
        WalkInRecorded => grain.Key,
        CustomerEnrolled e => e.HomeStore.Value,
        PointsRedeemed e => e.Origin.Store?.Value,
        PointsAdjusted { Points.Count: > 0 } e => e.Origin.Store?.Value,
        _ => null,
    };

    private static DateOnly DayOf(object happened) => happened switch
    {
        PurchaseRecorded e => e.BusinessDay.ToDate(),
        LinesReturned e => e.BusinessDay.ToDate(),
        WalkInRecorded e => e.BusinessDay.ToDate(),
        CustomerEvent e => Trade.Day(DateTimeOffset.FromUnixTimeMilliseconds(e.At.UnixMs)).ToDate(),
        _ => throw new InvalidOperationException(happened.GetType().Name),
    };
}
