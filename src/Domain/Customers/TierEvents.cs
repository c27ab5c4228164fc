using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>The tier changed.</summary>
public sealed record TierChanged : CustomerEvent
{
    public required TierId From { get; init; }
    public required TierId To { get; init; }
    /// <summary>spend-reached, spend-returned or spend-missed, whatever the tier asks for.</summary>
    public required string Reason { get; init; }
    public required Money QualifyingSpend { get; init; }
    /// <summary>The window of days whose spend carries the new tier; both 0 for the lowest tier after a return, which needs none.</summary>
    public BusinessDay WindowFrom { get; init; }
    public BusinessDay WindowTo { get; init; }
    /// <summary>When the new tier ends unless its spend is reached again; null for never.</summary>
    public Timestamp? Until { get; init; }
    /// <summary>When it is looked at ahead of its end; null for never.</summary>
    public Timestamp? NoticeAt { get; init; }
    /// <summary>Points and visits of the window, where the programme's tiers ask for them.</summary>
    public Points? QualifyingPoints { get; init; }
    public int? QualifyingVisits { get; init; }
    /// <summary>Of what the agenda found at the end of a tier: the rules leave this tier, the spend of the window does not reach it. No return takes it then, until it is looked at again.</summary>
    public bool ByRule { get; init; }
    /// <summary>Days of grace in <see cref="Until"/>: the next term begins without them. Null in entries of builds that did not say it.</summary>
    public int? GraceDays { get; init; }
}

/// <summary>A tier is held for another time: its spend was reached again, or the programme lets it end from now on.</summary>
public sealed record TierProlonged : CustomerEvent
{
    public required TierId Tier { get; init; }
    /// <summary>spend-reached-again, or term-began.</summary>
    public required string Reason { get; init; }
    /// <summary>When it ends unless its spend is reached again; null for never.</summary>
    public Timestamp? Until { get; init; }
    /// <summary>When it is looked at ahead of its end; null for never.</summary>
    public Timestamp? NoticeAt { get; init; }
    public required Money QualifyingSpend { get; init; }
    /// <summary>The window whose spend was looked at.</summary>
    public required BusinessDay WindowFrom { get; init; }
    public required BusinessDay WindowTo { get; init; }
    /// <summary>Points and visits of the window, where the programme's tiers ask for them.</summary>
    public Points? QualifyingPoints { get; init; }
    public int? QualifyingVisits { get; init; }
    /// <summary>Of what the agenda found at the end of a tier: the rules leave this tier, the spend of the window does not reach it. No return takes it then, until it is looked at again.</summary>
    public bool ByRule { get; init; }
    /// <summary>Days of grace in <see cref="Until"/>: the next term begins without them. Null in entries of builds that did not say it.</summary>
    public int? GraceDays { get; init; }
}

/// <summary>What would become of a tier at its end, some days before: a notice when something is missing.</summary>
public sealed record TierForecast : CustomerEvent
{
    public required TierId Tier { get; init; }
    public required Timestamp Until { get; init; }
    /// <summary>The tier afterwards, as things stand; the same when nothing is missing.</summary>
    public required TierId WouldBe { get; init; }
    /// <summary>Spend that would keep the tier; 0 when nothing is missing.</summary>
    public Money Missing { get; init; }
    public required Money QualifyingSpend { get; init; }
    /// <summary>The same of points and visits, where the programme's tiers ask for them.</summary>
    public Points MissingPoints { get; init; }
    public int MissingVisits { get; init; }
    public Points? QualifyingPoints { get; init; }
    public int? QualifyingVisits { get; init; }
    /// <summary>Any one of what is missing would do.</summary>
    public bool AnyIsEnough { get; init; }
}
