namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// Looks into index.db. Between <see cref="Begin"/> and <see cref="End"/> it sees one state of the file, however many merges end meanwhile: a run that was
/// listed at the beginning has all of its blocks till the end. Not thread-safe.
/// </summary>
internal sealed class IndexReader : IDisposable
{
    private readonly Db db;
    private readonly RunFilters filters;
    private readonly Statement begin, generation, listed, end;
    private readonly RunCursor cursor;
    private readonly List<long> runs = [];
    private long seenGeneration = -1;

    public IndexReader(string folder, RunFilters filters)
    {
        this.filters = filters;
        db = JournalFile.OpenReader(IndexFile.PathIn(folder));
        try
        {
            begin = db.Prepare("BEGIN");
            generation = db.Prepare("SELECT generation FROM state WHERE id = 1");
            listed = db.Prepare($"SELECT run FROM runs WHERE state = {(int)RunState.Listed} ORDER BY first_position");
            end = db.Prepare("COMMIT");
            cursor = new(new(db));
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>The runs to be asked, oldest entries first.</summary>
    public IReadOnlyList<long> Runs => runs;

    /// <summary>Takes the newest state of the file. To be followed by <see cref="End"/> whatever happens.</summary>
    public void Begin()
    {
        begin.Run();
        try
        {
            if (!generation.Step()) throw new SqliteFault(SQLitePCL.raw.SQLITE_CORRUPT, "index.db has no state");
            var current = generation.Int64(0);
            if (current == seenGeneration) return;
            runs.Clear();
            while (listed.Step()) runs.Add(listed.Int64(0));
            seenGeneration = current;
        }
        finally
        {
            generation.Reset();
            listed.Reset();
        }
    }

    public void End()
    {
        if (!db.Autocommit) end.Run();
    }

    /// <summary>The places of the stream in the run with versions in the range, oldest first; null when there are none.</summary>
    public RunCursor? From(long run, TextKey stream, long fromVersion) =>
        filters.MayHold(run, RunPart.Streams, stream.Stored)
        && cursor.SeekFrom(run, RunPart.Streams, stream.Stored, fromVersion)
        && cursor.Current.Hash == stream.Stored ? cursor : null;

    /// <summary>The places of the stream in the run with versions below, newest first; null when there are none.</summary>
    public RunCursor? Below(long run, TextKey stream, long beforeVersion) =>
        filters.MayHold(run, RunPart.Streams, stream.Stored)
        && cursor.SeekBelow(run, RunPart.Streams, stream.Stored, beforeVersion)
        && cursor.Current.Hash == stream.Stored ? cursor : null;

    /// <summary>The places of the command in the run; null when there are none.</summary>
    public RunCursor? Command(long run, TextKey command) =>
        filters.MayHold(run, RunPart.Commands, command.Stored)
        && cursor.SeekFrom(run, RunPart.Commands, command.Stored, 0)
        && cursor.Current.Hash == command.Stored ? cursor : null;

    public void Dispose() => db.Dispose();
}
