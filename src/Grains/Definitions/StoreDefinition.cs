using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;

namespace ChainCrm.Grains.Definitions;

/// <summary>Stores as grains.</summary>
public sealed class StoreDefinition : GrainDefinition<StoreState, StoreCommand, StoreEvent>
{
    public override string Kind => GrainKinds.Store;
    public override StoreState Create() => new();
    public override Decision<StoreEvent> Decide(StoreState state, StoreCommand command, Programme programme) => StoreDecider.Decide(state, command);
    public override StoreState Evolve(StoreState state, StoreEvent happened) => StoreDecider.Evolve(state, happened);
    public override void WriteSnapshot(StoreState state, IBufferWriter<byte> output) { }
    public override StoreState? ReadSnapshot(ReadOnlySpan<byte> data) => null;
}
