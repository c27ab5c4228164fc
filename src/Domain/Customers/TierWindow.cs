using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>A window of days and all that tiers can ask for in it. Points and visits are 0 where the programme does not ask for them.</summary>
internal readonly record struct TierWindow(BusinessDay From, BusinessDay To, TierMeasures Held)
{
    public Money Spend => Held.Spend;

    /// <summary>For an event: written only where the programme asks for more than spend.</summary>
    public Points? PointsOf(Programme programme) => programme.AsksMeasures ? Held.Points : null;

    /// <summary>As <see cref="PointsOf"/>.</summary>
    public int? VisitsOf(Programme programme) => programme.AsksMeasures ? Held.Visits : null;

    internal bool Holds(BusinessDay day) => day >= From && day <= To;

    /// <summary>It carries a higher tier, or the same with more.</summary>
    public bool IsBetterThan(in TierWindow other, Programme programme)
    {
        if (!programme.AsksMeasures) return Spend > other.Spend;
        var (mine, theirs) = (programme.RankFor(Held), programme.RankFor(other.Held));
        return mine != theirs ? mine > theirs : Held.CompareTo(other.Held) > 0;
    }

    /// <summary>The best of the windows that end with a day on which something counts, from a day on.</summary>
    public static TierWindow Best(in SpendDays spend, in MeasureDays measured, Programme programme, BusinessDay endingFrom)
    {
        var days = spend.All;
        var more = measured.All;
        var (best, sum, points, visits) = (default(TierWindow), Money.Zero, Points.Zero, 0);
        var (dayFirst, dayNext, moreFirst, moreNext) = (0, 0, 0, 0);
        while (dayNext < days.Length || moreNext < more.Length)
        {
            var end = dayNext == days.Length || (moreNext < more.Length && more[moreNext].Day < days[dayNext].Day) ? more[moreNext].Day : days[dayNext].Day;
            for (; dayNext < days.Length && days[dayNext].Day == end; dayNext++) sum += days[dayNext].Spend;
            for (; moreNext < more.Length && more[moreNext].Day == end; moreNext++)
            {
                points += more[moreNext].Points;
                if (more[moreNext].Receipts > 0) visits++;
            }

            if (end < endingFrom) continue;
            var from = programme.Window.FirstDay(end);
            for (; days.Length > dayFirst && days[dayFirst].Day < from; dayFirst++) sum -= days[dayFirst].Spend;
            for (; more.Length > moreFirst && more[moreFirst].Day < from; moreFirst++)
            {
                points -= more[moreFirst].Points;
                if (more[moreFirst].Receipts > 0) visits--;
            }

            var window = new TierWindow(from, end, new TierMeasures(sum, points, visits));
            if (window.IsBetterThan(best, programme)) best = window;
        }

        return best;
    }
}
