namespace ChainCrm.Domain.Programmes;

/// <summary>A word of the chain's dictionary for its customers (R17): nobody carries a tag that no version of the dictionary ever had.</summary>
/// <param name="Id">Names it for ever.</param>
/// <param name="NameZh">What people see.</param>
/// <param name="NameEn">What people see.</param>
public sealed record Tag(string Id, string NameZh, string NameEn)
{
    /// <summary>Reads the field <c>tags</c> of a programme document.</summary>
    internal static IReadOnlyList<Tag> Read(ProgrammeDocument root)
    {
        if (!root.Has("tags")) return [];
        var tags = new List<Tag>();
        foreach (var section in root.List("tags", 0, Limits.TagsMax, ProgrammeRejections.ListLengthInvalid) ?? [])
        {
            var tag = new Tag(
                section.Text("id", Limits.RuleIdLengthMax, IdRules.IsWord), section.Text("nameZh", Limits.TextLengthMax), section.Text("nameEn", Limits.TextLengthMax));
            section.End();
            if (tag.Id.Length > 0 && tags.Exists(other => other.Id == tag.Id)) section.Refuse(ProgrammeRejections.TagTwice, "id");
            tags.Add(tag);
        }

        return tags;
    }
}
