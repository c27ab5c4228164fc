using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class TierTests
{
    private static readonly TierId Member = new("member");
    private static readonly TierId Silver = new("silver");
    private static readonly TierId Gold = new("gold");
    private static readonly TierId BlackGold = new("black-gold");

    private static CustomerStory Chain(params Act[] acts) => Given(Programme.BuiltIn, acts);

    [Fact]
    public void A_member_begins_in_the_lowest_tier() => Chain().State.Tier.ShouldBe(Member);

    [Fact]
    public void The_spend_that_reaches_a_tier_upgrades_at_once()
    {
        var story = Chain(Buy("R1", 199_999)).When(Buy("R2", 1));
        var changed = story.Then<TierChanged>();
        (changed.From, changed.To, changed.Reason).ShouldBe((Member, Silver, "spend-reached"));
        story.Then<PurchaseRecorded>().Tier.ShouldBe(Silver);
        story.State.Tier.ShouldBe(Silver);
    }

    [Fact]
    public void One_purchase_may_jump_over_tiers() => Chain(Buy("R1", 3_000_000)).State.Tier.ShouldBe(BlackGold);

    [Fact]
    public void Spend_older_than_the_window_does_not_count()
    {
        var story = Chain(Buy("R1", 199_999), Days(366)).When(Buy("R2", 1));
        story.Then<PurchaseRecorded>().QualifyingSpend.ShouldBe(new Money(1));
        story.State.Tier.ShouldBe(Member);
    }

    [Fact]
    public void The_last_day_of_the_window_counts() => Chain(Buy("R1", 199_999), Days(365), Buy("R2", 1)).State.Tier.ShouldBe(Silver);

    [Fact]
    public void A_tier_is_not_lost_by_the_passing_of_time() =>
        Chain(Buy("R1", 200_000), Days(800), Buy("R2", 100)).State.Tier.ShouldBe(Silver);

    [Fact]
    public void A_late_sale_counts_on_its_own_day()
    {
        var story = Chain(Buy("R1", 100_000), Days(300), Buy("R3", 1_000), Days(500), Buy("R4", 1_000));
        story.And(Buy("R2", 100_000, daysAgo: 600)).State.Tier.ShouldBe(Silver);
        var changed = story.Then<TierChanged>();
        changed.QualifyingSpend.ShouldBe(new Money(201_000));
        story.Then<PurchaseRecorded>().QualifyingSpend.ShouldBe(new Money(1_000));
    }

    [Fact]
    public void The_order_in_which_sales_arrive_does_not_change_the_tier()
    {
        var inOrder = Chain(Buy("R1", 500_000), Days(200), Buy("R2", 600_000), Days(400), Buy("R3", 10));
        var late = Chain(Days(600), Buy("R3", 10), Buy("R2", 600_000, daysAgo: 400), Buy("R1", 500_000, daysAgo: 600));
        late.State.Tier.ShouldBe(inOrder.State.Tier);
        late.State.Tier.ShouldBe(Gold);
    }

    [Fact]
    public void A_return_takes_away_the_tier_that_only_it_had_earned()
    {
        var story = Chain(Buy("R1", 1_000), Buy("R2", 200_000)).When(ReturnAll("R2"));
        var changed = story.Then<TierChanged>();
        (changed.From, changed.To, changed.Reason).ShouldBe((Silver, Member, "spend-returned"));
        story.Then<LinesReturned>().Tier.ShouldBe(Member);
        story.State.QualifyingSpend(story.Today, 12).ShouldBe(new Money(1_000));
    }

    [Fact]
    public void A_return_that_leaves_enough_keeps_the_tier() =>
        Chain(Buy("R1", 150_000), Buy("R2", 100_000), Buy("R3", 50_000), ReturnAll("R2")).State.Tier.ShouldBe(Silver);

    [Fact]
    public void A_return_steps_down_to_the_tier_that_is_left()
    {
        var story = Chain(BuyLines("R1", [Line(1, 1_000_000), Line(2, 300_000)])).When(Return("R1", [(1, 1_000)]));
        story.State.Tier.ShouldBe(Silver);
        story.When(ReturnAll("R1")).Then<TierChanged>().To.ShouldBe(Member);
    }

    [Fact]
    public void A_tier_of_years_ago_survives_the_return_of_something_bought_today()
    {
        var story = Chain(Buy("R1", 1_000_000), Days(1_500), Buy("R2", 3_000_000));
        story.State.Tier.ShouldBe(BlackGold);
        story.And(ReturnAll("R2")).State.Tier.ShouldBe(Gold);
    }

    [Fact]
    public void Later_spend_holds_the_tier_when_the_first_is_returned() =>
        Chain(Buy("R1", 200_000), Days(30), Buy("R2", 200_000), ReturnAll("R1")).State.Tier.ShouldBe(Silver);

    [Fact]
    public void Spend_of_a_window_in_between_holds_the_tier_when_the_first_is_returned() =>
        Chain(Buy("R1", 200_000), Days(10), Buy("R2", 200_000), Days(500), Buy("R3", 10), ReturnAll("R1")).State.Tier.ShouldBe(Silver);

    [Fact]
    public void Returning_what_did_not_matter_changes_no_tier_under_stricter_rules()
    {
        var story = Chain(Buy("R1", 200_000), Days(700), Buy("R2", 100));
        story.Programme = DomainProgrammes.With(d => d["tiers"]![1]!["spendMinor"] = 300_000);
        story.And(ReturnAll("R2")).State.Tier.ShouldBe(Silver);
    }

    [Fact]
    public void Returning_what_earned_the_tier_is_judged_by_the_rules_of_today()
    {
        var story = Chain(Buy("R1", 200_000), Days(7), Buy("R2", 100));
        story.Programme = DomainProgrammes.With(d => d["tiers"]![1]!["spendMinor"] = 300_000);
        story.And(ReturnAll("R1")).State.Tier.ShouldBe(Member);
    }

    [Fact]
    public void A_tier_that_the_programme_no_longer_knows_counts_as_the_lowest()
    {
        var story = Chain(Buy("R1", 200_000));
        story.Programme = DomainProgrammes.With(d => d["tiers"]![1]!["id"] = "jade");
        story.When(Buy("R2", 100)).Then<TierChanged>().To.ShouldBe(new TierId("jade"));
    }

    [Fact]
    public void A_late_sale_older_than_three_years_counts_for_the_lifetime_only()
    {
        var story = Chain(Days(2_000), Buy("R1", 100), Buy("R0", 5_000_000, daysAgo: 1_900));
        story.State.LifetimeSpend.ShouldBe(new Money(5_000_100));
        story.State.Tier.ShouldBe(Member);
    }
}
