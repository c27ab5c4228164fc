namespace ChainCrm.Silo.Wall;

/// <summary>How many ticker lines may be shown now: two a second, and after a time without watchers as many as a snapshot shows.</summary>
internal sealed class TickerRate
{
    private const int Held = 2;
    private long _atMs = long.MinValue / 2;

    /// <summary>Takes up to <paramref name="wanted"/> lines at a time.</summary>
    /// <param name="nowMs">A clock that only goes forward, milliseconds.</param>
    /// <param name="wanted">Lines that are there.</param>
    /// <param name="afterPause">True when nobody watched before: the list on the screen is empty and may fill at once.</param>
    public int Take(long nowMs, int wanted, bool afterPause)
    {
        var saved = Math.Min((nowMs - _atMs) / HostLimits.WallLineEveryMs, afterPause ? HostLimits.WallSnapshotLines : Held);
        var taken = (int)Math.Min(wanted, Math.Max(0, saved));
        if (taken > 0) _atMs = nowMs - ((saved - taken) * HostLimits.WallLineEveryMs);
        return taken;
    }
}
