using ChainCrm.Grains.Wall;
using Shouldly;

namespace ChainCrm.Grains.Tests.Wall;

/// <summary>What somebody knows who saw one snapshot and every change after it.</summary>
internal sealed class WallMirror
{
    private readonly SortedDictionary<string, StoreFigures> _stores = new(StringComparer.Ordinal);
    private readonly long[] _sales;
    private IReadOnlyList<(string, string, long)> _flows;
    private DayFigures _today;
    private DateOnly _day;

    public WallMirror(WallFigures start)
    {
        (_day, _today, _flows, _sales) = (start.Day, start.Today, start.Flows, [.. start.SalesToday]);
        foreach (var store in start.Stores) _stores[store.Store] = store;
    }

    public void Add(WallChanges changes)
    {
        (_day, _today, _flows) = (changes.Day, changes.Today, changes.Flows ?? _flows);
        foreach (var store in changes.Stores) _stores[store.Store] = store;
        foreach (var (slot, sales) in changes.Slots) _sales[slot] = sales;
    }

    public void ShouldShow(WallFigures figures)
    {
        _day.ShouldBe(figures.Day);
        _today.ShouldBe(figures.Today);
        _sales.ShouldBe(figures.SalesToday);
        _flows.ShouldBe(figures.Flows);
        // Who watched over midnight may know stores that had figures yesterday and have none today.
        Traded(_stores.Values).ShouldBe(Traded(figures.Stores));
    }

    public static List<StoreFigures> Traded(IEnumerable<StoreFigures> stores) => [.. stores.Where(store => store != new StoreFigures(store.Store, 0, 0, 0, 0, 0))];
}
