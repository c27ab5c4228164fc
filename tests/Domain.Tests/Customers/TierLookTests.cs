using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>After a tier was looked at: what returns and late sales do then, and what follows days of grace (docs/domain/tiers.md; R31, F13 to F17, 3.5). Silver from 2,000.00, gold from 10,000.00, black gold from 30,000.00. Stories begin on 1 January 2024.</summary>
public class TierLookTests
{
    private static readonly TierId Member = new("member");
    private static readonly TierId Gold = new("gold");
    private static readonly TierId BlackGold = new("black-gold");

    // Black gold in 2024, 500.00 in the year that is looked at: gold by the rule of one level, not by spend.
    private static CustomerStory FallenByOne() => Given(With("""{"downgrade":"oneLevel"}"""), Buy("R1", 3_000_000), Days(200), Buy("R2", 50_000), Days(200), Wake());

    [Fact]
    public void What_the_rules_left_no_return_takes()
    {
        var story = FallenByOne();
        story.State.Tier.ShouldBe(Gold);
        story.And(Return("R2", [(1, 100)]));
        story.State.Tier.ShouldBe(Gold);
        story.And(ReturnAll("R2"));
        story.State.Tier.ShouldBe(Gold);
    }

    [Fact]
    public void A_purchase_that_comes_back_leaves_what_the_rules_had_left()
    {
        var story = FallenByOne().And(Buy("R3", 1_000_000), ReturnAll("R3"));
        story.State.Tier.ShouldBe(Gold);
        story.And(Buy("R4", 3_000_000));
        story.State.Tier.ShouldBe(BlackGold);
        var fell = story.When(ReturnAll("R4")).Then<TierChanged>();
        (fell.To, fell.Reason, fell.WindowTo.Number).ShouldBe((Gold, "spend-returned", 0));
        CustomerStory.Print(CustomerState.Import(story.State.Export())).ShouldBe(CustomerStory.Print(story.State));
    }

    [Fact]
    public void A_tier_for_life_that_was_not_fallen_through_stays_when_something_comes_back()
    {
        var story = Given(With("{}", lasting: "gold"), Buy("R1", 3_000_000), Days(200), Buy("R2", 50_000), Days(200), Wake());
        story.State.Tier.ShouldBe(Gold);
        story.And(ReturnAll("R2"));
        story.State.Tier.ShouldBe(Gold);
    }

    [Fact]
    public void Once_the_spend_reaches_it_a_return_takes_it_again()
    {
        // Looked at again after another year, in which 10,000.00 were spent: gold by spend now.
        var story = FallenByOne().And(Days(300), Buy("R3", 1_000_000), Days(100), Wake());
        story.State.Tier.ShouldBe(Gold);
        story.When(ReturnAll("R3")).Then<TierChanged>().To.ShouldBe(Member);
    }

    [Fact]
    public void A_late_sale_brings_no_tier_back_that_its_window_does_not_reach()
    {
        // 12,000.00 on 1 January 2024; nothing to 1 January 2025: member. Then a sale of 31 December comes in.
        var story = Given(With("{}"), Buy("R1", 1_200_000), Days(368), Wake());
        story.State.Tier.ShouldBe(Member);
        story.And(Buy("R2", 100, daysAgo: 3));
        story.State.Tier.ShouldBe(Member);
        // Nor does it when another sale came between.
        story.And(Buy("R3", 100), Buy("R4", 100, daysAgo: 4));
        story.State.Tier.ShouldBe(Member);
    }

    [Fact]
    public void A_late_sale_that_would_have_kept_the_tier_brings_it_back()
    {
        var story = Given(With("{}"), Buy("R1", 1_200_000), Days(200), Buy("R2", 900_000), Days(168), Wake());
        story.State.Tier.ShouldBe(new TierId("silver"));
        var back = story.When(Buy("R3", 100_000, daysAgo: 3)).Then<TierChanged>();
        (back.To, back.Reason, back.QualifyingSpend, back.WindowTo).ShouldBe((Gold, "spend-reached", new Money(1_000_000), Day("2025-01-01")));
        story.When(ReturnAll("R3")).Then<TierChanged>().To.ShouldBe(new TierId("silver"));
    }

    [Theory]
    [InlineData("""{"roundUpTo":"year"}""", "2026-01-01", "2027-01-01")]
    [InlineData("""{"roundUpTo":"year","graceDays":31}""", "2026-02-01", "2027-02-01")]
    [InlineData("""{"roundUpTo":"month","graceDays":10}""", "2025-02-11", "2026-02-11")]
    [InlineData("""{"graceDays":31}""", "2025-02-02", "2026-02-02")]
    public void Days_of_grace_are_no_part_of_the_next_term(string validity, string first, string next)
    {
        var story = Given(With(validity), Buy("R1", 200_000));
        story.State.TierUntil.ShouldBe(Midnight(first));
        story.Today = Day(first);
        story.Today = new BusinessDay(story.Today.Number - 5);
        story.And(Buy("R2", 200_000), Days(10), Wake());
        story.State.TierUntil.ShouldBe(Midnight(next));
    }

    [Fact]
    public void Days_of_grace_that_the_rules_had_when_the_term_began_count_not_those_of_today()
    {
        var story = Given(With("""{"graceDays":31}"""), Buy("R1", 200_000), Days(390), Buy("R2", 200_000));
        story.Programme = With("{}");
        story.And(Days(10), Wake());
        story.State.TierUntil.ShouldBe(Midnight("2026-01-02"));
    }

    [Fact]
    public void A_coupon_for_a_tier_stays_when_the_tier_had_ended_by_time()
    {
        var programme = DomainProgrammes.PlainWith(document =>
        {
            DomainProgrammes.Coupons(document, ["""{"id":"c","give":{"kind":"amount","minor":500}}"""], ["""{"id":"t","on":"tierReached","kind":"c"}"""]);
            document["tierValidity"] = new JsonObject();
        });
        var story = Given(programme, BuyLines("R1", [Line(1, 1_000_000), Line(2, 1_000)]), Days(368), Wake());
        (story.State.Tier, story.State.Coupons.Length).ShouldBe((Member, 1));
        story.When(Return("R1", [(2, 1_000)])).Then<LinesReturned>().CouponsWithdrawn.ShouldBeEmpty();
        story.State.Coupons.Length.ShouldBe(1);
    }

    private static Programme With(string validity, string? lasting = null) => DomainProgrammes.With(document =>
    {
        document["points"]!["expiry"] = new JsonObject { ["kind"] = "never" };
        document["tierValidity"] = JsonNode.Parse(validity);
        foreach (var tier in document["tiers"]!.AsArray()) if (tier!["id"]!.GetValue<string>() == lasting) tier["lasting"] = true;
    });

    private static BusinessDay Day(string day) => BusinessDay.From(DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    private static Timestamp Midnight(string day) => new((Day(day).Number * 86_400_000L) - (CustomerStory.UtcOffsetMinutes * 60_000L));
}
