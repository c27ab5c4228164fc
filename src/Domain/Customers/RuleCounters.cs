using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>What a rule has given a customer in a time, net of returns. Held only for rules with a cap.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Per">Day, month, year or ever.</param>
/// <param name="Period">Days since 1970, months since year 0, the year, or 0.</param>
/// <param name="Points">More than 0.</param>
public readonly record struct RuleCounter(string Rule, CapPeriods Per, int Period, Points Points);

/// <summary>The counters of caps of one customer. Those of long ago go, so that there are never many: a sale that late gets nothing from a capped rule.</summary>
internal struct RuleCounters
{
    private const int MonthsPerYear = 12;
    private RuleCounter[]? _all;
    private BusinessDay _latest;

    /// <summary>The latest day of anything counted: what is of long ago is counted back from it, or from the latest sale. It never goes back, so that what was forgotten is not taken for nothing.</summary>
    public readonly BusinessDay Latest => _latest;

    public readonly ReadOnlySpan<RuleCounter> All => _all;

    /// <summary>The counters as they were kept.</summary>
    public void Set(IReadOnlyList<RuleCounter> counters, BusinessDay latest)
    {
        _all = counters.Count == 0 ? null : [.. counters.Select(static counter => counter with { Rule = string.Intern(counter.Rule) })];
        _latest = latest;
    }

    /// <summary>How many points a cap leaves for a sale.</summary>
    public readonly Points RoomOf(string rule, EarningCap cap, BusinessDay day, BusinessDay latestSale)
    {
        var latest = _latest > latestSale ? _latest : latestSale;
        var per = cap.Counted;
        if (per == CapPeriods.None) return cap.Points;
        var period = PeriodOf(per, day);
        if (IsGone(per, period, latest)) return Points.Zero;
        foreach (ref readonly var counter in All)
        {
            if (counter.Per == per && counter.Period == period && string.Equals(counter.Rule, rule, StringComparison.Ordinal))
                return cap.Points - Points.Min(cap.Points, counter.Points);
        }

        return IsFull(IsOfCoupons(rule), day > latest ? day : latest) ? Points.Zero : cap.Points;
    }

    private static bool IsOfCoupons(string rule) => rule.StartsWith(CouponKind.CounterPrefix, StringComparison.Ordinal);

    /// <summary>No counter can begin: there are as many as there may be, of rules or of coupons, and none that counts for ever and could go.</summary>
    private readonly bool IsFull(bool ofCoupons, BusinessDay latest)
    {
        if (All.Length < Limits.RuleCountersMax) return false;
        var live = 0;
        foreach (ref readonly var counter in All)
        {
            if (IsOfCoupons(counter.Rule) != ofCoupons) continue;
            if (counter.Per == CapPeriods.Ever) return false;
            // Those of long ago are still there until another begins: they must not keep it from beginning.
            if (!IsGone(counter.Per, counter.Period, latest)) live++;
        }

        return live >= Limits.RuleCountersMax;
    }

    /// <summary>Adds what a rule gave, or takes off what came back, in every time that is counted.</summary>
    public void Add(string rule, CapPeriods counted, BusinessDay day, Points points, BusinessDay latestSale)
    {
        // Coupons are counted for who never buys, too: their days move on what is of long ago.
        if (day > _latest) _latest = day;
        var latest = _latest > latestSale ? _latest : latestSale;
        for (var per = CapPeriods.Day; per <= CapPeriods.Ever; per = (CapPeriods)((int)per << 1))
        {
            if ((counted & per) != 0) Add(rule, per, PeriodOf(per, day), points, latest);
        }
    }

    private void Add(string rule, CapPeriods per, int period, Points points, BusinessDay latest)
    {
        if (IsGone(per, period, latest)) return;
        var counters = _all ?? [];
        for (var i = 0; i < counters.Length; i++)
        {
            ref var counter = ref counters[i];
            if (counter.Per != per || counter.Period != period || !string.Equals(counter.Rule, rule, StringComparison.Ordinal)) continue;
            var sum = counter.Points + points;
            if (sum > Points.Zero) counter = counter with { Points = sum };
            else _all = counters.Length == 1 ? null : [.. counters[..i], .. counters[(i + 1)..]];
            return;
        }

        if (points <= Points.Zero) return;
        var kept = counters.Where(counter => !IsGone(counter.Per, counter.Period, latest)).ToList();
        MakeRoom(kept, IsOfCoupons(rule));
        _all = [.. kept, new RuleCounter(string.Intern(rule), per, period, points)];
    }

    /// <summary>What counts for ever never goes by itself: of more than are kept the oldest goes, in the customer's favour, so that new rules and coupons still count.</summary>
    private static void MakeRoom(List<RuleCounter> counters, bool ofCoupons)
    {
        if (counters.Count(counter => IsOfCoupons(counter.Rule) == ofCoupons) < Limits.RuleCountersMax) return;
        var oldest = counters.FindIndex(counter => counter.Per == CapPeriods.Ever && IsOfCoupons(counter.Rule) == ofCoupons);
        if (oldest >= 0) counters.RemoveAt(oldest);
    }

    /// <summary>So long before the latest sale that nothing is known of it any more.</summary>
    private static bool IsGone(CapPeriods per, int period, BusinessDay latest) => per switch
    {
        CapPeriods.Day => period < latest.Number - Limits.RuleCounterDays,
        CapPeriods.Month => period < PeriodOf(per, latest) - Limits.RuleCounterMonths,
        CapPeriods.Year => period < PeriodOf(per, latest) - Limits.RuleCounterYears,
        _ => false,
    };

    private static int PeriodOf(CapPeriods per, BusinessDay day)
    {
        if (per == CapPeriods.Day) return day.Number;
        if (per == CapPeriods.Ever) return 0;
        var date = day.ToDate();
        return per == CapPeriods.Month ? (date.Year * MonthsPerYear) + date.Month - 1 : date.Year;
    }
}
