using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>When points end (docs/domain/lots.md; R37, F3).</summary>
/// <param name="End">Null for never.</param>
/// <param name="ByInactivity">Later purchases move it.</param>
internal readonly record struct PointLife(Timestamp? End, bool ByInactivity)
{
    private const long MinuteMs = 60_000;

    /// <summary>Of what a sale earns. Where points end by inactivity this is also the end of all that are open: never before it was.</summary>
    public static PointLife Of(CustomerState state, RecordPurchase purchase, Programme programme)
    {
        var end = EndOf(programme.Expiry, purchase.BusinessDay, purchase.OccurredAt, purchase.UtcOffsetMinutes);
        if (programme.Expiry.Kind != ExpiryKind.Inactivity) return new PointLife(end, ByInactivity: false);
        return new PointLife(state.InactivityEnd > end ? state.InactivityEnd : end, ByInactivity: true);
    }

    /// <summary>Of what is given by hand, or made for who is to get it. That is no purchase: it moves no end, and joins the one that stands.</summary>
    public static PointLife OfGiven(CustomerState state, Timestamp at, int utcOffsetMinutes, Programme programme)
    {
        var byInactivity = programme.Expiry.Kind == ExpiryKind.Inactivity;
        if (byInactivity && state.InactivityEnd > at) return new PointLife(state.InactivityEnd, byInactivity);
        return new PointLife(EndOf(programme.Expiry, Earning.DayOf(at, utcOffsetMinutes), at, utcOffsetMinutes), byInactivity);
    }

    /// <summary>Of points that come back to whoever had paid with them: as if they had never been spent, with some days of grace when that is over.</summary>
    public static PointLife OfGivenBack(CustomerState state, LotPart used, Timestamp at, int graceDays)
    {
        var end = used.ByInactivity ? state.InactivityEnd : Extended(state, used.Lot, used.ExpiresAt);
        return new PointLife(end <= at ? SaleTimes.AddDays(at, graceDays) : end, used.ByInactivity);
    }

    /// <summary>The lot of a sale has ended, whether anything was left in it or not.</summary>
    public static bool HasEnded(CustomerState state, PurchaseRecorded purchase, int lot, Timestamp at) =>
        purchase.ByInactivity ? lot <= state.LapsedLot || state.InactivityEnd <= at : Extended(state, lot, purchase.ExpiresAt) <= at;

    /// <summary>The end of a lot that is spent, as it would be by now: extensions since move it as they move those that are open.</summary>
    private static Timestamp? Extended(CustomerState state, int lot, Timestamp? end)
    {
        foreach (ref readonly var extension in state.Extensions)
        {
            if (lot <= extension.LastLot && end > extension.At && end < extension.Until && !(end > extension.EndingBy)) end = extension.Until;
        }

        return end;
    }

    /// <summary>When points for something that happened at a time end, by the rule alone; null for never.</summary>
    /// <param name="expiry">The rule. 31 January and one month is the last day of February.</param>
    /// <param name="day">The business day of what happened.</param>
    /// <param name="occurredAt">When it happened.</param>
    /// <param name="utcOffsetMinutes">Local time less UTC.</param>
    private static Timestamp? EndOf(PointExpiry expiry, BusinessDay day, Timestamp occurredAt, int utcOffsetMinutes)
    {
        var offset = utcOffsetMinutes * MinuteMs;
        if (expiry.Kind == ExpiryKind.Never) return null;
        if (expiry.Kind == ExpiryKind.Calendar) return Earning.Midnight(LastDayOf(expiry, day, Earning.DayOf(occurredAt, utcOffsetMinutes)).AddDays(1), offset);
        var date = day.ToDate().AddMonths(expiry.Months);
        return expiry.Rounding switch
        {
            ExpiryRounding.Day => Earning.Midnight(date.AddDays(1), offset),
            ExpiryRounding.Month => Earning.Midnight(new DateOnly(date.Year, date.Month, 1).AddMonths(1), offset),
            _ => new Timestamp(Earning.Midnight(date, offset).UnixMs + Earning.TimeOfDay(occurredAt.UnixMs + offset)),
        };
    }

    /// <summary>A sale after midnight may belong to the business day before: its points do not end with a day that is over.</summary>
    private static DateOnly LastDayOf(PointExpiry expiry, BusinessDay day, BusinessDay localDay) =>
        expiry.NextDay((day > localDay ? day : localDay).ToDate().AddDays(expiry.MinimumDays));
}
