namespace ChainCrm.Journal.Sqlite;

/// <summary>One pair of read connections, to journal.db and to index.db, with the questions asked of them. Not thread-safe.</summary>
internal sealed class JournalReader : IDisposable
{
    private readonly Db journal;
    private readonly IndexReader index;
    private readonly Statement entryAt, namesAt, after;

    public JournalReader(string folder, RunFilters filters)
    {
        journal = JournalFile.OpenReader(JournalFile.PathIn(folder));
        try
        {
            index = new(folder, filters);
        }
        catch
        {
            journal.Dispose();
            throw;
        }

        entryAt = journal.Prepare("SELECT position, stream, version, command, time, data FROM entries WHERE position = ?");
        namesAt = journal.Prepare("SELECT stream, version, command FROM entries WHERE position = ?");
        after = journal.Prepare(
            "SELECT position, stream, version, command, time, data FROM entries WHERE position > ? AND position <= ? ORDER BY position LIMIT ?");
    }

    /// <summary>Adds the indexed entries of the stream with versions in the range and positions up to one, oldest or newest first, until the page is full.</summary>
    /// <returns>False when the page is full.</returns>
    public bool ReadIndexed(string stream, TextKey key, long fromVersion, long beforeVersion, long upto, bool backward, ref ReadPage page)
    {
        if (fromVersion >= beforeVersion) return true;
        index.Begin();
        try
        {
            // Runs follow one another as the versions of a stream do: one after the other is the order that is asked for.
            var room = true;
            for (var i = 0; room && i < index.Runs.Count; i++)
            {
                room = backward
                    ? AddBackward(index.Runs[^(i + 1)], stream, key, fromVersion, beforeVersion, upto, ref page)
                    : AddForward(index.Runs[i], stream, key, fromVersion, beforeVersion, upto, ref page);
            }

            return room;
        }
        finally
        {
            index.End();
        }
    }

    /// <summary>The entry, or null when it is of another stream whose name has the same hash.</summary>
    public JournalEntry? EntryAt(long position, string stream)
    {
        try
        {
            entryAt.Bind(1, position);
            if (!entryAt.Step()) throw Missing(position);
            return SameText(entryAt.Bytes(1), stream) ? Entry(entryAt, stream) : null;
        }
        finally
        {
            entryAt.Reset();
        }
    }

    public void ReadAfter(long position, long upto, int max, ref ReadPage page)
    {
        try
        {
            after.Bind(1, position);
            after.Bind(2, upto);
            after.Bind(3, max);
            while (after.Step() && page.Add(Entry(after, null)))
            {
                // Add takes the entry; nothing else is to be done with it.
            }
        }
        finally
        {
            after.Reset();
        }
    }

    /// <summary>The newest indexed version of the stream; 0 when the index does not know it.</summary>
    public long IndexedHead(string stream, TextKey key)
    {
        index.Begin();
        try
        {
            for (var i = index.Runs.Count - 1; i >= 0; i--)
            {
                var places = index.Below(index.Runs[i], key, long.MaxValue);
                for (var more = places is not null; more && places!.Current.Hash == key.Stored; more = places.Previous())
                {
                    if (HoldsAt(places.Current.Position, stream, null)) return places.Current.Version;
                }
            }

            return 0;
        }
        finally
        {
            index.End();
        }
    }

    /// <summary>The position of the command's entry in the stream; 0 when the index does not know it.</summary>
    public long FindIndexed(string stream, string commandId, TextKey key)
    {
        index.Begin();
        try
        {
            for (var i = index.Runs.Count - 1; i >= 0; i--)
            {
                var places = index.Command(index.Runs[i], key);
                for (var more = places is not null; more && places!.Current.Hash == key.Stored; more = places.Next())
                {
                    if (HoldsAt(places.Current.Position, stream, commandId)) return places.Current.Position;
                }
            }

            return 0;
        }
        finally
        {
            index.End();
        }
    }

    public void Dispose()
    {
        journal.Dispose();
        index.Dispose();
    }

    private bool AddForward(long run, string stream, TextKey key, long fromVersion, long beforeVersion, long upto, ref ReadPage page)
    {
        var places = index.From(run, key, fromVersion);
        for (var more = places is not null; more && places!.Current.Hash == key.Stored && places.Current.Version < beforeVersion; more = places.Next())
        {
            if (!AddAt(places.Current, stream, upto, ref page)) return false;
        }

        return true;
    }

    private bool AddBackward(long run, string stream, TextKey key, long fromVersion, long beforeVersion, long upto, ref ReadPage page)
    {
        var places = index.Below(run, key, beforeVersion);
        for (var more = places is not null; more && places!.Current.Hash == key.Stored && places.Current.Version >= fromVersion; more = places.Previous())
        {
            if (!AddAt(places.Current, stream, upto, ref page)) return false;
        }

        return true;
    }

    /// <returns>False when the page is full.</returns>
    private bool AddAt(RunEntry place, string stream, long upto, ref ReadPage page) =>
        place.Position > upto || EntryAt(place.Position, stream) is not { } entry || entry.Version != place.Version || page.Add(entry);

    private bool HoldsAt(long position, string stream, string? commandId)
    {
        try
        {
            namesAt.Bind(1, position);
            if (!namesAt.Step()) throw Missing(position);
            return SameText(namesAt.Bytes(0), stream) && (commandId is null || SameText(namesAt.Bytes(2), commandId));
        }
        finally
        {
            namesAt.Reset();
        }
    }

    private static JournalEntry Entry(Statement row, string? stream) => new(
        row.Int64(0), stream ?? row.Text(1), row.Int64(2), row.Text(3), row.Int64(4), row.Bytes(5).ToArray());

    private static SqliteFault Missing(long position) =>
        new(SQLitePCL.raw.SQLITE_CORRUPT, $"the index names position {position}, where the journal has no entry");

    private static bool SameText(ReadOnlySpan<byte> utf8, string text)
    {
        Span<byte> expected = stackalloc byte[JournalLimits.StreamLengthMax * 3];
        return utf8.SequenceEqual(expected[..System.Text.Encoding.UTF8.GetBytes(text, expected)]);
    }
}
