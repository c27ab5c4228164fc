using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.CouponCodes;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.Codecs;

namespace ChainCrm.Grains.Definitions;

/// <summary>Coupon codes as grains.</summary>
public sealed class CouponCodeDefinition : GrainDefinition<CouponCodeState, CouponCodeCommand, CouponCodeEvent>
{
    /// <summary>Raised with every change of the state's data, so that older snapshots are passed over.</summary>
    private const byte SnapshotShape = 1;

    public override string Kind => GrainKinds.CouponCode;
    public override CouponCodeState Create() => new();
    public override Decision<CouponCodeEvent> Decide(CouponCodeState state, CouponCodeCommand command, Programme programme) => CouponCodeDecider.Decide(state, command);
    public override CouponCodeState Evolve(CouponCodeState state, CouponCodeEvent happened) => CouponCodeDecider.Evolve(state, happened);
    public override void WriteSnapshot(CouponCodeState state, IBufferWriter<byte> output) => SnapshotCodec.Write(output, SnapshotShape, state.Export());
    public override CouponCodeState? ReadSnapshot(ReadOnlySpan<byte> data) =>
        SnapshotCodec.Read<CouponCodeStateData>(data, SnapshotShape) is { } kept ? CouponCodeState.Import(kept) : null;
}
