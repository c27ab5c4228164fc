namespace ChainCrm.Domain.Programmes;

/// <summary>What recommending the chain brings (docs/domain/referral.md; R67, F22).</summary>
/// <param name="ReferrerPoints">Points for the one who recommended.</param>
/// <param name="FriendPoints">Points for the friend; 0 for none.</param>
/// <param name="Least">Least amount of the friend's purchase that earns them.</param>
/// <param name="WithinDays">Days after enrolment within which that purchase is made.</param>
/// <param name="MostPerYear">Most rewards of one referrer in a calendar year; null: no limit.</param>
public sealed record ReferralTerms(Points ReferrerPoints, Points FriendPoints, Money Least, int WithinDays, int? MostPerYear)
{
    /// <summary>Reads the section <c>referral</c>; null where it is switched off.</summary>
    internal static ReferralTerms? Read(ProgrammeDocument section)
    {
        var enabled = section.Flag("enabled", true);
        var terms = new ReferralTerms(
            new Points(section.Number("referrerPoints", 1, Limits.RulePointsMax, null)), new Points(section.Number("friendPoints", 0, Limits.RulePointsMax, 0)),
            new Money(section.Number("leastMinor", 1, Limits.AmountMinorMax, 1)), (int)section.Number("withinDays", 1, Limits.ReferralDaysMax, 30),
            (int?)section.NumberOrNull("mostPerYear", 1, Limits.ReferralsPerYearMax, null));
        section.End();
        return enabled ? terms : null;
    }
}
