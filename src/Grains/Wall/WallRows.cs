namespace ChainCrm.Grains.Wall;

/// <summary>What a wall starts from: the rows of its days as the read models hold them at a position.</summary>
internal sealed record WallRows(
    long Position, long NewestEntryMs, IReadOnlyList<(int Day, int Slot, WallSums Sums)> Slots,
    IReadOnlyList<(int Day, StoreFigures Figures)> Stores, IReadOnlyList<(int Day, string From, string To, long Count)> Flows,
    IReadOnlyList<(int Day, string Customer)> Active)
{
    /// <summary>Adds the days, of those asked for, on which a customer bought: the latest day stands in the customer's row, those before it as bits.</summary>
    public static void AddActive(List<(int Day, string Customer)> active, string customer, int lastDay, long daysBefore, int fromDay, int toDay)
    {
        for (var day = fromDay; day <= Math.Min(toDay, lastDay); day++)
        {
            var behind = lastDay - day;
            if (behind == 0 || (behind <= GrainLimits.ActiveDaysKept && (daysBefore & (1L << (behind - 1))) != 0)) active.Add((day, customer));
        }
    }
}
