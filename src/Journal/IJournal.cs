namespace ChainCrm.Journal;

/// <summary>One committed entry: what one accepted command did. The journal knows bytes and versions, no business.</summary>
/// <param name="Position">Place in the whole journal; strictly increasing in commit order, first is 1.</param>
/// <param name="Stream">The stream (one per grain), 1 to 200 characters.</param>
/// <param name="Version">Place in its stream; 1, 2, 3 ... without gaps.</param>
/// <param name="CommandId">The command that caused it, 1 to 128 characters, unique within its stream for ever.</param>
/// <param name="TimeMs">When it was written, milliseconds since 1970 UTC.</param>
/// <param name="Data">The payload, opaque here.</param>
public sealed record JournalEntry(long Position, string Stream, long Version, string CommandId, long TimeMs, ReadOnlyMemory<byte> Data);

/// <summary>An entry to be appended.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="ExpectedVersion">The version of the stream's last entry, 0 for a new stream; the new entry gets the next one.</param>
/// <param name="CommandId">The command that caused it.</param>
/// <param name="CommandIsNew">The caller has proof that the stream does not hold this command id yet (its own state and the expected version say so),
/// so the journal need not look it up in its index. When false the journal looks it up.</param>
/// <param name="TimeMs">When it is written.</param>
/// <param name="Data">The payload; the memory need stay valid only until the append returns.</param>
public readonly record struct EntryToAppend(
    string Stream, long ExpectedVersion, string CommandId, bool CommandIsNew, long TimeMs, ReadOnlyMemory<byte> Data);

/// <summary>How an append ended. All entries were committed, or none.</summary>
/// <param name="FirstPosition">Position of the first entry; the rest follow without gaps in this batch. 0 when nothing was written.</param>
/// <param name="ConflictedStreams">Streams whose expected version or command id did not hold; nothing was written when there is one.</param>
public sealed record AppendResult(long FirstPosition, IReadOnlyList<string> ConflictedStreams)
{
    /// <summary>True when everything was written and is durable.</summary>
    public bool Committed => ConflictedStreams.Count == 0;
}

/// <summary>The journal can't write or read now (disk full, I/O error, lost connection). Whether an append took effect may be unknown:
/// the caller drops what it holds of the streams and reads them again.</summary>
public sealed class JournalUnavailableException : Exception
{
    public JournalUnavailableException() { }
    public JournalUnavailableException(string message) : base(message) { }
    public JournalUnavailableException(string message, Exception inner) : base(message, inner) { }
    /// <summary>True when the disk is full: reads go on, writes pass again once there is room.</summary>
    public bool DiskFull { get; init; }
}

/// <summary>The journal's file is damaged, of a newer format, or held by another process. Nothing was touched; the server must not start.</summary>
public sealed class JournalUnusableException : Exception
{
    public JournalUnusableException() { }
    public JournalUnusableException(string message) : base(message) { }
    public JournalUnusableException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>The record: append with expected version, read, tail. Thread-safe. Every implementation passes tests/Journal.Tests/JournalConformance.</summary>
/// <remarks>What is out of the bounds of <see cref="JournalLimits"/> is refused with <see cref="ArgumentException"/> before anything is written or read.
/// A read may return fewer entries than asked for (<see cref="JournalLimits.ReadBytesMax"/>): only an empty answer says that there are no more.
/// Cancelling an append before it begins writes nothing; once begun it runs to its end.</remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Position of the last committed entry; 0 when empty.</summary>
    long Head { get; }

    /// <summary>
    /// Commits the whole batch in one transaction, or nothing. Entries of one stream may follow one another within the batch
    /// (expected versions n, n+1 ...). Returns after the batch is durable. At most <see cref="JournalLimits.BatchMax"/> entries
    /// and <see cref="JournalLimits.BatchBytesMax"/> bytes.
    /// </summary>
    /// <exception cref="JournalUnavailableException">It is unknown whether the batch was written.</exception>
    ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default);

    /// <summary>Entries of a stream from a version on, in order; at most <paramref name="max"/>.</summary>
    ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default);

    /// <summary>Entries of a stream below a version, newest first; at most <paramref name="max"/>. <see cref="long.MaxValue"/> starts at the newest.</summary>
    ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default);

    /// <summary>The entry that a command caused in a stream, or null.</summary>
    ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default);

    /// <summary>Committed entries after a position in commit order; at most <paramref name="max"/>; empty at the end (never waits).</summary>
    ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default);
}

/// <summary>A grain's state at a version, kept beside the journal to make activation short. Disposable: losing all of them loses nothing.</summary>
/// <param name="Version">The stream version the state stands at.</param>
/// <param name="Data">The state, in the grain's own format.</param>
public sealed record Snapshot(long Version, ReadOnlyMemory<byte> Data);

/// <summary>Keeps the newest snapshot of each stream. Not on the commit path; a lost write is harmless.</summary>
public interface ISnapshotStore : IAsyncDisposable
{
    /// <summary>The stream's snapshot, or null.</summary>
    ValueTask<Snapshot?> LoadAsync(string stream, CancellationToken cancellation = default);

    /// <summary>Keeps these, each replacing one of its stream that is not newer.</summary>
    /// <exception cref="JournalUnavailableException">They could not be kept, at least not all; harmless but for the time the next activation takes.</exception>
    ValueTask SaveAsync(IReadOnlyList<(string Stream, Snapshot Snapshot)> snapshots, CancellationToken cancellation = default);
}
