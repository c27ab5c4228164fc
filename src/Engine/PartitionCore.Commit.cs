using ChainCrm.Grains;
using ChainCrm.Journal;

namespace ChainCrm.Engine;

// Committing: while one batch is on its way to the disk the loop decides the next.
internal partial class PartitionCore
{
    private readonly List<BatchRecord> _kept = [];
    private readonly List<(GrainOperation Operation, GrainSlot Slot)> _keptDependents = [];
    private readonly List<CommittedEntry> _committed = [];
    private Batch _open;
    private Batch? _flying;
    private Batch? _spare;
    private long _heldSince;

    private bool HasRoom => _open.Records.Count < _options.BatchMax && _open.Payloads.Length < EngineLimits.BatchBytesMax;

    /// <summary>The open batch waits for callers of the one before.</summary>
    public bool IsHolding => _flying is null && _open.Records.Count > 0;

    /// <summary>A list of waiters is done.</summary>
    public void Answered()
    {
        if (Interlocked.Decrement(ref _answering) == 0)
            _host.Wake();
    }

    /// <summary>
    /// Sends the open batch on its way, if there is one. While the machine is still busy letting the callers of the batch before go on, a small one would
    /// only take the processor from them, and soon they will have something to add to it: the larger the batch, the less each pays for the disk. One that
    /// is large enough goes at once, so that the disk has its time while those callers go on.
    /// </summary>
    private void LaunchWhenDue()
    {
        if (!IsHolding)
        {
            _heldSince = 0;
            return;
        }
        if (Volatile.Read(ref _answering) > 0 && HasRoom && _open.Records.Count < EngineLimits.HoldCommandsMax)
        {
            var now = _time.GetTimestamp();
            if (_heldSince == 0)
                _heldSince = now;
            if (_time.GetElapsedTime(_heldSince, now).TotalMilliseconds < EngineLimits.HoldMs)
                return;
        }
        _heldSince = 0;
        Launch();
    }

    /// <summary>Sends the open batch on its way.</summary>
    private void Launch()
    {
        // The other one came back when nothing was flying any more. It is not made here: without memory for it, this batch would be on its way and open
        // as well, and what joined it meanwhile would be answered without having been appended.
        var next = _spare ?? throw new InvalidOperationException("There is no batch to open while this one is committed.");
        Commit(_open);
        (_flying, _open, _spare) = (_open, next, null);
    }

    private void Commit(Batch batch)
    {
        batch.Prepare(_time.GetUtcNow().ToUnixTimeMilliseconds());
        _host.Commit(batch);
    }

    /// <summary>A batch came back from the journal.</summary>
    public void Settle(Batch batch)
    {
        if (batch.Failure is { } failure)
            Fail(batch, failure);
        else if (batch.Result.Committed)
            Answer(batch);
        else if (!SetConflictsAside(batch))
            Fail(batch, new InvalidOperationException("The journal reports conflicts on streams that are not in the batch."));
        else if (batch.Records.Count > 0)
        {
            Commit(batch);
            return;
        }

        // What only showed uncommitted state may be seen now, and what had to find it in the journal may look.
        foreach (var (operation, _) in batch.Dependents)
            Ready(operation);
        foreach (var lookup in batch.Lookups)
            _lookupsToStart.Enqueue(lookup);
        foreach (var slot in batch.Loads)
            _loadsToStart.Enqueue(slot);
        batch.Clear();
        _settled = true;
        _flying = null;
        _spare = batch;
    }

    private void Answer(Batch batch)
    {
        // Nobody is ever told of what the journal was not given. Thrown here, it ends the process.
        if (batch.Appended != batch.Records.Count)
            throw new InvalidOperationException($"{batch.Appended} entries were appended, and {batch.Records.Count} wait for an answer.");
        _metrics.Committed(batch.Records.Count, batch.Duration);
        for (var i = 0; i < batch.Records.Count; i++)
        {
            var record = batch.Records[i];
            var command = record.Operation.Command;
            // Under the grain's own name, which lives as long as the grain, not the caller's copy of it: readers keep names, and a short-lived string
            // that is kept is one more object for the collector to move.
            var entry = new CommittedEntry(
                batch.Result.FirstPosition + i, GrainId.FromStream(record.Slot.Stream), record.Version, command.CommandId, batch.TimeMs,
                record.ProgrammeVersion, command.Fingerprint, record.WakeUp, record.Events);
            _committed.Add(entry);
            record.Operation.Answer(new CommandReply(ReplyKind.Accepted, entry, null));
            Ready(record.Operation);
            Committed(record.Slot);
        }
        foreach (var (slot, snapshot) in batch.Snapshots)
            _host.TryKeep(slot.Stream, snapshot);
        // Readers of the feed see an entry no later than the caller who made it.
        _feed.Publish(_committed);
        _committed.Clear();
    }

    private static void Committed(GrainSlot slot)
    {
        if (--slot.Uncommitted == 0)
            slot.LastBatch = null;
    }

    /// <summary>It is unknown what the disk holds: every touched grain forgets what it has, and reads again what is true.</summary>
    private void Fail(Batch batch, Exception failure)
    {
        _metrics.CommitFailures.Add(1);
        EngineLog.CommitFailed(_logger, failure, batch.Records.Count, batch.Records.Count);
        var refusal = failure is JournalUnavailableException { DiskFull: true } ? EngineRejections.DiskFull : EngineRejections.CommitFailed;
        foreach (var record in batch.Records)
        {
            record.Slot.Lost = true;
            Committed(record.Slot);
            Forget(record.Slot);
            Refuse(record.Operation, refusal);
        }
        foreach (var (operation, slot) in batch.Dependents)
        {
            if (operation.RunsAgainAfterFailedCommit)
                RunAgain(operation, slot);
            else
                Refuse(operation, refusal);
        }
        batch.Dependents.Clear();
        TakeBackFromOpen();
        foreach (var record in batch.Records)
            record.Slot.Lost = false;
        _feed.NoteHead(_journal.Head);
    }

    /// <summary>After a failed commit the grain's state is nobody's truth. A seam: the simulation breaks it on purpose to see that it is noticed.</summary>
    protected virtual void Forget(GrainSlot slot) => slot.Drop();

    /// <summary>Another writer was first on some streams: their commands are decided again on what is true, the others are appended without them.</summary>
    /// <returns>False when the batch holds none of these streams.</returns>
    private bool SetConflictsAside(Batch batch)
    {
        var streams = batch.Result.ConflictedStreams;
        _metrics.Conflicts.Add(streams.Count);
        EngineLog.Conflict(_logger, streams.Count);
        var names = streams.ToHashSet(StringComparer.Ordinal);
        var lost = new List<GrainSlot>();
        foreach (var record in batch.Records)
        {
            if (record.Slot.Lost || !names.Contains(record.Slot.Stream))
                continue;
            record.Slot.Lost = true;
            record.Slot.Drop();
            lost.Add(record.Slot);
        }
        TakeBack(batch);
        TakeBackFromOpen();
        foreach (var slot in lost)
            slot.Lost = false;
        _feed.NoteHead(_journal.Head);
        return lost.Count > 0;
    }

    /// <summary>The open batch was decided on top of the one that came back. It may not be launched for long, so what waits in it for lost grains goes on now.
    /// A seam: the simulation breaks it on purpose to see that it is noticed.</summary>
    protected virtual void TakeBackFromOpen()
    {
        TakeBack(_open);
        foreach (var lookup in _open.Lookups)
            if (lookup.Slot.Lost)
                _lookupsToStart.Enqueue(lookup);
        _open.Lookups.RemoveAll(static lookup => lookup.Slot.Lost);
        foreach (var slot in _open.Loads)
            if (slot.Lost)
                _loadsToStart.Enqueue(slot);
        _open.Loads.RemoveAll(static slot => slot.Lost);
    }

    /// <summary>What lost grains have in a batch was never written: it is run again on what is true.</summary>
    private void TakeBack(Batch batch)
    {
        foreach (var record in batch.Records)
        {
            if (!record.Slot.Lost)
            {
                _kept.Add(record);
                continue;
            }
            Committed(record.Slot);
            record.Slot.DistrustsSnapshot |= record.Operation.Attempts > 0;
            RunAgain(record.Operation, record.Slot);
        }
        batch.Records.Clear();
        batch.Records.AddRange(_kept);
        _kept.Clear();
        foreach (var (operation, slot) in batch.Dependents)
        {
            if (slot.Lost)
                RunAgain(operation, slot);
            else
                _keptDependents.Add((operation, slot));
        }
        batch.Dependents.Clear();
        batch.Dependents.AddRange(_keptDependents);
        _keptDependents.Clear();
        batch.Snapshots.RemoveAll(static kept => kept.Slot.Lost);
    }

    private void RunAgain(GrainOperation operation, GrainSlot slot)
    {
        if (++operation.Attempts > GrainLimits.ConflictRetriesMax)
        {
            Refuse(operation, EngineRejections.CommitFailed);
            return;
        }
        slot.Waiting++;
        _run.Add(operation);
    }
}
