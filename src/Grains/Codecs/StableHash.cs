using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// A 64-bit hash of text that is the same on every machine and in every version: it is kept in snapshots and entries. Not keyed, so it tells apart
/// what differs by accident, not what somebody made to look alike.
/// </summary>
public static class StableHash
{
    private const ulong Seed = 0x9E3779B97F4A7C15;
    private const ulong Mix = 0xD6E8FEB86659FD93;

    /// <summary>The hash of the UTF-16 characters.</summary>
    public static ulong Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    /// <summary>The hash of bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        ulong rest = 0;
        for (var i = 0; i < bytes.Length; i++)
            rest |= (ulong)bytes[i] << (8 * i);
        return Fold(Fold(hash ^ rest));
    }

    private static ulong Fold(ulong value)
    {
        var high = Math.BigMul(value, Mix, out var low);
        return high ^ low;
    }
}
