using ChainCrm.Grains.Runtime;

namespace ChainCrm.Engine;

/// <summary>Where a grain stands.</summary>
internal enum SlotState : byte
{
    /// <summary>Not in memory, nobody is loading it.</summary>
    Empty,
    /// <summary>Being read from the journal; operations wait in the slot.</summary>
    Loading,
    /// <summary>In memory.</summary>
    Active,
    /// <summary>Its stream can't be folded: everything is refused until the slot is swept.</summary>
    Quarantined,
}

/// <summary>A grain's place in its partition. Touched only by the partition's loop.</summary>
internal sealed class GrainSlot(string stream, ulong hash)
{
    public readonly string Stream = stream;
    public readonly ulong Hash = hash;

    /// <summary>Next slot of the same bucket in the <see cref="SlotTable"/>.</summary>
    public GrainSlot? NextInBucket;

    /// <summary>There when <see cref="State"/> is <see cref="SlotState.Active"/>.</summary>
    public Activation? Activation;

    /// <summary>Operations that wait for the load.</summary>
    public OperationQueue Parked;

    /// <summary>Hashes of commands folded while look-ups of this grain are under way: what a look-up can't have seen.</summary>
    public HashSet<ulong>? FoldedDuringLookups;

    /// <summary>Look-ups under way.</summary>
    public int LookupsOut;

    /// <summary>Operations admitted and not yet run.</summary>
    public int Waiting;

    /// <summary>Entries decided and not yet committed.</summary>
    public int Uncommitted;

    /// <summary>The batch of the last of them.</summary>
    public Batch? LastBatch;

    /// <summary>Set while a batch that could not be committed is taken back: what was decided on top of it must go, too.</summary>
    public bool Lost;

    /// <summary>When it was last asked, in seconds of the partition's clock.</summary>
    public int TouchedSecond;

    /// <summary>Place in the sweep's list.</summary>
    public int SweepIndex;

    public SlotState State;

    /// <summary>The last race was lost although the grain had just been loaded: its snapshot may be ahead of the journal.</summary>
    public bool DistrustsSnapshot;

    /// <summary>Forgets the state: the journal is the truth from here on. A load that is under way or waits for a commit has nothing to forget.</summary>
    public void Drop()
    {
        if (State == SlotState.Loading)
            return;
        Activation = null;
        State = SlotState.Empty;
    }

    /// <summary>Nobody would miss it.</summary>
    public bool IsUnused => Waiting == 0 && Uncommitted == 0 && LookupsOut == 0 && State != SlotState.Loading && Parked.IsEmpty;
}
