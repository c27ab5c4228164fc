using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>
/// Tiers by the spend of a rolling window (docs/domain/tiers.md). A tier is reached by the best window there ever was, whatever the
/// order in which sales arrive, and is not lost by the passing of time; a return takes away a tier that only what came back had earned.
/// </summary>
internal static class TierRules
{
    public const string SpendReached = "spend-reached";
    public const string SpendReturned = "spend-returned";

    /// <summary>The window that ends with the latest sale, this purchase included.</summary>
    public static TierWindow WindowWith(CustomerState state, RecordPurchase purchase, Money amount, Points earned, Programme programme)
    {
        var day = purchase.BusinessDay;
        var to = day > state.LatestDay ? day : state.LatestDay;
        var from = programme.Window.FirstDay(to);
        var held = state.MeasuresOf(from, to, programme);
        if (day < from) return new TierWindow(from, to, held);
        if (!programme.AsksMeasures) return new TierWindow(from, to, new TierMeasures(held.Spend + amount));
        var isVisit = amount > Money.Zero && !state.Measured.HasVisit(day, purchase.Store);
        return new TierWindow(from, to, new TierMeasures(held.Spend + amount, held.Points + earned, isVisit ? held.Visits + 1 : held.Visits));
    }

    /// <summary>The tier change that a purchase brings; null for none.</summary>
    public static TierChanged? AfterPurchase(CustomerState state, RecordPurchase purchase, Money amount, Points earned, in TierWindow latest, Programme programme)
    {
        var since = state.TierSince;
        // After a look, what ended before it carries no tier any more.
        var best = latest.To < since ? default : latest;
        var endingFrom = purchase.BusinessDay > since ? purchase.BusinessDay : since;
        if (purchase.BusinessDay < state.LatestDay || purchase.BusinessDay < since)
        {
            // Late: it may complete a window that ended before the latest sale, or the one that was looked at.
            var latestDay = purchase.BusinessDay > state.LatestDay ? purchase.BusinessDay : state.LatestDay;
            var spend = state.Spend.Copy();
            spend.Add(purchase.BusinessDay, amount, latestDay);
            var measured = default(MeasureDays);
            if (programme.AsksMeasures)
            {
                measured = state.Measured.Copy();
                measured.Add(new MeasureDay(purchase.BusinessDay, purchase.Store, amount > Money.Zero ? 1 : 0, earned), latestDay);
            }

            var between = TierWindow.Best(spend, measured, programme, endingFrom);
            if (between.IsBetterThan(best, programme)) best = between;
            if (purchase.BusinessDay < since)
            {
                var looked = LookedAt(state, spend, measured, programme);
                if (looked.IsBetterThan(best, programme)) best = looked;
            }
        }

        var tier = programme.TierFor(best.Held);
        if (programme.RankOf(tier.Id) <= Math.Max(0, programme.RankOf(state.Tier))) return null;
        var term = TierTerms.Of(programme, tier.Id, Earning.DayOf(purchase.At, purchase.UtcOffsetMinutes), purchase.UtcOffsetMinutes);
        return Change(purchase, state.Tier, tier.Id, SpendReached, best, programme) with { Until = term.Until, NoticeAt = term.NoticeAt, GraceDays = term.GraceDays };
    }

    /// <summary>The window that decided at the last look, as it stands with a late sale.</summary>
    private static TierWindow LookedAt(CustomerState state, in SpendDays spend, in MeasureDays measured, Programme programme)
    {
        var (from, to) = (state.TierLookedFrom, state.TierSince);
        var (points, visits) = programme.AsksMeasures ? measured.Sum(from, to) : default;
        return new TierWindow(from, to, new TierMeasures(spend.Sum(from, to), points, visits));
    }

    /// <summary>The tier change that a return brings; null for none.</summary>
    /// <param name="state">Before the return.</param>
    /// <param name="back">The return.</param>
    /// <param name="amount">What comes back.</param>
    /// <param name="uncounted">The day and store of the purchase, and what they lose beside the spend.</param>
    /// <param name="programme">The rules.</param>
    public static TierChanged? AfterReturn(CustomerState state, ReturnLines back, Money amount, in MeasureDay uncounted, Programme programme)
    {
        var rank = programme.RankOf(state.Tier);
        if (rank <= 0 || (amount == Money.Zero && uncounted is { Receipts: 0, Points.Count: 0 })) return null;
        var (spend, measured) = (state.Spend.Copy(), programme.AsksMeasures ? state.Measured.Copy() : default);
        var before = TierWindow.Best(spend, measured, programme, state.TierSince);
        spend.Add(uncounted.Day, new Money(-amount.Minor), state.LatestDay);
        var visits = programme.AsksMeasures ? measured.Add(uncounted, state.LatestDay) : 0;
        var after = TierWindow.Best(spend, measured, programme, state.TierSince);
        var concerned = false;
        for (var i = 0; i < state.Evidence.Length; i++)
        {
            var window = state.EvidenceAt(i);
            var rest = window;
            if (window.Holds(uncounted.Day))
            {
                concerned = true;
                rest = window with { Held = new TierMeasures(window.Spend - amount, window.Held.Points + uncounted.Points, window.Held.Visits + visits) };
            }

            if (window.IsBetterThan(before, programme)) before = window;
            if (rest.IsBetterThan(after, programme)) after = rest;
        }

        // What the rules left at the last look, no return takes.
        var left = programme.RankFor(after.Held);
        var byRule = state.TierByRule is { } floor ? programme.RankOf(floor) : -1;
        var tier = programme.Tiers[Math.Max(left, byRule)];
        if (programme.RankOf(tier.Id) >= rank) return null;
        // Rules that became stricter since take no tier away: only a return from the spend that earned it does.
        if (!concerned && programme.RankFor(before.Held) < rank) return null;
        var isLowest = tier.Id == programme.Tiers[0].Id;
        var lasts = tier.Lasting || isLowest;
        return Change(back, state.Tier, tier.Id, SpendReturned, isLowest || byRule > left ? new TierWindow(default, default, after.Held) : after, programme) with
        {
            // The time of the tier that is left is not known any more: it ends when the one that is lost would have.
            Until = lasts ? null : state.TierUntil,
            NoticeAt = lasts ? null : state.TierNoticeAt,
            GraceDays = lasts ? null : state.TierGraceDays,
        };
    }

    private static TierChanged Change(CustomerCommand command, TierId from, TierId to, string reason, in TierWindow window, Programme programme) => new()
    {
        At = command.At,
        Origin = command.Origin,
        From = from,
        To = to,
        Reason = reason,
        QualifyingSpend = window.Spend,
        WindowFrom = window.From,
        WindowTo = window.To,
        QualifyingPoints = window.PointsOf(programme),
        QualifyingVisits = window.VisitsOf(programme),
    };
}
