using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ChainCrm.Domain.Identities;

namespace ChainCrm.Grains.Personal;

/// <summary>Blind indexes of identities, under a key for each chain and kind: equal values of two chains, or of a phone and a card, have nothing in common.</summary>
internal sealed class BlindIndexes(byte[] secret) : IDisposable
{
    private const int IndexBytes = 16;

    // Enough for every text of Limits.IdLengthMax characters; longer ones are rented for.
    private const int BytesOnStack = 256;
    private readonly ConcurrentDictionary<(string Chain, IdentityKind Kind), KeyedHash> _hashes = new();
    private volatile bool _isClosed;

    /// <summary>The index of a value.</summary>
    /// <exception cref="ObjectDisposedException">The keys are gone.</exception>
    public IdentityRef Of(string chain, IdentityKind kind, string normalisedValue)
    {
        if (_hashes.TryGetValue((chain, kind), out var known)) return Of(known, kind, normalisedValue);
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var made = new KeyedHash(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyedHash.Bytes, info: Encoding.UTF8.GetBytes($"chaincrm/index/1/{(int)kind}/{chain}")));
        var kept = _hashes.Count < GrainLimits.IndexKeysCached ? _hashes.GetOrAdd((chain, kind), made) : null;
        // Closed meanwhile: whoever wiped the keys may have passed by before this one was there.
        if (_isClosed) kept?.Dispose();
        if (kept == made) return Of(made, kind, normalisedValue);
        using (made) return Of(kept ?? made, kind, normalisedValue);
    }

    /// <summary>Wipes the keys of chains and kinds. The secret they come from belongs to the vault.</summary>
    public void Dispose()
    {
        _isClosed = true;
        foreach (var hash in _hashes.Values) hash.Dispose();
    }

    private static IdentityRef Of(KeyedHash keyed, IdentityKind kind, string normalisedValue)
    {
        Span<byte> hash = stackalloc byte[KeyedHash.Bytes];
        var most = Encoding.UTF8.GetMaxByteCount(normalisedValue.Length);
        var rented = most > BytesOnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var bytes = rented ?? stackalloc byte[BytesOnStack];
        var length = Encoding.UTF8.GetBytes(normalisedValue, bytes);
        try
        {
            keyed.Hash(bytes[..length], hash);
        }
        finally
        {
            // It is personal data.
            CryptographicOperations.ZeroMemory(bytes[..length]);
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }

        return new IdentityRef(kind, Base64Url.EncodeToString(hash[..IndexBytes]));
    }
}
