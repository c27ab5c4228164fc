using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes.EarningRules;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Corners of earning rules that the worked examples do not reach (docs/domain/earning-rules.md).</summary>
public class EarningRuleTests
{
    // Of 10 goods the first rule wants 10 and its cap leaves 5, so the second wins with 7; of 2 goods the first gives 2 and the second 1.
    private const string CappedPerItem = """{ "id": "capped", "give": { "kind": "perItem", "points": 1 }, "group": "g", "caps": [ { "per": "month", "points": 5 } ] }""";
    private const string Dearer = """{ "id": "dearer", "give": { "kind": "perUnit", "points": 0.7 }, "group": "g", "caps": [ { "per": "month", "points": 100 } ] }""";

    private static PurchaseLine[] Ten => [Line(1, 1_000, milli: 10_000)];

    private static string Counters(CustomerStory story) =>
        string.Join(' ', story.State.RuleCounters.ToArray().Select(counter => $"{counter.Rule}:{counter.Points}").Order(StringComparer.Ordinal));

    [Fact]
    public void A_rule_that_takes_the_place_of_another_after_a_return_uses_its_cap()
    {
        var story = CustomerStory.Given(DomainProgrammes.WithRules(CappedPerItem, Dearer), BuyLines("R1", Ten));
        (story.State.Balance.Count, Counters(story)).ShouldBe((17, "dearer:7"));

        story.And(Return("R1", [(1, 5_000)]));

        // 5 goods for 5.00: 5 by the base, 5 by the first rule.
        (story.State.Balance.Count, Counters(story)).ShouldBe((10, "capped:5"));
        story.And(BuyLines("R2", Ten)).Then<PurchaseRecorded>().Grants.ShouldContain(new RuleGrant("dearer", new Points(7), Room: new Points(100), Counted: CapPeriods.Month));
        story.And(ReturnAll("R1")).State.Balance.ShouldBe(new Points(17));
        Counters(story).ShouldBe("dearer:7");
    }

    [Fact]
    public void What_other_receipts_used_of_a_cap_since_is_not_given_again_by_a_return()
    {
        var story = CustomerStory.Given(DomainProgrammes.WithRules(CappedPerItem, Dearer), BuyLines("R1", Ten));
        // One good for 1.00 and one for nothing less: the first rule gives 4 for 4 goods, the second 2.
        story.And(BuyLines("R2", [Line(1, 400, milli: 4_000)]));
        Counters(story).ShouldBe("capped:4 dearer:7");

        story.And(Return("R1", [(1, 5_000)]));

        // Of the first rule's cap 1 is left, so the second stays, with 3.
        Counters(story).ShouldBe("capped:4 dearer:3");
        story.State.Balance.ShouldBe(new Points(5 + 3 + 4 + 4));
    }

    [Fact]
    public void A_tier_that_the_programme_no_longer_knows_counts_as_the_lowest_in_conditions_too()
    {
        var story = CustomerStory.Given(DomainProgrammes.WithRules(), Buy("R1", 200_000));
        story.State.Tier.Value.ShouldBe("silver");
        story.Programme = DomainProgrammes.PlainWith(d =>
        {
            DomainProgrammes.Rules(d, """{ "id": "low", "when": { "fact": "tier", "in": ["member"] }, "give": { "kind": "fixed", "points": 9 } }""");
            d["tiers"]!.AsArray().RemoveAt(1);
        });

        story.And(Buy("R2", 1_000)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(19));
        story.And(Return("R2", [(1, 500)])).State.Balance.ShouldBe(new Points(2_000 + 5 + 9));
    }

    [Fact]
    public void Counters_of_long_ago_do_not_keep_a_rule_from_giving()
    {
        // 9 rules with a cap a day fill all counters in 29 days.
        var rules = Enumerable.Range(0, 9).Select(i => $$"""{ "id": "r{{i}}", "give": { "kind": "fixed", "points": 1 }, "caps": [ { "per": "day", "points": 1 } ] }""").ToArray();
        var story = CustomerStory.Given(DomainProgrammes.WithRules(rules));
        for (var day = 0; day < 29; day++) story.And(Buy($"R{day}", 100), Days(1));
        story.State.RuleCounters.Length.ShouldBeGreaterThanOrEqualTo(Limits.RuleCountersMax);
        story.And(Buy("full", 100)).Then<PurchaseRecorded>().Grants.ShouldAllBe(grant => grant.Points == Points.Zero);

        story.And(Days(60), Buy("later", 100)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(10));

        story.State.RuleCounters.Length.ShouldBe(9);
    }

    [Theory]
    [InlineData(31, 5)]
    [InlineData(32, 0)]
    public void A_days_counter_is_kept_until_thirty_one_days_later(int daysAgo, long given)
    {
        var rule = """{ "id": "r", "give": { "kind": "fixed", "points": 5 }, "caps": [ { "per": "day", "points": 5 } ] }""";
        var story = CustomerStory.Given(DomainProgrammes.WithRules(rule), Days(400), Buy("R1", 100));
        story.And(Buy("late", 100, daysAgo: daysAgo)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(1 + given));
    }

    [Fact]
    public void What_a_cap_refused_whole_stays_refused_when_a_part_comes_back()
    {
        var rule = """{ "id": "r", "give": { "kind": "perItem", "points": 10 }, "caps": [ { "per": "purchase", "points": 50, "over": "refuse" } ] }""";
        var story = CustomerStory.Given(DomainProgrammes.WithRules(rule), BuyLines("R1", Ten));
        story.State.Balance.ShouldBe(new Points(10));
        story.And(Return("R1", [(1, 5_000)])).State.Balance.ShouldBe(new Points(5));
    }
}
