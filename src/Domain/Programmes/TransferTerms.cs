using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Programmes;

/// <summary>To whom customers may give points.</summary>
public enum TransferTo
{
    Nobody,
    Anybody,
}

/// <summary>How customers may give points to each other (docs/domain/transfers.md).</summary>
/// <param name="To">To whom.</param>
/// <param name="Least">Fewest points of a transfer.</param>
/// <param name="PerDay">Most that one customer gives on a local day; null: no limit.</param>
/// <param name="PerYear">Most that one customer gives in a calendar year; null: no limit.</param>
public sealed record TransferTerms(TransferTo To, Points Least, Points? PerDay, Points? PerYear)
{
    /// <summary>A programme without the section.</summary>
    public static TransferTerms None { get; } = new(TransferTo.Nobody, new Points(1), null, null);

    /// <summary>The times in which transfers count.</summary>
    internal CapPeriods Counted => (PerDay is null ? CapPeriods.None : CapPeriods.Day) | (PerYear is null ? CapPeriods.None : CapPeriods.Year);

    /// <summary>Reads the section <c>points.transfer</c>. A limit leaves room for the smallest transfer, that of a year for that of a day.</summary>
    internal static TransferTerms Read(ProgrammeDocument section)
    {
        var to = section.Choice("to", "nobody", "anybody") == "anybody" ? TransferTo.Anybody : TransferTo.Nobody;
        var least = section.Number("leastPoints", 1, Limits.PointsMax, 1);
        var perDay = section.NumberOrNull("mostPointsPerDay", least, Limits.PointsMax, null);
        var perYear = section.NumberOrNull("mostPointsPerYear", perDay ?? least, Limits.PointsMax, null);
        section.End();
        return new TransferTerms(to, new Points(least), perDay is { } day ? new Points(day) : null, perYear is { } year ? new Points(year) : null);
    }
}
