using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>Tags of one customer by the events' JSON alone: only words of the dictionary are put on, what is taken off was carried, a sale says of what its rules ask for which the customer carried.</summary>
internal sealed class TagBook
{
    private readonly SortedDictionary<string, long> _ends = new(StringComparer.Ordinal);

    /// <summary>Tags put on and taken off in all.</summary>
    public int Changes { get; private set; }

    /// <summary>Sales that name a tag.</summary>
    public int Asked { get; private set; }

    public void Fold(string name, JsonElement data, TagsOfJournal programme, List<string> wrong)
    {
        var tag = data.Text("tag") ?? "";
        switch (name)
        {
            case "customer.tag-added.1":
                Changes++;
                var end = data.Number("until");
                if (!programme.Dictionary.Contains(tag) || (end != 0 && end <= data.Number("at")) || _ends.GetValueOrDefault(tag, -1) == end)
                    wrong.Add($"tag {tag} was put on until {end}, and is in no dictionary, over, or on already");
                _ends[tag] = end;
                break;
            case "customer.tag-removed.1":
                Changes++;
                if (!_ends.Remove(tag, out var until) || IsOver(until, data.Number("at")))
                    wrong.Add($"tag {tag} was taken off and not carried");
                break;
            case "customer.purchase-recorded.1":
                Sold(data, programme, wrong);
                break;
            default:
                // Nothing else moves a tag.
                break;
        }
    }

    private void Sold(JsonElement data, TagsOfJournal programme, List<string> wrong)
    {
        string[] named = [.. data.List("tags").Select(tag => tag.GetString()!).Order(StringComparer.Ordinal)];
        string[] carried = [.. _ends.Where(held => !IsOver(held.Value, data.Number("occurredAt")) && programme.Asked.Contains(held.Key)).Select(held => held.Key)];
        Asked += named.Length > 0 ? 1 : 0;
        if (!named.SequenceEqual(carried, StringComparer.Ordinal))
            wrong.Add($"{data.Text("store")}/{data.Text("receipt")} names the tags [{string.Join(' ', named)}], carried are [{string.Join(' ', carried)}]");
        foreach (var grant in data.List("grants"))
            if (programme.Alone.TryGetValue(grant.Text("rule")!, out var tags) && tags.Overlaps(named) == programme.Inverted.Contains(grant.Text("rule")!))
                wrong.Add($"rule {grant.Text("rule")} gives for {data.Text("receipt")}, whose tags [{string.Join(' ', named)}] it does not ask for");
    }

    private static bool IsOver(long end, long at) => end != 0 && end <= at;
}
