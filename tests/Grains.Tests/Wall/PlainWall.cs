using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.Wall;

namespace ChainCrm.Grains.Tests.Wall;

/// <summary>A day's figures worked out anew from all entries, without the wall's folds or calendar. Shanghai has had one offset since 1991.</summary>
internal sealed class PlainWall
{
    private readonly List<Happening> _happenings;

    public PlainWall(IEnumerable<CommittedEntry> entries, string chain, DateOnly day)
    {
        var all = entries.Where(entry => entry.Grain.Chain.SequenceEqual(chain)).SelectMany(entry => entry.Events.Select(e => Happening.Of(entry, e)));
        _happenings = [.. all.OfType<Happening>().Where(happening => happening.Day == day)];
    }

    public DayFigures Figures => Sum(_happenings, new Dictionary<int, long>());

    public IReadOnlyList<long> Sales => [.. Enumerable.Range(0, 288).Select(slot => _happenings.Where(h => h.Slot == slot).Sum(h => h.Sales))];

    public IReadOnlyList<StoreFigures> Stores =>
    [
        .. _happenings.Where(h => h.Store is not null).GroupBy(h => h.Store!).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new StoreFigures(
            group.Key, group.Sum(h => h.Sales), group.Count(h => h.IsVisit), group.Count(h => h.Event is CustomerEnrolled), group.Count(h => h.IsCross), group.Max(h => h.EntryMs))),
    ];

    public IReadOnlyList<(string From, string To, long Count)> Flows =>
    [
        .. _happenings.Select(h => h.Event).OfType<PurchaseRecorded>().Where(p => p.PreviousStore is not null && p.PreviousStore != p.Store)
            .GroupBy(p => (From: p.PreviousStore!.Value.Value, To: p.Store.Value)).Select(group => (group.Key.From, group.Key.To, Count: group.LongCount()))
            .OrderByDescending(flow => flow.Count).ThenBy(flow => flow.From, StringComparer.Ordinal).ThenBy(flow => flow.To, StringComparer.Ordinal).Take(30),
    ];

    /// <summary>Whole slots before a time of day and, rounded down, the share of the running slot.</summary>
    public DayFigures UpTo(TimeSpan timeOfDay)
    {
        var running = (int)(timeOfDay.TotalMinutes / 5);
        var partMs = (long)timeOfDay.TotalMilliseconds - running * 300_000L;
        var first = FirstPurchaseSlots();
        var whole = Sum(_happenings.Where(h => h.Slot < running), first.Where(f => f.Key < running));
        var part = Sum(_happenings.Where(h => h.Slot == running), first.Where(f => f.Key == running));
        long Share(long value) => (long)Math.Floor((decimal)value * partMs / 300_000m);
        return new DayFigures(
            whole.SalesMinor + Share(part.SalesMinor), whole.Visits + Share(part.Visits), whole.PointsGiven + Share(part.PointsGiven), whole.PointsUsed + Share(part.PointsUsed),
            whole.NewMembers + Share(part.NewMembers), whole.ActiveMembers + Share(part.ActiveMembers), whole.CrossStoreVisits + Share(part.CrossStoreVisits),
            whole.CrossStoreMinor + Share(part.CrossStoreMinor), whole.ReturnsMinor + Share(part.ReturnsMinor));
    }

    /// <summary>How many customers' first recorded purchase of the day lies in each slot.</summary>
    private Dictionary<int, long> FirstPurchaseSlots() =>
        _happenings.Where(h => h.Event is PurchaseRecorded).GroupBy(h => h.Stream).Select(group => group.First().Slot).GroupBy(slot => slot).ToDictionary(group => group.Key, group => group.LongCount());

    private DayFigures Sum(IEnumerable<Happening> some, IEnumerable<KeyValuePair<int, long>> firstPurchases)
    {
        var list = some.ToList();
        var purchases = list.Select(h => h.Event).OfType<PurchaseRecorded>().ToList();
        var active = list.Count == _happenings.Count ? list.Where(h => h.Event is PurchaseRecorded).Select(h => h.Stream).Distinct().LongCount() : firstPurchases.Sum(f => f.Value);
        return new DayFigures(
            list.Sum(h => h.Sales), list.Count(h => h.IsVisit),
            purchases.Sum(p => p.PointsEarned.Count) + list.Select(h => h.Event).OfType<PointsAdjusted>().Sum(a => Math.Max(0, a.Points.Count)),
            purchases.Sum(p => p.PointsUsed.Count) + list.Select(h => h.Event).OfType<PointsRedeemed>().Sum(r => r.Points.Count),
            list.Count(h => h.Event is CustomerEnrolled), active, list.Count(h => h.IsCross), list.Where(h => h.IsCross).Sum(h => h.Sales),
            list.Select(h => h.Event).OfType<LinesReturned>().Sum(r => r.Amount.Minor));
    }

    private sealed record Happening(string Stream, long EntryMs, object Event, DateTime Local, string? Store)
    {
        public DateOnly Day => DateOnly.FromDateTime(Local);

        public int Slot => (int)(Local.TimeOfDay.TotalMinutes / 5);

        public bool IsVisit => Event is PurchaseRecorded or WalkInRecorded;

        public bool IsCross => Event is PurchaseRecorded { CrossStore: true };

        public long Sales => Event switch { PurchaseRecorded e => e.Amount.Minor, WalkInRecorded e => e.Amount.Minor, _ => 0 };

        public static Happening? Of(CommittedEntry entry, object happened)
        {
            (Domain.Timestamp At, string? Store)? found = happened switch
            {
                PurchaseRecorded e => (e.OccurredAt, e.Store.Value),
                WalkInRecorded e => (e.OccurredAt, entry.Grain.Key),
                LinesReturned e => (e.OccurredAt, e.PurchaseStore.Value),
                CustomerEnrolled e => (e.At, e.HomeStore.Value),
                PointsRedeemed e => (e.At, e.Origin.Store?.Value),
                PointsAdjusted { Points.Count: > 0 } e => (e.At, e.Origin.Store?.Value),
                _ => null,
            };
            return found is { } it ? new Happening(entry.Grain.Stream, entry.TimeMs, happened, DateTimeOffset.FromUnixTimeMilliseconds(it.At.UnixMs + 8 * 3_600_000).DateTime, it.Store) : null;
        }
    }
}
