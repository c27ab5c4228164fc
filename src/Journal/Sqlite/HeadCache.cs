namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// The versions of the streams used last, so that an append need not look into the index. Bounded: two generations, and when the young one is full the
/// old one is forgotten. Thread-safe.
/// </summary>
internal sealed class HeadCache(int capacity)
{
    private readonly int generationMax = Math.Max(1, capacity / 2);
    private readonly Lock gate = new();
    private Dictionary<TextKey, long> young = [];
    private Dictionary<TextKey, long> old = [];
    private long generation;

    /// <summary>Counts how often streams were forgotten. As long as it stands still, what is not in here was not appended to.</summary>
    public long Generation
    {
        get
        {
            lock (gate) return generation;
        }
    }

    public int Count
    {
        get
        {
            lock (gate) return young.Count + old.Count;
        }
    }

    public bool TryGet(TextKey stream, out long version)
    {
        lock (gate)
        {
            if (young.TryGetValue(stream, out version)) return true;
            if (!old.Remove(stream, out version)) return false;
            SetYoung(stream, version);
            return true;
        }
    }

    /// <summary>The versions of entries just committed; a stream's later one wins.</summary>
    public void SetAll(ReadOnlySpan<TailRow> rows)
    {
        lock (gate)
        {
            foreach (ref readonly var row in rows) SetYoung(row.Stream, row.Version);
        }
    }

    public void Set(TextKey stream, long version)
    {
        lock (gate) SetYoung(stream, version);
    }

    /// <summary>Remembers what a reader saw, unless an append may have passed since the reader began at <paramref name="seenGeneration"/>.</summary>
    public void Offer(TextKey stream, long version, long seenGeneration)
    {
        lock (gate)
        {
            if (generation == seenGeneration && !young.ContainsKey(stream) && !old.ContainsKey(stream)) SetYoung(stream, version);
        }
    }

    private void SetYoung(TextKey stream, long version)
    {
        young[stream] = version;
        if (young.Count < generationMax) return;
        (young, old) = (old, young);
        young.Clear();
        generation++;
    }
}
