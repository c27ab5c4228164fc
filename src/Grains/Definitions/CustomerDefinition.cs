using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Codecs;

namespace ChainCrm.Grains.Definitions;

/// <summary>Customers as grains.</summary>
public sealed class CustomerDefinition : GrainDefinition<CustomerState, CustomerCommand, CustomerEvent>
{
    /// <summary>Raised with every change of the state's data, so that older snapshots are passed over.</summary>
    private const byte SnapshotShape = 7;

    public override string Kind => GrainKinds.Customer;
    public override CustomerState Create() => new();
    public override Decision<CustomerEvent> Decide(CustomerState state, CustomerCommand command, Programme programme) => CustomerDecider.Decide(state, command, programme);
    public override CustomerState Evolve(CustomerState state, CustomerEvent happened) => CustomerDecider.Evolve(state, happened);
    public override void EntryFolded(CustomerState state) => state.EntryFolded();

    /// <summary>
    /// A return is decided on the purchase's own entry and on the entry of its last return, which says what has come back so far. A reward is taken back by
    /// the entry that brought it.
    /// </summary>
    public override FactsNeeded? Needs(CustomerState state, CustomerCommand command) => command switch
    {
        ReturnLines back => new FactsNeeded($"{back.PurchaseStore.Value}/{back.PurchaseReceipt}", state.LastReturnOf(back.PurchaseStore, back.PurchaseReceipt)),
        TakeDelivery { Kind: DeliveryKinds.ReferralBack } take => new FactsNeeded(take.OfCommandId, null),
        _ => null,
    };

    public override CustomerCommand WithFacts(CustomerState state, CustomerCommand command, CommittedEntry? byCommandId, CommittedEntry? byVersion, Programme? thatDecided) =>
        command is ReturnLines back
            ? back with
            {
                Purchase = byCommandId?.Events.OfType<PurchaseRecorded>().FirstOrDefault(),
                PurchaseCoupons = byCommandId?.Events.OfType<CouponsIssued>().FirstOrDefault(),
                LastReturn = byVersion?.Events.OfType<LinesReturned>().FirstOrDefault(),
                PurchaseProgramme = thatDecided,
            }
            : command is TakeDelivery take
                ? take with { Received = byCommandId?.Events.OfType<DeliveryReceived>().FirstOrDefault() }
                : command;

    public override bool IsSound(CustomerState state)
    {
        var left = Points.Zero;
        foreach (ref readonly var lot in state.Lots)
        {
            if (lot.Remaining <= Points.Zero)
                return false;
            left += lot.Remaining;
        }
        foreach (ref readonly var basket in state.Baskets)
        {
            if (basket.Hold is { Points.Count: < 0 } or { StoredValue.Minor: < 0 })
                return false;
        }
        return left == state.LotSum && state.Debt >= Points.Zero && state.StoredValue is { Principal.Minor: >= 0, Gift.Minor: >= 0 };
    }

    public override long? NextWakeUp(CustomerState state) => state.NextDue?.UnixMs;
    public override CustomerCommand WakeUp(CustomerState state, Timestamp at) => new WakeCustomer { At = at, Origin = default };
    public override void WriteSnapshot(CustomerState state, IBufferWriter<byte> output) => SnapshotCodec.Write(output, SnapshotShape, state.Export());
    public override CustomerState? ReadSnapshot(ReadOnlySpan<byte> data) =>
        SnapshotCodec.Read<CustomerStateData>(data, SnapshotShape) is { } kept ? CustomerState.Import(kept) : null;
}
