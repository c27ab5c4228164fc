using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Grains.Storage;

namespace ChainCrm.Grains.Directories;

/// <summary>
/// Finds the holder of an identity: from a bounded cache, else from the identity grain. Only confirmed holders are kept. A release takes the
/// holder out of the cache twice: at once by the process that releases, before it answers its caller, and again when the feed shows it.
/// </summary>
public sealed class IdentityLookup : IIdentityLookup, IProjection
{
    private readonly BoundedCache<HolderKey, CustomerId> _holders = new(GrainLimits.IdentitiesCached);
    private IEngine? _engine;
    private long _position;

    /// <summary>Names the identity's grain.</summary>
    public static GrainId GrainOf(string chain, IdentityRef identity) =>
        GrainId.FromStream(string.Concat(chain, PathOf(identity.Kind), identity.Index));

    /// <summary>The identity that a grain stands for; null when the key is not one of an identity.</summary>
    public static IdentityRef? IdentityOf(GrainId grain)
    {
        var key = grain.Key;
        var dash = key.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && int.TryParse(key.AsSpan(0, dash), System.Globalization.CultureInfo.InvariantCulture, out var kind)
            ? new IdentityRef((IdentityKind)kind, key[(dash + 1)..])
            : null;
    }

    string IProjection.Name => "identities";

    long IProjection.Position => Volatile.Read(ref _position);

    public ValueTask<(CustomerId? Customer, Rejection? Rejection)> FindAsync(string chain, IdentityRef identity, CancellationToken cancellation = default) =>
        _holders.TryGet(new HolderKey(chain, identity), out var holder)
            ? ValueTask.FromResult<(CustomerId?, Rejection?)>((holder, null))
            : AskAsync(chain, identity);

    /// <summary>The identity was released: the next look-up asks its grain.</summary>
    public void Forget(GrainId identity)
    {
        // A grain that stands for no identity has no holder that could have been kept.
        if (IdentityOf(identity) is { } known) _holders.Forget(new HolderKey(identity.Chain.ToString(), known));
    }

    void IProjection.Apply(IReadOnlyList<CommittedEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (!entry.Grain.Kind.SequenceEqual(GrainKinds.Identity)) continue;
            for (var e = 0; e < entry.Events.Count; e++)
            {
                if (entry.Events[e] is IdentityReleased) Forget(entry.Grain);
            }
        }

        if (entries.Count > 0) Volatile.Write(ref _position, entries[^1].Position);
    }

    /// <summary>From now on look-ups ask this engine, and follow its feed from a position: an empty cache holds nothing older.</summary>
    internal void Start(IEngine engine)
    {
        Volatile.Write(ref _position, engine.Feed.Head);
        Volatile.Write(ref _engine, engine);
    }

    private async ValueTask<(CustomerId? Customer, Rejection? Rejection)> AskAsync(string chain, IdentityRef identity)
    {
        var epoch = _holders.Epoch;
        if (Volatile.Read(ref _engine) is not { } engine) return (null, EngineRejections.Stopping);
        var reply = await engine.ReadAsync<IdentityState, int, CustomerId?>(GrainOf(chain, identity), 0, static (state, _) => state.IsConfirmed ? state.Customer : null);
        if (reply.Rejection is { } rejection) return (null, rejection);
        if (reply.Value is { } found) _holders.Put(new HolderKey(chain, identity), found, epoch);
        return (reply.Value, null);
    }

    /// <summary>What stands between chain and index in the stream's name: constants, because each look-up of a stranger needs it.</summary>
    private static string PathOf(IdentityKind kind) => kind switch
    {
        IdentityKind.Phone => "/" + GrainKinds.Identity + "/1-",
        IdentityKind.Card => "/" + GrainKinds.Identity + "/2-",
        IdentityKind.External => "/" + GrainKinds.Identity + "/3-",
        _ => FormattableString.Invariant($"/{GrainKinds.Identity}/{(int)kind}-"),
    };

    private readonly record struct HolderKey(string Chain, IdentityRef Identity)
    {
        // The index is a keyed hash of chain, kind and value already: to hash the others with it would tell no more keys apart.
        public override int GetHashCode() => Identity.Index.GetHashCode(StringComparison.Ordinal);
    }
}
