using System.Collections.Concurrent;

namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// The filters of the listed runs, within a limit of memory: a small run costs a look-up as much as a large one, so the smallest are served first. Nothing of
/// this is in a file; after a start a look-up asks every run until the index thread has read them. Look-ups are thread-safe, all else belongs to the index thread.
/// </summary>
/// <param name="bytesMax">Memory of all filters together.</param>
internal sealed class RunFilters(long bytesMax)
{
    private readonly ConcurrentDictionary<long, RunFilter> filters = new();
    private readonly Queue<Run> wanted = new();
    private readonly HashSet<long> unreadable = [];
    private RunFilter? making;
    private RunPart part;
    private RunCursor? cursor;

    /// <summary>True when a filter is to be made.</summary>
    public bool Due => wanted.Count > 0;

    /// <summary>Bytes of memory taken.</summary>
    public long Bytes { get; private set; }

    /// <summary>False when the hash is certainly not in the run. Runs are never changed and their ids never given again, so a filter can't be out of date.</summary>
    public bool MayHold(long run, RunPart of, long hash) => !filters.TryGetValue(run, out var filter) || filter.MayHold(of, hash);

    /// <summary>Says which runs are listed now.</summary>
    public void Choose(IEnumerable<Run> known)
    {
        var current = making is null ? null : wanted.Peek();
        wanted.Clear();
        Bytes = 0;
        HashSet<long> kept = [];
        List<Run> missing = [];
        foreach (var run in known.Where(run => run.State == RunState.Listed).OrderBy(run => run.Count))
        {
            if (Bytes + RunFilter.Bytes(run.Count) > bytesMax) break;
            Bytes += RunFilter.Bytes(run.Count);
            kept.Add(run.Id);
            if (!filters.ContainsKey(run.Id) && !unreadable.Contains(run.Id)) missing.Add(run);
        }

        foreach (var run in filters.Keys.Where(run => !kept.Contains(run))) filters.TryRemove(run, out _);

        // One that is begun is finished first: a large one would never be, if every small one that comes went before it.
        if (current is not null && kept.Contains(current.Id)) wanted.Enqueue(current);
        else making = null;
        foreach (var run in missing.Where(run => making is null || run.Id != current!.Id)) wanted.Enqueue(run);
    }

    /// <summary>Reads the next entries of the run whose filter is being made.</summary>
    /// <returns>The entries read.</returns>
    public long Make(RunBlocks blocks, long entriesMax)
    {
        try
        {
            return MakeSlice(wanted.Peek(), blocks, entriesMax);
        }
        catch (SqliteFault fault)
        {
            // A filter with a gap would deny what is there; and a damaged run must not keep the sound ones from being merged until the next start.
            making = null;
            if (fault.Damaged) unreadable.Add(wanted.Dequeue().Id);
            throw;
        }
    }

    private long MakeSlice(Run run, RunBlocks blocks, long entriesMax)
    {
        long count = 0;
        if (making is null)
        {
            (making, part, cursor) = (new(run.Count), RunPart.Streams, new(blocks));
            Seek(run);
        }

        while (cursor is not null)
        {
            if (count >= entriesMax) return count;
            making.Add(part, cursor.Current.Hash);
            count++;
            if (cursor.Next()) continue;
            part++;
            if (part > RunPart.Commands) cursor = null;
            else Seek(run);
        }

        filters[run.Id] = making;
        making = null;
        wanted.Dequeue();
        return count;
    }

    private void Seek(Run run)
    {
        if (!cursor!.SeekFrom(run.Id, part, long.MinValue, 0))
            throw new SqliteFault(SQLitePCL.raw.SQLITE_CORRUPT, $"run {run.Id} of the index is empty");
    }
}
