namespace ChainCrm.Simulation;

/// <summary>
/// The one thread of a simulated machine, in place of the thread pool: whatever is ready waits in a list, and chance says what runs next. Async code
/// of the product goes on here because it awaits on this scheduler. Once the machine is off, nothing of it runs any more.
/// </summary>
internal sealed class SimThread(Chance chance) : TaskScheduler
{
    private readonly List<object> _ready = [];
    private readonly int _own = Environment.CurrentManagedThreadId;
    private bool _off;

    /// <summary>What is ready to run.</summary>
    public int Ready => _ready.Count;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Starts async work on this thread; its first step runs when chance says so.</summary>
    public Task Start(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public void Add(IThreadPoolWorkItem work)
    {
        if (!_off)
            _ready.Add(work);
    }

    /// <summary>Runs one thing that is ready; false when nothing is.</summary>
    public bool RunOne()
    {
        if (_ready.Count == 0)
            return false;
        var index = chance.Next(_ready.Count);
        var work = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (work is Task task)
            TryExecuteTask(task);
        else
            ((IThreadPoolWorkItem)work).Execute();
        return true;
    }

    public void TurnOff()
    {
        _off = true;
        _ready.Clear();
    }

    protected override void QueueTask(Task task)
    {
        // Whatever comes from another thread would make two runs of a seed differ.
        if (Environment.CurrentManagedThreadId != _own)
            throw new InvalidOperationException("Something of the machine runs on another thread than its own.");
        if (!_off)
            _ready.Add(task);
    }

    // Nothing runs inside something else: who completes a wait never runs the one who waited.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready.OfType<Task>();
}
