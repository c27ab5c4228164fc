namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// Merges runs of one level into a run of the next, and deletes what was merged, in slices of bounded length. A slice begins where the file says that the last
/// one ended, so it makes no difference whether a crash, a fault or a restart came between. Used by the index thread, within a transaction.
/// </summary>
internal sealed class RunMerger
{
    private readonly RunTable runs;
    private readonly RunWriter writer;
    private readonly RunCursor end;
    private readonly RunCursor[] sources;
    private readonly RunEntry[] heads;
    private readonly Statement oldFences, deleteBlock, deleteFence;
    private readonly List<RunFence> deleting = [];

    public RunMerger(Db db, RunTable runs, RunWriter writer)
    {
        (this.runs, this.writer) = (runs, writer);
        var blocks = new RunBlocks(db);
        end = new(blocks);
        sources = new RunCursor[JournalLimits.IndexMergeRuns];
        heads = new RunEntry[sources.Length];
        for (var i = 0; i < sources.Length; i++) sources[i] = new(blocks);
        oldFences = db.Prepare("SELECT hash, version, block FROM fences WHERE part = ? ORDER BY hash, version, block LIMIT ?");
        deleteBlock = db.Prepare("DELETE FROM blocks WHERE id = ?");
        deleteFence = db.Prepare("DELETE FROM fences WHERE part = ? AND hash = ? AND version = ? AND block = ?");
    }

    /// <summary>What is to be done next, or null: space is freed before more is taken, and lower levels go first, so that a large merge never holds up small ones.</summary>
    public static MergeWork? Due(List<Run> known)
    {
        var retired = known.Find(run => run.State == RunState.Retired);
        if (retired is not null) return new(retired, null);
        var levels = known.Where(run => run.State == RunState.Listed).Max(run => (int?)run.Level) ?? -1;
        for (var level = 0; level <= levels; level++)
        {
            var output = known.Find(run => run.State == RunState.Merging && run.Level == level + 1);
            if (output is not null) return new(output, SourcesOf(output, known));
            var listed = known.FindAll(run => run.State == RunState.Listed && run.Level == level);
            if (listed.Count >= JournalLimits.IndexMergeRuns) return new(null, listed[..JournalLimits.IndexMergeRuns]);
        }

        return null;
    }

    /// <summary>A run for the entries of all of them, empty as yet.</summary>
    public Run Begin(IReadOnlyList<Run> merging, long id)
    {
        var output = new Run(id, RunState.Merging, merging[0].Level + 1, merging[0].FirstPosition, merging[^1].LastPosition, 0, 0);
        runs.Add(output);
        return output;
    }

    /// <summary>Writes the next blocks of the output.</summary>
    /// <returns>The entries written, and whether the output is listed now in place of its sources.</returns>
    public (long Written, bool Complete) Merge(Run output, IReadOnlyList<Run> merging, long entriesMax)
    {
        var (streams, commands) = (0L, 0L);
        var whole = output.Commands > 0 || MergePart(output, merging, RunPart.Streams, entriesMax, out streams);
        whole = whole && MergePart(output, merging, RunPart.Commands, entriesMax - streams, out commands);
        runs.AddWritten(output.Id, streams, commands);
        if (!whole) return (streams + commands, false);
        if (output.Streams + streams != output.Count || output.Commands + commands != output.Count)
            throw new SqliteFault(SQLitePCL.raw.SQLITE_CORRUPT, $"run {output.Id} of the index should have {output.Count} entries after its merge and has "
                + $"{output.Streams + streams} of streams and {output.Commands + commands} of commands");
        runs.SetState(output.Id, RunState.Listed);
        foreach (var source in merging) runs.SetState(source.Id, RunState.Retired);
        return (streams + commands, true);
    }

    /// <summary>Deletes the next blocks of a run that is asked no more, and at last the run itself.</summary>
    /// <returns>The blocks deleted.</returns>
    public int Delete(Run retired, int blocksMax)
    {
        var deleted = 0;
        foreach (var part in (ReadOnlySpan<RunPart>)[RunPart.Streams, RunPart.Commands])
        {
            deleted += DeletePart(RunBlocks.PartOf(retired.Id, part), blocksMax - deleted);
            if (deleted == blocksMax) return deleted;
        }

        runs.Delete(retired.Id);
        return deleted;
    }

    private static List<Run> SourcesOf(Run output, List<Run> known)
    {
        var merging = known.FindAll(run => run.State == RunState.Listed && output.Covers(run));
        return merging.Count is > 0 and <= JournalLimits.IndexMergeRuns && merging.Sum(run => run.Count) == output.Count
            ? merging
            : throw new SqliteFault(SQLitePCL.raw.SQLITE_CORRUPT, $"the runs that run {output.Id} of the index merges are not there");
    }

    private bool MergePart(Run output, IReadOnlyList<Run> merging, RunPart part, long entriesMax, out long written)
    {
        var open = OpenSources(output, merging, part);
        writer.Begin(output.Id, part);
        while (open > 0 && writer.Written < entriesMax)
        {
            var least = 0;
            for (var i = 1; i < open; i++)
            {
                if (RunEntry.IsBefore(in heads[i], in heads[least])) least = i;
            }

            writer.Add(in heads[least]);
            if (sources[least].Next()) heads[least] = sources[least].Current;
            else Close(least, --open);
        }

        // Otherwise what has not filled a block yet is merged again by the next slice.
        if (open == 0) writer.Flush();
        written = writer.Written;
        return open == 0;
    }

    /// <summary>Puts the cursors behind what the output holds already.</summary>
    private int OpenSources(Run output, IReadOnlyList<Run> merging, RunPart part)
    {
        var begun = end.SeekLast(output.Id, part);
        var last = begun ? end.Current : new(long.MinValue, 0, 0);
        var open = 0;
        foreach (var source in merging)
        {
            var more = sources[open].SeekFrom(source.Id, part, last.Hash, last.Version);
            while (more && begun && !RunEntry.IsBefore(in last, sources[open].Current)) more = sources[open].Next();
            if (more) heads[open] = sources[open++].Current;
        }

        return open;
    }

    /// <summary>The last open source takes the place of one that has come to its end.</summary>
    private void Close(int ended, int last)
    {
        (sources[ended], sources[last]) = (sources[last], sources[ended]);
        heads[ended] = heads[last];
    }

    private int DeletePart(long part, int blocksMax)
    {
        deleting.Clear();
        oldFences.Bind(1, part);
        oldFences.Bind(2, blocksMax);
        try
        {
            while (oldFences.Step()) deleting.Add(new(oldFences.Int64(0), oldFences.Int64(1), oldFences.Int64(2)));
        }
        finally
        {
            oldFences.Reset();
        }

        foreach (var fence in deleting)
        {
            deleteBlock.Bind(1, fence.Block);
            deleteBlock.Run();
            deleteFence.Bind(1, part);
            deleteFence.Bind(2, fence.Hash);
            deleteFence.Bind(3, fence.Version);
            deleteFence.Bind(4, fence.Block);
            deleteFence.Run();
        }

        return deleting.Count;
    }
}

/// <summary>What a slice is to do.</summary>
/// <param name="Run">The run to be deleted, or the output of a merge that goes on; null when a merge begins.</param>
/// <param name="Merging">The runs to be merged, oldest first; null when a run is to be deleted.</param>
internal sealed record MergeWork(Run? Run, IReadOnlyList<Run>? Merging);
