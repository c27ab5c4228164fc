using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Client.Verify;

/// <summary>
/// 64 bits of SHA-256 of two texts. Verify keeps these instead of the texts, so that ten million command ids fit into memory; the
/// chance that two of ten million agree by accident is less than one in a hundred thousand.
/// </summary>
internal static class TextHash
{
    public static ulong Of(string first, string second)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(first, "\0", second)), hash);
        return BitConverter.ToUInt64(hash);
    }
}
