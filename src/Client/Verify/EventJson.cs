using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>Reads fields of stored events. What is left out in the journal has its default, so a missing number is 0 and a missing list empty.</summary>
internal static class EventJson
{
    public static long Number(this JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    public static long? NumberOrNull(this JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    public static string? Text(this JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool Flag(this JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static IEnumerable<JsonElement> List(this JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>Sum of a number over a list.</summary>
    public static long Sum(this JsonElement data, string list, string name)
    {
        var sum = 0L;
        foreach (var item in data.List(list)) sum += item.Number(name);
        return sum;
    }
}
