using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.Codecs;

namespace ChainCrm.Grains.Definitions;

/// <summary>Stores as grains.</summary>
public sealed class StoreDefinition : GrainDefinition<StoreState, StoreCommand, StoreEvent>
{
    /// <summary>Raised with every change of the state's data, so that older snapshots are passed over.</summary>
    private const byte SnapshotShape = 1;

    public override string Kind => GrainKinds.Store;
    public override StoreState Create() => new();
    public override Decision<StoreEvent> Decide(StoreState state, StoreCommand command, Programme programme) => StoreDecider.Decide(state, command);
    public override StoreState Evolve(StoreState state, StoreEvent happened) => StoreDecider.Evolve(state, happened);
    public override void WriteSnapshot(StoreState state, IBufferWriter<byte> output) => SnapshotCodec.Write(output, SnapshotShape, state.Export());
    public override StoreState? ReadSnapshot(ReadOnlySpan<byte> data) =>
        SnapshotCodec.Read<StoreStateData>(data, SnapshotShape) is { } kept ? StoreState.Import(kept) : null;
}
