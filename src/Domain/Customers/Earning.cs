using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>What a purchase earns, and when it can be spent and ends (docs/domain/earning.md, docs/domain/cross-store.md).</summary>
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

    /// <summary>When points granted for something that happened at a time end; null for never.</summary>
    /// <param name="programme">Says after how many months, and how that is rounded up.</param>
    /// <param name="day">The local day it happened. 31 January and one month is the last day of February.</param>
    /// <param name="occurredAt">When it happened.</param>
    /// <param name="utcOffsetMinutes">Local time less UTC.</param>
    public static Timestamp? EndOf(Programme programme, BusinessDay day, Timestamp occurredAt, int utcOffsetMinutes)
    {
        if (programme.ExpiryMonths is not { } months) return null;
        var date = day.ToDate().AddMonths(months);
        var offset = utcOffsetMinutes * 60_000L;
        return programme.ExpiryRounding switch
        {
            ExpiryRounding.Day => Midnight(date.AddDays(1), offset),
            ExpiryRounding.Month => Midnight(new DateOnly(date.Year, date.Month, 1).AddMonths(1), offset),
            _ => new Timestamp(Midnight(date, offset).UnixMs + TimeOfDay(occurredAt.UnixMs + offset)),
        };
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

    private static Timestamp Midnight(DateOnly date, long offsetMs) => new((BusinessDay.From(date).Number * SaleTimes.DayMs) - offsetMs);

    private static long TimeOfDay(long localMs) => ((localMs % SaleTimes.DayMs) + SaleTimes.DayMs) % SaleTimes.DayMs;
}
