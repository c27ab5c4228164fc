using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.AccessKeys;

namespace ChainCrm.Grains.Definitions;

/// <summary>Access keys as grains.</summary>
public sealed class AccessKeyDefinition : GrainDefinition<AccessKeyState, AccessKeyCommand, AccessKeyEvent>
{
    public override string Kind => GrainKinds.AccessKey;
    public override AccessKeyState Create() => new();
    public override Decision<AccessKeyEvent> Decide(AccessKeyState state, AccessKeyCommand command, Programme programme) => AccessKeyDecider.Decide(state, command);
    public override AccessKeyState Evolve(AccessKeyState state, AccessKeyEvent happened) => AccessKeyDecider.Evolve(state, happened);
    public override void WriteSnapshot(AccessKeyState state, IBufferWriter<byte> output) { }
    public override AccessKeyState? ReadSnapshot(ReadOnlySpan<byte> data) => null;
}
