using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Grains.Definitions;

/// <summary>Customers as grains.</summary>
public sealed class CustomerDefinition : GrainDefinition<CustomerState, CustomerCommand, CustomerEvent>
{
    public override string Kind => GrainKinds.Customer;
    public override CustomerState Create() => new();
    public override Decision<CustomerEvent> Decide(CustomerState state, CustomerCommand command, Programme programme) => CustomerDecider.Decide(state, command, programme);
    public override CustomerState Evolve(CustomerState state, CustomerEvent happened) => CustomerDecider.Evolve(state, happened);
    public override long? NextWakeUp(CustomerState state) => state.NextExpiry?.UnixMs;
    public override CustomerCommand WakeUp(CustomerState state, Timestamp at) => new WakeCustomer { At = at, Origin = default };
    public override void WriteSnapshot(CustomerState state, IBufferWriter<byte> output) { }
    public override CustomerState? ReadSnapshot(ReadOnlySpan<byte> data) => null;
}
