using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.Codecs;

namespace ChainCrm.Grains.Definitions;

/// <summary>The rules of a chain as a grain.</summary>
public sealed class ProgrammeDefinition : GrainDefinition<ProgrammeState, ProgrammeCommand, ProgrammeEvent>
{
    /// <summary>Raised with every change of the state's data, so that older snapshots are passed over.</summary>
    private const byte SnapshotShape = 1;

    public override string Kind => GrainKinds.Programme;
    public override ProgrammeState Create() => new();
    public override Decision<ProgrammeEvent> Decide(ProgrammeState state, ProgrammeCommand command, Programme programme) => ProgrammeDecider.Decide(state, command);
    public override ProgrammeState Evolve(ProgrammeState state, ProgrammeEvent happened) => ProgrammeDecider.Evolve(state, happened);
    public override void WriteSnapshot(ProgrammeState state, IBufferWriter<byte> output) => SnapshotCodec.Write(output, SnapshotShape, state.Export());
    public override ProgrammeState? ReadSnapshot(ReadOnlySpan<byte> data) =>
        SnapshotCodec.Read<ProgrammeStateData>(data, SnapshotShape) is { } kept ? ProgrammeState.Import(kept) : null;
}
