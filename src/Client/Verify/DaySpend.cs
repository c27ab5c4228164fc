namespace ChainCrm.Client.Verify;

/// <summary>Net spend of one customer by business day, ascending, at most <see cref="ClientLimits.VerifyDaysKept"/> days.</summary>
internal sealed class DaySpend
{
    private readonly List<(int Day, long Minor)> _days = [];

    /// <summary>The first day for which sums are complete; days before it were let go.</summary>
    public int CompleteFrom { get; private set; } = int.MinValue;

    /// <summary>Adds (or takes off) spend on a day.</summary>
    public void Add(int day, long minor)
    {
        if (day < CompleteFrom) return;
        var at = Place(day);
        if (at < _days.Count && _days[at].Day == day) _days[at] = (day, _days[at].Minor + minor);
        else _days.Insert(at, (day, minor));
        if (_days.Count <= ClientLimits.VerifyDaysKept) return;
        CompleteFrom = _days[0].Day + 1;
        _days.RemoveAt(0);
    }

    /// <summary>Spend from one day to another, both included.</summary>
    public long Between(int from, int to)
    {
        var sum = 0L;
        for (var i = Place(from); i < _days.Count && _days[i].Day <= to; i++) sum += _days[i].Minor;
        return sum;
    }

    /// <summary>Days with spend from a day on.</summary>
    public IEnumerable<int> DaysFrom(int day)
    {
        for (var i = Place(day); i < _days.Count; i++) yield return _days[i].Day;
    }

    private int Place(int day)
    {
        var (low, high) = (0, _days.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_days[middle].Day < day) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
