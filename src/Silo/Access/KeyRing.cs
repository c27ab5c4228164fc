using System.Collections.Concurrent;
using ChainCrm.Domain;
using ChainCrm.Grains.Directories;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Access;

/// <summary>
/// Checks access keys. A key that was checked once is remembered, so that a sale costs two look-ups instead of a hash; whether it
/// still stands is asked of the directory each time, so that a revoked key dies at once.
/// </summary>
public sealed class KeyRing(IDirectories directories)
{
    private const string Scheme = "Bearer ";
    private readonly ConcurrentDictionary<string, Caller> _verified = new(StringComparer.Ordinal);

    /// <summary>Checks the header Authorization.</summary>
    public (Caller? Caller, Rejection? Rejection) ByHeader(string header)
    {
        if (_verified.TryGetValue(header, out var known)) return Standing(header, known);
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return (null, ApiRejections.KeyInvalid);

        var (key, rejection) = Verify(header.AsSpan(Scheme.Length).Trim());
        if (key is null) return (null, rejection);

        // Bounded: forgetting everything now and then costs each key one hash.
        if (_verified.Count >= ApiLimits.VerifiedMax) _verified.Clear();
        return (_verified[header] = Caller.WithKey(key), null);
    }

    /// <summary>Checks the text of a key.</summary>
    public (KeyFacts? Key, Rejection? Rejection) Verify(ReadOnlySpan<char> text)
    {
        if (!AccessKeyText.TryParse(text, out var id, out var secret)) return (null, ApiRejections.KeyInvalid);
        var key = directories.Key(id);
        // An unknown id costs a hash too, so that time does not tell which ids exist.
        var matches = AccessKeyText.SameHash(AccessKeyText.Hash(secret), key?.SecretHash ?? "");
        if (key is null || !matches) return (null, ApiRejections.KeyInvalid);
        return key.IsRevoked ? (null, ApiRejections.KeyRevoked) : (key, null);
    }

    private (Caller? Caller, Rejection? Rejection) Standing(string header, Caller known)
    {
        var key = directories.Key(known.Key!.Id);
        if (ReferenceEquals(key, known.Key)) return key!.IsRevoked ? Ended(header) : (known, null);
        if (key is null || !string.Equals(key.SecretHash, known.Key.SecretHash, StringComparison.Ordinal) || key.IsRevoked) return Ended(header);
        return (_verified[header] = Caller.WithKey(key), null);
    }

    private (Caller? Caller, Rejection? Rejection) Ended(string header)
    {
        _verified.TryRemove(header, out _);
        return (null, ApiRejections.KeyRevoked);
    }
}
