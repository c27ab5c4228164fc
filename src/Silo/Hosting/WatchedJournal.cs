using ChainCrm.Journal;

namespace ChainCrm.Silo.Hosting;

/// <summary>The journal, and whether its last append worked: what /health/ready says about writing. Costs one comparison per batch.</summary>
internal sealed class WatchedJournal(IJournal journal, TimeProvider clock) : IJournal
{
    // After a while without any write the old failure says nothing any more: the next write is the probe. Otherwise a server taken out of
    // the rotation because of a full disk would never get the write that shows there is room again.
    private const long ForgottenAfterMs = 10_000;
    private long _failedAtMs = long.MinValue / 2;
    private volatile bool _isDiskFull;

    public long Head => journal.Head;

    /// <summary>journal.failing or journal.disk-full while appends fail; null otherwise.</summary>
    public string? Check()
    {
        var isRecent = NowMs() - Interlocked.Read(ref _failedAtMs) < ForgottenAfterMs;
        return !isRecent ? null : _isDiskFull ? "journal.disk-full" : "journal.failing";
    }

    public async ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default)
    {
        try
        {
            var result = await journal.AppendAsync(batch, cancellation).ConfigureAwait(false);
            if (Interlocked.Read(ref _failedAtMs) > 0) Interlocked.Exchange(ref _failedAtMs, long.MinValue / 2);
            return result;
        }
        catch (JournalUnavailableException failure)
        {
            _isDiskFull = failure.DiskFull;
            Interlocked.Exchange(ref _failedAtMs, NowMs());
            throw;
        }
    }

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default) =>
        journal.ReadStreamAsync(stream, fromVersion, max, cancellation);

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default) =>
        journal.ReadStreamBackwardAsync(stream, beforeVersion, max, cancellation);

    public ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default) =>
        journal.FindCommandAsync(stream, commandId, cancellation);

    public ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default) =>
        journal.ReadAfterAsync(position, max, cancellation);

    public ValueTask DisposeAsync() => journal.DisposeAsync();

    private long NowMs() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
