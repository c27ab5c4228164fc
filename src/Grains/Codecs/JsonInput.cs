using System.Buffers;
using System.Text.Json;

namespace ChainCrm.Grains.Codecs;

/// <summary>Reads one item of a list, the reader being at its first token.</summary>
/// <param name="reader">Ends at the item's last token.</param>
/// <param name="context">Something the items share.</param>
internal delegate T ReadItem<T>(ref Utf8JsonReader reader, int context);

/// <summary>What those who read JSON by hand have in common. Whatever is not as it should be raises what <see cref="EntryCodec"/> takes for unreadable.</summary>
internal static class JsonInput
{
    private const int ListStart = 16, EscapedNameBytes = 16;

    /// <summary>Goes on to the next token.</summary>
    public static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new JsonException("The payload ends too early.");

    /// <summary>Goes on to the next element of an array; false at its end.</summary>
    public static bool More(ref Utf8JsonReader reader) => Next(ref reader) != JsonTokenType.EndArray;

    /// <summary>Goes on to the next element of an array, which must be there.</summary>
    public static void Element(ref Utf8JsonReader reader)
    {
        if (!More(ref reader)) throw new JsonException("An array is too short.");
    }

    /// <summary>Holds the token to be of a type.</summary>
    public static void Expect(ref Utf8JsonReader reader, JsonTokenType wanted)
    {
        if (reader.TokenType != wanted) throw new JsonException($"{wanted} was expected.");
    }

    /// <summary>A member's name of one or two ASCII letters as a number, the first one higher; 0 for any other.</summary>
    public static int Name(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            // No tool has a reason to write "\u0073" for "s", but it may.
            if (name.Length > EscapedNameBytes) return 0;
            Span<byte> plain = stackalloc byte[EscapedNameBytes];
            return Packed(plain[..reader.CopyString(plain)]);
        }

        return Packed(name);
    }

    private static int Packed(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => name[0],
        // A zero in front, which only an escape can write, would make it the name of one letter.
        2 when name[0] != 0 => (name[0] << 8) | name[1],
        _ => 0,
    };

    /// <summary>A string.</summary>
    public static string Text(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.GetString()!;
    }

    /// <summary>A string that comes back again and again, from the <see cref="StringPool"/> unless it is long.</summary>
    public static string PooledText(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        if (reader.HasValueSequence || reader.ValueSpan.Length > GrainLimits.PooledStringLengthMax) return reader.GetString()!;
        Span<char> text = stackalloc char[GrainLimits.PooledStringLengthMax];
        return StringPool.Get(text[..reader.CopyString(text)]);
    }

    /// <summary>An array of items, in an array of just their number: they wait in a rented one until it is known.</summary>
    public static T[] List<T>(ref Utf8JsonReader reader, ReadItem<T> item, int context = 0)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        var rented = ArrayPool<T>.Shared.Rent(ListStart);
        var count = 0;
        try
        {
            while (More(ref reader))
            {
                if (count == rented.Length) rented = Larger(rented);
                rented[count++] = item(ref reader, context);
            }

            return rented.AsSpan(0, count).ToArray();
        }
        finally
        {
            Return(rented, count);
        }
    }

    private static T[] Larger<T>(T[] rented)
    {
        var larger = ArrayPool<T>.Shared.Rent(rented.Length * 2);
        rented.CopyTo(larger, 0);
        Return(rented, rented.Length);
        return larger;
    }

    private static void Return<T>(T[] rented, int used)
    {
        Array.Clear(rented, 0, used);
        ArrayPool<T>.Shared.Return(rented);
    }
}
