using ChainCrm.Domain;

namespace ChainCrm.Grains.ReadSide;

/// <summary>Turns instants into business days and times of day of a chain's time zone. Thread-safe; offsets are remembered per quarter of an hour, unless they change within one.</summary>
public sealed class BusinessCalendar
{
    private const long QuarterMs = 15 * 60 * 1_000;
    private const int DayMs = 24 * 60 * 60 * 1_000;
    private const int Remembered = 256;
    private const int OffsetBias = 24 * 60;
    private readonly TimeZoneInfo _zone;

    // Each element packs a quarter's number and its offset, so that one atomic read gets both or neither.
    private readonly long[] _offsets = new long[Remembered];

    /// <param name="timeZone">IANA name. A name that this machine does not know means UTC: figures go on, hours are off, and health can tell by <see cref="IsKnown"/>.</param>
    public BusinessCalendar(string timeZone)
    {
        IsKnown = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone);
        _zone = zone ?? TimeZoneInfo.Utc;
        TimeZone = timeZone;
        Array.Fill(_offsets, long.MinValue);
    }

    /// <summary>The name given.</summary>
    public string TimeZone { get; }

    /// <summary>True when this machine knows the zone.</summary>
    public bool IsKnown { get; }

    /// <summary>Minutes that local time is ahead of UTC.</summary>
    public int OffsetMinutes(Timestamp at)
    {
        var quarter = Math.DivRem(at.UnixMs, QuarterMs, out var rest);
        if (rest < 0) quarter--;
        ref var place = ref _offsets[(int)(quarter & (Remembered - 1))];
        var packed = Volatile.Read(ref place);
        if (packed >> 16 == quarter && packed != long.MinValue) return (int)(packed & 0xFFFF) - OffsetBias;
        var offset = OfZone(quarter * QuarterMs);
        // Some zones have changed a minute after midnight: such a quarter has two offsets.
        if (OfZone(quarter * QuarterMs + QuarterMs - 1) != offset) return OfZone(at.UnixMs);
        Volatile.Write(ref place, (quarter << 16) | (long)(offset + OffsetBias));
        return offset;
    }

    /// <summary>The business day of an instant and the milliseconds since its midnight by the clock on the wall.</summary>
    public (BusinessDay Day, int MsOfDay) Local(Timestamp at)
    {
        var local = at.UnixMs + OffsetMinutes(at) * 60_000L;
        var day = Math.DivRem(local, DayMs, out var rest);
        return rest < 0 ? (new BusinessDay((int)day - 1), (int)rest + DayMs) : (new BusinessDay((int)day), (int)rest);
    }

    /// <summary>The business day of an instant.</summary>
    public BusinessDay DayOf(Timestamp at) => Local(at).Day;

    private int OfZone(long unixMs) => (int)_zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(unixMs)).TotalMinutes;
}
