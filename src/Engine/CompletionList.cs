namespace ChainCrm.Engine;

/// <summary>Operations whose answer may be seen. Runs once outside the loop and lets all callers go on, one after another, on that thread.</summary>
internal sealed class CompletionList(PartitionCore core) : IThreadPoolWorkItem
{
    private readonly List<GrainOperation> _operations = [];

    public int Count => _operations.Count;

    /// <summary>The operations were waiting for a commit.</summary>
    public bool IsOfBatch { get; set; }

    public void Add(GrainOperation operation) => _operations.Add(operation);

    public void Execute()
    {
        // Room in the mailbox is given back first: a caller that goes on at once with its next command must find it.
        core.Leave(_operations.Count);
        foreach (var operation in _operations)
            operation.Complete();
        _operations.Clear();
        var ofBatch = IsOfBatch;
        core.GiveBack(this);
        if (ofBatch)
            core.Answered();
    }
}
