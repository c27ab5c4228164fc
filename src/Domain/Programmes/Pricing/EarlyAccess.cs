using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Programmes.Pricing;

/// <summary>Goods that some members may buy before everybody else (R44). Fields: docs/domain/early-access.md.</summary>
public sealed record EarlyAccess
{
    /// <summary>Names it for ever: entries name it.</summary>
    public required string Id { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    /// <summary>Off: the goods are as all others.</summary>
    public required bool Enabled { get; init; }
    /// <summary>The goods.</summary>
    public required Condition Goods { get; init; }
    /// <summary>Who may buy them earlier.</summary>
    public required Condition Who { get; init; }
    /// <summary>The first day for those; null: from now on.</summary>
    public required BusinessDay? EarlyFrom { get; init; }
    /// <summary>The first day for everybody.</summary>
    public required BusinessDay PublicFrom { get; init; }

    /// <summary>The goods of this line are not on sale for everybody yet.</summary>
    public bool Covers(in SaleFacts sale, in LineFacts line) => Enabled && sale.Day < PublicFrom && Goods.Holds(sale, line);

    /// <summary>This sale may have what it covers.</summary>
    public bool Allows(in SaleFacts sale, in LineFacts line) => !(sale.Day < EarlyFrom) && Who.Holds(sale, line);
}

/// <summary>The goods of a programme version that come to some members first.</summary>
/// <param name="Of">In the order of the document.</param>
/// <param name="AskPlace">Some condition asks for region or city.</param>
/// <param name="AskTime">Some condition asks for the time of day.</param>
/// <param name="AskTags">Tags that some condition asks for.</param>
public sealed record EarlyAccessList(IReadOnlyList<EarlyAccess> Of, bool AskPlace, bool AskTime, IReadOnlyList<string> AskTags)
{
    public static EarlyAccessList None { get; } = new([], false, false, []);

    /// <summary>By its id; null when this version has none.</summary>
    public EarlyAccess? Find(string id) => Of.FirstOrDefault(access => access.Id == id);
}
