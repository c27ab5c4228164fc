using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Wall;

namespace ChainCrm.Silo.Wall;

/// <summary>
/// Which stores a tick must show: those with new figures, and those whose name, city or status changed. Bounded: more changed stores than
/// a tick holds go with the next one. Used in one turn at a time.
/// </summary>
internal sealed class WallStores(string chain, IDirectories directories)
{
    private readonly Dictionary<string, StoreFigures> _figures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoreFacts> _shown = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    /// <summary>Takes new figures in.</summary>
    public void Note(IReadOnlyList<StoreFigures> stores)
    {
        foreach (var store in stores)
        {
            _figures[store.Store] = store;
            _changed.Add(store.Store);
        }
    }

    /// <summary>True when there is a store to show.</summary>
    public bool HaveChanged()
    {
        NoteFacts();
        return _changed.Count > 0;
    }

    /// <summary>The changed stores, as many as a tick holds.</summary>
    public IReadOnlyList<WallStore> TakeChanged()
    {
        NoteFacts();
        var taken = _changed.Take(HostLimits.WallTickStoresMax).ToList();
        _changed.ExceptWith(taken);
        return [.. taken.Select(id => Shown(id, _figures.GetValueOrDefault(id)))];
    }

    /// <summary>All stores of the chain with these figures.</summary>
    public IReadOnlyList<WallStore> All(IReadOnlyList<StoreFigures> figures)
    {
        foreach (var store in figures) _figures[store.Store] = store;
        var ids = directories.Stores(chain).Select(s => s.Id.Value).Union(figures.Select(f => f.Store), StringComparer.Ordinal);
        return [.. ids.Order(StringComparer.Ordinal).Take(HostLimits.WallSnapshotStoresMax).Select(id => Shown(id, _figures.GetValueOrDefault(id)))];
    }

    /// <summary>A new day: nothing was sold anywhere yet.</summary>
    public void Clear()
    {
        _figures.Clear();
        _changed.Clear();
    }

    private void NoteFacts()
    {
        foreach (var facts in directories.Stores(chain))
        {
            if (!ReferenceEquals(_shown.GetValueOrDefault(facts.Id.Value), facts)) _changed.Add(facts.Id.Value);
        }
    }

    private WallStore Shown(string id, StoreFigures figures)
    {
        var facts = directories.Store(chain, new StoreId(id));
        if (facts is not null) _shown[id] = facts;
        return WallMapping.Store(id, facts, figures);
    }
}
