using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>What a customer's receipts of a day in a store count for tiers that ask for more than spend, net of returns.</summary>
/// <param name="Day">The day.</param>
/// <param name="Store">The store.</param>
/// <param name="Receipts">Receipts of which something is kept; one or many are one visit.</param>
/// <param name="Points">Points that they earned.</param>
public readonly record struct MeasureDay(BusinessDay Day, StoreId Store, int Receipts, Points Points);

/// <summary>What is kept of a customer for tiers that ask for points or visits.</summary>
internal sealed class TierCounts
{
    private MeasureDays _days;

    /// <summary>By day and store.</summary>
    public ref MeasureDays Days => ref _days;

    /// <summary>Of the windows that once reached a tier, window by window; empty when there are none.</summary>
    public (Points Points, int Visits)[] Evidence { get; set; } = [];
}

/// <summary>Points and visits by day and store, ascending by day, from the first purchase whose programme asked for them; days too old for any window are dropped.</summary>
internal struct MeasureDays
{
    private MeasureDay[]? _days;

    public readonly ReadOnlySpan<MeasureDay> All => _days;

    /// <summary>Adds a receipt (or takes it back); what the visits change by. A day too old to count any more is left alone.</summary>
    public int Add(in MeasureDay added, BusinessDay latest)
    {
        var days = _days ?? [];
        var oldest = latest.Number - SpendDays.DaysKept;
        if (added.Day.Number < oldest) return 0;
        var at = Find(added.Day, added.Store);
        if (at < 0)
        {
            at = days.Length;
            while (at > 0 && days[at - 1].Day > added.Day) at--;
            var old = Math.Max(0, days.Length + 1 - Limits.TierVisitDaysMax);
            while (old < days.Length && days[old].Day.Number < oldest) old++;
            // Behind what is dropped there is no place: the newest are kept.
            if (at < old) return 0;
            _days = [.. days[old..at], added, .. days[at..]];
            return added.Receipts > 0 ? 1 : 0;
        }

        var (before, now) = (days[at], days[at] with { Receipts = days[at].Receipts + added.Receipts, Points = days[at].Points + added.Points });
        if (now.Receipts == 0 && now.Points == Points.Zero) _days = days.Length == 1 ? null : [.. days[..at], .. days[(at + 1)..]];
        else days[at] = now;
        return (now.Receipts > 0 ? 1 : 0) - (before.Receipts > 0 ? 1 : 0);
    }

    /// <summary>Something is kept of a receipt of that day in that store.</summary>
    public readonly bool HasVisit(BusinessDay day, StoreId store) => Find(day, store) is >= 0 and var at && _days![at].Receipts > 0;

    /// <summary>Points and visits from a day to a day, both included.</summary>
    public readonly (Points Points, int Visits) Sum(BusinessDay from, BusinessDay to)
    {
        var (points, visits) = (Points.Zero, 0);
        for (var i = All.Length - 1; i >= 0 && _days![i].Day >= from; i--)
        {
            if (_days[i].Day > to) continue;
            points += _days[i].Points;
            if (_days[i].Receipts > 0) visits++;
        }

        return (points, visits);
    }

    /// <summary>A copy to try something on.</summary>
    public readonly MeasureDays Copy() => new() { _days = _days?.ToArray() };

    /// <summary>Takes over what a snapshot holds.</summary>
    public void Set(IReadOnlyList<MeasureDay> days) => _days = days.Count == 0 ? null : [.. days];

    private readonly int Find(BusinessDay day, StoreId store)
    {
        for (var i = All.Length - 1; i >= 0 && _days![i].Day >= day; i--)
        {
            if (_days[i].Day == day && _days[i].Store == store) return i;
        }

        return -1;
    }
}
