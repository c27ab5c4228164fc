using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Runtime;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Simulation;

/// <summary>The parts a core is made of in the simulation.</summary>
internal sealed record CoreParts(
    IJournal Journal, ISnapshotStore Snapshots, IProgrammes Programmes, EngineOptions Options, TimeProvider Time, IPartitionHost Host,
    FeedRing Feed, EngineMetrics Metrics)
{
    public PartitionCore Make(Break how) => how switch
    {
        Break.KeepAfterFailedCommit => new KeepingCore(this),
        Break.KeepOnTop => new StubbornCore(this),
        Break.SkipDedupe => new CarelessCore(this),
        _ => new SoundCore(this),
    };

    public GrainLoader Loader => new(Journal, Snapshots, GrainCatalog.Product);
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
