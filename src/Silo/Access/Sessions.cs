using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using ChainCrm.Domain;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Access;

/// <summary>
/// Sessions of browsers. The cookie says which key and until when, under a keyed seal, so a session outlives a restart of the server
/// and the wall goes on; the key itself is asked of the directory at each request, so a revoked key ends its sessions at once.
/// </summary>
public sealed class Sessions(IDirectories directories, IPersonalVault vault, TimeProvider time)
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "chaincrm_session";

    private readonly ConcurrentDictionary<string, Caller> _verified = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);

    /// <summary>Begins a session of a key: sets the cookie.</summary>
    public Caller Begin(HttpContext http, KeyFacts key)
    {
        var ends = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().AddHours(ApiLimits.SessionHours).ToUnixTimeSeconds());
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var said = string.Create(CultureInfo.InvariantCulture, $"{key.Id}.{ends.ToUnixTimeSeconds()}.{nonce}");
        http.Response.Cookies.Append(Cookie, $"{said}.{Seal(said)}", Options(http, ends));
        return Caller.WithKey(key, ends);
    }

    /// <summary>Ends the session of a request: it is refused from now on, and the cookie goes.</summary>
    public void End(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is { Length: > 0 } token && ByToken(token).Caller is { SessionEnds: { } ends })
        {
            ForgetPassed();
            _ended[token] = ends;
            _verified.TryRemove(token, out _);
        }

        http.Response.Cookies.Delete(Cookie, Options(http, null));
    }

    /// <summary>Who the cookie stands for.</summary>
    public (Caller? Caller, Rejection? Rejection) ByToken(string token)
    {
        if (!_verified.TryGetValue(token, out var caller))
        {
            if (_ended.ContainsKey(token) || Read(token) is not { } read) return (null, ApiRejections.SessionEnded);
            if (_verified.Count >= ApiLimits.VerifiedMax) _verified.Clear();
            caller = _verified[token] = read;
        }

        if (caller.SessionEnds <= time.GetUtcNow()) return Gone(token, ApiRejections.SessionEnded);
        var key = directories.Key(caller.Key!.Id);
        if (key is null || key.IsRevoked) return Gone(token, ApiRejections.KeyRevoked);
        if (!ReferenceEquals(key, caller.Key)) caller = _verified[token] = Caller.WithKey(key, caller.SessionEnds);
        return (caller, null);
    }

    private (Caller? Caller, Rejection? Rejection) Gone(string token, Rejection why)
    {
        _verified.TryRemove(token, out _);
        return (null, why);
    }

    private Caller? Read(string token)
    {
        var end = token.LastIndexOf('.');
        if (end < 0 || token.Length > 512) return null;
        var said = token[..end];
        if (!AccessKeyText.SameHash(token[(end + 1)..], Seal(said))) return null;
        var parts = said.Split('.');
        if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return null;
        return directories.Key(parts[0]) is { } key ? Caller.WithKey(key, DateTimeOffset.FromUnixTimeSeconds(seconds)) : null;
    }

    private string Seal(string said) => KeyedBytes.Derive(vault, KeyedBytes.SessionPurpose, said);

    private void ForgetPassed()
    {
        if (_ended.Count < ApiLimits.EndedSessionsMax) return;
        var now = time.GetUtcNow();
        foreach (var (token, ends) in _ended)
            if (ends <= now) _ended.TryRemove(token, out _);
    }

    private static CookieOptions Options(HttpContext http, DateTimeOffset? ends) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", Expires = ends, IsEssential = true,
    };
}
