using System.Buffers.Text;
using System.Text;
using ChainCrm.Domain.Identities;

namespace ChainCrm.Domain.Customers;

/// <summary>
/// Identities in 17 bytes each instead of an object and a text of 72: every customer in memory holds them, and they are looked at only
/// when a profile is shown or changed. An index that is not 22 characters of base64url is kept as it is.
/// </summary>
internal struct PackedIdentities
{
    private const int IndexBytes = 16;
    private const int IndexChars = 22;
    private object? _packed;

    public void Set(IReadOnlyList<IdentityRef> identities)
    {
        var bytes = new byte[identities.Count * (1 + IndexBytes)];
        for (var i = 0; i < identities.Count; i++)
        {
            var slot = bytes.AsSpan(i * (1 + IndexBytes), 1 + IndexBytes);
            slot[0] = (byte)identities[i].Kind;
            if (Fits(identities[i], slot[1..])) continue;
            _packed = identities.ToArray();
            return;
        }

        _packed = bytes.Length == 0 ? null : bytes;
    }

    public readonly IReadOnlyList<IdentityRef> ToList()
    {
        if (_packed is IdentityRef[] plain) return plain;
        if (_packed is not byte[] bytes) return [];
        var list = new IdentityRef[bytes.Length / (1 + IndexBytes)];
        for (var i = 0; i < list.Length; i++)
        {
            var slot = bytes.AsSpan(i * (1 + IndexBytes), 1 + IndexBytes);
            list[i] = new IdentityRef((IdentityKind)slot[0], Base64Url.EncodeToString(slot[1..]));
        }

        return list;
    }

    // Only an index that comes back letter by letter may be packed.
    private static bool Fits(IdentityRef identity, Span<byte> slot)
    {
        if (identity.Index is not { Length: IndexChars } index || !Enum.IsDefined(identity.Kind)) return false;
        Span<byte> utf8 = stackalloc byte[IndexChars];
        if (!Encoding.UTF8.TryGetBytes(index, utf8, out var length) || length != IndexChars) return false;
        return Base64Url.IsValid(utf8) && Base64Url.TryDecodeFromUtf8(utf8, slot, out var written) && written == IndexBytes
            && Base64Url.EncodeToString(slot) == index;
    }
}
