using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// JSON written straight into a growing buffer, without a writer in between that looks at every token again. It neither sets commas nor
/// checks that what it is told makes sense: whoever writes by hand has a test that reads it back. Allocates nothing but the buffer's growth.
/// </summary>
internal ref struct JsonOutput(ArrayBufferWriter<byte> buffer)
{
    private const int NumberLengthMax = 20, EscapeLength = 6, BytesPerCharMax = 3;

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

    /// <summary>JSON as it is.</summary>
    public void Raw(scoped ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        _used += json.Length;
    }

    /// <summary>A number.</summary>
    public void Number(long number)
    {
        number.TryFormat(Room(NumberLengthMax), out var written, default, CultureInfo.InvariantCulture);
        _used += written;
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
        Utf8.FromUtf16(text, Room(text.Length * BytesPerCharMax), out _, out var written);
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
        Utf8Formatter.TryFormat((uint)what, Room(EscapeLength), out var written, new StandardFormat('x', 4));
        _used += written;
    }

    private Span<byte> Room(int bytes)
    {
        if (_free.Length - _used < bytes) Grow(bytes);
        return _free[_used..];
    }

    private void Grow(int bytes)
    {
        Flush();
        _free = buffer.GetSpan(bytes);
    }
}
