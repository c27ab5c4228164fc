using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Engine;

/// <summary>The thread that turns a partition's loop, and the thread pool as the world around it.</summary>
internal sealed class PartitionThread : IPartitionHost, IDisposable
{
    private readonly SnapshotWriter _snapshots;
    private readonly ILogger _logger;
    private readonly int _index;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PartitionCore _core = null!;
    private int _asleep;

    public PartitionThread(int index, SnapshotWriter snapshots, ILogger logger) => (_index, _snapshots, _logger) = (index, snapshots, logger);

    /// <summary>Starts turning a core.</summary>
    public void Start(PartitionCore core)
    {
        _core = core;
        new Thread(Loop) { Name = $"partition-{_index}", IsBackground = true }.Start();
    }

    /// <summary>Completes when the loop has ended: everything inside was answered and snapshots are handed over.</summary>
    public Task Ended => _ended.Task;

    public void Queue(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    public void Wake()
    {
        if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0)
            _wake.Set();
    }

    public bool TryKeep(string stream, Snapshot snapshot) => _snapshots.TryKeep(stream, snapshot);

    public void Dispose() => _wake.Dispose();

    private void Loop()
    {
        while (!(_core.IsStopping && _core.IsDrained))
        {
            if (Turn())
                continue;
            Interlocked.Exchange(ref _asleep, 1);
            // Looked at after the flag is up: whoever posted before it was seen, whoever posts after it wakes the loop.
            if (_core.HasWork || (_core.IsStopping && _core.IsDrained))
                Interlocked.Exchange(ref _asleep, 0);
            else
                _wake.WaitOne();
        }
        HandOverSnapshots();
        _ended.SetResult();
    }

    private bool Turn()
    {
        try
        {
            return _core.RunOnce();
        }
        catch (Exception failure)
        {
            // Every known trouble is handled inside; the loop itself must outlive the unknown ones.
            EngineLog.LoopFailed(_logger, failure, _index);
            return true;
        }
    }

    private void HandOverSnapshots()
    {
        try
        {
            foreach (var (stream, snapshot) in _core.LastSnapshots())
                _snapshots.KeepAsync(stream, snapshot).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception failure)
        {
            EngineLog.LoopFailed(_logger, failure, _index);
        }
    }
}
