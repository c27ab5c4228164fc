using System.Globalization;
using System.Text.Json.Nodes;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.TestKit;
using ChainCrm.TestKit.Domain;

namespace ChainCrm.Simulation;

/// <summary>Programmes that follow one another: points that end after one month to the millisecond, with a day of the year, after the last purchase or never, debt or none, bonus or none, earning rules or none, stored value or none, coupons or none, leases of baskets, tiers that end or last, a dictionary of tags or none.</summary>
internal sealed class Programmes(Chance chance, Swarm swarm, SimClock clock, Coupons coupons)
{
    private static readonly GrainId Grain = new(Shop.Chain, GrainKinds.Programme, GrainKinds.ProgrammeKey);

    /// <summary>The newest version that a caller was told is running.</summary>
    public int Running { get; set; }

    public Request Next(string id) => new(Shop.Of(Grain, id, new PublishProgramme
    {
        At = new Timestamp(clock.NowMs), Origin = Shop.Office, Document = Document(id), BasedOnVersion = chance.OneIn(8) ? Running + 1 : Running,
    }))
    {
        IsPublish = true,
    };

    private JsonObject StoredValue() => new()
    {
        ["spend"] = chance.Of(["proportional", "principalFirst", "giftFirst"]),
        ["giftEarns"] = chance.OneIn(2),
        ["balanceMaxMinor"] = chance.OneIn(4) ? chance.Next(50_00, 300_00) : null,
        ["refunds"] = !chance.OneIn(4),
        ["topUps"] = chance.OneIn(5)
            ? []
            : new JsonArray(
                new JsonObject { ["atLeastMinor"] = chance.Next(1, 30_00), ["giftMinor"] = chance.Next(1, 20_00) },
                new JsonObject { ["atLeastMinor"] = chance.Next(40_00, 90_00), ["giftMinor"] = chance.Next(1, 60_00) }),
    };

    /// <summary>Tiers that a few sales reach, and that last a month or two.</summary>
    private void TiersEnd(JsonNode document)
    {
        var tiers = document["tiers"]!.AsArray();
        var spend = 0;
        for (var i = 1; i < tiers.Count; i++)
        {
            tiers[i]!["spendMinor"] = spend += chance.Next(1, 60_00);
            if (chance.OneIn(6))
                tiers[i]!["lasting"] = true;
        }

        if (chance.OneIn(2))
            MoreThanSpend(document, tiers);
        document["qualifyingWindow"] = chance.Of(["rolling", "rolling", "month", "quarter", "year"]);
        document["qualifyingMonths"] = chance.Of([1, 1, 2, 12]);
        if (chance.OneIn(8))
            return;
        document["tierValidity"] = new JsonObject
        {
            ["months"] = chance.Of([1, 1, 2]), ["roundUpTo"] = chance.Of(["none", "none", "month"]), ["graceDays"] = chance.Of([0, 0, 3]), ["noticeDays"] = chance.Of([0, 7, 20]),
            ["downgrade"] = chance.Of(["full", "oneLevel"]),
        };
    }

    private JsonObject Transfer()
    {
        var transfer = new JsonObject { ["to"] = chance.OneIn(8) ? "nobody" : "anybody", ["leastPoints"] = chance.Of([1, 1, 5]) };
        if (chance.OneIn(3))
            transfer["mostPointsPerDay"] = chance.Next(5, 200);
        if (chance.OneIn(4))
            transfer["mostPointsPerYear"] = chance.Next(200, 400);
        return transfer;
    }

    private JsonObject Expiry() => chance.Next(12) switch
    {
        0 or 1 => new() { ["kind"] = "never" },
        2 => new()
        {
            ["kind"] = "calendar", ["minimumDays"] = chance.Next(1, 60),
            ["days"] = new JsonArray([.. new[] { "01-31", "02-29", "06-30", "12-01", "12-31" }.Where(_ => chance.OneIn(2)).Append("09-15").Select(day => (JsonNode)day)]),
        },
        3 or 4 or 5 => new() { ["kind"] = "inactivity", ["months"] = chance.Of([1, 1, 2]), ["roundUpTo"] = chance.Of(["none", "none", "day"]) },
        _ => new() { ["kind"] = "rolling", ["months"] = 1, ["roundUpTo"] = chance.Of(["none", "none", "day"]) },
    };

    /// <summary>Some ask for points or visits too, or instead.</summary>
    private void MoreThanSpend(JsonNode document, JsonArray tiers)
    {
        var (points, visits) = (0, 0);
        document["qualify"] = chance.Of(["all", "any"]);
        for (var i = 1; i < tiers.Count; i++)
        {
            if (chance.OneIn(2))
                tiers[i]!["visits"] = visits += chance.Next(1, 3);
            if (chance.OneIn(3))
                tiers[i]!["points"] = points += chance.Next(1, 60);
            if (tiers[i]!["visits"] is not null && chance.OneIn(3))
                tiers[i]!["spendMinor"] = 0;
        }
    }

    /// <summary>Member prices, and goods that come to some first: from days that lie around the simulated ones.</summary>
    private void Prices(JsonNode document)
    {
        var tiers = document["tiers"]!.DeepClone();
        var day = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs).AddDays(chance.Next(-40, 40)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        DomainProgrammes.Prices(document, RandomPrices.Of(chance.Next(1_000_000)),
            $$$"""{"id":"first","goods":{"fact":"{{{chance.Of(["brand", "category"])}}}","in":["Acme","护肤"]},"who":{"fact":"tier","in":["silver","gold"]},"publicFrom":"{{{day}}}"}""");
        document["tiers"] = tiers;
    }

    private string Document(string name)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["name"] = name;
        document["points"]!["perUnit"] = chance.Next(1, 4);
        if (swarm.Coupons && chance.OneIn(3))
            document["points"]!["giveBackGraceDays"] = 0;
        document["points"]!["negativeBalance"] = chance.OneIn(2);
        document["points"]!["activeAfterDays"] = chance.OneIn(3) ? 1 : 0;
        document["points"]!["expiry"] = Expiry();
        if (swarm.Transfers && !chance.OneIn(6))
            document["points"]!["transfer"] = Transfer();
        document["crossStore"]!["bonusPercent"] = chance.OneIn(2) ? 20 : 0;
        if (swarm.EarningRules && !chance.OneIn(4))
            DomainProgrammes.Rules(document, RandomRules.Of(chance.Next(1_000_000)));
        else if (swarm.Tags && !chance.OneIn(4))
            DomainProgrammes.Tags(document, RandomRules.Tags[..chance.Next(1, 4)]);
        if (swarm.StoredValue && !chance.OneIn(6))
            document["storedValue"] = StoredValue();
        if (swarm.Baskets)
            document["baskets"] = new JsonObject { ["leaseMinutes"] = chance.Of([1, 1, 2, 10]) };
        if (swarm.Coupons && !chance.OneIn(8))
            document["coupons"] = coupons.Section();
        if (swarm.TiersEnd)
            TiersEnd(document);
        if (swarm.Prices && !chance.OneIn(4))
            Prices(document);
        return document.ToJsonString();
    }
}
