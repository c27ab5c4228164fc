using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCrm.Silo.Api;

/// <summary>
/// Times on the wire carry their offset: without one the server would have to guess the till's zone, and would guess its own.
/// Written in UTC to the millisecond, so that the same instant is always the same text.
/// </summary>
internal sealed class OffsetTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryRead(ref reader, out var time) ? time : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[24];
        value.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }

    /// <summary>Reads a time with an offset; false when it is anything else.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out DateTimeOffset time)
    {
        time = default;
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence || reader.ValueIsEscaped) return false;
        var text = reader.ValueSpan;
        if (text.Length is < 17 or > ApiLimits.TimeTextMax) return false;
        var hasOffset = text[^1] == (byte)'Z' || (text[^6] is (byte)'+' or (byte)'-' && text[^3] == (byte)':');
        return hasOffset && reader.TryGetDateTimeOffset(out time);
    }
}
