namespace ChainCrm.Domain.Customers;

/// <summary>
/// Keeps the number of open lots bounded (docs/domain/lots.md): when there are too many, lots that end on the same day become one; if
/// that is not enough, of the same week, month, year. The merged lot keeps the latest end and the earliest start among its parts, in the
/// customer's favour.
/// </summary>
internal static class LotMerging
{
    private static readonly int[] WidthsInDays = [1, 7, 31, 366];

    /// <summary>The merge that is due after a decision; null for none.</summary>
    /// <param name="state">Before the decision.</param>
    /// <param name="command">The command decided.</param>
    /// <param name="taken">Lots that the decision takes from; they stay out of the merge.</param>
    /// <param name="granted">Lots that it grants.</param>
    /// <param name="lastLot">Number of the newest lot after it.</param>
    /// <param name="movedTo">What the decision moves the end of lots that end by inactivity to; null when it moves none.</param>
    public static LotsMerged? Decide(CustomerState state, CustomerCommand command, LotPart[] taken, int granted, int lastLot, Timestamp? movedTo = null)
    {
        if (state.Lots.Length + granted <= Limits.OpenLotsMax) return null;
        var untouched = new List<Lot>(state.Lots.Length);
        var touched = taken.Select(part => part.Lot).ToHashSet();
        foreach (var lot in state.Lots)
        {
            if (!lot.IsOver(command.At) && !touched.Contains(lot.Number)) untouched.Add(lot);
        }

        if (untouched.Count + granted <= Limits.OpenLotsMax / 2) return null;
        foreach (var width in WidthsInDays)
        {
            var groups = untouched.GroupBy(lot => GroupOf(lot, command.At, width)).ToList();
            if (groups.Count > Limits.OpenLotsMax / 2 && width != WidthsInDays[^1]) continue;
            var merges = groups.Where(group => group.Count() > 1).Select(group => Merge(group, ref lastLot, movedTo)).ToArray();
            return merges.Length == 0 ? null : new LotsMerged { At = command.At, Origin = command.Origin, Merges = merges };
        }

        return null;
    }

    /// <summary>Lots that end by inactivity have one end; it moves, and so they stay apart from the others.</summary>
    private static (bool ByInactivity, long End, long Start) GroupOf(Lot lot, Timestamp at, int widthDays)
    {
        var width = widthDays * SaleTimes.DayMs;
        // Lots that can be spent already need not be told apart by when they became so.
        return (lot.ByInactivity, lot.ExpiresAt is { } end ? end.UnixMs / width : long.MaxValue, lot.ActiveFrom <= at ? 0 : lot.ActiveFrom.UnixMs / width);
    }

    private static LotMerge Merge(IEnumerable<Lot> group, ref int lastLot, Timestamp? movedTo)
    {
        var lots = group.OrderBy(lot => lot.Number).ToArray();
        var points = Points.Zero;
        var start = lots[0].ActiveFrom;
        var end = lots[0].ExpiresAt;
        foreach (var lot in lots)
        {
            points += lot.Remaining;
            if (lot.ActiveFrom < start) start = lot.ActiveFrom;
            if (lot.ExpiresAt > end) end = lot.ExpiresAt;
        }

        return new LotMerge(lots.Select(lot => lot.Number).ToArray(), new LotGrant(++lastLot, points, start, lots[0].ByInactivity ? movedTo ?? end : end, lots[0].ByInactivity));
    }
}
