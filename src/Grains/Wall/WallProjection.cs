using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Grains.Wall;

/// <summary>The figures of every chain's wall, following the feed. Readers get consistent copies; a batch of entries holds the lock for well under a millisecond per thousand.</summary>
internal sealed class WallProjection(bool followData, TimeProvider clock) : IWallFigures, IProjection
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, WallChain> _chains = new(StringComparer.Ordinal);
    private long _position;

    public string Name => "wall";

    public long Position => Volatile.Read(ref _position);

    /// <summary>
    /// Starts from the read models: a restart shows what was shown before it. Before the feed is followed. A wall that follows the data starts from
    /// nothing and reads the journal: which followed day an enrolment fell on, only the order of the entries tells.
    /// </summary>
    public async ValueTask PrimeAsync(IReadModelMoment moment)
    {
        if (followData) return;
        // Half a start would be counted again by whoever starts from nothing after this: everything is read before anything is kept.
        var chains = new Dictionary<string, WallChain>(StringComparer.Ordinal);
        foreach (var (name, version, document) in await moment.ProgrammesAsync()) Publish(Chain(chains, name), version, document);
        foreach (var name in await moment.ChainsAsync())
        {
            var chain = Chain(chains, name);
            var (from, to) = chain.DaysOfInterest();
            chain.Prime(await moment.WallAsync(name, from, to), name);
        }

        var position = await moment.PositionAsync();
        lock (_lock)
        {
            foreach (var (name, chain) in chains) _chains[name] = chain;
            Volatile.Write(ref _position, position);
        }
    }

    public void Apply(IReadOnlyList<CommittedEntry> entries)
    {
        lock (_lock)
        {
            var chains = _chains.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var i = 0; i < entries.Count; i++)
            {
                var entry = entries[i];
                if (entry.Position <= _position) continue;
                // Before the entry is counted: one that can't be counted is in the log once and is left out; half of it is never counted twice.
                Volatile.Write(ref _position, entry.Position);
                if (!chains.TryGetValue(entry.Grain.Chain, out var chain)) chain = Chain(_chains, entry.Grain.Chain.ToString());
                chain.Apply(entry);
                if (entry.Events is [ProgrammePublished published, ..]) Publish(chain, published.Version, published.Document);
            }
        }
    }

    public WallFigures Snapshot(string chain)
    {
        lock (_lock) return Known(chain).Snapshot();
    }

    public WallChanges? TakeChanges(string chain)
    {
        lock (_lock) return Known(chain).TakeChanges();
    }

    private static void Publish(WallChain chain, int version, string document)
    {
        if (Programme.Compile(document, version).Programme is { } programme) chain.Calendar = new BusinessCalendar(programme.TimeZone);
    }

    /// <summary>A chain nobody has traded in shows zeros, and is not kept: any text can be asked for.</summary>
    private WallChain Known(string chain) => _chains.TryGetValue(chain, out var known) ? known : new WallChain(followData, clock);

    private WallChain Chain(Dictionary<string, WallChain> chains, string chain) => chains.TryGetValue(chain, out var known) ? known : chains[chain] = new WallChain(followData, clock);
}
