namespace ChainCrm.Domain.Customers;

/// <summary>Taking points out of lots (docs/domain/lots.md). The lots are in burn order, so those that are over stand first.</summary>
internal static class Burning
{
    /// <summary>How many lots are over.</summary>
    public static int CountOver(ReadOnlySpan<Lot> lots, Timestamp at)
    {
        var over = 0;
        while (over < lots.Length && lots[over].IsOver(at)) over++;
        return over;
    }

    /// <summary>The event that says which lots are over; null when none is. It comes before everything else that is decided.</summary>
    public static PointsExpired? Expire(CustomerState state, CustomerCommand command, out Points expired)
    {
        expired = Points.Zero;
        var over = CountOver(state.Lots, command.At);
        if (over == 0) return null;
        var parts = new LotPart[over];
        for (var i = 0; i < over; i++)
        {
            parts[i] = new LotPart(state.Lots[i].Number, state.Lots[i].Remaining);
            expired += state.Lots[i].Remaining;
        }

        return new PointsExpired
        {
            At = command.At,
            Origin = command.Origin,
            Points = expired,
            Lots = parts,
            Balance = state.Balance - expired,
        };
    }

    /// <summary>Points that are granted when their end has come already (a sale sent very late) expire in the same entry.</summary>
    public static PointsExpired? ExpireAtOnce(CustomerCommand command, ReadOnlySpan<LotGrant> granted, ref Points balance)
    {
        var (count, points) = (0, Points.Zero);
        foreach (ref readonly var lot in granted)
        {
            if (lot.ExpiresAt is not { } end || end > command.At) continue;
            count++;
            points += lot.Points;
        }

        if (count == 0) return null;
        var parts = new LotPart[count];
        foreach (ref readonly var lot in granted)
        {
            if (lot.ExpiresAt is { } end && end <= command.At) parts[^count--] = new LotPart(lot.Lot, lot.Points);
        }

        balance -= points;
        return new PointsExpired { At = command.At, Origin = command.Origin, Points = points, Lots = parts, Balance = balance };
    }

    /// <summary>Takes points in burn order, or as many as there are.</summary>
    /// <param name="lots">Lots in burn order.</param>
    /// <param name="at">Lots that are over at this time are left alone.</param>
    /// <param name="need">How many points.</param>
    /// <param name="activeOnly">Only those that can be spent at that time.</param>
    /// <param name="ownLot">Place of a lot to be taken from first; -1 for none.</param>
    /// <param name="withEnd">Note in each part when its lot expires, and whether by inactivity.</param>
    public static LotPart[] Take(ReadOnlySpan<Lot> lots, Timestamp at, Points need, bool activeOnly, int ownLot = -1, bool withEnd = false)
    {
        if (need <= Points.Zero) return [];
        var left = need;
        var count = 0;
        for (var i = ownLot < 0 ? 0 : -1; i < lots.Length && left > Points.Zero; i++)
        {
            if (!IsTaken(lots, i, ownLot, at, activeOnly, out var place)) continue;
            left -= Points.Min(left, lots[place].Remaining);
            count++;
        }

        if (count == 0) return [];
        var parts = new LotPart[count];
        left = need;
        count = 0;
        for (var i = ownLot < 0 ? 0 : -1; i < lots.Length && left > Points.Zero; i++)
        {
            if (!IsTaken(lots, i, ownLot, at, activeOnly, out var place)) continue;
            var part = Points.Min(left, lots[place].Remaining);
            parts[count++] = new LotPart(lots[place].Number, part, withEnd ? lots[place].ExpiresAt : null, withEnd && lots[place].ByInactivity);
            left -= part;
        }

        return parts;
    }

    /// <summary>Sum of parts.</summary>
    public static Points Sum(ReadOnlySpan<LotPart> parts)
    {
        var sum = Points.Zero;
        foreach (ref readonly var part in parts) sum += part.Points;
        return sum;
    }

    /// <summary>
    /// Place of the lot that holds what a receipt earned: the lot itself, or the one it was merged into, which is the soonest-ending of
    /// those merged lots that cover its number and end no sooner than it did, by the same kind of rule.
    /// </summary>
    /// <returns>-1 when it is used up or over.</returns>
    public static int FindOwn(ReadOnlySpan<Lot> lots, Timestamp at, int number, Timestamp? end, bool byInactivity)
    {
        var merged = -1;
        for (var i = 0; i < lots.Length; i++)
        {
            ref readonly var lot = ref lots[i];
            if (lot.IsOver(at)) continue;
            if (lot.Number == number) return i;
            if (merged < 0 && lot.CoversFrom > 0 && lot.ByInactivity == byInactivity && number >= lot.CoversFrom && number < lot.Number && !EndsBefore(lot.ExpiresAt, end)) merged = i;
        }

        return merged;
    }

    private static bool EndsBefore(Timestamp? a, Timestamp? b) => (a?.UnixMs ?? long.MaxValue) < (b?.UnixMs ?? long.MaxValue);

    private static bool IsTaken(ReadOnlySpan<Lot> lots, int turn, int ownLot, Timestamp at, bool activeOnly, out int place)
    {
        place = turn < 0 ? ownLot : turn;
        if (turn >= 0 && turn == ownLot) return false;
        return !lots[place].IsOver(at) && (!activeOnly || lots[place].ActiveFrom <= at);
    }
}
