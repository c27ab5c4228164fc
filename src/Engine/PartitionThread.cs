using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Engine;

/// <summary>
/// The threads that turn a partition's loop, and the thread pool as the world around it. Two threads take turns: the one whose turn made a batch
/// commits it itself, without handing it over, and the other one turns the loop meanwhile when enough waits to be worth waking it. In a quiet
/// moment only one of them is ever awake.
/// </summary>
internal sealed class PartitionThread : IPartitionHost, IDisposable
{
    private const int Threads = 2;
    private readonly SnapshotWriter _snapshots;
    private readonly ILogger _logger;
    private readonly int _index;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PartitionCore _core = null!;
    private Batch? _toCommit;
    private int _turning;
    private int _committing;
    private volatile bool _holding;
    private int _running = Threads;
    private volatile bool _over;

    public PartitionThread(int index, SnapshotWriter snapshots, ILogger logger) => (_index, _snapshots, _logger) = (index, snapshots, logger);

    /// <summary>Starts turning a core.</summary>
    public void Start(PartitionCore core)
    {
        _core = core;
        for (var i = 0; i < Threads; i++)
            new Thread(Loop) { Name = $"partition-{_index}{(char)('a' + i)}", IsBackground = true }.Start();
    }

    /// <summary>Completes when the loop has ended: everything inside was answered and snapshots are handed over.</summary>
    public Task Ended => _ended.Task;

    public void Queue(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    /// <summary>Called by the thread that turns the loop: it commits the batch as soon as this turn is over.</summary>
    public void Commit(Batch batch) => _toCommit = batch;

    public void Posted(int waiting)
    {
        // Whoever turns the loop looks into the mailbox again after it has stopped. So does whoever commits: until then a few can wait. A batch
        // that is held goes on soon without being asked.
        if (Volatile.Read(ref _turning) != 0 || _over)
            return;
        var least = Volatile.Read(ref _committing) != 0 ? EngineLimits.DecideDuringCommitMin : _holding ? EngineLimits.DecideDuringHoldMin : 1;
        if (waiting == least)
            WakeOne();
    }

    public void Wake()
    {
        if (Volatile.Read(ref _turning) == 0 && Volatile.Read(ref _committing) == 0 && !_over)
            WakeOne();
    }

    public bool TryKeep(string stream, Snapshot snapshot) => _snapshots.TryKeep(stream, snapshot);

    public void Dispose() => _wake.Dispose();

    private void WakeOne()
    {
        try
        {
            _wake.Set();
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended between the look at the flags and here: nobody is left to wake.
        }
    }

    private void Loop()
    {
        while (!_over)
        {
            TurnAndCommit();
            if (!_over)
                _wake.WaitOne(_core.IsHolding ? EngineLimits.HoldMs : Timeout.Infinite);
        }
        // The other thread may sleep; the last one out ends everything.
        _wake.Set();
        if (Interlocked.Decrement(ref _running) > 0)
            return;
        HandOverSnapshots();
        _ended.SetResult();
    }

    /// <summary>Turns the loop for as long as there is something to do, unless the other thread does.</summary>
    private void TurnAndCommit()
    {
        while (Interlocked.CompareExchange(ref _turning, 1, 0) == 0)
        {
            while (Turn() && _toCommit is null)
            {
            }
            var batch = _toCommit;
            _toCommit = null;
            _over |= _core.IsStopping && _core.IsDrained;
            // Before the flag is down: from then on whoever posts looks at it.
            _holding = _core.IsHolding;
            var leftOver = batch is not null && _core.IsWorthASecondThread;
            if (batch is not null)
                Interlocked.Increment(ref _committing);
            Interlocked.Exchange(ref _turning, 0);
            if (batch is not null)
            {
                // Posts that came while the flag was up woke nobody.
                if (leftOver || _core.IsWorthASecondThread)
                    _wake.Set();
                batch.Commit();
                // Counted, not set: the other thread may have taken the batch already and be committing the next one.
                Interlocked.Decrement(ref _committing);
            }
            else if (_over || !(_core.HasWork || (_core.IsStopping && _core.IsDrained)))
            {
                // Looked at after the flag is down: whoever posted before it was seen, whoever posts after it wakes a thread.
                return;
            }
        }
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
