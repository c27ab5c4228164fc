using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>What a purchase earns (docs/domain/earning.md, docs/domain/cross-store.md), and local days and times.</summary>
internal static class Earning
{
    private const int MinorPerUnit = 100;
    private const int PointsScale = 10_000;
    private const int PercentScale = 100;

    /// <summary>Points for a net amount: rate of the programme times multiplier of the tier, rounded down.</summary>
    /// <remarks>Rounding down keeps split receipts from earning more than whole ones.</remarks>
    public static long PointsFor(Money net, Programme programme, Tier tier) =>
        Shares.Floor(net.Minor, programme.PointsPerUnitE4 * tier.MultiplierPercent, (long)MinorPerUnit * PointsScale * PercentScale);

    /// <summary>Whether a bonus for buying away from the home store is due: given, not due, or still pausing.</summary>
    public static BonusOutcome MayBonus(CustomerState state, RecordPurchase purchase, Programme programme)
    {
        if (purchase.Store == state.HomeStore || programme.CrossStoreBonusPercent == 0) return BonusOutcome.None;
        // The distance counts both ways: a sale that arrives late must not slip into the pause from behind.
        return programme.CrossStoreCoolDownDays > 0 && state.LastBonusDay is { } last
            && Math.Abs((long)purchase.BusinessDay.Number - last.Number) < programme.CrossStoreCoolDownDays
                ? BonusOutcome.CoolingDown
                : BonusOutcome.Given;
    }

    /// <summary>The bonus that is due, in points, with its cap.</summary>
    public static (Points Bonus, BonusOutcome Outcome) BonusFor(BonusOutcome may, Points earned, Programme programme)
    {
        if (may is BonusOutcome.None or BonusOutcome.CoolingDown) return (Points.Zero, may);
        var bonus = new Points(Shares.Floor(earned.Count, programme.CrossStoreBonusPercent, PercentScale));
        return programme.CrossStoreCap is { } cap && bonus > cap ? (cap, BonusOutcome.Capped) : (bonus, BonusOutcome.Given);
    }

    /// <summary>Local midnight with which a day begins.</summary>
    public static Timestamp StartOf(BusinessDay day, int utcOffsetMinutes) => Midnight(day.ToDate(), utcOffsetMinutes * 60_000L);

    /// <summary>The local day of a time.</summary>
    public static BusinessDay DayOf(Timestamp at, int utcOffsetMinutes)
    {
        var local = at.UnixMs + (utcOffsetMinutes * 60_000L);
        return new BusinessDay(checked((int)((local - TimeOfDay(local)) / SaleTimes.DayMs)));
    }

    /// <summary>Minutes since local midnight.</summary>
    public static int LocalMinuteOf(Timestamp at, int utcOffsetMinutes) => (int)(TimeOfDay(at.UnixMs + (utcOffsetMinutes * 60_000L)) / 60_000L);

    internal static Timestamp Midnight(DateOnly date, long offsetMs) => new((BusinessDay.From(date).Number * SaleTimes.DayMs) - offsetMs);

    internal static long TimeOfDay(long localMs) => ((localMs % SaleTimes.DayMs) + SaleTimes.DayMs) % SaleTimes.DayMs;
}
