using System.Numerics;

namespace ChainCrm.Journal.Sqlite;

/// <summary>Puts the rows of segments into the order of a run. Hashes are spread evenly, so one distribution by their first bits leaves a handful of rows to
/// sort in each bucket; rows of one hash and version stay in the order of the journal. Keeps its memory for the next time. Not thread-safe.</summary>
internal sealed class RunSorter
{
    private const int SmallBucket = 32;
    private long[] hashes = [];
    private int[] rows = [];
    private int[] ends = [];

    /// <summary>The hash at each place, after <see cref="Sort"/>.</summary>
    public ReadOnlySpan<long> Hashes => hashes;

    /// <summary>The row at each place, counted through all segments.</summary>
    public ReadOnlySpan<int> Rows => rows;

    public void Sort(ReadOnlySpan<TailSegment> segments, RunPart part)
    {
        var count = 0;
        foreach (var segment in segments) count += segment.Count;
        var bits = Math.Clamp(BitOperations.Log2((uint)count) - 3, 1, 20);
        if (hashes.Length < count) (hashes, rows) = (new long[count], new int[count]);
        if (ends.Length < 1 << bits) ends = new int[1 << bits];
        var buckets = ends.AsSpan(0, 1 << bits);
        Distribute(segments, part, buckets, 64 - bits);
        var start = 0;
        foreach (var end in buckets)
        {
            SortBucket(hashes.AsSpan(start, end - start), rows.AsSpan(start, end - start));
            start = end;
        }

        if (part == RunPart.Streams) SortVersions(segments, count);
    }

    private void Distribute(ReadOnlySpan<TailSegment> segments, RunPart part, Span<int> buckets, int shift)
    {
        buckets.Clear();
        foreach (var segment in segments)
        {
            foreach (ref readonly var row in segment.Rows) buckets[BucketOf(HashOf(in row, part), shift)]++;
        }

        // Counts become the places where each bucket begins, and filling the bucket moves its place to its end.
        var sum = 0;
        foreach (ref var bucket in buckets) (bucket, sum) = (sum, sum + bucket);
        var at = 0;
        foreach (var segment in segments)
        {
            foreach (ref readonly var row in segment.Rows)
            {
                var hash = HashOf(in row, part);
                var place = buckets[BucketOf(hash, shift)]++;
                (hashes[place], rows[place]) = (hash, at++);
            }
        }
    }

    private static void SortBucket(Span<long> hashes, Span<int> rows)
    {
        if (hashes.Length > SmallBucket)
        {
            SortLargeBucket(hashes, rows);
            return;
        }

        for (var i = 1; i < hashes.Length; i++)
        {
            var (hash, row) = (hashes[i], rows[i]);
            var j = i - 1;
            for (; j >= 0 && hashes[j] > hash; j--) (hashes[j + 1], rows[j + 1]) = (hashes[j], rows[j]);
            (hashes[j + 1], rows[j + 1]) = (hash, row);
        }
    }

    /// <summary>A few busy streams make large buckets. The library's sort does not keep equal hashes in their order, so that is mended afterwards.</summary>
    private static void SortLargeBucket(Span<long> hashes, Span<int> rows)
    {
        hashes.Sort(rows);
        for (var start = 0; start < hashes.Length;)
        {
            var end = start + 1;
            while (end < hashes.Length && hashes[end] == hashes[start]) end++;
            rows[start..end].Sort();
            start = end;
        }
    }

    /// <summary>The rows of one stream stand in the order of their versions already; those of two streams with one hash need not.</summary>
    private void SortVersions(ReadOnlySpan<TailSegment> segments, int count)
    {
        for (var i = 1; i < count; i++)
        {
            if (hashes[i] != hashes[i - 1]) continue;
            var row = rows[i];
            var version = TailSegment.RowAt(segments, row).Version;
            var j = i - 1;
            for (; j >= 0 && hashes[j] == hashes[i] && TailSegment.RowAt(segments, rows[j]).Version > version; j--) rows[j + 1] = rows[j];
            rows[j + 1] = row;
        }
    }

    private static long HashOf(in TailSegment.Row row, RunPart part) => part == RunPart.Streams ? row.Stream.Stored : row.Command.Stored;

    /// <summary>SQLite and runs order hashes as signed numbers.</summary>
    private static int BucketOf(long hash, int shift) => unchecked((int)((ulong)(hash ^ long.MinValue) >> shift));
}
