using ChainCrm.Journal;

namespace ChainCrm.Engine.Tests;

/// <summary>A journal with handles: commits can be held, watched or made to fail, reads counted or held.</summary>
internal sealed class TestJournal(IJournal inner) : IJournal
{
    private int _streamReads;

    /// <summary>Called before each append with its entries; may throw or block.</summary>
    public Action<IReadOnlyList<EntryToAppend>>? BeforeAppend { get; set; }

    /// <summary>Called after each append took effect; may throw.</summary>
    public Action? AfterAppend { get; set; }

    /// <summary>Awaited before a stream is read.</summary>
    public Func<string, long, Task>? BeforeStreamRead { get; set; }

    /// <summary>Awaited before a command is looked up.</summary>
    public Func<string, string, Task>? BeforeFind { get; set; }

    /// <summary>Stream reads so far.</summary>
    public int StreamReads => Volatile.Read(ref _streamReads);

    public long Head => inner.Head;

    public async ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default)
    {
        BeforeAppend?.Invoke(batch);
        var result = await inner.AppendAsync(batch, cancellation);
        AfterAppend?.Invoke();
        return result;
    }

    /// <summary>Appends as another writer would.</summary>
    public ValueTask<AppendResult> AppendForeignAsync(string stream, long expectedVersion, string commandId, ReadOnlyMemory<byte> data) =>
        inner.AppendAsync([new EntryToAppend(stream, expectedVersion, commandId, false, 1, data)]);

    public async ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default)
    {
        Interlocked.Increment(ref _streamReads);
        if (BeforeStreamRead is { } before)
            await before(stream, fromVersion);
        return await inner.ReadStreamAsync(stream, fromVersion, max, cancellation);
    }

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default) =>
        inner.ReadStreamBackwardAsync(stream, beforeVersion, max, cancellation);

    public async ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default)
    {
        if (BeforeFind is { } before)
            await before(stream, commandId);
        return await inner.FindCommandAsync(stream, commandId, cancellation);
    }

    public ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default) =>
        inner.ReadAfterAsync(position, max, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
