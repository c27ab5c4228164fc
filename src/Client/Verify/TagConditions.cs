using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>Conditions on tags in a programme's document.</summary>
internal static class TagConditions
{
    /// <summary>Every tag that is asked for, wherever the condition stands.</summary>
    public static IEnumerable<string> In(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany(In),
        JsonValueKind.Object when json.Text("fact") == "tag" => json.List("in").Select(tag => tag.GetString() ?? ""),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => In(member.Value)),
        _ => [],
    };

    /// <summary>The tags that a rule asks for, when it asks for nothing else; null otherwise.</summary>
    public static IReadOnlySet<string>? Alone(JsonElement rule) =>
        rule.TryGetProperty("when", out var when) && when.ValueKind == JsonValueKind.Object && when.Text("fact") == "tag" ? In(when).ToHashSet(StringComparer.Ordinal) : null;
}
