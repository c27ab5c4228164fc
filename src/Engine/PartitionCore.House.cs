using ChainCrm.Grains.Runtime;

namespace ChainCrm.Engine;

// Keeping house: who leaves memory, and which snapshots are taken.
internal partial class PartitionCore
{
    /// <summary>Slots looked at when one has to leave: the longest unused of so many goes.</summary>
    private const int SampleSize = 8;

    private readonly List<GrainSlot> _sweep = [];
    private int _sweepHand;
    private long _sweepBudget;
    private int _sweepAsked;

    /// <summary>The sweep may take a step: enough for every grain to be looked at four times within the idle time.</summary>
    private void AllowSweep()
    {
        Interlocked.Exchange(ref _sweepAsked, 0);
        // Looked at after the flag: whoever asked while it was up was counted with this step, and its time must be, too.
        LookAtClock();
        var share = _options.SweepEvery / _options.IdleTime;
        _sweepBudget = Math.Min(_sweep.Count, Math.Max(EngineLimits.SweepPerTurn, (long)(_sweep.Count * share * 4)));
    }

    /// <summary>Takes a snapshot of every grain that is worth one; for the end. The caller keeps them.</summary>
    public IEnumerable<(string Stream, Journal.Snapshot Snapshot)> LastSnapshots()
    {
        foreach (var slot in _sweep)
            if (IsWorthSnapshot(slot) && TakeSnapshot(slot) is { } snapshot)
                yield return (slot.Stream, snapshot);
    }

    private void KeepHouse()
    {
        for (var step = Math.Min(_sweepBudget, EngineLimits.SweepPerTurn); step > 0 && _sweep.Count > 0; step--)
        {
            _sweepBudget--;
            if (_sweepHand >= _sweep.Count)
                _sweepHand = 0;
            var slot = _sweep[_sweepHand];
            if (slot.IsUnused && _nowSecond - slot.TouchedSecond >= _options.IdleTime.TotalSeconds)
                Evict(slot);
            else
                _sweepHand++;
        }
        if (_sweep.Count == 0)
            _sweepBudget = 0;
        for (var step = Math.Min(_slots.Count - _options.ActivationsMax, EngineLimits.SweepPerTurn); step > 0; step--)
            EvictOneOfSample();
    }

    private void EvictOneOfSample()
    {
        GrainSlot? oldest = null;
        for (var i = 0; i < SampleSize; i++)
        {
            _sweepHand = _sweepHand + 1 >= _sweep.Count ? 0 : _sweepHand + 1;
            var slot = _sweep[_sweepHand];
            if (slot.IsUnused && (oldest is null || slot.TouchedSecond < oldest.TouchedSecond))
                oldest = slot;
        }
        if (oldest is not null)
            Evict(oldest);
    }

    private void Evict(GrainSlot slot)
    {
        if (IsWorthSnapshot(slot))
            KeepSnapshot(slot);
        var last = _sweep[^1];
        _sweep[slot.SweepIndex] = last;
        last.SweepIndex = slot.SweepIndex;
        _sweep.RemoveAt(_sweep.Count - 1);
        _slots.Remove(slot);
        slot.Drop();
        _metrics.Evictions.Add(1);
    }

    private bool IsWorthSnapshot(GrainSlot slot) =>
        slot is { State: SlotState.Active, Uncommitted: 0, Activation: { } activation }
        && activation.Version - activation.SnapshotVersion >= _options.SnapshotWorthEntries;

    /// <summary>Taken of what is not committed yet and kept with its batch: a grain that is never at rest would have no snapshot otherwise.</summary>
    private Journal.Snapshot? SnapshotWhenDue(Activation activation, GrainSlot slot) =>
        activation.Version - activation.SnapshotVersion >= _options.SnapshotEveryEntries ? TakeSnapshot(slot) : null;

    private void KeepSnapshot(GrainSlot slot)
    {
        if (TakeSnapshot(slot) is { } snapshot)
            _host.TryKeep(slot.Stream, snapshot);
    }

    private Journal.Snapshot? TakeSnapshot(GrainSlot slot)
    {
        try
        {
            return slot.Activation!.TakeSnapshot();
        }
        catch (Exception failure)
        {
            // A snapshot is a convenience: without one the next activation folds a longer tail.
            EngineLog.SnapshotFailed(_logger, failure, slot.Stream);
            return null;
        }
    }

    private sealed class SweepItem : MailboxItem
    {
        public override void Arrive(PartitionCore core) => core.AllowSweep();
    }
}
