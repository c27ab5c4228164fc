using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>Tags that one customer carries, and what purchases say of them (docs/domain/tags.md).</summary>
internal sealed class TagLedger
{
    private readonly List<(string Tag, long? Until)> _carried = [];

    /// <summary>A tag was put on: one of the dictionary, with an end that is still to come.</summary>
    public void Added(ProgrammeRules? rules, JsonElement data, string where, Differences differences)
    {
        var (tag, until) = (data.Text("tag") ?? "", data.NumberOrNull("until"));
        if (rules is not null && !rules.Tags.Contains(tag)) differences.Add(where, "tag put on", "one of the dictionary", tag);
        if (until <= data.Number("at")) differences.Add(where, $"end of tag {tag}", $"after {data.Number("at")}", $"{until}");
        if (_carried.Contains((tag, until))) differences.Add(where, $"tag {tag}", "something new", "as it was");
        if (_carried.FindIndex(held => held.Tag == tag) is var place && place >= 0)
        {
            _carried[place] = (tag, until);
            return;
        }

        _carried.Add((tag, until));
        if (_carried.Count <= ClientLimits.VerifyTagsMax) return;
        // Where there is no place, the one goes that ended first; those that have no end come last.
        var goes = _carried.Where(held => held.Until <= data.Number("at")).MinBy(held => held.Until);
        if (!_carried.Remove(goes)) differences.Add(where, "tags carried", $"at most {ClientLimits.VerifyTagsMax}", $"{_carried.Count}");
    }

    /// <summary>A tag was taken off that was carried.</summary>
    public void Removed(JsonElement data, string where, Differences differences)
    {
        var tag = data.Text("tag") ?? "";
        if (_carried.RemoveAll(held => held.Tag == tag && !(held.Until <= data.Number("at"))) == 0) differences.Add(where, "tag taken off", "one that is carried", tag);
    }

    /// <summary>A purchase names the tags that are carried, have not ended by its time, and that its rules ask for; a rule for some tags alone gives to nobody else.</summary>
    public void Purchased(ProgrammeRules rules, JsonElement data, string where, Differences differences)
    {
        var named = data.List("tags").Select(tag => tag.GetString() ?? "").Order(StringComparer.Ordinal).ToList();
        var expected = _carried.Where(held => !(held.Until <= data.Number("occurredAt")) && rules.AskedTags.Contains(held.Tag)).Select(held => held.Tag).Order(StringComparer.Ordinal);
        differences.Expect(where, "tags of the purchase", string.Join(' ', expected), string.Join(' ', named));
        foreach (var grant in data.List("grants"))
        {
            if (rules.Earning.TryGetValue(grant.Text("rule") ?? "", out var rule) && rule.Tags is { } tags && !tags.Overlaps(named))
                differences.Add(where, $"points of rule {grant.Text("rule")}", "none without its tag", $"{grant.Number("points")}");
        }
    }
}
