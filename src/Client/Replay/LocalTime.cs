using System.Globalization;

namespace ChainCrm.Client.Replay;

/// <summary>Reads the time column. A time with an offset of its own is taken as it is; a local one gets the offset that the caller names.</summary>
public static class LocalTime
{
    private static readonly string[] Local =
    [
        "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd", "yyyyMMdd",
    ];

    private static readonly string[] WithOffset =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
    ];

    /// <summary>Reads a time.</summary>
    public static bool TryParse(string text, TimeSpan offset, out DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (DateTime.TryParseExact(trimmed, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            time = new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), offset);
            return true;
        }

        return DateTimeOffset.TryParseExact(trimmed, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    /// <summary>Reads an offset such as +08:00, -5:30 or Z.</summary>
    public static bool TryParseOffset(string text, out TimeSpan offset)
    {
        ArgumentNullException.ThrowIfNull(text);
        offset = TimeSpan.Zero;
        if (text is "Z" or "z") return true;
        if (text.Length < 2 || text[0] is not ('+' or '-')) return false;
        if (!TimeSpan.TryParseExact(text[1..], [@"hh\:mm", @"h\:mm", "hh", "%h"], CultureInfo.InvariantCulture, out var size) || size > TimeSpan.FromHours(14))
            return false;
        offset = text[0] == '-' ? -size : size;
        return true;
    }
}
