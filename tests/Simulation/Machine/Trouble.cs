namespace ChainCrm.Simulation;

/// <summary>When anything went wrong that may keep the agenda from its second: the auditor is strict only where nothing did.</summary>
internal sealed class Trouble(SimClock clock)
{
    private readonly List<long> _at = [];

    /// <summary>Something goes wrong now.</summary>
    public void Note()
    {
        var now = clock.SteadyMs;
        if (_at.Count == 0 || _at[^1] != now)
            _at.Add(now);
    }

    /// <summary>The last trouble at or before a steady time, milliseconds.</summary>
    public long LastBefore(long steadyMs)
    {
        var found = _at.BinarySearch(steadyMs);
        if (found >= 0)
            return steadyMs;
        return ~found == 0 ? 0 : _at[~found - 1];
    }
}
