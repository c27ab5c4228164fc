using ChainCrm.Domain;

namespace ChainCrm.Engine;

/// <summary>Something a caller wants of a grain and waits for: a command or a read.</summary>
internal abstract class GrainOperation : MailboxItem
{
    /// <summary>The grain's stream name.</summary>
    public string Stream = "";

    /// <summary>Hash of <see cref="Stream"/>.</summary>
    public ulong StreamHash;

    /// <summary>The grain's place in the partition; set when the operation arrives.</summary>
    public GrainSlot? Slot;

    /// <summary>Times the operation was started again after a lost race or a failed commit.</summary>
    public int Attempts;

    /// <summary>Runs in the grain's turn; the slot's activation is there.</summary>
    public abstract void Run(PartitionCore core, GrainSlot slot);

    /// <summary>Sets the answer to a refusal; the caller sees it with <see cref="Complete"/>.</summary>
    public abstract void Refuse(Rejection rejection);

    /// <summary>True when an operation that only depended on a commit that failed may simply be run again.</summary>
    public abstract bool RunsAgainAfterFailedCommit { get; }

    /// <summary>Lets the caller go on, on this thread. The operation may be used again by somebody else from here on.</summary>
    public abstract void Complete();

    public sealed override void Arrive(PartitionCore core) => core.Admit(this);

    protected void ClearOperation()
    {
        Next = null;
        Slot = null;
        Stream = "";
        Attempts = 0;
    }
}
