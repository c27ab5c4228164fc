using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Grains.Codecs;

namespace ChainCrm.Grains.Definitions;

/// <summary>Access keys as grains.</summary>
public sealed class AccessKeyDefinition : GrainDefinition<AccessKeyState, AccessKeyCommand, AccessKeyEvent>
{
    /// <summary>Raised with every change of the state's data, so that older snapshots are passed over.</summary>
    private const byte SnapshotShape = 1;

    public override string Kind => GrainKinds.AccessKey;
    public override AccessKeyState Create() => new();
    public override Decision<AccessKeyEvent> Decide(AccessKeyState state, AccessKeyCommand command, Programme programme) => AccessKeyDecider.Decide(state, command);
    public override AccessKeyState Evolve(AccessKeyState state, AccessKeyEvent happened) => AccessKeyDecider.Evolve(state, happened);
    public override void WriteSnapshot(AccessKeyState state, IBufferWriter<byte> output) => SnapshotCodec.Write(output, SnapshotShape, state.Export());
    public override AccessKeyState? ReadSnapshot(ReadOnlySpan<byte> data) =>
        SnapshotCodec.Read<AccessKeyStateData>(data, SnapshotShape) is { } kept ? AccessKeyState.Import(kept) : null;
}
