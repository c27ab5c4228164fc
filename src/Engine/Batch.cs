using System.Diagnostics;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;

namespace ChainCrm.Engine;

/// <summary>One accepted command of a batch.</summary>
internal readonly record struct BatchRecord(
    AskOperation Operation, GrainSlot Slot, int DataStart, int DataLength, long Version, int ProgrammeVersion, WakeUp WakeUp,
    IReadOnlyList<object> Events);

/// <summary>
/// What is appended together, and what waits for it. Filled by the loop, then committed outside of it while the loop fills another one,
/// then back in the mailbox with its outcome. There are two per partition, used in turn.
/// </summary>
internal sealed class Batch(PartitionCore core, IJournal journal, int bufferStartBytes) : MailboxItem
{
    private readonly List<EntryToAppend> _appends = [];

    /// <summary>The accepted commands, in the order they were decided.</summary>
    public readonly List<BatchRecord> Records = [];

    /// <summary>Payloads of the records.</summary>
    public readonly EntryWriter Payloads = new(bufferStartBytes);

    /// <summary>Answered operations that saw what this batch commits: their callers hear of it afterwards.</summary>
    public readonly List<(GrainOperation Operation, GrainSlot Slot)> Dependents = [];

    /// <summary>Look-ups that must find what this batch commits.</summary>
    public readonly List<LookupJob> Lookups = [];

    /// <summary>Grains to be read again that have entries in this batch.</summary>
    public readonly List<GrainSlot> Loads = [];

    /// <summary>Snapshots of states that are true once the batch is committed.</summary>
    public readonly List<(GrainSlot Slot, Snapshot Snapshot)> Snapshots = [];

    /// <summary>Entries that the journal was given.</summary>
    public int Appended => _appends.Count;

    /// <summary>Time of the entries, milliseconds since 1970.</summary>
    public long TimeMs { get; private set; }

    /// <summary>What the journal said; worthless with a <see cref="Failure"/>.</summary>
    public AppendResult Result { get; private set; } = new(0, []);

    /// <summary>What the journal threw: nobody knows what it holds.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How long the commit took.</summary>
    public TimeSpan Duration { get; private set; }

    public override void Arrive(PartitionCore core) => core.Settle(this);

    /// <summary>The next record, with its snapshot, needs no memory.</summary>
    public void MakeRoomForOne()
    {
        Records.EnsureCapacity(Records.Count + 1);
        Snapshots.EnsureCapacity(Snapshots.Count + 1);
    }

    /// <summary>On the loop, before <see cref="Commit"/>: the entries as the journal takes them.</summary>
    public void Prepare(long timeMs)
    {
        TimeMs = timeMs;
        Failure = null;
        _appends.Clear();
        foreach (var record in Records)
        {
            // The grain's own memory, or a look-up in its turn, proved that the stream does not hold the command; a stream that moved on
            // meanwhile fails by its version.
            _appends.Add(new EntryToAppend(
                record.Slot.Stream, record.Version - 1, record.Operation.Command.CommandId, CommandIsNew: true, timeMs,
                Payloads.Slice(record.DataStart, record.DataLength)));
        }
    }

    /// <summary>Outside the loop: appends, waits for it, and comes back through the mailbox whatever happened.</summary>
    public void Commit()
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            // SQLite commits on this thread and the task is complete; another journal is waited for here.
            var append = journal.AppendAsync(_appends);
            Result = append.IsCompleted ? append.GetAwaiter().GetResult() : append.AsTask().GetAwaiter().GetResult();
        }
        catch (Exception failure)
        {
            // Whatever it is, the loop must hear of it: callers wait for this batch.
            Failure = failure;
        }
        Duration = Stopwatch.GetElapsedTime(started);
        core.CommitEnded(this);
    }

    /// <summary>Empty again, with its memory.</summary>
    public void Clear()
    {
        Records.Clear();
        _appends.Clear();
        Payloads.Clear();
        Dependents.Clear();
        Lookups.Clear();
        Loads.Clear();
        Snapshots.Clear();
    }
}
