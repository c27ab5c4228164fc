namespace ChainCrm.Domain.Programmes;

/// <summary>A tier: its qualifying spend, and what it brings.</summary>
public sealed record Tier(TierId Id, string NameZh, string NameEn, Money Spend, int MultiplierPercent);

/// <summary>One version of the chain's rules, compiled from its document: immutable, read by every decision.</summary>
public sealed partial record Programme
{
    /// <summary>1, 2, 3 ...; 0 is the built-in one that rules before the first is published.</summary>
    public required int Version { get; init; }
    /// <summary>The document it was compiled from.</summary>
    public required string Document { get; init; }
    /// <summary>Display name of the chain.</summary>
    public required string ChainName { get; init; }
    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }
    /// <summary>IANA name of the chain's time zone; the host turns instants into business days with it.</summary>
    public required string TimeZone { get; init; }
    /// <summary>Ascending by spend; the first has spend 0.</summary>
    public required IReadOnlyList<Tier> Tiers { get; init; }
    /// <summary>Length of the qualifying window in months.</summary>
    public required int QualifyingMonths { get; init; }
    /// <summary>The tier of an id; the lowest when unknown.</summary>
    public Tier TierOf(TierId id) => Tiers[0];
    /// <summary>The highest tier that a qualifying spend reaches.</summary>
    public Tier TierFor(Money spend) => Tiers[0];
    /// <summary>The next tier above an id; null at the top.</summary>
    public Tier? NextAfter(TierId id) => null;
    /// <summary>Compiles a document; field-by-field refusals when it is wrong.</summary>
    public static (Programme? Programme, IReadOnlyList<Rejection> Errors) Compile(string document, int version) => (null, []);
    /// <summary>The rules before the first version is published.</summary>
    public static Programme BuiltIn { get; } = null!;
}
