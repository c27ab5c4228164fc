namespace ChainCrm.Engine;

/// <summary>Bounds of the embedded engine that no setting changes. Those both engines share are in <see cref="Grains.GrainLimits"/>.</summary>
public static class EngineLimits
{
    /// <summary>Bytes of payload after which a batch is closed, whatever its count.</summary>
    public const int BatchBytesMax = 8 * 1024 * 1024;

    /// <summary>Operations that must wait while a batch is committed before a second thread is woken to decide them; fewer wait for the end of the commit.</summary>
    public const int DecideDuringCommitMin = 16;

    /// <summary>Longest time a batch waits for the callers of the one before to be answered, milliseconds.</summary>
    public const int HoldMs = 2;

    /// <summary>Commands in a batch from which on it waits for nobody. Were all callers in one batch, the machine would stand still while that one is flushed:
    /// with a hundred tills there are a few groups, and one is answered while the next one is on its way to the disk.</summary>
    public const int HoldCommandsMax = 32;

    /// <summary>Operations that must arrive during such a wait before they are decided; fewer wait for its end. Waking a thread costs more than deciding a command.</summary>
    public const int DecideDuringHoldMin = 16;

    /// <summary>Times a command goes to the journal for older entries before it is told to come again.</summary>
    public const int LookupsPerCommandMax = 8;

    /// <summary>Partitions of one engine.</summary>
    public const int PartitionsMax = 64;

    /// <summary>Grains the idle sweep looks at in one turn of the loop.</summary>
    public const int SweepPerTurn = 256;

    /// <summary>Snapshots waiting to be written; when full, a grain leaves memory without one.</summary>
    public const int SnapshotsWaitingMax = 4_096;

    /// <summary>Snapshots written in one transaction.</summary>
    public const int SnapshotBatchMax = 256;

    /// <summary>Callers that go on one after another on one thread. A whole batch on one thread would leave the other processors idle meanwhile.</summary>
    public const int CompletionsPerList = 16;

    /// <summary>Lists of completed waiters kept for the next batch.</summary>
    public const int CompletionListsKept = 64;
}
