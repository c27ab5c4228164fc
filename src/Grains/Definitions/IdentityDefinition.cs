using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Identities;

namespace ChainCrm.Grains.Definitions;

/// <summary>Identities as grains.</summary>
public sealed class IdentityDefinition : GrainDefinition<IdentityState, IdentityCommand, IdentityEvent>
{
    public override string Kind => GrainKinds.Identity;
    public override IdentityState Create() => new();
    public override Decision<IdentityEvent> Decide(IdentityState state, IdentityCommand command, Programme programme) => IdentityDecider.Decide(state, command);
    public override IdentityState Evolve(IdentityState state, IdentityEvent happened) => IdentityDecider.Evolve(state, happened);
    public override void WriteSnapshot(IdentityState state, IBufferWriter<byte> output) { }
    public override IdentityState? ReadSnapshot(ReadOnlySpan<byte> data) => null;
}
