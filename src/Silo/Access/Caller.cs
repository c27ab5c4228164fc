using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Grains.Directories;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Access;

/// <summary>Who makes a request. One object per verified key or session, shared by its requests.</summary>
public sealed class Caller
{
    private Caller(string chain, AccessRole role, KeyFacts? key, DateTimeOffset? sessionEnds) =>
        (Chain, Role, Key, SessionEnds) = (chain, role, key, sessionEnds);

    /// <summary>The chain (tenant); everything the caller sees or does is within it.</summary>
    public string Chain { get; }

    public AccessRole Role { get; }

    /// <summary>The access key; null for a viewer without one.</summary>
    public KeyFacts? Key { get; }

    /// <summary>When the session of a browser ends; null when the caller sent its key.</summary>
    public DateTimeOffset? SessionEnds { get; }

    /// <summary>May see personal data unmasked.</summary>
    public bool SeesPersonal => Key?.SeesPersonal == true;

    /// <summary>The till, for the origin of what it does.</summary>
    public TillId? Till => Key?.Till;

    /// <summary>The store a till is bound to; null for headquarters.</summary>
    public StoreId? Store => Role == AccessRole.Till ? Key?.Store : null;

    /// <summary>A caller that showed an access key.</summary>
    public static Caller WithKey(KeyFacts key, DateTimeOffset? sessionEnds = null) => new(key.Chain, key.Role, key, sessionEnds);

    /// <summary>A viewer without a key, where the installation lets one look.</summary>
    public static Caller Anonymous(string chain) => new(chain, AccessRole.Viewer, null, null);
}

/// <summary>The caller of a request.</summary>
public static class CallerOfRequest
{
    /// <summary>The caller that the access check found; null before it ran or where an address is open to all.</summary>
    public static Caller? GetCaller(this HttpContext http) => http.Features.Get<Caller>();
}
