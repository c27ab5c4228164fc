using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>A time for which a tier is held.</summary>
/// <param name="Until">When it ends; null for never.</param>
/// <param name="NoticeAt">When the member is told before; null for never.</param>
/// <param name="GraceDays">Days of grace in it; null where it does not end.</param>
internal readonly record struct TierTerm(Timestamp? Until, Timestamp? NoticeAt, int? GraceDays);

/// <summary>The time for which a tier is held: begun, looked at ahead, ended (docs/domain/tiers.md; R31, F13 to F17).</summary>
internal static class TierTerms
{
    public const string SpendMissed = "spend-missed";
    public const string SpendReachedAgain = "spend-reached-again";
    public const string TermBegan = "term-began";
    private const long MinuteMs = 60_000;
    private const long EastMost = Limits.UtcOffsetMinutesMax * MinuteMs;

    /// <summary>When a tier that is reached or kept on a day ends, and when the member is told before.</summary>
    public static TierTerm Of(Programme programme, TierId tier, BusinessDay day, int utcOffsetMinutes)
    {
        if (programme.TierValidity is not { } validity || programme.RankOf(tier) <= 0 || programme.TierOf(tier).Lasting) return default;
        var date = day.ToDate().AddMonths(validity.Months);
        var last = validity.RoundUpTo switch
        {
            TierRounding.Month => new DateOnly(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month)),
            TierRounding.Year => new DateOnly(date.Year, 12, 31),
            _ => date,
        };
        var until = Earning.StartOf(new BusinessDay(BusinessDay.From(last).Number + validity.GraceDays + 1), utcOffsetMinutes);
        return new TierTerm(until, validity.NoticeDays == 0 ? null : SaleTimes.AddDays(until, -validity.NoticeDays), validity.GraceDays);
    }

    /// <summary>A tier from before the programme let tiers end: its time begins with the next purchase. Null for all others.</summary>
    public static TierProlonged? Begin(CustomerState state, RecordPurchase purchase, in TierWindow latest, TierChanged? changed, Programme programme)
    {
        if (programme.TierValidity is null || changed is not null || state.TierUntil is not null) return null;
        var term = Of(programme, state.Tier, Earning.DayOf(purchase.At, purchase.UtcOffsetMinutes), purchase.UtcOffsetMinutes);
        return term.Until is null ? null : new TierProlonged
        {
            At = purchase.At, Origin = purchase.Origin, Tier = state.Tier, Reason = TermBegan, Until = term.Until, NoticeAt = term.NoticeAt, GraceDays = term.GraceDays, QualifyingSpend = latest.Spend, WindowFrom = latest.From, WindowTo = latest.To,
            QualifyingPoints = latest.PointsOf(programme), QualifyingVisits = latest.VisitsOf(programme),
        };
    }

    /// <summary>What the agenda finds when a tier ends, or some days before; null when neither is due.</summary>
    public static CustomerEvent? Review(CustomerState state, WakeCustomer wake, Programme programme)
    {
        if (state.TierUntil is not { } until) return null;
        if (until <= wake.At) return End(state, wake, programme, until);
        return state.TierNoticeAt <= wake.At ? LookAhead(state, wake, programme, until) : null;
    }

    /// <summary>The window that decides at the end of a tier, as far as it is known now.</summary>
    public static TierWindow WindowAt(CustomerState state, Timestamp until, Programme programme)
    {
        var last = Earning.DayOf(new Timestamp(until.UnixMs - 1), OffsetOf(until));
        // A calendar window goes on through the days of grace: they belong to the time that ends, not to the next.
        var grace = programme.Window.IsCalendar ? GraceDays(state, programme) : 0;
        var first = programme.Window.FirstDay(new BusinessDay(last.Number - grace));
        return new TierWindow(first, last, state.MeasuresOf(first, last, programme));
    }

    private static int GraceDays(CustomerState state, Programme programme) => state.TierGraceDays ?? programme.TierValidity?.GraceDays ?? 0;

    /// <summary>The tier that a window leaves a member who held one.</summary>
    public static Tier TierLeft(Programme programme, TierId held, in TierMeasures window)
    {
        var (rank, reached) = (programme.RankOf(held), programme.RankFor(window));
        if (reached >= rank || programme.TierValidity is not { } validity) return programme.TierOf(held);
        var left = validity.Downgrade == TierDowngrade.OneLevel ? Math.Max(reached, rank - 1) : reached;
        // Whoever held a tier held those below it: one that is for life is not fallen through.
        for (var i = rank; i > left; i--)
        {
            if (programme.Tiers[i].Lasting) return programme.Tiers[i];
        }

        return programme.Tiers[left];
    }

    private static CustomerEvent End(CustomerState state, WakeCustomer wake, Programme programme, Timestamp until)
    {
        var window = WindowAt(state, until, programme);
        var left = TierLeft(programme, state.Tier, window.Held);
        // Days of grace are a respite, and no part of the next term.
        var next = Of(programme, left.Id, new BusinessDay(window.To.Number - GraceDays(state, programme)), OffsetOf(until));
        // A tier that the programme no longer knows counts as the lowest and does not end.
        var isKept = left.Id == state.Tier || programme.RankOf(state.Tier) <= 0;
        var isByRule = programme.RankFor(window.Held) < programme.RankOf(isKept ? state.Tier : left.Id);
        if (isKept)
        {
            return new TierProlonged
            {
                At = wake.At, Origin = wake.Origin, Tier = state.Tier, Reason = SpendReachedAgain, Until = next.Until, NoticeAt = next.NoticeAt, QualifyingSpend = window.Spend,
                WindowFrom = window.From, WindowTo = window.To, QualifyingPoints = window.PointsOf(programme), QualifyingVisits = window.VisitsOf(programme), ByRule = isByRule, GraceDays = next.GraceDays,
            };
        }

        return new TierChanged
        {
            At = wake.At, Origin = wake.Origin, From = state.Tier, To = left.Id, Reason = SpendMissed, QualifyingSpend = window.Spend, WindowFrom = window.From, WindowTo = window.To,
            Until = next.Until, NoticeAt = next.NoticeAt, QualifyingPoints = window.PointsOf(programme), QualifyingVisits = window.VisitsOf(programme), ByRule = isByRule, GraceDays = next.GraceDays,
        };
    }

    private static TierForecast LookAhead(CustomerState state, WakeCustomer wake, Programme programme, Timestamp until)
    {
        var window = WindowAt(state, until, programme);
        var left = TierLeft(programme, state.Tier, window.Held);
        var missing = left.Id == state.Tier ? default : programme.TierOf(state.Tier).Missing(window.Held, programme.Qualify);
        return new TierForecast
        {
            At = wake.At, Origin = wake.Origin, Tier = state.Tier, Until = until, WouldBe = left.Id, Missing = missing.Spend, QualifyingSpend = window.Spend,
            MissingPoints = missing.Points, MissingVisits = missing.Visits, QualifyingPoints = window.PointsOf(programme), QualifyingVisits = window.VisitsOf(programme),
            AnyIsEnough = programme.AsksMeasures && programme.Qualify == TierQualify.Any,
        };
    }

    /// <summary>Local time less UTC at a local midnight, in minutes. The domain knows no time zones, and an end is always a local midnight.</summary>
    private static int OffsetOf(Timestamp midnight)
    {
        var sinceUtcMidnight = ((midnight.UnixMs % SaleTimes.DayMs) + SaleTimes.DayMs) % SaleTimes.DayMs;
        var ahead = (SaleTimes.DayMs - sinceUtcMidnight) % SaleTimes.DayMs;
        return (int)((ahead > EastMost ? ahead - SaleTimes.DayMs : ahead) / MinuteMs);
    }
}
