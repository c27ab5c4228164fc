using ChainCrm.Grains;
using ChainCrm.Grains.Runtime;

namespace ChainCrm.Engine;

/// <summary>Reads a grain from the journal outside the loop and comes back through the mailbox.</summary>
internal sealed class LoadJob(PartitionCore core, GrainLoader loader, GrainSlot slot) : MailboxItem, IThreadPoolWorkItem
{
    public GrainSlot Slot => slot;
    public Activation? Activation { get; private set; }
    public Exception? Failure { get; private set; }

    public void Execute() => _ = RunAsync();

    public override void Arrive(PartitionCore core) => core.LoadArrived(this);

    private async Task RunAsync()
    {
        try
        {
            Activation = await loader.LoadAsync(GrainId.FromStream(slot.Stream), trustSnapshot: !slot.DistrustsSnapshot).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // Whatever it is, the loop must hear of it: operations wait for this load.
            Failure = failure;
        }
        core.Send(this);
    }
}

/// <summary>Asks the journal for a command and for older entries outside the loop and comes back through the mailbox.</summary>
internal sealed class LookupJob(PartitionCore core, GrainLoader loader, AskOperation operation, GrainSlot slot, FactsNeeded? needed)
    : MailboxItem, IThreadPoolWorkItem
{
    public AskOperation Operation => operation;
    public GrainSlot Slot => slot;

    /// <summary>The activation that asked.</summary>
    public Activation? Activation { get; } = slot.Activation;

    /// <summary>The entry the command caused before; null when there is none.</summary>
    public CommittedEntry? Found { get; private set; }

    public FactsFound? Facts { get; private set; }
    public Exception? Failure { get; private set; }

    public void Execute() => _ = RunAsync();

    public override void Arrive(PartitionCore core) => core.LookupArrived(this);

    private async Task RunAsync()
    {
        try
        {
            var grain = GrainId.FromStream(slot.Stream);
            Found = await loader.FindAsync(grain, operation.Command.CommandId).ConfigureAwait(false);
            if (Found is null && needed is not null)
                Facts = await loader.FindAsync(grain, needed).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // Whatever it is, the loop must hear of it: a caller waits for this look-up.
            Failure = failure;
        }
        core.Send(this);
    }
}
