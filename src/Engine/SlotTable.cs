namespace ChainCrm.Engine;

/// <summary>
/// Slots by stream name. Split into many small tables, so that growing one of a million grains never stops the loop for longer than
/// moving a few thousand; the hash arrives with the operation and is not computed again.
/// </summary>
internal sealed class SlotTable
{
    private const int Shards = 256;
    private const int StartBuckets = 4;

    private readonly GrainSlot?[][] _buckets = new GrainSlot?[Shards][];
    private readonly int[] _counts = new int[Shards];

    public SlotTable()
    {
        for (var i = 0; i < Shards; i++)
            _buckets[i] = new GrainSlot?[StartBuckets];
    }

    /// <summary>Slots held.</summary>
    public int Count { get; private set; }

    /// <summary>The slot of a stream, or null.</summary>
    public GrainSlot? Find(string stream, ulong hash)
    {
        var buckets = _buckets[Shard(hash)];
        for (var slot = buckets[Bucket(hash, buckets)]; slot is not null; slot = slot.NextInBucket)
            if (slot.Hash == hash && string.Equals(slot.Stream, stream, StringComparison.Ordinal))
                return slot;
        return null;
    }

    /// <summary>Adds a slot whose stream is not there yet.</summary>
    public void Add(GrainSlot slot)
    {
        var shard = Shard(slot.Hash);
        if (_counts[shard] >= _buckets[shard].Length)
            Grow(shard);
        Link(slot, _buckets[shard]);
        _counts[shard]++;
        Count++;
    }

    /// <summary>Takes a slot out.</summary>
    public void Remove(GrainSlot slot)
    {
        var shard = Shard(slot.Hash);
        ref var link = ref _buckets[shard][Bucket(slot.Hash, _buckets[shard])];
        while (link is not null && !ReferenceEquals(link, slot))
            link = ref link.NextInBucket;
        if (link is null)
            return;
        link = slot.NextInBucket;
        slot.NextInBucket = null;
        _counts[shard]--;
        Count--;
    }

    private void Grow(int shard)
    {
        var larger = new GrainSlot?[_buckets[shard].Length * 2];
        foreach (var first in _buckets[shard])
        {
            for (var slot = first; slot is not null;)
            {
                var next = slot.NextInBucket;
                Link(slot, larger);
                slot = next;
            }
        }
        _buckets[shard] = larger;
    }

    private static void Link(GrainSlot slot, GrainSlot?[] buckets)
    {
        ref var first = ref buckets[Bucket(slot.Hash, buckets)];
        slot.NextInBucket = first;
        first = slot;
    }

    private static int Shard(ulong hash) => (int)(hash >> 56);

    private static int Bucket(ulong hash, GrainSlot?[] buckets) => (int)(hash & (ulong)(buckets.Length - 1));
}
