namespace ChainCrm.Client.Verify;

/// <summary>The open lots of one customer, by plain addition and subtraction.</summary>
internal sealed class LotBook
{
    private readonly record struct OpenLot(long Number, long Points, long ActiveFrom, long ExpiresAt, bool ByInactivity);

    private const long Never = long.MaxValue;

    private OpenLot[] _lots = [];
    private int _count;

    /// <summary>Points in all lots.</summary>
    public long Sum { get; private set; }

    /// <summary>Puts points into a lot, a new one or one that is there.</summary>
    public void Grant(long number, long points, long activeFrom, long? expiresAt, bool byInactivity = false)
    {
        Sum += points;
        var at = Find(number);
        if (at >= 0)
        {
            _lots[at] = _lots[at] with { Points = _lots[at].Points + points };
            return;
        }

        if (_count == _lots.Length) Array.Resize(ref _lots, Math.Max(4, _count * 2));
        _lots[_count++] = new OpenLot(number, points, activeFrom, expiresAt ?? Never, byInactivity);
    }

    /// <summary>The one end of all lots that end by inactivity; 0 before there is any.</summary>
    public long InactivityEnd { get; private set; }

    /// <summary>Gives all lots that end by inactivity another end.</summary>
    public void MoveEnds(long end)
    {
        InactivityEnd = end;
        for (var i = 0; i < _count; i++)
            if (_lots[i].ByInactivity) _lots[i] = _lots[i] with { ExpiresAt = end };
    }

    /// <summary>Gives lots that end before a time, and by another one, that end; the points in them.</summary>
    public long Extend(long until, long? endingBy, long now)
    {
        var (points, moves) = (0L, false);
        for (var i = 0; i < _count; i++)
        {
            var lot = _lots[i];
            if (lot.ExpiresAt <= now || lot.ExpiresAt >= until || lot.ExpiresAt > (endingBy ?? Never)) continue;
            points += lot.Points;
            moves |= lot.ByInactivity;
            _lots[i] = lot with { ExpiresAt = until };
        }

        if (moves) InactivityEnd = until;
        return points;
    }

    /// <summary>Takes points out of a lot; a sentence when it does not hold them.</summary>
    public string? Take(long number, long points)
    {
        var at = Find(number);
        if (at < 0) return $"lot {number} is not open";
        var left = _lots[at].Points - points;
        Sum -= points;
        if (left > 0)
        {
            _lots[at] = _lots[at] with { Points = left };
            return null;
        }

        _lots[at] = _lots[--_count];
        return left < 0 ? $"lot {number} held {left + points}, {points} were taken" : null;
    }

    /// <summary>Takes a lot out whole; what it held, or null when it is not open.</summary>
    public long? Close(long number)
    {
        var at = Find(number);
        if (at < 0) return null;
        var points = _lots[at].Points;
        Sum -= points;
        _lots[at] = _lots[--_count];
        return points;
    }

    /// <summary>When a lot expires; null when it never does or is not open.</summary>
    public long? ExpiryOf(long number)
    {
        var at = Find(number);
        return at < 0 || _lots[at].ExpiresAt == Never ? null : _lots[at].ExpiresAt;
    }

    /// <summary>True when some lot could have been spent at a time and expires sooner than another time.</summary>
    public bool HasSpendableExpiringBefore(long expiry, long now)
    {
        for (var i = 0; i < _count; i++)
            if (_lots[i].ActiveFrom <= now && _lots[i].ExpiresAt > now && _lots[i].ExpiresAt < expiry)
                return true;
        return false;
    }

    private int Find(long number)
    {
        for (var i = 0; i < _count; i++)
            if (_lots[i].Number == number)
                return i;
        return -1;
    }
}
