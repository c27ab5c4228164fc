using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Definitions;
using ChainCrm.Grains.Runtime;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Simulation;

/// <summary>The parts a core is made of in the simulation.</summary>
internal sealed record CoreParts(
    IJournal Journal, ISnapshotStore Snapshots, IProgrammes Programmes, EngineOptions Options, TimeProvider Time, IPartitionHost Host,
    FeedRing Feed, EngineMetrics Metrics, Break How)
{
    public PartitionCore Make() => How switch
    {
        Break.KeepAfterFailedCommit => new KeepingCore(this),
        Break.KeepOnTop => new StubbornCore(this),
        Break.SkipDedupe => new CarelessCore(this),
        _ => new SoundCore(this),
    };

    public GrainLoader Loader => new(Journal, Snapshots, How is Break.SpendTwice or Break.SpendHeld or Break.UseCouponTwice or Break.ForgetSpend or Break.ForgetPrices ? GrainCatalog.Of(new ForgetfulCustomers(How)) : GrainCatalog.Product);
}

internal class SoundCore(CoreParts parts) : PartitionCore(
    0, parts.Journal, parts.Loader, parts.Programmes, parts.Options, parts.Time, parts.Host, parts.Feed, parts.Metrics, NullLogger.Instance);

internal sealed class KeepingCore(CoreParts parts) : SoundCore(parts)
{
    protected override void Forget(GrainSlot slot)
    {
        // Broken on purpose: the state keeps what the disk never saw.
    }
}

internal sealed class StubbornCore(CoreParts parts) : SoundCore(parts)
{
    protected override void TakeBackFromOpen()
    {
        // Broken on purpose: the next batch keeps what stood on this one.
    }
}

internal sealed class CarelessCore(CoreParts parts) : SoundCore(parts)
{
    protected override bool MayBeRepeated(Activation activation, AskOperation operation) => false;
}

/// <summary>Customers as grains that remember a sale without its amount, what it took from the card or its coupons, or a basket without what it holds.</summary>
internal sealed class ForgetfulCustomers(Break how) : GrainDefinition<CustomerState, CustomerCommand, CustomerEvent>
{
    private readonly CustomerDefinition _sound = new();

    public override string Kind => _sound.Kind;
    public override CustomerState Create() => _sound.Create();

    // Broken on purpose: nothing is taken off.
    public override Decision<CustomerEvent> Decide(CustomerState state, CustomerCommand command, Programme programme)
    {
        if (how != Break.ForgetPrices || command is not RecordPurchase { MemberPrices: true } sale) return _sound.Decide(state, command, programme);
        var decision = _sound.Decide(state, sale with { MemberPrices = false }, programme);
        return decision.Rejection is not null ? decision : Decision<CustomerEvent>.Accept([.. decision.Events.Select(e => e is PurchaseRecorded bought ? bought with { AsksMemberPrices = true } : e)]);
    }


    // Broken on purpose: what was spent is still there.
    public override CustomerState Evolve(CustomerState state, CustomerEvent happened) =>
        _sound.Evolve(state, happened switch
        {
            PurchaseRecorded sale when how == Break.SpendTwice => sale with { StoredValueUsed = default },
            PurchaseRecorded sale when how == Break.UseCouponTwice => sale with { Coupons = [] },
            PurchaseRecorded sale when how == Break.ForgetSpend => sale with { Amount = Money.Zero },
            BasketOpened opened when how == Break.SpendHeld => opened with { Hold = Hold.None },
            _ => happened,
        });

    public override void EntryFolded(CustomerState state) => _sound.EntryFolded(state);
    public override FactsNeeded? Needs(CustomerState state, CustomerCommand command) => _sound.Needs(state, command);
    public override CustomerCommand WithFacts(CustomerState state, CustomerCommand command, CommittedEntry? byCommandId, CommittedEntry? byVersion, Programme? thatDecided) =>
        _sound.WithFacts(state, command, byCommandId, byVersion, thatDecided);
    public override bool IsSound(CustomerState state) => _sound.IsSound(state);
    public override long? NextWakeUp(CustomerState state) => _sound.NextWakeUp(state);
    public override CustomerCommand WakeUp(CustomerState state, Timestamp at) => _sound.WakeUp(state, at);
    public override void WriteSnapshot(CustomerState state, IBufferWriter<byte> output) => _sound.WriteSnapshot(state, output);
    public override CustomerState? ReadSnapshot(ReadOnlySpan<byte> data) => _sound.ReadSnapshot(data);
}
