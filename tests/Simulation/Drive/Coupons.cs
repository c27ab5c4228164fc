using System.Text.Json.Nodes;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.TestKit;
using ChainCrm.TestKit.Domain;

namespace ChainCrm.Simulation;

/// <summary>
/// Coupons at the tills: kinds and rules of a programme; offices that give and take away; tills that show coupons they were told of, also those that were used long ago, and several tills the
/// same one at once.
/// </summary>
internal sealed class Coupons(Chance chance, Swarm swarm, SimClock clock)
{
    private const int OffsetMinutes = 480;
    private static readonly string[] Periods = ["ever", "day", "month", "year"];
    private static readonly string[] Occasions = ["purchase", "purchase", "enrolment", "tierReached", "topUp"];
    private readonly Dictionary<GrainId, List<int>> _known = [];

    private Timestamp Now => new(clock.NowMs);

    /// <summary>Somebody was told of an entry: the coupons that it brought are known from now on, and most of those that it used are not shown again.</summary>
    public void Told(CommittedEntry entry)
    {
        foreach (var happened in entry.Events)
        {
            if (happened is CouponsIssued issued)
                Learn(entry.Grain, issued.Coupons.Select(static coupon => coupon.Number));
            else if (happened is LinesReturned { CouponsBack.Count: > 0 } back)
                Learn(entry.Grain, back.CouponsBack.Select(static coupon => coupon.Number));
            else if (happened is PurchaseRecorded { Coupons.Count: > 0 } sale && _known.TryGetValue(entry.Grain, out var numbers))
                numbers.RemoveAll(number => sale.Coupons.Any(use => use.Number == number) && !chance.OneIn(5));
        }
    }

    /// <summary>Coupons that the customer shows: mostly new ones, now and then one that was never issued; none while nobody knows of any.</summary>
    public int[] Shown(GrainId customer)
    {
        if (!swarm.Coupons || !_known.TryGetValue(customer, out var numbers) || numbers.Count == 0)
            return [];
        var shown = new HashSet<int>();
        for (var i = chance.Next(1, 4); i > 0; i--)
            shown.Add(chance.OneIn(3) ? chance.Of(numbers) : numbers[Math.Max(0, numbers.Count - 1 - chance.Next(6))]);
        if (chance.OneIn(40))
            shown.Add(numbers[^1] + 1);
        return [.. shown];
    }

    private void Learn(GrainId customer, IEnumerable<int> more)
    {
        if (!_known.TryGetValue(customer, out var numbers))
            _known[customer] = numbers = [];
        numbers.AddRange(more);
        if (numbers.Count > SimulationLimits.CouponsKnown)
            numbers.RemoveRange(0, numbers.Count - SimulationLimits.CouponsKnown);
    }

    /// <summary>An office gives some, or takes one away.</summary>
    public CustomerCommand Next(GrainId customer)
    {
        if (chance.OneIn(6) && _known.TryGetValue(customer, out var numbers) && numbers.Count > 0)
            return new RevokeCoupon { At = Now, Origin = Shop.Office, Number = chance.Of(numbers), Reason = "mistake" };
        return new IssueCoupons
        {
            At = Now, Origin = chance.OneIn(2) ? Shop.Till : Shop.Office, Kind = chance.Of(RandomCoupons.Ids), Count = chance.Next(1, 4), Reason = "goodwill", UtcOffsetMinutes = OffsetMinutes,
        };
    }

    /// <summary>The section of a programme: six kinds that give something of everything, some for few days, some few for each customer, and rules that bring them.</summary>
    public JsonObject Section()
    {
        var kinds = new JsonArray();
        foreach (var text in RandomCoupons.Kinds(chance.Next(1_000_000)))
        {
            var kind = JsonNode.Parse(text)!;
            (kind["nameZh"], kind["nameEn"]) = ("券", "Coupon");
            kind["enabled"] = !chance.OneIn(12);
            kind["onReturn"] = chance.OneIn(3) ? "share" : "recheck";
            if (chance.OneIn(2))
                kind["valid"] = new JsonObject { ["days"] = chance.Next(1, 20), ["afterDays"] = chance.OneIn(4) ? 1 : 0 };
            if (chance.OneIn(2))
                kind["perCustomer"] = new JsonObject { ["count"] = chance.Next(1, 8), ["per"] = chance.Of(Periods) };
            if (chance.OneIn(4))
                kind["perReceipt"] = 2;
            if (chance.OneIn(10))
                kind["alone"] = true;
            // Few in the simulation buy for so much that the half of them would reach it.
            if (chance.OneIn(2))
                kind.AsObject().Remove("minimum");
            if (chance.OneIn(2))
                kind.AsObject().Remove("when");
            kinds.Add(kind);
        }

        var rules = new JsonArray();
        for (var i = chance.Next(5); i > 0; i--)
        {
            var on = chance.Of(Occasions);
            var rule = new JsonObject
            {
                ["id"] = $"b{i}", ["nameZh"] = "送券", ["nameEn"] = "Brings", ["on"] = on, ["kind"] = chance.Of(RandomCoupons.Ids), ["count"] = chance.Next(1, 3),
            };
            if (on is "purchase" or "topUp")
                rule["minimumMinor"] = chance.Next(60_00);
            if (on == "purchase" && chance.OneIn(2))
                rule["when"] = JsonNode.Parse("""{"fact":"product","in":["P0","P2"]}""");
            if (on == "tierReached" && chance.OneIn(2))
                rule["tier"] = "silver";
            rules.Add(rule);
        }

        return new JsonObject { ["categories"] = JsonNode.Parse(RandomCoupons.Categories), ["kinds"] = kinds, ["issue"] = rules };
    }
}
