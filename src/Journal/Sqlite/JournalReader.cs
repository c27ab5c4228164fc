namespace ChainCrm.Journal.Sqlite;

/// <summary>One pair of read connections, to journal.db and to index.db, with the questions asked of them. Not thread-safe.</summary>
internal sealed class JournalReader : IDisposable
{
    private readonly Db journal;
    private readonly Db index;
    private readonly Statement entryAt, namesAt, after, streamForward, streamBackward, command;

    public JournalReader(string folder)
    {
        journal = JournalFile.OpenReader(JournalFile.PathIn(folder));
        try
        {
            index = JournalFile.OpenReader(IndexFile.PathIn(folder));
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
        streamForward = index.Prepare(
            "SELECT position, version FROM stream_index WHERE hash = ? AND version >= ? AND version < ? ORDER BY version, position");
        streamBackward = index.Prepare(
            "SELECT position, version FROM stream_index WHERE hash = ? AND version >= ? AND version < ? ORDER BY version DESC, position");
        command = index.Prepare("SELECT position FROM command_index WHERE hash = ? ORDER BY position");
    }

    /// <summary>Adds the indexed entries of the stream with versions in the range, oldest or newest first, until the page is full.</summary>
    /// <returns>False when the page is full.</returns>
    public bool ReadIndexed(string stream, TextKey key, long fromVersion, long beforeVersion, bool backward, ref ReadPage page)
    {
        if (fromVersion >= beforeVersion) return true;
        var places = backward ? streamBackward : streamForward;
        try
        {
            places.Bind(1, key.Stored);
            places.Bind(2, fromVersion);
            places.Bind(3, beforeVersion);
            while (places.Step())
            {
                var entry = EntryAt(places.Int64(0), stream);
                if (entry is not null && entry.Version == places.Int64(1) && !page.Add(entry)) return false;
            }

            return true;
        }
        finally
        {
            places.Reset();
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
        try
        {
            streamBackward.Bind(1, key.Stored);
            streamBackward.Bind(2, 0);
            streamBackward.Bind(3, long.MaxValue);
            while (streamBackward.Step())
            {
                if (HoldsAt(streamBackward.Int64(0), stream, null)) return streamBackward.Int64(1);
            }

            return 0;
        }
        finally
        {
            streamBackward.Reset();
        }
    }

    /// <summary>The position of the command's entry in the stream; 0 when the index does not know it.</summary>
    public long FindIndexed(string stream, string commandId, TextKey key)
    {
        try
        {
            command.Bind(1, key.Stored);
            while (command.Step())
            {
                if (HoldsAt(command.Int64(0), stream, commandId)) return command.Int64(0);
            }

            return 0;
        }
        finally
        {
            command.Reset();
        }
    }

    public void Dispose()
    {
        journal.Dispose();
        index.Dispose();
    }

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
