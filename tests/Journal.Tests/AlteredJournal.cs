namespace ChainCrm.Journal.Tests;

/// <summary>A journal whose entries read differently than they are: what damage or a mistake would leave.</summary>
internal sealed class AlteredJournal(IJournal inner) : IJournal
{
    /// <summary>What an entry reads as; null leaves it out.</summary>
    public Func<JournalEntry, JournalEntry?> Alter { get; set; } = entry => entry;

    /// <summary>False when commands are not found any more.</summary>
    public bool FindsCommands { get; init; } = true;

    /// <summary>False when streams are read as if they were empty.</summary>
    public bool FindsStreams { get; init; } = true;

    public long? HeadIs { get; init; }

    public long Head => HeadIs ?? inner.Head;

    public ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default) => inner.AppendAsync(batch, cancellation);

    public async ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default) =>
        [.. (await inner.ReadAfterAsync(position, max, cancellation)).Select(Alter).OfType<JournalEntry>()];

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default) =>
        inner.ReadStreamAsync(stream, fromVersion, max, cancellation);

    public async ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default) =>
        FindsStreams ? await inner.ReadStreamBackwardAsync(stream, beforeVersion, max, cancellation) : [];

    public async ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default) =>
        FindsCommands ? await inner.FindCommandAsync(stream, commandId, cancellation) : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
