using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>What one version of the programme says of tags, read from its document: the dictionary, what conditions ask for, and the rules that ask for tags alone, or for their absence.</summary>
internal sealed record TagsOfJournal(IReadOnlySet<string> Dictionary, IReadOnlySet<string> Asked, IReadOnlyDictionary<string, IReadOnlySet<string>> Alone, IReadOnlySet<string> Inverted)
{
    public static TagsOfJournal Read(JsonElement root)
    {
        var (asked, alone, inverted) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        Collect(root, asked);
        foreach (var rule in root.TryGetProperty("earning", out var earning) ? earning.List("rules") : default)
        {
            if (!rule.TryGetProperty("when", out var when))
                continue;
            var isNot = when.TryGetProperty("not", out var inner);
            if ((isNot ? inner : when) is var condition && condition.Text("fact") != "tag")
                continue;
            var tags = new HashSet<string>(StringComparer.Ordinal);
            Collect(condition, tags);
            alone[rule.Text("id")!] = tags;
            if (isNot)
                inverted.Add(rule.Text("id")!);
        }

        return new TagsOfJournal(root.List("tags").Select(tag => tag.Text("id")!).ToHashSet(StringComparer.Ordinal), asked, alone, inverted);
    }

    private static void Collect(JsonElement json, HashSet<string> asked)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray())
                Collect(item, asked);
        }
        else if (json.ValueKind == JsonValueKind.Object && json.Text("fact") == "tag")
        {
            asked.UnionWith(json.List("in").Select(tag => tag.GetString()!));
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
                Collect(member.Value, asked);
        }
    }
}
