namespace ChainCrm.Domain;

/// <summary>Checks and sums of times that sales share.</summary>
internal static class SaleTimes
{
    public const long DayMs = 86_400_000;

    /// <summary>The clock of a till may run ahead of the server's, but not by more than <see cref="Limits.SaleAheadMsMax"/>.</summary>
    public static bool IsNotAhead(Timestamp occurredAt, Timestamp at) => occurredAt.UnixMs - at.UnixMs <= Limits.SaleAheadMsMax;

    /// <summary>A local day is at most one day off the day in UTC, in every time zone; more is a mistake of the host.</summary>
    public static bool Fits(BusinessDay day, Timestamp occurredAt)
    {
        var utcDay = Math.DivRem(occurredAt.UnixMs, DayMs).Quotient - (occurredAt.UnixMs % DayMs < 0 ? 1 : 0);
        return utcDay - day.Number is >= -1 and <= 1;
    }

    /// <summary>So many days later, to the millisecond.</summary>
    public static Timestamp AddDays(Timestamp at, int days) => new(checked(at.UnixMs + (days * DayMs)));
}
