using System.Collections.Concurrent;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Silo.Api;

/// <summary>The chain's local time: which business day an instant belongs to. The domain knows no time zones, so the host says it.</summary>
internal static class BusinessClock
{
    private static readonly ConcurrentDictionary<string, BusinessCalendar> Calendars = new(StringComparer.Ordinal);

    // A programme published on a machine with other time zones still has to be served: UTC is then the best that can be said.
    private static readonly BusinessCalendar Utc = new(TimeZoneInfo.Utc.Id);

    /// <summary>The business day of an instant, and the offset of local time from UTC then, in minutes.</summary>
    public static (BusinessDay Day, int OffsetMinutes) At(Programme programme, Timestamp instant)
    {
        var calendar = Find(programme.TimeZone) ?? Utc;
        return (calendar.DayOf(instant), calendar.OffsetMinutes(instant));
    }

    /// <summary>The calendar of a zone's name; null when this machine does not know it.</summary>
    public static BusinessCalendar? Find(string name)
    {
        if (Calendars.TryGetValue(name, out var known)) return known;
        // Unknown names are not kept: there is no end of them, and anybody in the office can ask for one.
        var calendar = new BusinessCalendar(name);
        return calendar.IsKnown ? Calendars[name] = calendar : null;
    }
}
