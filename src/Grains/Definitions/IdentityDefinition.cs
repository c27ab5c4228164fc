using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Codecs;

namespace ChainCrm.Grains.Definitions;

/// <summary>Identities as grains.</summary>
public sealed class IdentityDefinition : GrainDefinition<IdentityState, IdentityCommand, IdentityEvent>
{
    /// <summary>Raised with every change of the state's data, so that older snapshots are passed over.</summary>
    private const byte SnapshotShape = 1;

    public override string Kind => GrainKinds.Identity;
    public override IdentityState Create() => new();
    public override Decision<IdentityEvent> Decide(IdentityState state, IdentityCommand command, Programme programme) => IdentityDecider.Decide(state, command);
    public override IdentityState Evolve(IdentityState state, IdentityEvent happened) => IdentityDecider.Evolve(state, happened);

    /// <summary>
    /// A reservation wants to be looked at when its time is over. Only the customer's grain knows whether the enrolment went through, so
    /// the watch over identities answers that wake-up with a confirmation or a release, and the grain decides nothing by itself.
    /// </summary>
    public override long? NextWakeUp(IdentityState state) => state.IsConfirmed ? null : state.ReservedUntil?.UnixMs;

    public override void WriteSnapshot(IdentityState state, IBufferWriter<byte> output) => SnapshotCodec.Write(output, SnapshotShape, state.Export());
    public override IdentityState? ReadSnapshot(ReadOnlySpan<byte> data) =>
        SnapshotCodec.Read<IdentityStateData>(data, SnapshotShape) is { } kept ? IdentityState.Import(kept) : null;
}
