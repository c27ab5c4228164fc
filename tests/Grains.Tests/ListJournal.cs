using ChainCrm.Journal;

namespace ChainCrm.Grains.Tests;

/// <summary>The journal behind a <see cref="ListFeed"/>, as far as the read side looks at it: its head and its entries' envelopes.</summary>
internal sealed class ListJournal(ListFeed feed) : IJournal
{
    public long Head => feed.Head;

    public ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default) =>
        new([.. feed.All.Skip((int)position).Take(max).Select(entry =>
            new JournalEntry(entry.Position, entry.Grain.Stream, entry.Version, entry.CommandId, entry.TimeMs, ReadOnlyMemory<byte>.Empty))]);

    public ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
