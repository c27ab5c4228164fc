using System.Collections.Concurrent;
using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.ReadSide;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.Directories;

/// <summary>The directories of every chain, following the feed. Putting an entry in twice changes nothing.</summary>
internal sealed class ChainDirectories : IDirectories, IProjection
{
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, ChainDirectory> _chains = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ChainDirectory>.AlternateLookup<ReadOnlySpan<char>> _chainsBySpan;
    private readonly ConcurrentDictionary<string, KeyFacts> _keys = new(StringComparer.Ordinal);
    private readonly PositionWaiters _shown;

    public ChainDirectories(DirectoryRows rows, ILogger logger)
    {
        _logger = logger;
        _chainsBySpan = _chains.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (chain, store) in rows.Stores) Chain(chain).Put(store);
        foreach (var key in rows.Keys) Issue(key);
        foreach (var (chain, version, document) in rows.Programmes) Publish(chain, version, document);
        _shown = new PositionWaiters(rows.Position);
    }

    public string Name => "directories";

    public long Position => _shown.Position;

    public Programme Current(ReadOnlySpan<char> chain) => _chainsBySpan.TryGetValue(chain, out var directory) ? directory.Current : Programme.BuiltIn;

    public Programme? ProgrammeVersion(string chain, int version) =>
        _chains.TryGetValue(chain, out var directory) ? directory.Version(version) : version == 0 ? Programme.BuiltIn : null;

    public StoreFacts? Store(string chain, StoreId id) => _chains.TryGetValue(chain, out var directory) ? directory.Store(id) : null;

    public IReadOnlyCollection<StoreFacts> Stores(string chain) => _chains.TryGetValue(chain, out var directory) ? directory.Stores : [];

    public KeyFacts? Key(string keyId) => _keys.GetValueOrDefault(keyId);

    public IReadOnlyCollection<KeyFacts> Keys(string chain) =>
        [.. _keys.Values.Where(key => key.Chain == chain).OrderBy(key => key.Id, StringComparer.Ordinal)];

    public ValueTask WaitForAsync(long position, CancellationToken cancellation = default) => _shown.WaitAsync(position, cancellation);

    /// <summary>The read side stops: nobody need wait any longer.</summary>
    public void End(Exception reason) => _shown.End(reason);

    public void Apply(IReadOnlyList<CommittedEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Position <= Position) continue;
            // Most entries are sales: one comparison each is all they cost here.
            if (!entry.Grain.Kind.SequenceEqual(GrainKinds.Customer))
            {
                foreach (var happened in entry.Events) Apply(entry.Grain, happened);
                _shown.Reach(entry.Position);
            }
        }

        if (entries.Count > 0) _shown.Reach(Math.Max(Position, entries[^1].Position));
    }

    private void Apply(GrainId grain, object happened)
    {
        switch (happened)
        {
            case StoreOpened e:
                Chain(grain).Put(new StoreFacts(e.Store, e.Name, e.Region, e.City, IsOpen: true));
                break;
            case StoreChanged e:
                ChangeStore(grain, store => store with { Name = e.Name, Region = e.Region, City = e.City });
                break;
            case StoreClosed:
                ChangeStore(grain, store => store with { IsOpen = false });
                break;
            case StoreReopened:
                ChangeStore(grain, store => store with { IsOpen = true });
                break;
            case KeyIssued e:
                Issue(new KeyFacts(grain.Key, grain.Chain.ToString(), e.Role, e.SecretHash, e.Store, e.Till, e.SeesPersonal, e.Label, IsRevoked: false));
                break;
            case KeyRevoked when _keys.TryGetValue(grain.Key, out var key) && grain.Chain.SequenceEqual(key.Chain):
                _keys[key.Id] = key with { IsRevoked = true };
                break;
            case ProgrammePublished e:
                Publish(grain.Chain.ToString(), e.Version, e.Document);
                break;
            default:
                // Identities, walk-in sales: nothing that stands in a directory.
                break;
        }
    }

    private void ChangeStore(GrainId grain, Func<StoreFacts, StoreFacts> change)
    {
        var chain = Chain(grain);
        if (chain.Store(new StoreId(grain.Key)) is { } store) chain.Put(change(store));
    }

    private void Issue(KeyFacts key)
    {
        // A key opens the chain that issued it. Another chain's key of the same id must not take its place.
        if (_keys.TryGetValue(key.Id, out var known) && known.Chain != key.Chain) ReadSideLog.KeyIdTaken(_logger, key.Id, key.Chain);
        else _keys[key.Id] = key;
    }

    private void Publish(string chain, int version, string document)
    {
        if (Programme.Compile(document, version).Programme is { } programme) Chain(chain).Publish(programme);
        else ReadSideLog.ProgrammeUnusable(_logger, version, chain);
    }

    private ChainDirectory Chain(GrainId grain) =>
        _chainsBySpan.TryGetValue(grain.Chain, out var directory) ? directory : Chain(grain.Chain.ToString());

    private ChainDirectory Chain(string chain) => _chains.GetOrAdd(chain, _ => new ChainDirectory());
}
