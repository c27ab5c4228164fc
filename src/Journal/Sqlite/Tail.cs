namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// Everything committed that index.db does not know yet, findable by stream and by command. The appender adds, readers look up, the index thread takes
/// closed segments and drops them once they are in the index. Thread-safe.
/// </summary>
internal sealed class Tail(int segmentEntries)
{
    private const int SparesKept = 2;
    private readonly Lock gate = new();
    private readonly List<TailSegment> segments = [];
    private readonly Stack<TailSegment> spares = new();
    private long count;

    /// <summary>Entries not in the index yet.</summary>
    public long Count => Volatile.Read(ref count);

    /// <summary>Adds entries that were committed together, so that a reader sees all of them or none.</summary>
    /// <returns>True when a segment became full: there is work for the index.</returns>
    public bool Add(long firstPosition, ReadOnlySpan<TailRow> rows)
    {
        var filled = false;
        lock (gate)
        {
            var position = firstPosition;
            foreach (ref readonly var row in rows)
            {
                var current = segments.Count > 0 && !segments[^1].Closed ? segments[^1] : Open();
                current.Add(position++, row.Stream, row.Version, row.Command);
                if (!current.Full) continue;
                current.Closed = true;
                filled = true;
            }

            Volatile.Write(ref count, count + rows.Length);
        }

        return filled;
    }

    public bool TryFindCommand(TextKey command, out long position)
    {
        lock (gate)
        {
            foreach (var segment in segments)
            {
                if (segment.TryFindCommand(command, out position)) return true;
            }
        }

        position = 0;
        return false;
    }

    /// <summary>Says of each row whether its command is known here. One lock for a whole batch.</summary>
    public void MarkKnownCommands(ReadOnlySpan<TailRow> rows, Span<bool> known)
    {
        lock (gate)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                foreach (var segment in segments)
                {
                    if (!segment.TryFindCommand(rows[i].Command, out _)) continue;
                    known[i] = true;
                    break;
                }
            }
        }
    }

    /// <summary>The newest version of the stream, when it is here.</summary>
    public bool TryFindHead(TextKey stream, out long version)
    {
        lock (gate)
        {
            for (var i = segments.Count - 1; i >= 0; i--)
            {
                if (segments[i].TryFindHead(stream, out version)) return true;
            }
        }

        version = 0;
        return false;
    }

    /// <summary>The stream's versions in the range that are here, oldest first. Versions of the range below the first of them are in the index.</summary>
    public List<(long Version, long Position)> CollectStream(TextKey stream, long fromVersion, long beforeVersion)
    {
        List<(long Version, long Position)> found = [];
        lock (gate)
        {
            for (var i = segments.Count - 1; i >= 0; i--) segments[i].CollectStream(stream, fromVersion, beforeVersion, found);
        }

        found.Reverse();
        return found;
    }

    /// <summary>The oldest closed segments, for the index thread to read; they stay findable until they are dropped.</summary>
    public TailSegment[] TakeClosed(int max, bool closeCurrent)
    {
        lock (gate)
        {
            if (closeCurrent && segments.Count > 0) segments[^1].Closed = true;
            return segments.TakeWhile(segment => segment.Closed).Take(max).ToArray();
        }
    }

    /// <summary>Forgets segments that are in the index now.</summary>
    public void Drop(TailSegment[] indexed)
    {
        lock (gate)
        {
            foreach (var segment in indexed)
            {
                if (segments[0] != segment) throw new InvalidOperationException("Segments are indexed in the order of the journal.");
                segments.RemoveAt(0);
                Volatile.Write(ref count, count - segment.Count);
                if (spares.Count >= SparesKept) continue;
                segment.Clear();
                spares.Push(segment);
            }
        }
    }

    private TailSegment Open()
    {
        if (!spares.TryPop(out var segment)) segment = new(segmentEntries);
        segments.Add(segment);
        return segment;
    }
}

/// <summary>What the tail keeps of one entry.</summary>
internal readonly record struct TailRow(TextKey Stream, long Version, TextKey Command);
