namespace ChainCrm.Journal.Sqlite;

/// <summary>Entries that follow one another in the journal and are not in index.db yet. Holds numbers only, nothing for the collector to walk.
/// Not thread-safe; <see cref="Tail"/> guards it.</summary>
internal sealed class TailSegment
{
    private readonly int capacity;
    private readonly RowTable<Row, StreamOfRow> lastOfStream;
    private readonly RowTable<Row, CommandOfRow> commands;
    private Row[] rows;

    public TailSegment(int capacity)
    {
        this.capacity = capacity;
        rows = new Row[Math.Min(capacity, 256)];
        lastOfStream = new(rows.Length);
        commands = new(rows.Length);
    }

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
        if (Count == rows.Length) Grow();
        rows[Count] = new(stream, version, command, lastOfStream.Put(rows, stream, Count));
        _ = commands.Put(rows, command, Count);
        Count++;
    }

    public bool TryFindCommand(TextKey command, out long position)
    {
        var row = commands.Find(rows, command);
        position = row < 0 ? 0 : FirstPosition + row;
        return row >= 0;
    }

    /// <summary>Adds the stream's versions in here that lie in the range, newest first.</summary>
    public void CollectStream(TextKey stream, long fromVersion, long beforeVersion, List<(long Version, long Position)> into)
    {
        for (var row = lastOfStream.Find(rows, stream); row >= 0 && rows[row].Version >= fromVersion; row = rows[row].Previous)
        {
            if (rows[row].Version < beforeVersion) into.Add((rows[row].Version, FirstPosition + row));
        }
    }

    /// <summary>The newest version of the stream in here.</summary>
    public bool TryFindHead(TextKey stream, out long version)
    {
        var row = lastOfStream.Find(rows, stream);
        version = row < 0 ? 0 : rows[row].Version;
        return row >= 0;
    }

    public void Clear()
    {
        Count = 0;
        FirstPosition = 0;
        Closed = false;
        lastOfStream.Clear();
        commands.Clear();
    }

    /// <summary>A row by its number, counted through all of the segments.</summary>
    public static ref readonly Row RowAt(ReadOnlySpan<TailSegment> segments, int row)
    {
        foreach (var segment in segments)
        {
            if (row < segment.Count) return ref segment.rows[row];
            row -= segment.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(row));
    }

    /// <summary>A segment is used again when it has been indexed, so this comes to an end soon.</summary>
    private void Grow()
    {
        Array.Resize(ref rows, Math.Min(capacity, rows.Length * 2));
        lastOfStream.Resize(rows, Count);
        commands.Resize(rows, Count);
    }

    /// <param name="Stream">The stream.</param>
    /// <param name="Version">The version in the stream.</param>
    /// <param name="Command">The command.</param>
    /// <param name="Previous">The row of the stream's entry before this one, -1 when it is not in this segment.</param>
    internal readonly record struct Row(TextKey Stream, long Version, TextKey Command, int Previous);

    private readonly struct StreamOfRow : IRowKey<Row>
    {
        public static TextKey Of(in Row row) => row.Stream;
    }

    private readonly struct CommandOfRow : IRowKey<Row>
    {
        public static TextKey Of(in Row row) => row.Command;
    }
}
