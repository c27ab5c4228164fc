using ChainCrm.Grains;
using ChainCrm.Grains.Runtime;
using ChainCrm.Journal;

namespace ChainCrm.Engine;

// Deciding: what happens in a grain's turn before anything is written.
internal partial class PartitionCore
{
    private readonly Queue<LookupJob> _lookupsToStart = new();
    private readonly Queue<GrainSlot> _loadsToStart = new();
    private int _inFlight;

    /// <summary>Decides a command in its grain's turn, or sends it to the journal for what it needs first.</summary>
    /// <param name="operation">The command.</param>
    /// <param name="slot">Its grain, active.</param>
    /// <param name="knownNew">The journal was asked in this very turn's activation: the stream does not hold the command.</param>
    public void Decide(AskOperation operation, GrainSlot slot, bool knownNew)
    {
        var activation = slot.Activation!;
        var command = operation.Command.Command;
        var mayBeRepeated = !knownNew && MayBeRepeated(activation, operation);
        var needed = activation.Needs(command);
        if (mayBeRepeated || (needed is not null && operation.Facts?.Asked != needed))
        {
            LookUp(operation, slot, needed);
            return;
        }

        var programme = _programmes.Current(operation.Command.Grain.Chain);
        var start = _open.Payloads.Length;
        var facts = needed is null ? null : operation.Facts;
        if (facts?.ByCommandId is { } earlier)
        {
            facts = facts with { ThatDecided = _programmes.ProgrammeVersion(operation.Command.Grain.Chain.ToString(), earlier.ProgrammeVersion) };
            // Another process decided by a version that this one has not read yet: a moment later it has.
            if (facts.ThatDecided is null)
            {
                Refuse(operation, EngineRejections.Unreadable);
                return;
            }
        }

        var outcome = activation.Decide(command, operation.CommandHash, operation.Command.Fingerprint, facts, programme, _open.Payloads);
        if (outcome.Events is not { } events)
        {
            operation.Answer(outcome.Rejection is { } rejection
                ? new CommandReply(ReplyKind.Refused, null, rejection)
                : new CommandReply(ReplyKind.AlreadySo, null, null));
            CompleteWithWhatItShows(operation, slot);
            return;
        }

        if (outcome.DataLength > JournalLimits.DataBytesMax)
            throw new InvalidOperationException($"The entry has {outcome.DataLength} bytes.");
        var snapshot = SnapshotWhenDue(activation, slot);
        slot.FoldedDuringLookups?.Add(operation.CommandHash);
        _open.MakeRoomForOne();
        // From here on nothing may fail, not even for want of memory: what is in the batch is answered by it, and must not be refused as well.
        _open.Records.Add(new BatchRecord(
            operation, slot, start, outcome.DataLength, activation.Version, programme.Version, outcome.WakeUp, events));
        if (snapshot is not null)
            _open.Snapshots.Add((slot, snapshot));
        slot.Uncommitted++;
        slot.LastBatch = _open;
    }

    /// <summary>The grain can't rule out that it has seen the command. A seam: the simulation breaks it on purpose to see that it is noticed.</summary>
    protected virtual bool MayBeRepeated(Activation activation, AskOperation operation) => activation.MayHoldCommand(operation.CommandHash);

    /// <summary>The answer is set; it may be seen as soon as everything it could show is durable.</summary>
    public void CompleteWithWhatItShows(GrainOperation operation, GrainSlot slot)
    {
        if (slot.Uncommitted == 0)
            Ready(operation);
        else
            slot.LastBatch!.Dependents.Add((operation, slot));
    }

    /// <summary>
    /// Asks the journal for a command that may be there already and for older entries that a decision needs. Started once everything the
    /// grain has decided so far is committed, so that it finds that, too; meanwhile the grain's other commands go on.
    /// </summary>
    private void LookUp(AskOperation operation, GrainSlot slot, FactsNeeded? needed)
    {
        if (++operation.Lookups > EngineLimits.LookupsPerCommandMax)
        {
            Refuse(operation, EngineRejections.Busy);
            return;
        }
        slot.LookupsOut++;
        slot.FoldedDuringLookups ??= [];
        var job = new LookupJob(this, _loader, operation, slot, needed);
        if (slot.Uncommitted == 0)
            _lookupsToStart.Enqueue(job);
        else
            slot.LastBatch!.Lookups.Add(job);
    }

    /// <summary>Reads a grain from the journal as soon as the journal has everything the grain has decided.</summary>
    private void Load(GrainSlot slot)
    {
        slot.State = SlotState.Loading;
        if (slot.Uncommitted == 0)
            _loadsToStart.Enqueue(slot);
        else
            slot.LastBatch!.Loads.Add(slot);
    }

    /// <summary>A look-up came back.</summary>
    public void LookupArrived(LookupJob job)
    {
        _inFlight--;
        var (operation, slot) = (job.Operation, job.Slot);
        if (job.Failure is { } failure)
        {
            EngineLog.LoadFailed(_logger, failure, slot.Stream);
            Refuse(operation, RefusalFor(failure));
        }
        else if (job.Found is { } entry)
        {
            var sameContent = entry.Fingerprint == operation.Command.Fingerprint || entry.Fingerprint == 0 || operation.Command.Fingerprint == 0;
            operation.Answer(sameContent
                ? new CommandReply(ReplyKind.Repeated, entry, null)
                : new CommandReply(ReplyKind.Refused, null, EngineRejections.KeyReused));
            Ready(operation);
        }
        else
        {
            // What another activation asked for may rest on entries that were taken back: it is asked for again.
            operation.Facts = ReferenceEquals(slot.Activation, job.Activation) ? job.Facts : null;
            // Proof only when no other activation came in between and nobody folded the same command while the look-up was under way.
            var knownNew = slot.State == SlotState.Active && ReferenceEquals(slot.Activation, job.Activation)
                && !slot.FoldedDuringLookups!.Contains(operation.CommandHash);
            if (knownNew)
                RunKnownNew(operation, slot);
            else
                Admit(operation);
        }
        if (--slot.LookupsOut == 0)
            slot.FoldedDuringLookups = null;
    }

    private void RunKnownNew(AskOperation operation, GrainSlot slot)
    {
        try
        {
            Decide(operation, slot, knownNew: true);
        }
        catch (Exception failure)
        {
            EngineLog.OperationFailed(_logger, failure, slot.Stream);
            slot.Drop();
            Refuse(operation, EngineRejections.Failed);
        }
    }

    /// <summary>Starts loads and look-ups, as many as may be under way at once.</summary>
    private void StartWork()
    {
        // What comes back from a look-up is decided at once: none is started that might find the batch full.
        while (_inFlight < _options.LoadsInFlightMax && HasRoom)
        {
            if (_lookupsToStart.TryDequeue(out var lookup))
                _host.Queue(lookup);
            else if (_loadsToStart.TryDequeue(out var slot))
                _host.Queue(new LoadJob(this, _loader, slot));
            else
                return;
            _inFlight++;
        }
    }

    /// <summary>A grain came back from the journal, or could not.</summary>
    public void LoadArrived(LoadJob job)
    {
        _inFlight--;
        var slot = job.Slot;
        if (job.Activation is { } activation)
        {
            slot.Activation = activation;
            slot.State = SlotState.Active;
            slot.DistrustsSnapshot = false;
            _metrics.Loads.Add(1);
            _feed.NoteHead(_journal.Head);
            while (slot.Parked.Take() is { } operation)
                _run.Add(operation);
            return;
        }

        var failure = job.Failure!;
        var refusal = RefusalFor(failure);
        if (ReferenceEquals(refusal, EngineRejections.Quarantined))
        {
            slot.State = SlotState.Quarantined;
            EngineLog.Quarantined(_logger, failure, slot.Stream);
        }
        else
        {
            slot.State = SlotState.Empty;
            EngineLog.LoadFailed(_logger, failure, slot.Stream);
        }
        while (slot.Parked.Take() is { } operation)
        {
            slot.Waiting--;
            Refuse(operation, refusal);
        }
    }

    /// <summary>A journal that can't read now is a passing trouble; anything else says that the stream itself is bad.</summary>
    private static Domain.Rejection RefusalFor(Exception failure) =>
        failure is JournalUnavailableException or ObjectDisposedException or OperationCanceledException or IOException
            ? EngineRejections.Unreadable
            : EngineRejections.Quarantined;
}
