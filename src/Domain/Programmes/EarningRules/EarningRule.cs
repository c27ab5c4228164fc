namespace ChainCrm.Domain.Programmes.EarningRules;

/// <summary>What a rule gives for the lines that match (docs/domain/earning-rules.md).</summary>
public enum GiveKind
{
    /// <summary>The base of the lines once more, in percent: 200 doubles it.</summary>
    Multiply,
    /// <summary>Points for each 100 minor units.</summary>
    PerUnit,
    /// <summary>Points for each whole unit of quantity.</summary>
    PerItem,
    /// <summary>Points once a purchase.</summary>
    Fixed,
}

/// <summary>What a rule gives.</summary>
/// <param name="Kind">How <paramref name="Value"/> is meant.</param>
/// <param name="Value">Percent for <see cref="GiveKind.Multiply"/>, ten-thousandths of a point for <see cref="GiveKind.PerUnit"/>, else points.</param>
public readonly record struct Give(GiveKind Kind, long Value);

/// <summary>The time in which a cap counts. A number is part of the storage format (<see cref="CapPeriods"/>).</summary>
public enum CapPeriod
{
    Purchase,
    Day,
    Month,
    Year,
    Ever,
}

/// <summary>The times in which what a rule gave counts; a purchase's own cap needs no counter.</summary>
[Flags]
public enum CapPeriods
{
    None = 0,
    Day = 1,
    Month = 2,
    Year = 4,
    Ever = 8,
}

/// <summary>The most points of a rule for one customer in a time.</summary>
/// <param name="Per">The time.</param>
/// <param name="Points">The most.</param>
/// <param name="Refuses">Nothing is given when not all fits; otherwise what is left is given.</param>
public readonly record struct EarningCap(CapPeriod Per, Points Points, bool Refuses)
{
    /// <summary>The counter it needs; none for a cap of the purchase itself.</summary>
    public CapPeriods Counted => Per == CapPeriod.Purchase ? CapPeriods.None : (CapPeriods)(1 << ((int)Per - (int)CapPeriod.Day));
}

/// <summary>One earning rule of a programme version, compiled (R20, R34, F1, F8).</summary>
public sealed record EarningRule
{
    /// <summary>Names the rule for ever; caps count by it.</summary>
    public required string Id { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    /// <summary>Off: kept in the document, gives nothing.</summary>
    public required bool Enabled { get; init; }
    /// <summary>What the receipt must be.</summary>
    public required Condition OfReceipt { get; init; }
    /// <summary>What a line must be, in addition.</summary>
    public required Condition OfLine { get; init; }
    /// <summary>Least amount of the lines that match.</summary>
    public required Money MinimumAmount { get; init; }
    /// <summary>Least quantity of the lines that match.</summary>
    public required Quantity MinimumQuantity { get; init; }
    public required Give Give { get; init; }
    /// <summary>Of the rules of one group only the one that gives most applies; null: no group.</summary>
    public string? Group { get; init; }
    public required IReadOnlyList<EarningCap> Caps { get; init; }

    /// <summary>The times in which what it gives must be counted.</summary>
    public required CapPeriods Counted { get; init; }
}

/// <summary>The earning rules of a programme version, in their order, and which facts they ask for: what nobody asks is not recorded.</summary>
/// <param name="Rules">In the order of the document.</param>
/// <param name="AskPlace">Some rule asks for region or city.</param>
/// <param name="AskTime">Some rule asks for the time of day.</param>
/// <param name="AskTags">Tags that some rule asks for.</param>
public sealed record EarningRuleList(IReadOnlyList<EarningRule> Rules, bool AskPlace, bool AskTime, IReadOnlyList<string> AskTags)
{
    public static EarningRuleList None { get; } = new([], false, false, []);

    /// <summary>A rule by its id; null when this version has none.</summary>
    public EarningRule? Find(string id)
    {
        for (var i = 0; i < Rules.Count; i++)
        {
            if (string.Equals(Rules[i].Id, id, StringComparison.Ordinal)) return Rules[i];
        }

        return null;
    }
}
