namespace ChainCrm.Domain.Programmes;

/// <summary>How far a tier falls whose spend was not reached again.</summary>
public enum TierDowngrade
{
    /// <summary>To the tier that the spend reaches.</summary>
    Full,
    /// <summary>By one, at most to the tier that the spend reaches.</summary>
    OneLevel,
}

/// <summary>To what the end of a tier is rounded up.</summary>
public enum TierRounding
{
    None,
    Month,
    Year,
}

/// <summary>How long a tier lasts, and what then (docs/domain/tiers.md).</summary>
/// <param name="Months">Months that a tier lasts after it was reached or kept.</param>
/// <param name="RoundUpTo">Its last day is that of the month or year.</param>
/// <param name="GraceDays">Days after that in which its spend can still be reached.</param>
/// <param name="NoticeDays">So many days before the end the member is told what is missing; 0: never.</param>
/// <param name="Downgrade">How far it falls.</param>
public sealed record TierValidity(int Months, TierRounding RoundUpTo, int GraceDays, int NoticeDays, TierDowngrade Downgrade)
{
    // The shortest month.
    private const int DaysOfMonth = 28;

    /// <summary>Reads the section <c>tierValidity</c>; null when tiers last for ever.</summary>
    internal static TierValidity? Read(ProgrammeDocument section)
    {
        var validity = new TierValidity(
            (int)section.Number("months", 1, Limits.QualifyingMonthsMax, 12),
            section.Choice("roundUpTo", "none", "month", "year") switch { "month" => TierRounding.Month, "year" => TierRounding.Year, _ => TierRounding.None },
            (int)section.Number("graceDays", 0, Limits.GraceDaysMax, 0),
            (int)section.Number("noticeDays", 0, Limits.GraceDaysMax, 30),
            TierDowngrade.Full);
        var downgrade = section.Choice("downgrade", "full", "oneLevel", "none");
        if (validity.NoticeDays >= (validity.Months * DaysOfMonth) + validity.GraceDays) section.Refuse(ProgrammeRejections.NoticeTooEarly, "noticeDays");
        section.End();
        return downgrade switch { "none" => null, "oneLevel" => validity with { Downgrade = TierDowngrade.OneLevel }, _ => validity };
    }
}
