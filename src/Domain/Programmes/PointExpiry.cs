using System.Globalization;

namespace ChainCrm.Domain.Programmes;

/// <summary>What decides when points end.</summary>
public enum ExpiryKind
{
    /// <summary>So many months after the sale that earned them.</summary>
    Rolling,
    /// <summary>Nothing: they stay.</summary>
    Never,
    /// <summary>The next of some fixed days of the year.</summary>
    Calendar,
    /// <summary>So many months after the customer's last purchase: each purchase moves the end of them all.</summary>
    Inactivity,
}

/// <summary>How the end of points is rounded up, in the customer's favour.</summary>
public enum ExpiryRounding
{
    /// <summary>To the millisecond, at the time of day of the sale.</summary>
    None,
    /// <summary>To the end of the day, local time.</summary>
    Day,
    /// <summary>To the end of the month, local time.</summary>
    Month,
}

/// <summary>A day of the year. 29 February is the 28th where a year has none.</summary>
public readonly record struct MonthDay(int Month, int Day) : IComparable<MonthDay>
{
    private const int LeapYear = 2000;

    /// <summary>The day in a year.</summary>
    public DateOnly In(int year) => new(year, Month, Math.Min(Day, DateTime.DaysInMonth(year, Month)));

    public int CompareTo(MonthDay other) => Month != other.Month ? Month.CompareTo(other.Month) : Day.CompareTo(other.Day);

    /// <summary>The day of a text MM-dd; null when it is none.</summary>
    public static MonthDay? Of(string text)
    {
        if (text.Length != 5 || text[2] != '-' || text.Where((_, place) => place != 2).Any(static c => !char.IsAsciiDigit(c))) return null;
        var (month, day) = (int.Parse(text.AsSpan(0, 2), CultureInfo.InvariantCulture), int.Parse(text.AsSpan(3), CultureInfo.InvariantCulture));
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(LeapYear, month) ? new MonthDay(month, day) : null;
    }
}

/// <summary>When points end (docs/domain/lots.md).</summary>
/// <param name="Kind">What decides.</param>
/// <param name="Months">Of <see cref="ExpiryKind.Rolling"/> and <see cref="ExpiryKind.Inactivity"/>.</param>
/// <param name="Rounding">Of the same.</param>
/// <param name="Days">Of <see cref="ExpiryKind.Calendar"/>, ascending: points end with one of them.</param>
/// <param name="MinimumDays">Of the same: the day is at least so many days after the sale.</param>
public sealed record PointExpiry(ExpiryKind Kind, int Months, ExpiryRounding Rounding, IReadOnlyList<MonthDay> Days, int MinimumDays)
{
    // The shortest month.
    private const int DaysOfMonth = 28;

    /// <summary>The first of the days that is not before another.</summary>
    public DateOnly NextDay(DateOnly from)
    {
        for (var year = from.Year; ; year++)
        {
            for (var i = 0; i < Days.Count; i++)
            {
                if (Days[i].In(year) is var day && day >= from) return day;
            }
        }
    }

    /// <summary>Points that become active so many days after the sale are sure to be so before they end.</summary>
    internal bool IsAfter(long activeAfterDays) => Kind switch
    {
        ExpiryKind.Never => true,
        ExpiryKind.Calendar => activeAfterDays <= MinimumDays,
        _ => activeAfterDays < Months * DaysOfMonth,
    };

    /// <summary>Reads the section <c>points.expiry</c>. A field of another kind is one that nobody knows.</summary>
    internal static PointExpiry Read(ProgrammeDocument section)
    {
        var kind = section.Choice("kind", "rolling", "never", "calendar", "inactivity") switch
        {
            "never" => ExpiryKind.Never, "calendar" => ExpiryKind.Calendar, "inactivity" => ExpiryKind.Inactivity, _ => ExpiryKind.Rolling,
        };
        var expiry = kind == ExpiryKind.Calendar
            ? new PointExpiry(kind, 0, ExpiryRounding.Day, ReadDays(section), (int)section.Number("minimumDays", 0, Limits.ExpiryMinimumDaysMax, 0))
            : new PointExpiry(kind, (int)section.Number("months", 1, Limits.ExpiryMonthsMax, 12), ReadRounding(section), [], 0);
        section.End();
        return expiry;
    }

    private static ExpiryRounding ReadRounding(ProgrammeDocument section) =>
        section.Choice("roundUpTo", "month", "day", "none") switch { "none" => ExpiryRounding.None, "day" => ExpiryRounding.Day, _ => ExpiryRounding.Month };

    private static MonthDay[] ReadDays(ProgrammeDocument section)
    {
        var texts = section.Texts("days", 1, Limits.ExpiryDaysMax, static text => MonthDay.Of(text) is not null, ProgrammeRejections.MonthDayInvalid);
        if (texts.Distinct(StringComparer.Ordinal).Count() < texts.Count) section.Refuse(ProgrammeRejections.MonthDayTwice, "days");
        return [.. texts.Select(MonthDay.Of).OfType<MonthDay>().Order()];
    }
}
