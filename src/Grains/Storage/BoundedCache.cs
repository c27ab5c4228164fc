using System.Diagnostics.CodeAnalysis;

namespace ChainCrm.Grains.Storage;

/// <summary>
/// A bounded cache in two generations: what is used moves to the young one; when that is full the old one is forgotten. Like least recently
/// used, with one dictionary operation per use. Thread-safe.
/// </summary>
/// <remarks>
/// A loader takes <see cref="Epoch"/> before it reads the source and hands it to <see cref="Put"/>: when something was forgotten in between,
/// what it read may be older than that and is not kept.
/// </remarks>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly int _generationMax = Math.Max(1, capacity / 2);
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];
    private long _epoch;

    /// <summary>Changes with each <see cref="Forget"/>.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>Entries held now; at most the capacity.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _young.Count + _old.Count;
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out value)) return true;
            if (!_old.Remove(key, out value)) return false;
            Keep(key, value);
            return true;
        }
    }

    /// <summary>Keeps a value read after <paramref name="epoch"/> was taken, unless something was forgotten since.</summary>
    public void Put(TKey key, TValue value, long epoch)
    {
        lock (_lock)
        {
            if (_epoch != epoch) return;
            _old.Remove(key);
            Keep(key, value);
        }
    }

    /// <summary>Forgets a key, and makes loads under way not count.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _epoch);
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    private void Keep(TKey key, TValue value)
    {
        if (_young.Count >= _generationMax && !_young.ContainsKey(key)) (_old, _young) = (_young, []);
        _young[key] = value;
    }
}
