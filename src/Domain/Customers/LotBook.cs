namespace ChainCrm.Domain.Customers;

/// <summary>The open lots of a customer in burn order, in one array that grows in small steps: most customers have one or two.</summary>
internal struct LotBook
{
    private Lot[]? _lots;
    private int _count;

    /// <summary>The lots in burn order.</summary>
    public readonly ReadOnlySpan<Lot> All => _lots.AsSpan(0, _count);

    /// <summary>Puts a lot in its place.</summary>
    public void Add(Lot lot)
    {
        if (_lots is null) _lots = new Lot[1];
        else if (_count == _lots.Length) Array.Resize(ref _lots, _count < 4 ? _count + 1 : _count + (_count / 2));
        var at = _count++;
        while (at > 0 && lot.BurnsBefore(_lots[at - 1]))
        {
            _lots[at] = _lots[at - 1];
            at--;
        }

        _lots[at] = lot;
    }

    /// <summary>Takes parts out; what is empty goes.</summary>
    /// <returns>How many points were taken.</returns>
    public Points Take(IReadOnlyList<LotPart> parts)
    {
        var taken = Points.Zero;
        var emptied = false;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            var at = IndexOf(part.Lot);
            // A part of a lot that is not here can only come from a damaged entry: the engine sets the stream aside.
            if (at < 0) throw new InvalidOperationException($"Lot {part.Lot} is not open.");
            var left = _lots![at].Remaining - part.Points;
            if (left < Points.Zero) throw new InvalidOperationException($"Lot {part.Lot} holds fewer points than are taken.");
            _lots[at] = _lots[at].Left(left);
            emptied |= left == Points.Zero;
            taken += part.Points;
        }

        if (emptied) DropEmpty();
        return taken;
    }

    /// <summary>Gives all lots that end by inactivity another end, and puts them in their places.</summary>
    public readonly void MoveEnds(Timestamp end)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_lots![i].ByInactivity) _lots[i] = _lots[i].Until(end);
        }

        Sort();
    }

    /// <summary>Gives all lots that an extension is about the later end, and puts them in their places.</summary>
    /// <returns>Some of them end by inactivity.</returns>
    public readonly bool Extend(Timestamp until, Timestamp? endingBy)
    {
        var byInactivity = false;
        for (var i = 0; i < _count; i++)
        {
            if (!PointExtension.IsMoved(_lots![i], until, endingBy)) continue;
            byInactivity |= _lots[i].ByInactivity;
            _lots[i] = _lots[i].Until(until);
        }

        Sort();
        return byInactivity;
    }

    /// <summary>Makes one lot of many.</summary>
    public void Merge(LotMerge merge)
    {
        var coversFrom = int.MaxValue;
        foreach (var number in merge.Lots)
        {
            var at = IndexOf(number);
            if (at < 0) throw new InvalidOperationException($"Lot {number} is not open.");
            coversFrom = Math.Min(coversFrom, _lots![at].CoversFrom is > 0 and var from ? from : number);
            _lots[at] = _lots[at].Left(Points.Zero);
        }

        DropEmpty();
        var into = merge.Into;
        Add(new Lot(into.Lot, into.Points, into.Points, into.ActiveFrom, into.ExpiresAt, coversFrom, into.ByInactivity));
    }

    private readonly void Sort() => _lots.AsSpan(0, _count).Sort(static (a, b) => a.BurnsBefore(b) ? -1 : b.BurnsBefore(a) ? 1 : 0);

    private readonly int IndexOf(int number)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_lots![i].Number == number) return i;
        }

        return -1;
    }

    private void DropEmpty()
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_lots![i].Remaining == Points.Zero) continue;
            if (kept != i) _lots[kept] = _lots[i];
            kept++;
        }

        _count = kept;
    }
}
