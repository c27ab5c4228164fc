using System.Collections.Concurrent;
using ChainCrm.Journal;

namespace ChainCrm.Engine.Tests;

/// <summary>A snapshot store that says when a stream's first snapshot was kept: they are written behind everybody's back.</summary>
internal sealed class TestSnapshots(ISnapshotStore inner) : ISnapshotStore
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _kept = new();

    public Task Kept(string stream) => Signal(stream).Task;

    public ValueTask<Snapshot?> LoadAsync(string stream, CancellationToken cancellation = default) => inner.LoadAsync(stream, cancellation);

    public async ValueTask SaveAsync(IReadOnlyList<(string Stream, Snapshot Snapshot)> snapshots, CancellationToken cancellation = default)
    {
        await inner.SaveAsync(snapshots, cancellation);
        foreach (var (stream, _) in snapshots)
            Signal(stream).TrySetResult();
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private TaskCompletionSource Signal(string stream) =>
        _kept.GetOrAdd(stream, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
