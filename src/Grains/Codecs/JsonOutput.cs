using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using System.Text.Unicode;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// JSON written straight into a growing buffer, without a writer in between that looks at every token again. It neither sets commas nor
/// checks that what it is told makes sense: whoever writes by hand has a test that reads it back. Allocates nothing but the buffer's growth.
/// </summary>
internal ref struct JsonOutput(ArrayBufferWriter<byte> buffer)
{
    /// <summary>Room that any number, the digits of an escape and any UTF-16 character take.</summary>
    private const int NumberBytes = 20, EscapeDigits = 4, CharBytes = 3;

    /// <summary>What JSON can't hold as it is. Everything else stays readable UTF-8, Chinese text above all.</summary>
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    private Span<byte> _free;
    private int _used;

    /// <summary>Where it goes. What was written since the last <see cref="Flush"/> is not in it yet.</summary>
    public readonly ArrayBufferWriter<byte> Buffer => buffer;

    /// <summary>Puts what was written into the buffer, so that another may write behind it.</summary>
    public void Flush()
    {
        buffer.Advance(_used);
        _free = default;
        _used = 0;
    }

    /// <summary>JSON as it is. Inlined, because a copy whose length is known is a move or two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(scoped ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        _used += json.Length;
    }

    /// <summary>A number.</summary>
    /// <param name="before">JSON in front of it: a name, a comma.</param>
    /// <param name="number">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Number(scoped ReadOnlySpan<byte> before, long number)
    {
        var room = Room(before.Length + NumberBytes);
        before.CopyTo(room);
        _used += before.Length + Digits(room[before.Length..], number);
    }

    private static int Digits(Span<byte> room, long number)
    {
        if (number is >= 0 and < 10)
        {
            room[0] = (byte)('0' + number);
            return 1;
        }

        Utf8Formatter.TryFormat(number, room, out var written);
        return written;
    }

    /// <summary>A number of a fixed count of hexadecimal digits, as a string.</summary>
    public void Hexadecimal(ulong number, byte digits)
    {
        Raw("\""u8);
        Utf8Formatter.TryFormat(number, Room(digits), out var written, new StandardFormat('x', digits));
        _used += written;
        Raw("\""u8);
    }

    /// <summary>A string. Half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.</summary>
    /// <param name="text">The text; null is refused: an entry that no reader accepts must fail before it is committed.</param>
    /// <param name="member">Whose text it is, for the one who looks for the mistake.</param>
    /// <exception cref="JsonException">There is no text.</exception>
    public void Text(string? text, string member)
    {
        if (text is null) throw new JsonException($"The text of '{member}' is null.");
        var room = Room((text.Length * CharBytes) + 2);
        if (!TryPlainAscii(text, room[1..]))
        {
            Mixed(text);
            return;
        }

        room[0] = (byte)'"';
        room[text.Length + 1] = (byte)'"';
        _used += text.Length + 2;
    }

    /// <summary>Nearly all texts are ids of ASCII without anything to escape: looked at and narrowed eight characters at once.</summary>
    private static bool TryPlainAscii(ReadOnlySpan<char> text, Span<byte> room)
    {
        var from = MemoryMarshal.Cast<char, ushort>(text);
        var at = 0;
        for (; from.Length - at >= Vector128<ushort>.Count; at += Vector128<ushort>.Count)
        {
            var eight = Vector128.Create(from.Slice(at, Vector128<ushort>.Count));
            var special = Vector128.GreaterThan(eight - Vector128.Create((ushort)' '), Vector128.Create((ushort)('~' - ' ')))
                | Vector128.Equals(eight, Vector128.Create((ushort)'"')) | Vector128.Equals(eight, Vector128.Create((ushort)'\\'));
            if (special != Vector128<ushort>.Zero) return false;
            Vector128.Narrow(eight, eight).GetLower().CopyTo(room[at..]);
        }

        for (; at < from.Length; at++)
        {
            var one = from[at];
            if (one is < ' ' or > '~' or '"' or '\\') return false;
            room[at] = (byte)one;
        }

        return true;
    }

    private void Mixed(string text)
    {
        Raw("\""u8);
        var rest = text.AsSpan();
        for (var at = rest.IndexOfAny(Escaped); at >= 0; at = rest.IndexOfAny(Escaped))
        {
            Plain(rest[..at]);
            Escape(rest[at]);
            rest = rest[(at + 1)..];
        }

        Plain(rest);
        Raw("\""u8);
    }

    private void Plain(ReadOnlySpan<char> text)
    {
        Utf8.FromUtf16(text, Room(text.Length * CharBytes), out _, out var written);
        _used += written;
    }

    private void Escape(char what)
    {
        if (what is '"' or '\\')
        {
            Raw("\\"u8);
            Raw([(byte)what]);
            return;
        }

        Raw("\\u"u8);
        Utf8Formatter.TryFormat((uint)what, Room(EscapeDigits), out var written, new StandardFormat('x', EscapeDigits));
        _used += written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int bytes)
    {
        if (_free.Length - _used < bytes) Grow(bytes);
        return _free[_used..];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int bytes)
    {
        Flush();
        _free = buffer.GetSpan(bytes);
    }
}
