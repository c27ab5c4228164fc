using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Grains;

/// <summary>
/// What an engine needs to know of one kind of grain. Everything here is synchronous and pure but for the state object, which
/// <see cref="Evolve"/> may change in place (one thread owns it).
/// </summary>
/// <typeparam name="TState">The state; a class, created empty.</typeparam>
/// <typeparam name="TCommand">The closed family of commands.</typeparam>
/// <typeparam name="TEvent">The closed family of events.</typeparam>
public abstract class GrainDefinition<TState, TCommand, TEvent>
    where TState : class
    where TCommand : class
    where TEvent : class
{
    /// <summary>The kind, as in <see cref="GrainKinds"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>The state before the first event.</summary>
    public abstract TState Create();

    /// <summary>Decides.</summary>
    public abstract Decision<TEvent> Decide(TState state, TCommand command, Programme programme);

    /// <summary>Folds one event into the state. May change and return the same object.</summary>
    public abstract TState Evolve(TState state, TEvent happened);

    /// <summary>Called once after all events of an entry were folded, for states that count entries.</summary>
    public virtual void EntryFolded(TState state) { }

    /// <summary>False when a state that was folded from the journal breaks an invariant of its kind: the stream is set aside then.</summary>
    public virtual bool IsSound(TState state) => true;

    /// <summary>When the grain next wants to be woken, given its state; null for never. Milliseconds since 1970.</summary>
    public virtual long? NextWakeUp(TState state) => null;

    /// <summary>The command that a wake-up at a time means.</summary>
    public virtual TCommand WakeUp(TState state, Timestamp at) => throw new NotSupportedException($"{Kind} grains are never woken.");

    /// <summary>
    /// Which older entries of the grain's own stream the command needs to be decided; null for none, the usual case. The engine reads
    /// them without blocking other grains, then calls <see cref="WithFacts"/>, then <see cref="Decide"/> in the same turn.
    /// </summary>
    public virtual FactsNeeded? Needs(TState state, TCommand command) => null;

    /// <summary>The command with the facts it needed; an entry not found is null, and so is the programme that decided the first.</summary>
    public virtual TCommand WithFacts(TState state, TCommand command, CommittedEntry? byCommandId, CommittedEntry? byVersion, Programme? thatDecided) => command;

    /// <summary>Writes the state for a snapshot.</summary>
    public abstract void WriteSnapshot(TState state, IBufferWriter<byte> output);

    /// <summary>Reads a snapshot; null when its format is another one (the journal is read instead).</summary>
    public abstract TState? ReadSnapshot(ReadOnlySpan<byte> data);
}

/// <summary>Older entries of the same stream that a command needs.</summary>
/// <param name="CommandId">The entry that this command caused; null when not needed.</param>
/// <param name="Version">The entry at this stream version; null when not needed.</param>
public sealed record FactsNeeded(string? CommandId, long? Version);

/// <summary>The programme version that rules now. Written by the feed of the programme grain, read by every decision.</summary>
public interface IProgrammes
{
    /// <summary>The running version; a built-in version 0 before the first is published.</summary>
    Programme Current(ReadOnlySpan<char> chain);

    /// <summary>A version; null when the chain has none of this number.</summary>
    Programme? ProgrammeVersion(string chain, int version);
}
