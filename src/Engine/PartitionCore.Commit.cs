using ChainCrm.Grains;
using ChainCrm.Journal;

namespace ChainCrm.Engine;

/// <summary>One accepted command in the open batch.</summary>
internal readonly record struct BatchRecord(
    AskOperation Operation, GrainSlot Slot, int DataStart, int DataLength, long Version, int ProgrammeVersion, WakeUp WakeUp,
    IReadOnlyList<object> Events);

// Committing: one append for everything that was decided in this turn.
internal partial class PartitionCore
{
    private readonly List<BatchRecord> _batch = [];
    private readonly List<BatchRecord> _kept = [];
    private readonly List<EntryToAppend> _appends = [];
    private readonly List<CommittedEntry> _committed = [];
    private readonly List<(GrainOperation Operation, GrainSlot Slot)> _dependents = [];
    private readonly List<(GrainOperation Operation, GrainSlot Slot)> _keptDependents = [];

    private void Commit()
    {
        while (_batch.Count > 0)
        {
            var timeMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            AppendResult result;
            var started = _time.GetTimestamp();
            try
            {
                result = Append(timeMs);
            }
            catch (Exception failure)
            {
                FailBatch(failure);
                break;
            }
            if (result.Committed)
            {
                _metrics.Committed(_batch.Count, _time.GetElapsedTime(started));
                AnswerBatch(result.FirstPosition, timeMs);
                break;
            }
            if (!SetConflictsAside(result.ConflictedStreams))
            {
                FailBatch(new InvalidOperationException("The journal reports conflicts on streams that are not in the batch."));
                break;
            }
        }
        _batch.Clear();
        _writer.Clear();
        SettleDependents();
        Dispatch();
    }

    private AppendResult Append(long timeMs)
    {
        _appends.Clear();
        foreach (var record in _batch)
        {
            // The grain's own memory, or a look-up in its turn, proved that the stream does not hold the command; a stream that moved on
            // meanwhile fails by its version.
            _appends.Add(new EntryToAppend(
                record.Slot.Stream, record.Version - 1, record.Operation.Command.CommandId, CommandIsNew: true, timeMs,
                _writer.Slice(record.DataStart, record.DataLength)));
        }
        // SQLite commits on this thread and the task is complete; another journal is waited for here, because nothing else may happen
        // in this partition before the outcome is known.
        var append = _journal.AppendAsync(_appends);
        return append.IsCompleted ? append.GetAwaiter().GetResult() : append.AsTask().GetAwaiter().GetResult();
    }

    private void AnswerBatch(long firstPosition, long timeMs)
    {
        for (var i = 0; i < _batch.Count; i++)
        {
            var record = _batch[i];
            var command = record.Operation.Command;
            // Under the grain's own name, which lives as long as the grain, not the caller's copy of it: readers keep names, and a short-lived string
            // that is kept is one more object for the collector to move.
            var entry = new CommittedEntry(
                firstPosition + i, GrainId.FromStream(record.Slot.Stream), record.Version, command.CommandId, timeMs, record.ProgrammeVersion, command.Fingerprint,
                record.WakeUp, record.Events);
            _committed.Add(entry);
            record.Operation.Answer(new CommandReply(ReplyKind.Accepted, entry, null));
            _ready.Add(record.Operation);
            if (--record.Slot.Uncommitted == 0)
                KeepSnapshotWhenDue(record.Slot);
        }
        // Readers of the feed see an entry no later than the caller who made it.
        _feed.Publish(_committed);
        _committed.Clear();
    }

    /// <summary>It is unknown what the disk holds: every touched grain forgets what it has, and reads again what is true.</summary>
    private void FailBatch(Exception failure)
    {
        _metrics.CommitFailures.Add(1);
        EngineLog.CommitFailed(_logger, failure, _batch.Count, _batch.Count);
        var refusal = failure is JournalUnavailableException { DiskFull: true } ? EngineRejections.DiskFull : EngineRejections.CommitFailed;
        foreach (var record in _batch)
        {
            record.Slot.Uncommitted--;
            Forget(record.Slot);
            Refuse(record.Operation, refusal);
        }
        foreach (var (operation, slot) in _dependents)
        {
            if (operation.RunsAgainAfterFailedCommit)
                RunAgain(operation, slot);
            else
                Refuse(operation, refusal);
        }
        _dependents.Clear();
        _feed.NoteHead(_journal.Head);
    }

    /// <summary>After a failed commit the grain's state is nobody's truth. A seam: the simulation breaks it on purpose to see that it is noticed.</summary>
    protected virtual void Forget(GrainSlot slot) => slot.Drop();

    /// <summary>Another writer was first on some streams: their commands are decided again on what is true, the others are appended without them.</summary>
    private bool SetConflictsAside(IReadOnlyList<string> streams)
    {
        _metrics.Conflicts.Add(streams.Count);
        EngineLog.Conflict(_logger, streams.Count);
        var lost = streams.ToHashSet(StringComparer.Ordinal);
        var before = _batch.Count;
        foreach (var record in _batch)
        {
            if (!lost.Contains(record.Slot.Stream))
            {
                _kept.Add(record);
                continue;
            }
            record.Slot.Uncommitted--;
            record.Slot.Drop();
            record.Slot.DistrustsSnapshot |= record.Operation.Attempts > 0;
            RunAgain(record.Operation, record.Slot);
        }
        _batch.Clear();
        _batch.AddRange(_kept);
        _kept.Clear();
        foreach (var (operation, slot) in _dependents)
        {
            if (lost.Contains(slot.Stream))
                RunAgain(operation, slot);
            else
                _keptDependents.Add((operation, slot));
        }
        _dependents.Clear();
        _dependents.AddRange(_keptDependents);
        _keptDependents.Clear();
        _feed.NoteHead(_journal.Head);
        return _batch.Count < before;
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

    /// <summary>What only showed uncommitted state may be seen now.</summary>
    private void SettleDependents()
    {
        foreach (var (operation, _) in _dependents)
            _ready.Add(operation);
        _dependents.Clear();
    }
}
