using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using ChainCrm.Grains.Personal;

namespace ChainCrm.Silo.Access;

/// <summary>
/// 256 keyed bits from the vault's keyed fingerprint: four of its 64-bit outputs over the same text with a counter before it. The first
/// byte keeps each purpose apart from the others and from the fingerprints of requests (see FingerprintWriter).
/// </summary>
internal static class KeyedBytes
{
    public const byte SessionPurpose = 200;
    public const byte KeySecretPurpose = 201;

    /// <summary>Base64url of 32 bytes that only this installation can make.</summary>
    public static string Derive(IPersonalVault vault, byte purpose, string text)
    {
        var input = new byte[2 + Encoding.UTF8.GetByteCount(text)];
        input[0] = purpose;
        Encoding.UTF8.GetBytes(text, input.AsSpan(2));
        Span<byte> output = stackalloc byte[32];
        for (byte part = 0; part < 4; part++)
        {
            input[1] = part;
            BinaryPrimitives.WriteUInt64BigEndian(output[(part * 8)..], vault.Fingerprint(input));
        }

        return Base64Url.EncodeToString(output);
    }
}
