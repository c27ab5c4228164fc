namespace ChainCrm.Domain.Programmes.EarningRules;

/// <summary>What conditions may name: nothing that the programme itself does not have.</summary>
/// <param name="Tiers">The tiers of the programme.</param>
/// <param name="Tags">Its dictionary of tags.</param>
internal sealed record ConditionWords(IReadOnlyList<Tier> Tiers, IReadOnlyList<Tag> Tags)
{
    /// <summary>Whether the programme has a tier of an id.</summary>
    public bool KnowsTier(string id) => Tiers.Any(tier => tier.Id.Value == id);

    /// <summary>Whether the dictionary has a tag of an id.</summary>
    public bool KnowsTag(string id) => Tags.Any(tag => tag.Id == id);
}
