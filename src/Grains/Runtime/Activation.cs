using System.Buffers;
using System.Buffers.Binary;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;

namespace ChainCrm.Grains.Runtime;

/// <summary>What deciding one command came to.</summary>
/// <param name="Rejection">The refusal; null when accepted or already so.</param>
/// <param name="Events">What happened, folded already; null when refused or already so.</param>
/// <param name="WakeUp">What the entry says about the agenda.</param>
/// <param name="DataLength">Bytes of the payload that was written, 0 without events.</param>
public readonly record struct DecisionOutcome(Rejection? Rejection, IReadOnlyList<object>? Events, WakeUp WakeUp, int DataLength);

/// <summary>
/// A grain in memory: its state at a version, and what it remembers of its commands. Owned by one thread at a time; whoever drives it
/// (the embedded engine, an Orleans grain) drops it when what it decided could not be committed.
/// </summary>
public abstract class Activation
{
    private protected const byte SnapshotFormat = 1;
    private protected const int SnapshotHeader = 1 + sizeof(long);

    private protected CommandMemory Commands;
    private protected long AnnouncedWakeUpMs;

    private protected Activation()
    {
    }

    /// <summary>Version of the last entry folded, committed or not.</summary>
    public long Version { get; private protected set; }

    /// <summary>Version of the last snapshot taken or loaded.</summary>
    public long SnapshotVersion { get; private protected set; }

    /// <summary>The domain state; changed in place by every decision.</summary>
    public abstract object State { get; }

    /// <summary>False when the stream certainly does not hold a command with this <see cref="StableHash"/>.</summary>
    public bool MayHoldCommand(ulong commandHash) => Commands.MayHold(commandHash);

    /// <summary>The older entries the command needs; null for none.</summary>
    public abstract FactsNeeded? Needs(object command);

    /// <summary>
    /// Decides, folds and encodes in one go. When this throws, the state may be half changed and the activation must be dropped.
    /// </summary>
    /// <param name="command">The domain command, or <see cref="WakeGrain"/>.</param>
    /// <param name="commandHash"><see cref="StableHash"/> of the command id.</param>
    /// <param name="fingerprint">Of the request; recorded in the entry.</param>
    /// <param name="facts">What <see cref="Needs"/> asked for; null when it asked for nothing.</param>
    /// <param name="programme">The rules that apply now.</param>
    /// <param name="writer">Receives the payload when something happened.</param>
    public abstract DecisionOutcome Decide(
        object command, ulong commandHash, ulong fingerprint, FactsFound? facts, Programme programme, EntryWriter writer);

    /// <summary>Folds an entry read back from the journal.</summary>
    /// <exception cref="UnreadableEntryException">The entry is not the next one, or its events are not of this kind.</exception>
    public abstract void Fold(CommittedEntry entry);

    /// <summary>False when the state breaks an invariant of its kind.</summary>
    public abstract bool IsSound { get; }

    /// <summary>The state as a snapshot at <see cref="Version"/>. What is folded may not be committed yet: the caller keeps it only once it is.</summary>
    public abstract Snapshot TakeSnapshot();

    /// <summary>Takes over a snapshot; false when its format is not known, and nothing is changed then.</summary>
    public abstract bool TryRestore(Snapshot snapshot);
}

/// <summary>The entries a command asked for; null where the stream has none.</summary>
/// <param name="Asked">What was asked for.</param>
/// <param name="ByCommandId">The entry of a command.</param>
/// <param name="ByVersion">The entry of a version.</param>
/// <param name="ThatDecided">The programme that decided the entry of the command.</param>
public sealed record FactsFound(FactsNeeded Asked, CommittedEntry? ByCommandId, CommittedEntry? ByVersion, Programme? ThatDecided = null);

/// <summary>The activation of one kind.</summary>
internal sealed class Activation<TState, TCommand, TEvent> : Activation
    where TState : class
    where TCommand : class
    where TEvent : class
{
    private readonly GrainDefinition<TState, TCommand, TEvent> _definition;
    private TState _state;

    public Activation(GrainDefinition<TState, TCommand, TEvent> definition)
    {
        _definition = definition;
        _state = definition.Create();
    }

    public override object State => _state;

    public override FactsNeeded? Needs(object command) =>
        command is TCommand own ? _definition.Needs(_state, own) : null;

    public override DecisionOutcome Decide(
        object command, ulong commandHash, ulong fingerprint, FactsFound? facts, Programme programme, EntryWriter writer)
    {
        var own = command as TCommand ?? (command is WakeGrain wake
            ? _definition.WakeUp(_state, wake.At)
            : throw new ArgumentException($"A {_definition.Kind} grain does not know {command.GetType().Name}."));
        if (facts is not null)
            own = _definition.WithFacts(_state, own, facts.ByCommandId, facts.ByVersion, facts.ThatDecided);

        var decision = _definition.Decide(_state, own, programme);
        if (decision.Rejection is { } rejection)
            return new DecisionOutcome(rejection, null, default, 0);
        var events = decision.Events;
        if (events.Count == 0)
            return default;

        for (var i = 0; i < events.Count; i++)
            _state = _definition.Evolve(_state, events[i]);
        _definition.EntryFolded(_state);
        Version++;
        Commands.Add(commandHash);
        var wakeUp = NextWakeUp();
        return new DecisionOutcome(null, events, wakeUp, writer.Write(programme.Version, fingerprint, wakeUp, events));
    }

    public override void Fold(CommittedEntry entry)
    {
        if (entry.Version != Version + 1)
            throw new UnreadableEntryException($"The stream has version {entry.Version} where {Version + 1} should be.");
        for (var i = 0; i < entry.Events.Count; i++)
        {
            _state = _definition.Evolve(_state, entry.Events[i] as TEvent
                ?? throw new UnreadableEntryException($"The entry at position {entry.Position} holds an event of another kind of grain."));
        }
        _definition.EntryFolded(_state);
        Version++;
        Commands.Add(StableHash.Of(entry.CommandId));
        if (entry.WakeUp.Changed)
            AnnouncedWakeUpMs = entry.WakeUp.AtMs ?? 0;
    }

    public override bool IsSound => _definition.IsSound(_state);

    public override Snapshot TakeSnapshot()
    {
        var output = new ArrayBufferWriter<byte>(512);
        var header = output.GetSpan(SnapshotHeader + Commands.WrittenLength);
        header[0] = SnapshotFormat;
        BinaryPrimitives.WriteInt64LittleEndian(header[1..], AnnouncedWakeUpMs);
        Commands.Write(header[SnapshotHeader..]);
        output.Advance(SnapshotHeader + Commands.WrittenLength);
        _definition.WriteSnapshot(_state, output);
        SnapshotVersion = Version;
        return new Snapshot(Version, output.WrittenMemory.ToArray());
    }

    public override bool TryRestore(Snapshot snapshot)
    {
        var data = snapshot.Data.Span;
        if (data.Length < SnapshotHeader || data[0] != SnapshotFormat)
            return false;
        var wakeUp = BinaryPrimitives.ReadInt64LittleEndian(data[1..]);
        var rest = data[SnapshotHeader..];
        if (!CommandMemory.TryRead(ref rest, out var commands) || commands.Count != snapshot.Version
            || _definition.ReadSnapshot(rest) is not { } state)
            return false;
        _state = state;
        Commands = commands;
        AnnouncedWakeUpMs = wakeUp;
        Version = SnapshotVersion = snapshot.Version;
        return true;
    }

    /// <summary>Compares with what entries announced last, not with the state before: a changed rule heals itself with the next entry.</summary>
    private WakeUp NextWakeUp()
    {
        var next = _definition.NextWakeUp(_state) ?? 0;
        if (next == AnnouncedWakeUpMs)
            return default;
        AnnouncedWakeUpMs = next;
        return new WakeUp(true, next == 0 ? null : next);
    }
}
