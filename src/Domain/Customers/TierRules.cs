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
    public static SpendWindow WindowWith(CustomerState state, BusinessDay day, Money amount, int months)
    {
        var to = day > state.LatestDay ? day : state.LatestDay;
        var from = SpendWindow.FirstDay(to, months);
        var spend = state.Spend.Sum(from, to);
        return new SpendWindow(from, to, day >= from ? spend + amount : spend);
    }

    /// <summary>The tier change that a purchase brings; null for none.</summary>
    public static TierChanged? AfterPurchase(CustomerState state, RecordPurchase purchase, Money amount, SpendWindow latest, Programme programme)
    {
        var best = latest;
        if (purchase.BusinessDay < state.LatestDay)
        {
            // Late: it may complete a window that ended before the latest sale.
            var spend = state.Spend.Copy();
            spend.Add(purchase.BusinessDay, amount, state.LatestDay);
            var between = spend.Best(programme.QualifyingMonths, purchase.BusinessDay);
            if (between.Spend > best.Spend) best = between;
        }

        var tier = programme.TierFor(best.Spend);
        if (programme.RankOf(tier.Id) <= Math.Max(0, programme.RankOf(state.Tier))) return null;
        var (until, noticeAt) = TierTerms.Of(programme, tier.Id, Earning.DayOf(purchase.At, purchase.UtcOffsetMinutes), purchase.UtcOffsetMinutes);
        return Change(purchase, state.Tier, tier.Id, SpendReached, best) with { Until = until, NoticeAt = noticeAt };
    }

    /// <summary>The tier change that a return brings; null for none.</summary>
    /// <param name="state">Before the return.</param>
    /// <param name="back">The return.</param>
    /// <param name="day">The day of the purchase, which is the day that loses the spend.</param>
    /// <param name="amount">What comes back.</param>
    /// <param name="programme">The rules.</param>
    public static TierChanged? AfterReturn(CustomerState state, ReturnLines back, BusinessDay day, Money amount, Programme programme)
    {
        var rank = programme.RankOf(state.Tier);
        if (rank <= 0 || amount == Money.Zero) return null;
        var spend = state.Spend.Copy();
        var before = spend.Best(programme.QualifyingMonths, state.TierSince);
        spend.Add(day, new Money(-amount.Minor), state.LatestDay);
        var after = spend.Best(programme.QualifyingMonths, state.TierSince);
        var concerned = false;
        foreach (ref readonly var window in state.Evidence)
        {
            var left = window;
            if (window.Holds(day))
            {
                concerned = true;
                left = window with { Spend = window.Spend - amount };
            }

            if (window.Spend > before.Spend) before = window;
            if (left.Spend > after.Spend) after = left;
        }

        var tier = programme.TierFor(after.Spend);
        if (programme.RankOf(tier.Id) >= rank) return null;
        // Rules that became stricter since take no tier away: only a return from the spend that earned it does.
        if (!concerned && programme.RankOf(programme.TierFor(before.Spend).Id) < rank) return null;
        var lasts = tier.Lasting || tier.Spend == Money.Zero;
        return Change(back, state.Tier, tier.Id, SpendReturned, tier.Spend == Money.Zero ? new SpendWindow(default, default, after.Spend) : after) with
        {
            // The time of the tier that is left is not known any more: it ends when the one that is lost would have.
            Until = lasts ? null : state.TierUntil,
            NoticeAt = lasts ? null : state.TierNoticeAt,
        };
    }

    private static TierChanged Change(CustomerCommand command, TierId from, TierId to, string reason, SpendWindow window) => new()
    {
        At = command.At,
        Origin = command.Origin,
        From = from,
        To = to,
        Reason = reason,
        QualifyingSpend = window.Spend,
        WindowFrom = window.From,
        WindowTo = window.To,
    };
}
