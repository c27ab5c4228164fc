using System.Collections.Concurrent;
using ChainCrm.Domain;
using ChainCrm.Grains;
using ChainCrm.Grains.Runtime;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Engine;

/// <summary>
/// One partition: its grains and everything that happens to them, one turn after another. <see cref="RunOnce"/> is the whole loop body and
/// runs on one thread at a time; the thread that repeats it is elsewhere (<see cref="PartitionThread"/>), so that the simulation drives
/// the very same code step by step.
/// </summary>
internal partial class PartitionCore
{
    private readonly int _index;
    private readonly IJournal _journal;
    private readonly GrainLoader _loader;
    private readonly IProgrammes _programmes;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly IPartitionHost _host;
    private readonly FeedRing _feed;
    private readonly EngineMetrics _metrics;
    private readonly ILogger _logger;
    private readonly long _startTimestamp;

    private readonly Mailbox _mailbox = new();
    private readonly SlotTable _slots = new();
    private readonly ConcurrentQueue<CompletionList> _spareLists = new();
    private OperationQueue _run;
    private readonly List<CompletionList> _full = [];
    private CompletionList _ready;
    private int _nowSecond;
    private int _inside;
    private int _answering;
    private bool _settled;
    private int _stopping;

    public PartitionCore(
        int index, IJournal journal, GrainLoader loader, IProgrammes programmes, EngineOptions options, TimeProvider time,
        IPartitionHost host, FeedRing feed, EngineMetrics metrics, ILogger logger)
    {
        _index = index;
        _journal = journal;
        _loader = loader;
        _programmes = programmes;
        _options = options;
        _time = time;
        _host = host;
        _feed = feed;
        _metrics = metrics;
        _logger = logger;
        _startTimestamp = time.GetTimestamp();
        _ready = new CompletionList(this);
        (_open, _spare) = (new Batch(this, journal, options.BatchBufferStartBytes), new Batch(this, journal, options.BatchBufferStartBytes));
    }

    /// <summary>Operations inside: posted and not yet answered.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Grains in memory.</summary>
    public int Activations => _slots.Count;

    /// <summary>Nothing is inside and nothing is under way.</summary>
    public bool IsDrained => Interlocked.CompareExchange(ref _inside, 0, 0) == 0 && _mailbox.IsEmpty && _inFlight == 0 && _flying is null;

    /// <summary>True after <see cref="Stop"/>.</summary>
    public bool IsStopping => Volatile.Read(ref _stopping) != 0;

    /// <summary>Makes room for one operation; a refusal when there is none. Every success is followed by <see cref="Send"/> of it.</summary>
    public Rejection? TryEnter()
    {
        // Counted before looking at the flag: the loop ends only when the flag is set and nobody is inside.
        if (Interlocked.Increment(ref _inside) > _options.PartitionMailboxMax)
        {
            Interlocked.Decrement(ref _inside);
            return EngineRejections.Busy;
        }
        if (!IsStopping)
            return null;
        Interlocked.Decrement(ref _inside);
        _host.Wake();
        return EngineRejections.Stopping;
    }

    /// <summary>Gives the room of answered operations back.</summary>
    public void Leave(int count)
    {
        Interlocked.Add(ref _inside, -count);
        if (IsStopping)
            _host.Wake();
    }

    /// <summary>Puts an item into the mailbox.</summary>
    public void Send(MailboxItem item) => _host.Posted(_mailbox.Post(item));

    /// <summary>A batch's commit has ended, well or not. Whoever committed it turns the loop now.</summary>
    public void CommitEnded(Batch batch) => _mailbox.Post(batch);

    /// <summary>Something can be done without anybody posting first.</summary>
    public bool HasWork => !_mailbox.IsEmpty || (!_run.IsEmpty && HasRoom) || _sweepBudget > 0 || (IsHolding && Volatile.Read(ref _answering) == 0);

    /// <summary>There is enough to decide for a second thread while a batch is being committed. Asked in the turn.</summary>
    public bool IsWorthASecondThread => (!_run.IsEmpty && HasRoom) || _mailbox.Depth >= EngineLimits.DecideDuringCommitMin;

    /// <summary>Asks for a step of the idle sweep. Thread-safe; asked twice before it is taken, it counts once.</summary>
    public void RequestSweep()
    {
        if (Interlocked.Exchange(ref _sweepAsked, 1) == 0)
            Send(new SweepItem());
    }

    /// <summary>Refuses everything new from now on.</summary>
    public void Stop()
    {
        Interlocked.Exchange(ref _stopping, 1);
        _host.Wake();
    }

    /// <summary>
    /// One turn: take what is in the mailbox, answer what was committed, decide as much as one batch holds, and have it committed unless
    /// another batch still is.
    /// </summary>
    /// <returns>True when there is more to do at once; false when the loop may wait for <see cref="IPartitionHost.Posted"/> or <see cref="IPartitionHost.Wake"/>.</returns>
    public bool RunOnce()
    {
        LookAtClock();
        for (var item = _mailbox.TakeAll(); item is not null;)
        {
            var next = item.Next;
            item.Next = null;
            Arrive(item);
            item = next;
        }
        // Callers of the batch before go on while this one is decided.
        Dispatch(ofBatch: _settled);
        _settled = false;
        while (HasRoom && _run.Take() is { } operation)
            Process(operation);
        Dispatch(ofBatch: false);
        LaunchWhenDue();
        StartWork();
        KeepHouse();
        return HasWork;
    }

    /// <summary>An operation arrived: find its grain's place and let it wait for its turn.</summary>
    public void Admit(GrainOperation operation)
    {
        var slot = _slots.Find(operation.Stream, operation.StreamHash) ?? AddSlot(operation);
        // What is decided and not yet committed still takes the room of others.
        if (slot.Waiting + slot.Uncommitted >= _options.GrainMailboxMax)
        {
            Refuse(operation, EngineRejections.Busy);
            return;
        }
        slot.TouchedSecond = _nowSecond;
        slot.Waiting++;
        operation.Slot = slot;
        _run.Add(operation);
    }

    /// <summary>A list of waiters is done and may be used again.</summary>
    public void GiveBack(CompletionList list)
    {
        if (_spareLists.Count < EngineLimits.CompletionListsKept)
            _spareLists.Enqueue(list);
    }

    private void LookAtClock() => _nowSecond = (int)_time.GetElapsedTime(_startTimestamp).TotalSeconds;

    private void Arrive(MailboxItem item)
    {
        try
        {
            item.Arrive(this);
        }
        catch (Exception failure)
        {
            // One item that can't be taken in must not take the others of this turn with it.
            EngineLog.LoopFailed(_logger, failure, _index);
            if (item is Batch)
            {
                // Half settled: who was answered and who was not can't be told any more, and this partition would never commit again. The next start
                // reads from the journal what is true.
                Environment.FailFast("A committed batch could not be settled.", failure);
            }
            if (item is GrainOperation operation)
                Refuse(operation, EngineRejections.Failed);
        }
    }

    private GrainSlot AddSlot(GrainOperation operation)
    {
        var slot = new GrainSlot(operation.Stream, operation.StreamHash) { SweepIndex = _sweep.Count };
        _slots.Add(slot);
        _sweep.Add(slot);
        return slot;
    }

    private void Process(GrainOperation operation)
    {
        var slot = operation.Slot!;
        switch (slot.State)
        {
            case SlotState.Active:
                slot.Waiting--;
                Run(operation, slot);
                break;
            case SlotState.Quarantined:
                slot.Waiting--;
                Refuse(operation, EngineRejections.Quarantined);
                break;
            case SlotState.Loading:
                slot.Parked.Add(operation);
                break;
            default:
                slot.Parked.Add(operation);
                Load(slot);
                break;
        }
    }

    private void Run(GrainOperation operation, GrainSlot slot)
    {
        try
        {
            operation.Run(this, slot);
        }
        catch (Exception failure)
        {
            // A rule or a read threw: a bug. The state may be half changed, so the grain is read again; everybody else goes on.
            EngineLog.OperationFailed(_logger, failure, slot.Stream);
            slot.Drop();
            Refuse(operation, EngineRejections.Failed);
        }
    }

    /// <summary>Answers with a refusal that shows nothing of any state.</summary>
    private void Refuse(GrainOperation operation, Rejection rejection)
    {
        operation.Refuse(rejection);
        Ready(operation);
    }

    /// <summary>The answer is set and may be seen.</summary>
    private void Ready(GrainOperation operation)
    {
        if (_ready.Count == EngineLimits.CompletionsPerList)
        {
            _full.Add(_ready);
            _ready = EmptyList();
        }
        _ready.Add(operation);
    }

    /// <summary>Lets the waiters of everything that is ready go on, outside the loop.</summary>
    /// <param name="ofBatch">They were waiting for a commit: the next one waits for them in turn.</param>
    private void Dispatch(bool ofBatch)
    {
        if (_ready.Count == 0)
            return;
        _full.Add(_ready);
        _ready = EmptyList();
        if (ofBatch)
            Interlocked.Add(ref _answering, _full.Count);
        foreach (var list in _full)
        {
            list.IsOfBatch = ofBatch;
            _host.Queue(list);
        }
        _full.Clear();
    }

    private CompletionList EmptyList() => _spareLists.TryDequeue(out var spare) ? spare : new CompletionList(this);
}
