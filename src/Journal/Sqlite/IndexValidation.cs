namespace ChainCrm.Journal.Sqlite;

/// <summary>The thorough look at index.db: the listed runs hold every position up to the last indexed one, once in each part and in order.</summary>
internal static class IndexValidation
{
    public static void Run(Db index, Action<string> report, CancellationToken cancellation)
    {
        // One state of the file, whatever is merged meanwhile.
        index.Execute("BEGIN");
        var upto = index.QueryInt64("SELECT indexed_upto FROM state");
        var cursor = new RunCursor(new(index));
        long expected = 1;
        foreach (var run in new RunTable(index).Read().Where(run => run.State == RunState.Listed))
        {
            if (run.FirstPosition != expected) report($"index.db: run {run.Id} begins at {run.FirstPosition} where {expected} follows");
            expected = run.LastPosition + 1;
            foreach (var part in (ReadOnlySpan<RunPart>)[RunPart.Streams, RunPart.Commands]) CheckPart(run, part, cursor, report, cancellation);
        }

        if (expected != upto + 1) report($"index.db: the runs end at {expected - 1} and the index at {upto}");
        index.Execute("COMMIT");
    }

    private static void CheckPart(Run run, RunPart part, RunCursor cursor, Action<string> report, CancellationToken cancellation)
    {
        long count = 0;
        // Two sums that differ when a position is there twice and another one is not: what is in the range, counted right and in order may still be that.
        var (sum, mixed) = (default(UInt128), 0L);
        var previous = new RunEntry(long.MinValue, 0, 0);
        for (var more = cursor.SeekFrom(run.Id, part, long.MinValue, 0); more; more = cursor.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = cursor.Current;
            if (!RunEntry.IsBefore(in previous, in entry)) report($"index.db: run {run.Id} has {entry} after {previous}");
            if (entry.Position < run.FirstPosition || entry.Position > run.LastPosition) report($"index.db: run {run.Id} has the foreign position {entry.Position}");
            previous = entry;
            count++;
            unchecked
            {
                sum += (ulong)entry.Position;
            }

            mixed ^= entry.Position;
        }

        if (count != run.Count) report($"index.db: run {run.Id} has {count} places of {(part == RunPart.Streams ? "streams" : "commands")} where {run.Count} are due");
        else if (sum != SumUpTo(run.LastPosition) - SumUpTo(run.FirstPosition - 1) || mixed != (MixedUpTo(run.LastPosition) ^ MixedUpTo(run.FirstPosition - 1)))
            report($"index.db: run {run.Id} has a position more than once among its {(part == RunPart.Streams ? "streams" : "commands")}, and lacks another one");
    }

    /// <summary>1 + 2 + ... + last.</summary>
    private static UInt128 SumUpTo(long last) => (UInt128)(ulong)last * ((ulong)last + 1) / 2;

    /// <summary>1 ^ 2 ^ ... ^ last: every four numbers from a multiple of four on cancel one another out.</summary>
    private static long MixedUpTo(long last) => (last & 3) switch { 0 => last, 1 => 1, 2 => last + 1, _ => 0 };
}
