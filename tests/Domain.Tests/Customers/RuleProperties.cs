using System.Text.Json;
using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>What holds of earning rules, whichever they are and whatever is sold and returned (docs/domain/earning-rules.md).</summary>
public class RuleProperties
{
    private const int PriorDays = 20;

    private static void ForAnyNumbers(int tests, Action<int[]> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(60));

    /// <summary>A member of whom some caps are used up.</summary>
    private static CustomerStory Used(int[] numbers)
    {
        var seed = numbers.Aggregate(numbers.Length, static (sum, number) => unchecked((sum * 31) + number));
        var story = CustomerStory.Given(DomainProgrammes.With(document =>
        {
            DomainProgrammes.Rules(document, RandomRules.Of(seed));
            document["storedValue"] = JsonNode.Parse($$"""{"giftEarns":{{(seed % 3 == 0 ? "true" : "false")}},"topUps":[{"atLeastMinor":1,"giftMinor":9000}]}""");
        }));
        story.And(CustomerActs.TopUp(1 + (seed & 0x3FFF)));
        for (var i = 0; i < numbers.Length && i < 4; i++)
        {
            story.And(CustomerActs.But(CustomerActs.BuyLines($"P{i}", RandomHistory.LinesOf(numbers[i]), $"S{1 + (i % 3)}"), RandomRules.FactsOf(numbers[i])));
            story.And(CustomerActs.Days((numbers[i] & int.MaxValue) % (PriorDays / 4)));
        }

        return story;
    }

    private static Act Sale(string receipt, IReadOnlyList<PurchaseLine> lines, int seed) =>
        CustomerActs.But(CustomerActs.BuyLines(receipt, lines, "S2"), RandomRules.FactsOf(seed));

    [Fact]
    public void What_is_kept_earns_what_it_would_have_earned_alone() => ForAnyNumbers(1_000, numbers =>
    {
        var story = Used(numbers);
        var before = CustomerState.Import(story.State.Export());
        var seed = numbers.FirstOrDefault();
        var lines = RandomHistory.LinesOf(seed);
        var bought = story.And(Sale("RX", lines, seed)).Then<PurchaseRecorded>();
        for (var i = 0; i < numbers.Length; i++)
        {
            var line = lines[(numbers[i] & int.MaxValue) % lines.Count];
            story.When(CustomerActs.Return("RX", [(line.Line, line.Quantity.Milli == 0 ? 0 : 1 + ((numbers[i] & 0xFFFF) % line.Quantity.Milli))], "S2"));
            Compare(story, before, bought, lines, seed);
        }

        story.When(CustomerActs.ReturnAll("RX", "S2"));
        Compare(story, before, bought, lines, seed);
        Counters(story.State).ShouldBe(Counters(before));
    });

    // A rule that a cap had left with nothing stays without: a return gives nothing.
    private static void Compare(CustomerStory story, CustomerState before, PurchaseRecorded bought, IReadOnlyList<PurchaseLine> lines, int seed)
    {
        var returns = story.Events.OfType<LinesReturned>().ToList();
        var taken = returns.Sum(e => e.PointsTakenBack.Count + e.PointsForgiven.Count);
        var kept = Kept(lines, returns.LastOrDefault());
        if (kept.Count == 0)
        {
            taken.ShouldBe(bought.PointsEarned.Count);
            return;
        }

        var refused = bought.Grants.Where(grant => grant.Points == Points.Zero && grant.Withheld > Points.Zero).Select(grant => grant.Rule).ToHashSet();
        var alone = CustomerDecider.Decide(before, Sale("RX", kept, seed)(story)!, Without(story.Programme, refused)).Events.OfType<PurchaseRecorded>().Single();
        (bought.PointsEarned.Count - taken).ShouldBe(alone.PointsEarned.Count);
        var after = CustomerDecider.Evolve(CustomerState.Import(before.Export()), alone);
        Counters(story.State).ShouldBe(Counters(after));
    }

    private static List<PurchaseLine> Kept(IReadOnlyList<PurchaseLine> lines, LinesReturned? back)
    {
        var kept = new List<PurchaseLine>();
        foreach (var line in lines)
        {
            var gone = back?.Lines.FirstOrDefault(returned => returned.Line == line.Line);
            if (gone is null) kept.Add(line);
            else if (gone.QuantitySoFar < line.Quantity)
                kept.Add(line with { Quantity = line.Quantity - gone.QuantitySoFar, Price = line.Price - line.Discount - gone.AmountSoFar, Discount = Money.Zero });
        }

        return kept;
    }

    private static Programme Without(Programme programme, HashSet<string> refused)
    {
        if (refused.Count == 0) return programme;
        var document = JsonNode.Parse(programme.Document)!;
        foreach (var rule in document["earning"]!["rules"]!.AsArray())
        {
            if (refused.Contains(rule!["id"]!.GetValue<string>())) rule["enabled"] = false;
        }

        return Programme.Compile(document.ToJsonString(), 9).Programme!;
    }

    private static string Counters(CustomerState state) => string.Join(' ', state.RuleCounters.ToArray()
        .Select(counter => $"{counter.Rule}/{counter.Per}/{counter.Period}={counter.Points}").Order(StringComparer.Ordinal));

    [Fact]
    public void No_cap_is_ever_exceeded() => ForAnyNumbers(250, numbers =>
    {
        var story = Used(numbers);
        for (var i = 0; i < numbers.Length; i++)
        {
            story.When(RandomHistory.ActOf(numbers[i], i));
            CheckCaps(story);
        }
    });

    // Counted from the events alone: what each rule gave each receipt, less what came back.
    private static void CheckCaps(CustomerStory story)
    {
        var back = new Dictionary<(string, string, string), long>();
        foreach (var returned in story.Events.OfType<LinesReturned>())
        {
            foreach (var grant in returned.GrantsBack)
                back[(returned.PurchaseStore.Value, returned.PurchaseReceipt, grant.Rule)] = grant.PointsSoFar.Count;
        }

        var given = story.Events.OfType<PurchaseRecorded>()
            .SelectMany(e => e.Grants.Select(grant => (grant.Rule, Day: e.BusinessDay.ToDate(), Points: grant.Points.Count - back.GetValueOrDefault((e.Store.Value, e.Receipt, grant.Rule)))))
            .ToLookup(grant => grant.Rule);
        foreach (var rule in story.Programme.Earning.Rules)
        {
            foreach (var cap in rule.Caps)
            {
                var sums = cap.Per switch
                {
                    CapPeriod.Purchase => given[rule.Id].Select(grant => grant.Points),
                    CapPeriod.Day => given[rule.Id].GroupBy(grant => grant.Day).Select(day => day.Sum(grant => grant.Points)),
                    CapPeriod.Month => given[rule.Id].GroupBy(grant => (grant.Day.Year, grant.Day.Month)).Select(month => month.Sum(grant => grant.Points)),
                    CapPeriod.Year => given[rule.Id].GroupBy(grant => grant.Day.Year).Select(year => year.Sum(grant => grant.Points)),
                    _ => [given[rule.Id].Sum(grant => grant.Points)],
                };
                sums.ShouldAllBe(sum => sum <= cap.Points.Count && sum >= 0, $"{rule.Id} {cap.Per}");
            }
        }
    }

    [Fact]
    public void What_a_purchase_earns_is_base_and_rules_and_bonus_and_what_its_lines_got() => ForAnyNumbers(400, numbers =>
    {
        var story = Used(numbers);
        foreach (var e in story.Events.OfType<PurchaseRecorded>())
        {
            var tier = story.Programme.TierOf(e.TierBefore ?? e.Tier);
            var bases = (long)decimal.Floor((decimal)(e.Amount - e.PointsValue - (story.Programme.StoredValue.GiftEarns ? Money.Zero : e.StoredValueUsed.Gift)).Minor * story.Programme.PointsPerUnitE4 * tier.MultiplierPercent / 100_000_000m);
            (bases + e.Grants.Sum(grant => grant.Points.Count) + e.PointsBonus.Count).ShouldBe(e.PointsEarned.Count);
            e.Lines.Sum(line => line.Earned.Count).ShouldBe(e.PointsEarned.Count - e.PointsBonus.Count);
            e.Lines.ShouldAllBe(line => line.Earned >= Points.Zero && (line.Price > line.Discount || line.Earned == Points.Zero));
            var groups = e.Grants.Where(grant => grant.Points > Points.Zero)
                .Select(grant => story.Programme.Earning.Rules.Single(rule => rule.Id == grant.Rule).Group).Where(group => group is not null).ToList();
            groups.ShouldBeUnique();
        }
    });

    [Fact]
    public void Splitting_a_receipt_never_earns_more_by_rules_that_can_be_divided() => ForAnyNumbers(600, numbers =>
    {
        var programme = DomainProgrammes.With(document =>
        {
            DomainProgrammes.Rules(document, RandomRules.Of(numbers.Sum(number => (long)number).GetHashCode(), RuleShape.Divisible));
            // Nobody reaches another tier on the way.
            foreach (var tier in document["tiers"]!.AsArray().Skip(1)) tier!["spendMinor"] = 90_000_000_000 + tier["spendMinor"]!.GetValue<long>();
            document["crossStore"]!["capPerPurchase"] = null;
        });
        var lines = numbers.SelectMany((number, i) => RandomHistory.LinesOf(number).Select((line, j) => line with { Line = 1 + (i * 4) + j })).Take(200).ToList();
        if (lines.Count == 0) return;
        var whole = CustomerStory.Given(programme, Sale("R", lines, numbers[0])).State.Balance;
        var split = CustomerStory.Given(programme, [.. lines.Select((line, i) => Sale($"R{i}", [line], numbers[0]))]).State.Balance;
        split.ShouldBeLessThanOrEqualTo(whole);
    });

    [Fact]
    public void A_return_never_gives_points() => ForAnyNumbers(300, numbers =>
    {
        var story = Used(numbers);
        for (var i = 0; i < numbers.Length; i++)
        {
            var before = story.State.Balance;
            story.When(RandomHistory.ActOf(numbers[i], i));
            if (story.Last.Events.OfType<LinesReturned>().SingleOrDefault() is not { } back) continue;
            back.PointsTakenBack.ShouldBeGreaterThanOrEqualTo(Points.Zero);
            back.PointsForgiven.ShouldBeGreaterThanOrEqualTo(Points.Zero);
            back.Lines.ShouldAllBe(line => line.PointsTakenBack >= Points.Zero && line.PointsTakenBackSoFar >= line.PointsTakenBack);
            var expired = story.Last.Events.OfType<PointsExpired>().Sum(e => e.Points.Count);
            (story.State.Balance - before + new Points(expired)).ShouldBe(back.PointsGivenBack - back.PointsTakenBack);
        }
    });

    [Fact]
    public void The_same_is_decided_after_the_state_went_through_a_snapshot() => ForAnyNumbers(300, numbers =>
    {
        var story = Used(numbers);
        for (var i = 0; i < numbers.Length; i++)
        {
            story.When(RandomHistory.ActOf(numbers[i], i));
            var sale = Sale("RX", RandomHistory.LinesOf(numbers[i]), numbers[i])(story)!;
            var here = CustomerDecider.Decide(story.State, sale, story.Programme);
            var there = CustomerDecider.Decide(CustomerState.Import(story.State.Export()), sale, story.Programme);
            JsonSerializer.Serialize<object[]>([.. there.Events]).ShouldBe(JsonSerializer.Serialize<object[]>([.. here.Events]));
        }
    });
}
