namespace ChainCrm.Journal.Sqlite;

/// <summary>A run of entries that follow one another in the journal and are not in index.db yet. Holds numbers only, nothing for the collector to walk.
/// Not thread-safe; <see cref="Tail"/> guards it.</summary>
internal sealed class TailSegment(int capacity)
{
    private readonly Dictionary<TextKey, int> lastOfStream = [];
    private readonly Dictionary<TextKey, int> commands = [];
    private Row[] rows = new Row[Math.Min(capacity, 256)];

    public long FirstPosition { get; private set; }

    public int Count { get; private set; }

    public long LastPosition => FirstPosition + Count - 1;

    public bool Full => Count == capacity;

    /// <summary>Set when nothing more is added, so that the index thread may read it without the lock.</summary>
    public bool Closed { get; set; }

    public ReadOnlySpan<Row> Rows => rows.AsSpan(0, Count);

    public void Add(long position, TextKey stream, long version, TextKey command)
    {
        if (Count == 0) FirstPosition = position;
        else if (position != LastPosition + 1) throw new InvalidOperationException($"Position {position} does not follow {LastPosition}.");
        if (Count == rows.Length) Array.Resize(ref rows, Math.Min(capacity, rows.Length * 2));
        var previous = lastOfStream.TryGetValue(stream, out var last) ? last : -1;
        rows[Count] = new(stream.Stored, version, command.Stored, previous);
        lastOfStream[stream] = Count;
        commands[command] = Count;
        Count++;
    }

    public bool TryFindCommand(TextKey command, out long position)
    {
        var found = commands.TryGetValue(command, out var row);
        position = found ? FirstPosition + row : 0;
        return found;
    }

    /// <summary>Adds the stream's versions in here that lie in the range, newest first.</summary>
    public void CollectStream(TextKey stream, long fromVersion, long beforeVersion, List<(long Version, long Position)> into)
    {
        if (!lastOfStream.TryGetValue(stream, out var row)) return;
        for (; row >= 0 && rows[row].Version >= fromVersion; row = rows[row].Previous)
        {
            if (rows[row].Version < beforeVersion) into.Add((rows[row].Version, FirstPosition + row));
        }
    }

    /// <summary>The newest version of the stream in here.</summary>
    public bool TryFindHead(TextKey stream, out long version)
    {
        var found = lastOfStream.TryGetValue(stream, out var row);
        version = found ? rows[row].Version : 0;
        return found;
    }

    public void Clear()
    {
        Count = 0;
        FirstPosition = 0;
        Closed = false;
        lastOfStream.Clear();
        commands.Clear();
    }

    /// <param name="Stream">The stream's hash as stored.</param>
    /// <param name="Version">The version in the stream.</param>
    /// <param name="Command">The command's hash as stored.</param>
    /// <param name="Previous">The row of the stream's entry before this one, -1 when it is not in this segment.</param>
    internal readonly record struct Row(long Stream, long Version, long Command, int Previous);
}
