using ChainCrm.Journal.Sqlite;

namespace ChainCrm.Journal.Tests;

/// <summary>An index file of its own beside an empty journal, and a list of what it should know.</summary>
internal sealed class RunModel : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Db journal;
    private readonly IndexReader reader;
    private readonly Dictionary<TextKey, long> versions = [];

    public RunModel(int sliceEntries, long filterBytesMax)
    {
        JournalFile.CreateIfMissing(folder.File("journal.db"));
        journal = Db.OpenExisting(folder.File("journal.db"));
        Index = IndexFile.Open(
            new() { Folder = folder.Path, IndexSliceEntries = sliceEntries, IndexFilterBytesMax = filterBytesMax }, journal, head: 0);
        reader = new(folder.Path, Index.Filters);
    }

    public IndexFile Index { get; }

    public List<(long Position, TextKey Stream, long Version, TextKey Command)> Entries { get; } = [];

    /// <summary>Adds entries of these streams as one segment.</summary>
    public void Write(IEnumerable<TextKey> streams, Func<long, TextKey> command)
    {
        var batch = streams.ToList();
        var segment = new TailSegment(Math.Max(1, batch.Count));
        foreach (var stream in batch)
        {
            var position = Entries.Count + 1;
            var version = versions[stream] = versions.GetValueOrDefault(stream) + 1;
            Entries.Add((position, stream, version, command(position)));
            segment.Add(position, stream, version, command(position));
        }

        Index.Write([segment]);
    }

    /// <summary>Places of the stream's hash with versions in the range, as the index says.</summary>
    public List<(long Version, long Position)> Forward(TextKey stream, long from, long before)
    {
        List<(long Version, long Position)> found = [];
        reader.Begin();
        foreach (var run in reader.Runs)
        {
            var places = reader.From(run, stream, from);
            for (var more = places is not null; more && places!.Current.Hash == stream.Stored && places.Current.Version < before; more = places.Next())
                found.Add((places.Current.Version, places.Current.Position));
        }

        reader.End();
        return found;
    }

    /// <summary>The same, newest first.</summary>
    public List<(long Version, long Position)> Backward(TextKey stream, long from, long before)
    {
        List<(long Version, long Position)> found = [];
        reader.Begin();
        foreach (var run in reader.Runs.Reverse())
        {
            var places = reader.Below(run, stream, before);
            for (var more = places is not null; more && places!.Current.Hash == stream.Stored && places.Current.Version >= from; more = places.Previous())
                found.Add((places.Current.Version, places.Current.Position));
        }

        reader.End();
        return found;
    }

    /// <summary>Positions of the command's hash, as the index says.</summary>
    public List<long> Commands(TextKey command)
    {
        List<long> found = [];
        reader.Begin();
        foreach (var run in reader.Runs)
        {
            var places = reader.Command(run, command);
            for (var more = places is not null; more && places!.Current.Hash == command.Stored; more = places.Next()) found.Add(places.Current.Position);
        }

        reader.End();
        return found;
    }

    /// <summary>Writes the only block of a part of the first run anew, with other positions in it.</summary>
    public void Forge(RunPart part, Func<long, long> position)
    {
        using var db = Db.OpenExisting(IndexFile.PathIn(folder.Path));
        var cursor = new RunCursor(new(db));
        List<RunEntry> entries = [];
        for (var more = cursor.SeekFrom(1, part, long.MinValue, 0); more; more = cursor.Next()) entries.Add(cursor.Current with { Position = position(cursor.Current.Position) });
        var packed = new byte[JournalLimits.IndexBlockBytes];
        var length = RunBlock.Pack([.. entries], entries.Aggregate(0L, (bits, entry) => bits | entry.Version), entries.Aggregate(0L, (bits, entry) => bits | entry.Position), packed);
        using var write = db.Prepare($"UPDATE blocks SET data = ? WHERE id = (SELECT block FROM fences WHERE part = {RunBlocks.PartOf(1, part)})");
        write.BindBlob(1, packed.AsSpan(0, length));
        write.Run();
    }

    /// <summary>What is wrong with the file.</summary>
    public List<string> Faults()
    {
        List<string> faults = [];
        using var db = JournalFile.OpenReader(IndexFile.PathIn(folder.Path));
        IndexValidation.Run(db, faults.Add, CancellationToken.None);
        return faults;
    }

    /// <summary>Bytes of the file's pages, free ones among them.</summary>
    public long FileBytes()
    {
        using var db = JournalFile.OpenReader(IndexFile.PathIn(folder.Path));
        return db.QueryInt64("PRAGMA page_count") * db.QueryInt64("PRAGMA page_size");
    }

    public void Dispose()
    {
        reader.Dispose();
        Index.Dispose();
        journal.Dispose();
        folder.Dispose();
    }
}
