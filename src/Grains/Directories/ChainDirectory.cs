using System.Collections.Concurrent;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Grains.Directories;

/// <summary>The facts of one chain. Written by the one thread that follows the feed, read by all without locks.</summary>
internal sealed class ChainDirectory
{
    private readonly ConcurrentDictionary<StoreId, StoreFacts> _stores = new();
    private readonly ConcurrentDictionary<int, Programme> _programmes = new();
    private volatile SortedStores _sorted = new(-1, []);
    private volatile Programme _current = Programme.BuiltIn;
    private long _changes;

    public Programme Current => _current;

    /// <summary>All stores by id; sorted at the first read after a change.</summary>
    public IReadOnlyCollection<StoreFacts> Stores
    {
        get
        {
            var sorted = _sorted;
            var changes = Interlocked.Read(ref _changes);
            if (sorted.Changes == changes) return sorted.Stores;
            // The number of changes is taken before the values: a change in between makes the next read sort again.
            sorted = new SortedStores(changes, [.. _stores.Values.OrderBy(store => store.Id.Value, StringComparer.Ordinal)]);
            _sorted = sorted;
            return sorted.Stores;
        }
    }

    public StoreFacts? Store(StoreId id) => _stores.GetValueOrDefault(id);

    public Programme? Version(int version) => version == 0 ? Programme.BuiltIn : _programmes.GetValueOrDefault(version);

    public void Put(StoreFacts store)
    {
        _stores[store.Id] = store;
        Interlocked.Increment(ref _changes);
    }

    public void Publish(Programme programme)
    {
        _programmes[programme.Version] = programme;
        if (programme.Version >= _current.Version) _current = programme;
    }

    private sealed record SortedStores(long Changes, StoreFacts[] Stores);
}
