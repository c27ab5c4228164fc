using System.Text.Json;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Grains.Codecs;

/// <summary>What the hand-written events have in common. Every method leaves out and writes exactly what the generated serializer does.</summary>
internal static class SharedParts
{
    private static readonly JsonEncodedText Store = JsonEncodedText.Encode("store");
    private static readonly JsonEncodedText Staff = JsonEncodedText.Encode("staff");
    private static readonly JsonEncodedText Till = JsonEncodedText.Encode("till");
    private static readonly JsonEncodedText Lot = JsonEncodedText.Encode("lot");
    private static readonly JsonEncodedText LotPoints = JsonEncodedText.Encode("points");
    private static readonly JsonEncodedText LotExpiresAt = JsonEncodedText.Encode("expiresAt");

    /// <summary>An optional number: left out at 0.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, JsonEncodedText name, long number)
    {
        if (number != 0)
            writer.WriteNumber(name, number);
    }

    /// <summary>An optional time: left out when there is none, and written at 0.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, JsonEncodedText name, Timestamp? time)
    {
        if (time is { } known)
            writer.WriteNumber(name, known.UnixMs);
    }

    /// <summary>An optional text: left out when there is none, and written when empty.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, JsonEncodedText name, string? text)
    {
        if (text is not null)
            writer.WriteString(name, text);
    }

    /// <summary>An optional list of lots: left out when empty.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, JsonEncodedText name, IReadOnlyList<LotPart>? lots)
    {
        if (lots is null || lots.Count is var count && count == 0)
            return;
        writer.WriteStartArray(name);
        for (var i = 0; i < count; i++)
        {
            var lot = lots[i];
            writer.WriteStartObject();
            writer.WriteOptional(Lot, lot.Lot);
            writer.WriteOptional(LotPoints, lot.Points.Count);
            writer.WriteOptional(LotExpiresAt, lot.ExpiresAt);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>An optional list of texts: left out when empty.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, JsonEncodedText name, IReadOnlyList<string>? texts)
    {
        if (texts is null || texts.Count is var count && count == 0)
            return;
        writer.WriteStartArray(name);
        for (var i = 0; i < count; i++)
            writer.WriteStringValue(texts[i]);
        writer.WriteEndArray();
    }

    /// <summary>Where and by whom: an object also when it says nothing.</summary>
    public static void WriteOrigin(this Utf8JsonWriter writer, JsonEncodedText name, Origin origin)
    {
        writer.WriteStartObject(name);
        if (origin.Store is { } store)
            writer.WriteString(Store, store.Value);
        if (origin.Staff is { } staff)
            writer.WriteString(Staff, staff.Value);
        if (origin.Till is { } till)
            writer.WriteString(Till, till.Value);
        writer.WriteEndObject();
    }

    /// <summary>A required member that holds nothing would be an entry that no reader accepts: it must fail before it is committed.</summary>
    public static T Present<T>(T? value, JsonEncodedText name)
        where T : class =>
        value ?? throw new JsonException($"The required member '{name}' is null.");
}
