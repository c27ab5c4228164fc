using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>What tiers ask for, as an event or a window has it.</summary>
internal readonly record struct Qualified(long Spend, long Points, long Visits);

/// <summary>The tiers of one version of the programme as the auditor needs them, the lowest first.</summary>
internal sealed record TiersOfJournal(IReadOnlyList<(string Id, Qualified Asks, bool Lasting)> Tiers, bool End, bool OneLevel, bool Any)
{
    /// <summary>Some tier asks for points or visits.</summary>
    public bool AsksMore => Tiers.Any(tier => tier.Asks.Points != 0 || tier.Asks.Visits != 0);

    public static TiersOfJournal Read(JsonElement root)
    {
        var ends = root.TryGetProperty("tierValidity", out var validity) && validity.Text("downgrade") != "none";
        var tiers = root.List("tiers").Select(tier => (tier.Text("id")!, new Qualified(tier.Number("spendMinor"), tier.Number("points"), tier.Number("visits")), tier.Flag("lasting")));
        return new TiersOfJournal([.. tiers], ends, ends && validity.Text("downgrade") == "oneLevel", root.Text("qualify") == "any");
    }

    /// <summary>The tier that is reached.</summary>
    public string For(Qualified held) => Tiers[RankFor(held)].Id;

    /// <summary>The higher one of two.</summary>
    public string Higher(string one, string other) => RankOf(other) > RankOf(one) ? other : one;

    /// <summary>What of each that a tier asks for is missing.</summary>
    public Qualified Missing(string tier, Qualified held)
    {
        var asks = Tiers[RankOf(tier)].Asks;
        return new Qualified(Less(asks.Spend, held.Spend), Less(asks.Points, held.Points), Less(asks.Visits, held.Visits));
    }

    /// <summary>A tier ends some time.</summary>
    public bool Ends(string tier) => End && RankOf(tier) > 0 && !Tiers[RankOf(tier)].Lasting;

    /// <summary>What is left of a tier that ends.</summary>
    public string Left(string tier, Qualified window)
    {
        var (held, reached) = (RankOf(tier), RankFor(window));
        if (!End || reached >= held)
            return tier;
        var rank = OneLevel ? Math.Max(reached, held - 1) : reached;
        for (var above = held; above > rank; above--)
            if (Tiers[above].Lasting)
                return Tiers[above].Id;
        return Tiers[rank].Id;
    }

    private static long Less(long asked, long held) => asked == 0 ? 0 : Math.Max(0, asked - held);

    private int RankOf(string tier) => Math.Max(0, Tiers.ToList().FindIndex(one => one.Id == tier));

    private int RankFor(Qualified held) => Tiers.ToList().FindLastIndex(one => IsReached(one.Asks, held)) is >= 0 and var rank ? rank : 0;

    private bool IsReached(Qualified asks, Qualified held)
    {
        List<bool> reached = [];
        if (asks.Spend > 0)
            reached.Add(held.Spend >= asks.Spend);
        if (asks.Points > 0)
            reached.Add(held.Points >= asks.Points);
        if (asks.Visits > 0)
            reached.Add(held.Visits >= asks.Visits);
        return Any && reached.Count > 0 ? reached.Exists(one => one) : reached.TrueForAll(one => one);
    }
}
