using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// 128 bits that stand for a stream, or for a command within a stream, so that tables of millions hold no strings for the garbage collector to walk.
/// The first half is what index.db is keyed by and is verified against the entry on every read. The whole is relied upon in memory: under a
/// <see cref="HashSeed"/> that nobody outside knows, two of 100 million texts share one with a probability below 1 in 10^21.
/// </summary>
internal readonly record struct TextKey(ulong First, ulong Second)
{
    /// <summary>The first half as SQLite stores it.</summary>
    public long Stored => unchecked((long)First);

    public override int GetHashCode() => unchecked((int)First);
}

/// <summary>The secret start of every <see cref="TextKey"/>. Drawn when index.db is made and kept in it: callers choose names and command ids, and must
/// not be able to choose ones that collide.</summary>
internal readonly record struct HashSeed(ulong First, ulong Second)
{
    private const ulong Odd1 = 0x9E3779B97F4A7C15, Odd2 = 0xD6E8FEB86659FD93, Odd3 = 0xA0761D6478BD642F;

    public static HashSeed Draw()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }

    public TextKey Stream(ReadOnlySpan<byte> utf8) => Hash(utf8, First, Second);

    /// <summary>The key of a command of a stream.</summary>
    public TextKey Command(TextKey stream, ReadOnlySpan<byte> utf8) => Hash(utf8, stream.First ^ Second, stream.Second ^ First);

    public TextKey Stream(string stream)
    {
        Span<byte> utf8 = stackalloc byte[JournalLimits.StreamLengthMax * 3];
        return Stream(utf8[..Encoding.UTF8.GetBytes(stream, utf8)]);
    }

    public TextKey Command(TextKey stream, string commandId)
    {
        Span<byte> utf8 = stackalloc byte[JournalLimits.CommandIdLengthMax * 3];
        return Command(stream, utf8[..Encoding.UTF8.GetBytes(commandId, utf8)]);
    }

    private static TextKey Hash(ReadOnlySpan<byte> text, ulong first, ulong second)
    {
        unchecked
        {
            var length = (ulong)text.Length * Odd3;
            var a = first ^ length;
            var b = second + length;
            while (text.Length >= sizeof(ulong))
            {
                var word = BinaryPrimitives.ReadUInt64LittleEndian(text);
                a = Fold(a ^ word, Odd1);
                b = Fold(b + word, Odd2) ^ a;
                text = text[sizeof(ulong)..];
            }

            ulong rest = 0;
            for (var i = 0; i < text.Length; i++) rest |= (ulong)text[i] << (8 * i);
            a = Fold(a ^ rest, Odd1) ^ second;
            b = Fold(b + rest, Odd2) ^ first;
            return new(Fold(a ^ Odd3, b ^ Odd2), Fold(b + Odd1, a ^ Odd3));
        }
    }

    /// <summary>Both halves of the 128-bit product, one over the other: every bit of both factors reaches every bit of the result.</summary>
    private static ulong Fold(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        return high ^ low;
    }
}
