using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Grains.Definitions;

/// <summary>The rules of a chain as a grain.</summary>
public sealed class ProgrammeDefinition : GrainDefinition<ProgrammeState, ProgrammeCommand, ProgrammeEvent>
{
    public override string Kind => GrainKinds.Programme;
    public override ProgrammeState Create() => new();
    public override Decision<ProgrammeEvent> Decide(ProgrammeState state, ProgrammeCommand command, Programme programme) => ProgrammeDecider.Decide(state, command);
    public override ProgrammeState Evolve(ProgrammeState state, ProgrammeEvent happened) => ProgrammeDecider.Evolve(state, happened);
    public override void WriteSnapshot(ProgrammeState state, IBufferWriter<byte> output) { }
    public override ProgrammeState? ReadSnapshot(ReadOnlySpan<byte> data) => null;
}
