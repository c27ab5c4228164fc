using System.Diagnostics;
using System.Text.Json.Nodes;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.TestKit;

namespace ChainCrm.InProcess;

/// <summary>What earning rules cost: durable purchases under many rules against the same purchases under none, in turns in one run; and deciding alone, by the number of rules.</summary>
internal static class EarningRules
{
    private const int Decisions = 20_000;

    private static readonly string[] Kinds =
    [
        """{"kind":"free"}""", """{"kind":"second","percent":50}""", """{"kind":"percent","percent":10,"mostMinor":5000}""",
        """{"kind":"perFull","eachMinor":10000,"minor":500}""", """{"kind":"amount","minor":1000}""",
    ];

    public static async Task MeasureAsync(int customers, int outstanding, int seconds, int rounds, int rules, int lineCount)
    {
        var lines = LinesOf(lineCount);
        await using var plain = await StartAsync(customers, outstanding, With(0));
        await using var ruled = await StartAsync(customers, outstanding, With(rules));
        var grains = Bench.Customers(customers);
        var (plainRates, ruledRates, ratios) = (new List<double>(), new List<double>(), new List<double>());
        var (plainNext, ruledNext) = (0, 0);
        for (var round = -1; round < rounds; round++)
        {
            var time = TimeSpan.FromSeconds(seconds);
            var sold = await Rate.RunAsync(plain, grains, outstanding, time, plainNext, lines);
            var soldUnderRules = await Rate.RunAsync(ruled, grains, outstanding, time, ruledNext, lines);
            (plainNext, ruledNext) = (plainNext + sold, ruledNext + soldUnderRules);
            if (round < 0) continue;
            plainRates.Add(sold / (double)seconds);
            ruledRates.Add(soldUnderRules / (double)seconds);
            ratios.Add(soldUnderRules / (double)sold);
        }

        Console.WriteLine($"{lineCount} lines, {outstanding} outstanding, SQLite, medians of {rounds} rounds of {seconds} s in turns:");
        Console.WriteLine($"no rules {Median(plainRates):N0} purchases/s, {rules} rules {Median(ruledRates):N0}, ratio {Median(ratios):N2} ({ratios.Min():N2} to {ratios.Max():N2})");
        foreach (var count in new[] { 0, 1, 5, rules, 100 }) Decide(count, 0, lines);
        foreach (var coupons in new[] { 1, Kinds.Length }) Decide(0, coupons, lines);
        Decide(rules, Kinds.Length, lines);
    }

    private static async Task<Bench> StartAsync(int customers, int outstanding, Programme programme)
    {
        var bench = await Bench.StartAsync("sqlite", programme: programme);
        var (grains, now) = (Bench.Customers(customers), Bench.Now());
        await bench.CallAsync(outstanding, customers, i => Bench.Enrol(grains[i], now));
        return bench;
    }

    private static void Decide(int rules, int coupons, PurchaseLine[] lines)
    {
        var programme = With(rules);
        var now = Bench.Now();
        var state = new CustomerState();
        foreach (var happened in CustomerDecider.Decide(state, (Enrol)Bench.Enrol(new GrainId(Shop.Chain, GrainKinds.Customer, "c"), now).Command, programme).Events)
            state = CustomerDecider.Evolve(state, happened);
        for (var i = 0; i < coupons; i++) state = Issued(state, $"k{i}", now, programme);
        var sale = (RecordPurchase)Bench.Sale(new GrainId(Shop.Chain, GrainKinds.Customer, "c"), 1, now, Shop.DayOf(now), lines).Command;
        if (coupons > 0) sale = sale with { Coupons = [.. Enumerable.Range(1, coupons)] };
        if (CustomerDecider.Decide(state, sale, programme).Rejection is { } refused) throw new InvalidOperationException(refused.Name);
        for (var i = 0; i < Decisions; i++) CustomerDecider.Decide(state, sale, programme);
        var best = double.MaxValue;
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 5; round++)
        {
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < Decisions; i++) CustomerDecider.Decide(state, sale, programme);
            best = Math.Min(best, clock.Elapsed.TotalMicroseconds / Decisions);
        }

        bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / (5 * Decisions);
        Console.WriteLine($"decide under {rules,3} rules with {coupons} coupons: {best,6:N2} µs (best of 5), {bytes,6:N0} bytes");
    }

    private static CustomerState Issued(CustomerState state, string kind, Timestamp now, Programme programme)
    {
        var issue = new IssueCoupons { At = now, Origin = default, Kind = kind, Count = 1, Reason = "bench" };
        foreach (var happened in CustomerDecider.Decide(state, issue, programme).Events) state = CustomerDecider.Evolve(state, happened);
        return state;
    }

    /// <summary>Rules of every kind; of four, one asks for products, one for the time, one has a cap and one never holds.</summary>
    private static Programme With(int count)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        var rules = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            rules.Add(JsonNode.Parse((i % 4) switch
            {
                0 => $$"""{"id":"r{{i}}","nameZh":"r","nameEn":"r","when":{"fact":"category","in":["c{{i % 5}}","c{{(i + 1) % 5}}"] },"give":{"kind":"multiply","percent":150} }""",
                1 => $$"""{"id":"r{{i}}","nameZh":"r","nameEn":"r","when":{"fact":"time","from":"00:00","to":"23:59"},"give":{"kind":"perItem","points":2},"group":"g{{i % 3}}" }""",
                2 => $$"""{"id":"r{{i}}","nameZh":"r","nameEn":"r","when":{"fact":"product","in":["P1","P7","P{{i}}"] },"give":{"kind":"perUnit","points":0.5},"caps":[{"per":"month","points":500}] }""",
                _ => $$"""{"id":"r{{i}}","nameZh":"r","nameEn":"r","when":{"all":[{"fact":"tier","in":["gold"]},{"fact":"category","in":["c1"]}]},"minimum":{"amountMinor":10000},"give":{"kind":"fixed","points":50} }""",
            }));
        }

        document["earning"] = new JsonObject { ["rules"] = rules };
        document["coupons"] = new JsonObject
        {
            ["categories"] = new JsonArray([.. Kinds.Select((_, place) => new JsonObject { ["id"] = $"g{place}" })]),
            ["kinds"] = new JsonArray([.. Kinds.Select((give, place) => JsonNode.Parse($$"""
                {"id":"k{{place}}","nameZh":"k","nameEn":"k","category":"g{{place}}","minimum":{"amountMinor":1000},"valid":{"days":30},"when":{"fact":"category","in":["c0","c1","c2","c3"]},"give":{{give}}}
                """))]),
        };
        var (programme, errors) = Programme.Compile(document.ToJsonString(), 1);
        return programme ?? throw new InvalidOperationException(string.Join("; ", errors.Select(error => $"{error.Field}: {error.Name}")));
    }

    private static PurchaseLine[] LinesOf(int count) =>
        [.. Enumerable.Range(1, count).Select(line => new PurchaseLine
        {
            Line = line, Product = new ProductId($"P{line}"), Category = $"c{line % 5}", Quantity = new Quantity(1000), Price = new Money(1_990 + (line * 37)),
        })];

    private static double Median(List<double> numbers) => numbers.Order().ElementAt(numbers.Count / 2);
}
