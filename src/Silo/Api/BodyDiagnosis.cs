using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using ChainCrm.Domain;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>
/// Says what is wrong with a body that could not be read. Runs only then, so it may take its time: it walks the text beside the type
/// and stops at the first thing that does not fit.
/// </summary>
internal static class BodyDiagnosis
{
    /// <summary>The refusal, with the field or the place.</summary>
    public static Rejection Explain(ReadOnlySpan<byte> body, JsonTypeInfo type)
    {
        if (!Utf8.IsValid(body)) return ApiRejections.InvalidUtf8;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = ApiLimits.JsonDepthMax });
            reader.Read();
            var found = Walk(ref reader, type, "");
            // What follows the value counts too: a second value is malformed.
            while (found is null && reader.Read()) { }
            return found ?? ApiRejections.WrongType.At("$");
        }
        catch (JsonException broken)
        {
            return DepthOf(body) > ApiLimits.JsonDepthMax ? ApiRejections.TooDeep : Malformed(broken);
        }
    }

    private static Rejection Malformed(JsonException broken)
    {
        var line = (broken.LineNumber ?? 0) + 1;
        var place = (broken.BytePositionInLine ?? 0) + 1;
        return ApiRejections.MalformedJson with
        {
            English = string.Create(CultureInfo.InvariantCulture, $"The body is not well-formed JSON: line {line}, byte {place}."),
            Chinese = string.Create(CultureInfo.InvariantCulture, $"请求体不是有效的 JSON:第 {line} 行第 {place} 字节。"),
        };
    }

    /// <summary>The deepest nesting before the text ends or breaks.</summary>
    private static int DepthOf(ReadOnlySpan<byte> body)
    {
        var (depth, deepest, inText, escaped) = (0, 0, false, false);
        foreach (var one in body)
        {
            if (inText)
            {
                inText = escaped || one != (byte)'"';
                escaped = !escaped && one == (byte)'\\';
            }
            else if (one == (byte)'"') inText = true;
            else if (one is (byte)'{' or (byte)'[') deepest = Math.Max(deepest, ++depth);
            else if (one is (byte)'}' or (byte)']') depth--;
        }

        return deepest;
    }

    private static Rejection? Walk(ref Utf8JsonReader reader, JsonTypeInfo type, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Object => WalkObject(ref reader, type, path),
        JsonTypeInfoKind.Enumerable => WalkList(ref reader, type, path),
        _ => WalkValue(ref reader, type.Type, path),
    };

    private static Rejection? WalkObject(ref Utf8JsonReader reader, JsonTypeInfo type, string path)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return ApiRejections.WrongType.At(Named(path));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryText(ref reader, out var name)) return ApiRejections.InvalidUtf8.At(Named(path));
            var at = path.Length == 0 ? name : $"{path}.{name}";
            var property = type.Properties.FirstOrDefault(p => p.Name == name);
            if (property is null) return ApiRejections.UnknownField.At(Shortened(at));
            if (!seen.Add(name)) return ApiRejections.DuplicateField.At(at);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null && CanBeNull(property.PropertyType)) continue;
            if (Walk(ref reader, type.Options.GetTypeInfo(property.PropertyType), at) is { } found) return found;
        }

        var missing = type.Properties.FirstOrDefault(p => p.IsRequired && !seen.Contains(p.Name));
        return missing is null ? null : ApiRejections.MissingField.At(path.Length == 0 ? missing.Name : $"{path}.{missing.Name}");
    }

    private static Rejection? WalkList(ref Utf8JsonReader reader, JsonTypeInfo type, string path)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return ApiRejections.WrongType.At(Named(path));
        var element = type.Options.GetTypeInfo(type.ElementType!);
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            // A list never holds null here: an item left out is an item missing.
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (Walk(ref reader, element, at) is { } found) return found;
        }

        return null;
    }

    private static Rejection? WalkValue(ref Utf8JsonReader reader, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(JsonElement))
        {
            reader.Skip();
            return null;
        }

        var token = reader.TokenType;
        if (token is JsonTokenType.StartArray or JsonTokenType.StartObject) return ApiRejections.WrongType.At(path);
        if (type == typeof(string))
        {
            if (token != JsonTokenType.String) return ApiRejections.WrongType.At(path);
            return TryText(ref reader, out _) ? null : ApiRejections.InvalidUtf8.At(path);
        }

        if (type == typeof(bool)) return token is JsonTokenType.True or JsonTokenType.False ? null : ApiRejections.WrongType.At(path);
        if (type == typeof(DateTimeOffset)) return OffsetTimeConverter.TryRead(ref reader, out _) ? null : ApiRejections.TimeInvalid.At(path);
        if (token != JsonTokenType.Number) return ApiRejections.WrongType.At(path);
        var fits = type == typeof(int) ? reader.TryGetInt32(out _) : type == typeof(long) ? reader.TryGetInt64(out _) : reader.TryGetDecimal(out _);
        return fits ? null : ApiRejections.NumberOutOfRange.At(path);
    }

    private static bool TryText(ref Utf8JsonReader reader, out string text)
    {
        try
        {
            text = reader.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as \ud800: no text at all.
            text = "";
            return false;
        }
    }

    private static bool CanBeNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    private static string Named(string path) => path.Length == 0 ? "$" : path;

    /// <summary>An unknown name comes from the caller and may be of any length.</summary>
    private static string Shortened(string path) => path.Length <= 100 ? path : path[..100];
}
