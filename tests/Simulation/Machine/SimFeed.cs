using ChainCrm.Grains;

namespace ChainCrm.Simulation;

/// <summary>The engine's feed as one reader sees it, with a witness beside it: every hand-over must be the next entries of the disk.</summary>
internal sealed class SimFeed(IFeed feed, Witness witness, Break how) : IFeed
{
    public long Head => feed.Head;

    public async ValueTask<IReadOnlyList<CommittedEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation)
    {
        var name = SimLoops.Running;
        var entries = BrokenHosts.Skip(how, await feed.ReadAfterAsync(position, max, cancellation));
        witness.HandedOver(name, position, entries);
        return BrokenHosts.Mishear(how, name, entries);
    }

    public void Release(long position) => feed.Release(position);
}
