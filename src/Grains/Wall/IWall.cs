namespace ChainCrm.Grains.Wall;

// The wall's figures as the projection keeps them, without wire types (Client owns those; Silo maps). Members are filled in by
// WallProjection, which follows the feed on one thread; readers take consistent copies under its lock.

/// <summary>Chain-wide figures of one business day up to a moment.</summary>
public readonly record struct DayFigures(
    long SalesMinor, long Visits, long PointsGiven, long PointsUsed, long NewMembers, long ActiveMembers,
    long CrossStoreVisits, long CrossStoreMinor, long ReturnsMinor);

/// <summary>One store today.</summary>
public readonly record struct StoreFigures(string Store, long SalesMinor, long Visits, long NewMembers, long CrossStoreVisits, long LastActivityMs);

/// <summary>Something that happened, for the ticker; the name is opened and masked only for the lines that are shown.</summary>
public readonly record struct TickerLine(
    long Position, long AtMs, string Kind, string Store, string? Customer, long? AmountMinor, long? Points, string? Tier, bool CrossStore);

/// <summary>Everything a wall shows at one moment.</summary>
public sealed record WallFigures(
    long Position, long NewestEntryMs, DateOnly Day, DayFigures Today, DayFigures YesterdaySameTime,
    IReadOnlyList<StoreFigures> Stores, IReadOnlyList<long> SalesToday, IReadOnlyList<long> SalesYesterday,
    IReadOnlyList<(string From, string To, long Count)> Flows);

/// <summary>What changed since the last <see cref="IWallFigures.TakeChanges"/>.</summary>
public sealed record WallChanges(
    long Position, long NewestEntryMs, DateOnly Day, DayFigures Today, DayFigures YesterdaySameTime,
    IReadOnlyList<StoreFigures> Stores, IReadOnlyList<(int Slot, long SalesMinor)> Slots,
    IReadOnlyList<(string From, string To, long Count)>? Flows, IReadOnlyList<TickerLine> Lines, long LinesNotKept);

/// <summary>The figures behind the wall of one chain.</summary>
public interface IWallFigures
{
    /// <summary>Everything now.</summary>
    WallFigures Snapshot(string chain);

    /// <summary>What changed since the last call; null when nothing did. One caller (the hub's pump). Keeps at most 50 ticker lines between calls.</summary>
    WallChanges? TakeChanges(string chain);
}
