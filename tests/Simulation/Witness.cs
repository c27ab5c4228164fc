using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>A read as its caller saw it: of an entry's stream, after that entry.</summary>
internal readonly record struct SeenRead(long Position, long Balance, long Lots, long Debt, long Principal, long Gift, bool IsFrozen, long HeldPoints, long HeldMoney, string? Coupons);

/// <summary>What the wall showed for a day at a position, in plain numbers.</summary>
internal readonly record struct SeenWall(
    long Position, int Day, long Sales, long Visits, long PointsGiven, long PointsUsed, long NewMembers, long ActiveMembers, long CrossVisits, long CrossMinor, long Returns);

/// <summary>What the read models said about the chain at a position, in plain numbers.</summary>
internal readonly record struct SeenTotals(
    long Position, long Members, long Purchases, long WalkIns, long Returns, long Revenue, long PointsGiven, long PointsUsed, long CrossStore, long AtTwoStores, long WithPurchase);

/// <summary>
/// Sees every answer, read and hand-over of the feed when it happens and compares it with what is on the disk at that moment; what needs the
/// arithmetic of the whole journal it keeps for the auditor.
/// </summary>
internal sealed class Witness
{
    private readonly EntryWriter _writer = new(SimulationLimits.BufferStartBytes);
    private readonly HashSet<long> _accepted = [];
    private readonly Dictionary<string, List<long>> _streams = new(StringComparer.Ordinal);
    private int _indexed;

    public SimDisk Disk { get; set; } = null!;

    public List<string> Wrong { get; } = [];

    public List<SeenRead> Reads { get; } = [];

    public List<SeenWall> Walls { get; } = [];

    public List<SeenTotals> Totals { get; } = [];

    public int Answers { get; private set; }

    public int Repeats { get; private set; }

    /// <summary>Somebody was told that a command is recorded.</summary>
    public void Answered(string stream, string commandId, CommandReply reply, int leastProgramme)
    {
        Answers++;
        if (reply.Entry is not { } seen)
            return;
        Repeats += reply.Kind == ReplyKind.Repeated ? 1 : 0;
        if (OnDisk(seen.Position) is not { } entry)
            Say($"{stream} {commandId} was answered as position {seen.Position}, which is not on the disk");
        else if (entry.Stream != stream || entry.CommandId != commandId || entry.Version != seen.Version)
            Say($"{stream} {commandId} was answered as position {seen.Position}, version {seen.Version}, where {entry.Stream} {entry.CommandId} stands at {entry.Version}");
        else if (!SameBytes(seen, entry))
            Say($"{stream} {commandId} was answered with other events than the journal holds");
        else if (reply.Kind == ReplyKind.Accepted && !_accepted.Add(seen.Position))
            Say($"{stream} {commandId} was accepted twice");
        else if (reply.Kind == ReplyKind.Accepted && seen.ProgrammeVersion < leastProgramme)
            Say($"{stream} {commandId} was decided by the programme {seen.ProgrammeVersion} though {leastProgramme} was running before it was sent");
    }

    /// <summary>Somebody read a customer at a version.</summary>
    public void WasRead(string stream, long version, SeenRead seen)
    {
        if (version == 0)
        {
            if (seen != default)
                Say($"{stream} was read as {seen} before anything was recorded");
            return;
        }

        Index();
        if (!_streams.TryGetValue(stream, out var positions) || positions.Count < version)
            Say($"{stream} was read at version {version}, which is not on the disk");
        else
            Reads.Add(seen with { Position = positions[(int)version - 1] });
    }

    /// <summary>The feed handed entries to a reader that asked for those after a position.</summary>
    public void HandedOver(string reader, long after, IReadOnlyList<CommittedEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var seen = entries[i];
            if (seen.Position != after + 1 + i)
                Say($"the feed handed position {seen.Position} to {reader} where {after + 1 + i} should come");
            else if (OnDisk(seen.Position) is not { } entry)
                Say($"the feed handed position {seen.Position} to {reader}, which is not on the disk");
            else if (entry.Stream != seen.Grain.Stream || entry.Version != seen.Version || entry.CommandId != seen.CommandId)
                Say($"the feed handed another entry to {reader} than position {seen.Position} holds");
        }

        if (entries.Count == 0)
            Say($"the feed handed nothing to {reader}, who waits for something");
    }

    public void Say(string wrong)
    {
        if (Wrong.Count < SimulationLimits.FindingsMax)
            Wrong.Add(wrong);
    }

    private JournalEntry? OnDisk(long position) => position >= 1 && position <= Disk.Entries.Count ? Disk.Entries[(int)position - 1] : null;

    private bool SameBytes(CommittedEntry seen, JournalEntry entry)
    {
        _writer.Clear();
        var length = _writer.Write(seen.ProgrammeVersion, seen.Fingerprint, seen.WakeUp, seen.Events);
        return _writer.Slice(0, length).Span.SequenceEqual(entry.Data.Span);
    }

    private void Index()
    {
        for (; _indexed < Disk.Entries.Count; _indexed++)
        {
            var entry = Disk.Entries[_indexed];
            if (!_streams.TryGetValue(entry.Stream, out var positions))
                _streams[entry.Stream] = positions = [];
            positions.Add(entry.Position);
        }
    }
}
