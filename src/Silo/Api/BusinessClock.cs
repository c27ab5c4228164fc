using System.Collections.Concurrent;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Silo.Api;

/// <summary>The chain's local time: which business day an instant belongs to. The domain knows no time zones, so the host says it.</summary>
internal static class BusinessClock
{
    private const long MinuteMs = 60_000;
    private const long DayMs = 86_400_000;
    private static readonly ConcurrentDictionary<string, TimeZoneInfo> Zones = new(StringComparer.Ordinal);

    /// <summary>The business day of an instant, and the offset of local time from UTC then, in minutes.</summary>
    public static (BusinessDay Day, int OffsetMinutes) At(Programme programme, Timestamp instant)
    {
        var minutes = OffsetMinutes(programme, instant);
        var local = checked(instant.UnixMs + (minutes * MinuteMs));
        // Floor, not truncation: the day before 1970 is -1.
        return (new BusinessDay(checked((int)Math.Floor(local / (double)DayMs))), minutes);
    }

    /// <summary>The zone of a name; null when this machine does not know it.</summary>
    public static TimeZoneInfo? Find(string name) =>
        Zones.TryGetValue(name, out var known) ? known : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? Zones[name] = zone : null;

    private static int OffsetMinutes(Programme programme, Timestamp instant)
    {
        // A programme published on a machine with other time zones still has to be served: UTC is then the best that can be said.
        var zone = Find(programme.TimeZone) ?? TimeZoneInfo.Utc;
        return checked((int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMs)).TotalMinutes);
    }
}
