using System.Collections.Concurrent;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Silo.Api;

/// <summary>The chain's local time: which business day an instant belongs to. The domain knows no time zones, so the host says it.</summary>
internal static class BusinessClock
{
    private const double MinutesPerDay = 24 * 60;
    private static readonly ConcurrentDictionary<string, BusinessCalendar> Calendars = new(StringComparer.Ordinal);

    // A programme published on a machine with other time zones still has to be served: UTC is then the best that can be said.
    private static readonly BusinessCalendar Utc = new(TimeZoneInfo.Utc.Id);

    /// <summary>The business day of an instant, and the offset of local time from UTC then, in minutes.</summary>
    public static (BusinessDay Day, int OffsetMinutes) At(Programme programme, Timestamp instant)
    {
        var name = programme.TimeZone;
        if (!Calendars.TryGetValue(name, out var calendar))
        {
            calendar = Find(name) ?? Utc;
            // Only zones of programmes that run are kept, and only so many: a name can be spelt in more ways than there are zones.
            if (Calendars.Count < ApiLimits.CalendarsKept) Calendars.TryAdd(name, calendar);
        }

        return (calendar.DayOf(instant), calendar.OffsetMinutes(instant));
    }

    /// <summary>Minutes since local midnight.</summary>
    public static int LocalMinute(Timestamp instant, int offsetMinutes)
    {
        var local = Math.Floor((instant.UnixMs / 60_000.0) + offsetMinutes);
        return (int)(local - (Math.Floor(local / MinutesPerDay) * MinutesPerDay));
    }

    /// <summary>The calendar of a zone's name; null when this machine does not know it.</summary>
    public static BusinessCalendar? Find(string name) => new BusinessCalendar(name) is { IsKnown: true } calendar ? calendar : null;
}
