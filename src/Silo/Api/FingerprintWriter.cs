using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Personal;

namespace ChainCrm.Silo.Api;

/// <summary>What a fingerprint is of. The first byte of the canonical form: never renumber, or repeated requests would be refused after an update.</summary>
internal enum FingerprintKind : byte
{
    Purchase = 1,
    Return = 2,
    Redemption = 3,
    Adjustment = 4,
    Enrolment = 5,
    Profile = 6,
    Store = 7,
    Programme = 8,
    Key = 9,
    KeyRevocation = 10,
    TopUp = 11,
    StoredValueRefund = 12,
    Freeze = 13,
    CouponIssue = 14,
    CouponRevocation = 15,
    /// <summary>Not a request: what proves that a printed code is the chain's.</summary>
    CouponCode = 16,
    PointsExtension = 17,
    PointsFreeze = 18,
    PointsTransfer = 20,
    BasketOpening = 30,
    BasketChange = 31,
    BasketCancellation = 32,
    TagAddition = 40,
    TagRemoval = 41,
}

/// <summary>
/// The canonical form of a request: its fields in a fixed order, each text with its length before it, so that no two requests of
/// different meaning have the same bytes. How the customer identified is not part of it: a retry may show the card instead of the phone.
/// </summary>
internal ref struct FingerprintWriter
{
    private byte[] _bytes;
    private int _length;

    public FingerprintWriter(FingerprintKind kind)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(512);
        _bytes[0] = (byte)kind;
        _length = 1;
    }

    /// <summary>A number.</summary>
    public void Number(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    /// <summary>A number that may be left out.</summary>
    public void Optional(long? value)
    {
        Take(1)[0] = value is null ? (byte)0 : (byte)1;
        if (value is { } given) Number(given);
    }

    /// <summary>A text, or none: an empty text is not the same as none.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), -1);
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(value);
        BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), bytes);
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    /// <summary>The fingerprint under a key, for what may hold personal data. The writer is of no use afterwards.</summary>
    public ulong Finish(IPersonalVault vault)
    {
        var fingerprint = vault.Fingerprint(_bytes.AsSpan(0, _length));
        // Enrolments carry personal data.
        _bytes.AsSpan(0, _length).Clear();
        Return();
        return fingerprint;
    }

    /// <summary>The fingerprint without a key, at a tenth of the cost, for what holds nothing personal. The writer is of no use afterwards.</summary>
    public ulong FinishPlain()
    {
        var fingerprint = StableHash.Of(_bytes.AsSpan(0, _length));
        Return();
        return fingerprint == 0 ? 1 : fingerprint;
    }

    private void Return()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private Span<byte> Take(int count)
    {
        if (_length + count > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + count, _bytes.Length * 2));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            _bytes.AsSpan(0, _length).Clear();
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        var taken = _bytes.AsSpan(_length, count);
        _length += count;
        return taken;
    }
}
