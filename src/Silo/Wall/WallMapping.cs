using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Wall;

namespace ChainCrm.Silo.Wall;

/// <summary>The wall's figures as wire types.</summary>
internal static class WallMapping
{
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static WallTotals Totals(DayFigures figures) => new()
    {
        SalesMinor = figures.SalesMinor,
        Visits = figures.Visits,
        PointsGiven = figures.PointsGiven,
        PointsUsed = figures.PointsUsed,
        NewMembers = figures.NewMembers,
        ActiveMembers = figures.ActiveMembers,
        CrossStoreVisits = figures.CrossStoreVisits,
        CrossStoreMinor = figures.CrossStoreMinor,
        ReturnsMinor = figures.ReturnsMinor,
    };

    /// <summary>A store with its figures of today; a store that the directory does not know (yet) goes by its id.</summary>
    public static WallStore Store(string id, StoreFacts? facts, StoreFigures figures) => new()
    {
        Id = id,
        Name = facts?.Name ?? id,
        Region = facts?.Region ?? "",
        City = facts?.City ?? "",
        Open = facts?.IsOpen ?? false,
        SalesMinor = figures.SalesMinor,
        Visits = figures.Visits,
        NewMembers = figures.NewMembers,
        CrossStoreVisits = figures.CrossStoreVisits,
        LastActivityMs = figures.LastActivityMs,
    };

    public static IReadOnlyList<WallFlow> Flows(IReadOnlyList<(string From, string To, long Count)> flows) =>
        [.. flows.Select(f => new WallFlow(f.From, f.To, f.Count))];

    public static WallEvent Line(TickerLine line, string? name, Programme programme)
    {
        var tier = line.Tier is null ? null : programme.TierOf(new TierId(line.Tier));
        return new WallEvent
        {
            Position = line.Position,
            AtMs = line.AtMs,
            Kind = line.Kind,
            Store = line.Store,
            Name = name,
            AmountMinor = line.AmountMinor,
            Points = line.Points,
            Tier = tier is null ? null : new LocalName(tier.NameZh, tier.NameEn),
            CrossStore = line.CrossStore,
        };
    }
}
