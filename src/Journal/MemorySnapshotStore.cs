using System.Collections.Concurrent;

namespace ChainCrm.Journal;

/// <summary>Snapshots that live as long as the process. Thread-safe.</summary>
public sealed class MemorySnapshotStore : ISnapshotStore
{
    private readonly ConcurrentDictionary<string, Snapshot> snapshots = new(StringComparer.Ordinal);
    private volatile bool disposed;

    /// <inheritdoc/>
    public ValueTask<Snapshot?> LoadAsync(string stream, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(disposed, this);
        return new(snapshots.GetValueOrDefault(stream));
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(IReadOnlyList<(string Stream, Snapshot Snapshot)> snapshots, CancellationToken cancellation = default)
    {
        JournalInput.CheckSnapshots(snapshots);
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(disposed, this);
        foreach (var (stream, snapshot) in snapshots)
        {
            // The bytes are copied: a caller may reuse its buffer.
            var kept = new Snapshot(snapshot.Version, snapshot.Data.ToArray());
            this.snapshots.AddOrUpdate(stream, kept, (_, old) => old.Version > kept.Version ? old : kept);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        disposed = true;
        snapshots.Clear();
        return ValueTask.CompletedTask;
    }
}
