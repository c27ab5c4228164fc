namespace ChainCrm.Domain.Programmes;

/// <summary>Reads the list of tiers from a document.</summary>
internal static class TierReader
{
    public static Tier[] Read(ProgrammeDocument root)
    {
        if (root.List("tiers", 1, Limits.TiersMax, ProgrammeRejections.TierCountInvalid) is not { } sections) return [];
        var tiers = new Tier[sections.Count];
        for (var i = 0; i < tiers.Length; i++)
        {
            var section = sections[i];
            // Whoever asks for points or visits need not ask for spend.
            var asksMore = section.Has("points") || section.Has("visits");
            var tier = new Tier(
                new TierId(section.Text("id", Limits.StoreIdLengthMax, t => IdRules.IsValid(new TierId(t)))),
                section.Text("nameZh", Limits.TextLengthMax),
                section.Text("nameEn", Limits.TextLengthMax),
                new Money(section.Number("spendMinor", 0, Limits.TierSpendMinorMax, asksMore ? 0 : null)),
                (int)section.Number("multiplierPercent", 0, Limits.MultiplierPercentMax, 100),
                section.Flag("lasting", false),
                new Points(section.Number("points", 0, Limits.PointsMax, 0)),
                (int)section.Number("visits", 0, Limits.TierVisitsMax, 0));
            section.End();
            if (i == 0) RefuseFirst(section, tier);
            else RefuseOrder(section, tier, tiers[i - 1]);
            if (tiers.Take(i).Any(t => t.Id == tier.Id)) section.Refuse(ProgrammeRejections.TierTwice, "id");
            tiers[i] = tier;
        }

        return tiers;
    }

    private static void RefuseFirst(ProgrammeDocument section, Tier tier)
    {
        if (tier.Spend != Money.Zero) section.Refuse(ProgrammeRejections.FirstTierNotZero, "spendMinor");
        if (tier.Points != Points.Zero) section.Refuse(ProgrammeRejections.FirstTierNotZero, "points");
        if (tier.Visits != 0) section.Refuse(ProgrammeRejections.FirstTierNotZero, "visits");
    }

    /// <summary>A tier asks for no less than the one below of what both ask for, and for more of something, or for something else.</summary>
    private static void RefuseOrder(ProgrammeDocument section, Tier tier, Tier below)
    {
        var (spend, points, visits) = (tier.Spend.CompareTo(below.Spend), tier.Points.CompareTo(below.Points), tier.Visits.CompareTo(below.Visits));
        if (tier.Spend != Money.Zero && spend < 0) section.Refuse(ProgrammeRejections.TiersNotAscending, "spendMinor");
        if (tier.Points != Points.Zero && points < 0) section.Refuse(ProgrammeRejections.TiersNotAscending, "points");
        if (tier.Visits != 0 && visits < 0) section.Refuse(ProgrammeRejections.TiersNotAscending, "visits");
        var isMore = (tier.Spend != Money.Zero && spend != 0) || (tier.Points != Points.Zero && points != 0) || (tier.Visits != 0 && visits != 0);
        if (!isMore) section.Refuse(ProgrammeRejections.TiersNotAscending, tier.Spend == Money.Zero && tier.Points != Points.Zero ? "points" : tier.Spend == Money.Zero && tier.Visits != 0 ? "visits" : "spendMinor");
    }
}
