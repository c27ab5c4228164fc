using System.Security.Cryptography;

namespace ChainCrm.Grains.Personal;

/// <summary>
/// HMAC-SHA256 under one key, for many calls: idle hashes wait for the next caller, because to set one up costs more than to hash a short text.
/// Thread-safe; a call allocates nothing once a hash is idle.
/// </summary>
internal sealed class KeyedHash : IDisposable
{
    /// <summary>Length of a hash.</summary>
    public const int Bytes = HMACSHA256.HashSizeInBytes;

    // Places of different processors lie a cache line apart, so that they do not wait for each other's writes.
    private const int PlacesPerLine = 8;
    private static readonly int Processors = Math.Clamp(Environment.ProcessorCount, 1, GrainLimits.IdleHashesPerKey);
    private readonly IncrementalHash?[] _idle = new IncrementalHash?[Processors * PlacesPerLine];
    private readonly byte[] _key;
    private int _isClosed;

    /// <param name="key">Belongs to this object from now on: it is wiped when that is disposed of.</param>
    public KeyedHash(byte[] key) => _key = key;

    /// <summary>Hashes a content of any length.</summary>
    /// <param name="content">What is hashed.</param>
    /// <param name="hash">At least <see cref="Bytes"/> long; the first ones are written.</param>
    /// <exception cref="ObjectDisposedException">The key is gone.</exception>
    public void Hash(ReadOnlySpan<byte> content, Span<byte> hash)
    {
        var taken = Take();
        try
        {
            taken.AppendData(content);
            taken.GetHashAndReset(hash);
        }
        catch
        {
            // Part of the content may still be in it.
            taken.Dispose();
            throw;
        }

        Return(taken);
    }

    /// <summary>Wipes the key. Calls under way come to their right end.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        CryptographicOperations.ZeroMemory(_key);
        for (var i = 0; i < _idle.Length; i++) Interlocked.Exchange(ref _idle[i], null)?.Dispose();
    }

    private static int OwnPlace => (int)((uint)Thread.GetCurrentProcessorId() % (uint)Processors) * PlacesPerLine;

    private IncrementalHash Take()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, this);
        if (Interlocked.Exchange(ref _idle[OwnPlace], null) is { } own) return own;
        for (var i = 0; i < _idle.Length; i += PlacesPerLine)
        {
            if (_idle[i] is not null && Interlocked.Exchange(ref _idle[i], null) is { } other) return other;
        }

        return Make();
    }

    private IncrementalHash Make()
    {
        var made = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        // The key may have been wiped while it was read: what was made under half a key must never hash.
        Interlocked.MemoryBarrier();
        if (_isClosed == 0) return made;
        made.Dispose();
        throw new ObjectDisposedException(nameof(KeyedHash));
    }

    private void Return(IncrementalHash taken)
    {
        var place = OwnPlace;
        if (Interlocked.CompareExchange(ref _idle[place], taken, null) is not null && !TryPutElsewhere(taken, out place))
        {
            taken.Dispose();
            return;
        }

        // Closed in between: Dispose may have passed this place before the hash was put there.
        if (Volatile.Read(ref _isClosed) != 0) Interlocked.Exchange(ref _idle[place], null)?.Dispose();
    }

    private bool TryPutElsewhere(IncrementalHash taken, out int place)
    {
        for (place = 0; place < _idle.Length; place += PlacesPerLine)
        {
            if (_idle[place] is null && Interlocked.CompareExchange(ref _idle[place], taken, null) is null) return true;
        }

        return false;
    }
}
