using ChainCrm.Domain;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Grains.Tests;

/// <summary>A feed over a list: what an engine commits, written down by the test itself.</summary>
internal sealed class ListFeed : IFeed
{
    private readonly Lock _lock = new();
    private readonly List<CommittedEntry> _entries = [];
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Head
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    public IReadOnlyList<CommittedEntry> All
    {
        get
        {
            lock (_lock) return [.. _entries];
        }
    }

    /// <summary>When set, a read throws instead of answering.</summary>
    public Exception? Failure { get; set; }

    public CommittedEntry Commit(GrainId grain, params object[] events) => Commit(grain, default, 0, events);

    public CommittedEntry Commit(GrainId grain, WakeUp wakeUp, long timeMs, params object[] events)
    {
        TaskCompletionSource grown;
        CommittedEntry entry;
        lock (_lock)
        {
            var version = _versions[grain.Stream] = _versions.GetValueOrDefault(grain.Stream) + 1;
            entry = new CommittedEntry(_entries.Count + 1, grain, version, $"command-{version}", timeMs, 1, 0, wakeUp, events);
            _entries.Add(entry);
            (grown, _grown) = (_grown, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        grown.SetResult();
        return entry;
    }

    private readonly PositionWaiters _released = new(0);

    /// <summary>Everything up to here was said to be taken.</summary>
    public long Released => _released.Position;

    public Task ReleasedAsync(long position) => _released.WaitAsync(position, CancellationToken.None).OrSay($"the readers said that they took {position}");

    public void Release(long position)
    {
        lock (_lock) _released.Reach(Math.Max(_released.Position, position));
    }

    public async ValueTask<IReadOnlyList<CommittedEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation)
    {
        while (true)
        {
            Task grown;
            lock (_lock)
            {
                if (Failure is { } failure) throw failure;
                if (position < _entries.Count) return _entries.GetRange((int)position, Math.Min(max, _entries.Count - (int)position));
                grown = _grown.Task;
            }

            await grown.WaitAsync(cancellation);
        }
    }
}
