using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>Recomputes qualifying spend and tier from the days of spend and the programme's document alone (docs/domain/tiers.md).</summary>
internal static class TierCheck
{
    private const int DayNumberOf1970 = 719_162;

    /// <summary>After a purchase: the spend of the window that ends with the latest sale, and the tier of the best window it touches.</summary>
    public static void AfterPurchase(ProgrammeRules rules, CustomerLedger customer, JsonElement data, string where, Differences differences)
    {
        var day = (int)data.Number("businessDay");
        var from = FirstDay(customer.LatestDay, rules);
        if (from < CompleteFrom(customer) || rules.Tiers.Count == 0) return;
        var spend = customer.Days.Between(from, customer.LatestDay);
        differences.Expect(where, "first day of the window", from, data.Number("qualifyingFrom"));
        differences.Expect(where, "last day of the window", customer.LatestDay, data.Number("qualifyingTo"));
        differences.Expect(where, "qualifying spend", spend, data.Number("qualifyingSpend"));

        var (points, visits) = customer.Measures.Between(from, customer.LatestDay);
        // After a look at the tier only windows that end with that day or later carry it.
        var reached = customer.LatestDay < customer.TierLookedAt ? 0 : rules.RankFor(spend, points, visits);
        if (data.NumberOrNull("qualifyingPoints") is not null)
        {
            differences.Expect(where, "qualifying points", points, data.Number("qualifyingPoints"));
            differences.Expect(where, "qualifying visits", visits, data.Number("qualifyingVisits"));
        }

        // A sale that comes in late may complete a window that ended before the latest sale.
        foreach (var end in customer.Days.DaysFrom(day).Union(customer.Measures.DaysFrom(day)).Where(end => end >= customer.TierLookedAt))
        {
            var first = FirstDay(end, rules);
            if (first < CompleteFrom(customer)) return;
            (points, visits) = customer.Measures.Between(first, end);
            reached = Math.Max(reached, rules.RankFor(customer.Days.Between(first, end), points, visits));
        }

        // Or the window that was looked at.
        if (day < customer.TierLookedAt)
        {
            (points, visits) = customer.Measures.Between(customer.TierLookedFrom, customer.TierLookedAt);
            reached = Math.Max(reached, rules.RankFor(customer.Days.Between(customer.TierLookedFrom, customer.TierLookedAt), points, visits));
        }

        var rank = Math.Max(rules.RankOf(customer.TierBefore), reached);
        differences.Expect(where, "tier by the qualifying spend", rules.Tiers[rank].Id, Known(rules, data.Text("tier")));
    }

    /// <summary>After a return: the spend of the window, and a tier that is not above the one before.</summary>
    public static void AfterReturn(ProgrammeRules rules, CustomerLedger customer, JsonElement data, string where, Differences differences)
    {
        var from = FirstDay(customer.LatestDay, rules);
        if (from < CompleteFrom(customer) || rules.Tiers.Count == 0) return;
        differences.Expect(where, "qualifying spend", customer.Days.Between(from, customer.LatestDay), data.Number("qualifyingSpend"));
        if (rules.RankOf(data.Text("tier")) > rules.RankOf(customer.TierBefore))
            differences.Add(where, "tier after a return", $"at most {customer.TierBefore}", data.Text("tier") ?? "none");
    }

    /// <summary>A change of tier: the window it names holds the spend it names, and that spend reaches the tier.</summary>
    public static void Change(ProgrammeRules rules, CustomerLedger customer, JsonElement data, string where, Differences differences)
    {
        var (from, to) = ((int)data.Number("windowFrom"), (int)data.Number("windowTo"));
        if (to == 0 || from < CompleteFrom(customer) || rules.Tiers.Count == 0) return;
        differences.Expect(where, "spend that carries the new tier", customer.Days.Between(from, to), data.Number("qualifyingSpend"));
        var (points, visits) = (data.Number("qualifyingPoints"), data.Number("qualifyingVisits"));
        if (data.NumberOrNull("qualifyingPoints") is not null)
        {
            differences.Expect(where, "points that carry the new tier", customer.Measures.Between(from, to).Points, points);
            differences.Expect(where, "visits that carry the new tier", customer.Measures.Between(from, to).Visits, visits);
        }

        var rank = rules.RankFor(data.Number("qualifyingSpend"), points, visits);
        // A tier that ended may fall by one level only, or not below one for life: between the one before and the one that the spend reaches.
        if (data.Text("reason") == "spend-missed")
        {
            if (rules.RankOf(data.Text("to")) < rank || rules.RankOf(data.Text("to")) >= rules.RankOf(data.Text("from")))
                differences.Add(where, "tier after its end", $"below {data.Text("from")} and not below what its spend reaches", data.Text("to") ?? "none");
            return;
        }

        differences.Expect(where, "tier by that spend", rules.Tiers[rank].Id, data.Text("to"));
    }

    /// <summary>A tier that this version of the programme does not know counts as the lowest.</summary>
    private static string Known(ProgrammeRules rules, string? tier) => rules.Tiers[rules.RankOf(tier)].Id;

    private static int CompleteFrom(CustomerLedger customer) => Math.Max(customer.Days.CompleteFrom, customer.Measures.CompleteFrom);

    /// <summary>First day of a window of months: a year that ends on 14 May began on 15 May.</summary>
    private static int FirstDay(int last, ProgrammeRules rules)
    {
        var (date, months) = (DateOnly.FromDayNumber(last + DayNumberOf1970), rules.QualifyingMonths);
        if (rules.IsCalendar) return new DateOnly(date.Year, date.Month - ((date.Month - 1) % months), 1).DayNumber - DayNumberOf1970;
        return date.Year <= (months / 12) + 1 ? -DayNumberOf1970 : date.AddMonths(-months).DayNumber - DayNumberOf1970 + 1;
    }
}
