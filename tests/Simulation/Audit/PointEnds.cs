using System.Globalization;
using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>When points end by one version of the programme, worked out from its document with dates alone.</summary>
internal sealed record PointEnds(string Kind, int Months, string RoundUpTo, IReadOnlyList<(int Month, int Day)> Days, int MinimumDays)
{
    /// <summary>Purchases move the end of all points of the kind.</summary>
    public bool ByInactivity => Kind == "inactivity";

    public static PointEnds Read(JsonElement points)
    {
        var expiry = points.TryGetProperty("expiry", out var section) ? section : default;
        var isThere = expiry.ValueKind == JsonValueKind.Object;
        return new PointEnds(
            (isThere ? expiry.Text("kind") : null) ?? "rolling",
            isThere && expiry.Number("months") is var months and > 0 ? (int)months : 12,
            (isThere ? expiry.Text("roundUpTo") : null) ?? "month",
            isThere ? [.. expiry.List("days").Select(day => (int.Parse(day.GetString()!.AsSpan(0, 2), CultureInfo.InvariantCulture), int.Parse(day.GetString()!.AsSpan(3), CultureInfo.InvariantCulture)))] : [],
            isThere ? (int)expiry.Number("minimumDays") : 0);
    }

    /// <summary>The end of points for something of a time and a business day, by the rule alone; 0 for never.</summary>
    public long Of(long occurredMs, long businessDay)
    {
        var local = DateTime.UnixEpoch.AddMilliseconds(occurredMs).AddMinutes(Workload.OffsetMinutes);
        var day = DateTime.UnixEpoch.AddDays(businessDay);
        if (Kind == "never")
            return 0;
        if (Kind == "calendar")
        {
            var from = (day > local.Date ? day : local.Date).AddDays(MinimumDays);
            var last = Enumerable.Range(from.Year, 2).SelectMany(year => Days.Select(d => new DateTime(year, d.Month, Math.Min(d.Day, DateTime.DaysInMonth(year, d.Month)))))
                .Where(date => date >= from).Min();
            return Utc(last.AddDays(1));
        }

        var end = day.AddMonths(Months);
        return RoundUpTo switch
        {
            "none" => Utc(end + local.TimeOfDay),
            "day" => Utc(end.AddDays(1)),
            _ => Utc(new DateTime(end.Year, end.Month, 1).AddMonths(1)),
        };
    }

    private static long Utc(DateTime local) => (long)(local.AddMinutes(-Workload.OffsetMinutes) - DateTime.UnixEpoch).TotalMilliseconds;
}
