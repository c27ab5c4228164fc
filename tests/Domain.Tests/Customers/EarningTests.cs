using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class EarningTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 0)]
    [InlineData(100, 1)]
    [InlineData(19_999, 199)]
    [InlineData(10_000_000_000, 100_000_000)]
    public void A_purchase_earns_whole_points_rounded_down(long amount, long points)
    {
        var story = Given().When(Buy("R1", amount));
        story.Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(points));
        story.State.Balance.ShouldBe(new Points(points));
    }

    [Fact]
    public void A_rate_with_decimals_is_exact()
    {
        var programme = DomainProgrammes.PlainWith(d => d["points"]!["perUnit"] = 0.0125);
        Given(programme).When(Buy("R1", 799_999)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(99));
        Given(programme).When(Buy("R1", 800_000)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(100));
    }

    [Fact]
    public void The_lines_share_what_the_receipt_earned_without_a_point_lost()
    {
        var recorded = Given().When(BuyLines("R1", [Line(1, 50), Line(2, 50), Line(3, 50), Line(4, 50)])).Then<PurchaseRecorded>();
        recorded.PointsEarned.ShouldBe(new Points(2));
        recorded.Lines.Select(line => line.Earned.Count).ShouldBe([0, 1, 0, 1]);
    }

    [Fact]
    public void Lines_of_one_receipt_share_one_lot()
    {
        var story = Given().When(BuyLines("R1", [Line(1, 1_000), Line(2, 50), Line(3, 2_000)]));
        var recorded = story.Then<PurchaseRecorded>();
        recorded.Lines.Select(line => line.Lot).ShouldBe([1, 0, 1]);
        recorded.Lines.Select(line => line.LotPoints.Count).ShouldBe([10, 0, 20]);
        story.State.Lots.Length.ShouldBe(1);
        story.State.Lots[0].Remaining.ShouldBe(new Points(30));
    }

    [Fact]
    public void A_discount_earns_nothing()
    {
        var recorded = Given().When(BuyLines("R1", [Line(1, 10_000, discount: 4_000)])).Then<PurchaseRecorded>();
        recorded.Amount.ShouldBe(new Money(6_000));
        recorded.PointsEarned.ShouldBe(new Points(60));
    }

    [Fact]
    public void What_is_paid_in_points_earns_nothing()
    {
        var recorded = Given(Adjust(500)).When(Buy("R1", 1_000, use: 400)).Then<PurchaseRecorded>();
        recorded.PointsValue.ShouldBe(new Money(400));
        recorded.PointsEarned.ShouldBe(new Points(6));
        recorded.Balance.ShouldBe(new Points(106));
    }

    [Fact]
    public void A_tier_multiplies_what_is_earned()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 200_000));
        story.State.Tier.ShouldBe(new TierId("silver"));
        var recorded = story.When(Buy("R2", 10_000)).Then<PurchaseRecorded>();
        recorded.PointsEarned.ShouldBe(new Points(110));
        recorded.Rules.ShouldBe(["points.earned", "tier.silver"]);
    }

    [Fact]
    public void The_purchase_that_reaches_a_tier_still_earns_by_the_tier_before() =>
        Given(Programme.BuiltIn).When(Buy("R1", 200_000)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(2_000));

    [Fact]
    public void Points_can_be_spent_in_the_next_command() =>
        Given(Buy("R1", 10_000)).When(Redeem(100)).Then<PointsRedeemed>().Balance.ShouldBe(Points.Zero);

    [Fact]
    public void Points_that_become_active_later_are_pending_until_then()
    {
        var programme = DomainProgrammes.PlainWith(d => d["points"]!["activeAfterDays"] = 3);
        var story = Given(programme, Buy("R1", 10_000));
        story.State.SpendableAt(story.Now).ShouldBe(Points.Zero);
        story.State.PendingAt(story.Now).ShouldBe(new Points(100));
        story.When(Redeem(1)).ThenRejected(CustomerRejections.NotEnoughPoints, "points");
        story.And(Days(3)).When(Redeem(100)).Then<PointsRedeemed>();
    }

    [Fact]
    public void Earning_more_than_a_billion_points_at_once_is_refused()
    {
        var programme = DomainProgrammes.PlainWith(d => d["points"]!["perUnit"] = 100);
        Given(programme).When(Buy("R1", 10_000_000_000)).ThenRejected(CustomerRejections.EarnsTooMuch);
    }

    [Fact]
    public void The_previous_store_is_that_of_the_visit_before()
    {
        var story = Given(Buy("R1", 100));
        story.Then<PurchaseRecorded>().PreviousStore.ShouldBeNull();
        story.And(Days(1)).When(Buy("R2", 100, "S2")).Then<PurchaseRecorded>().PreviousStore.ShouldBe(new StoreId("S1"));
        story.And(Days(5)).When(Buy("R3", 100, "S3", daysAgo: 5)).Then<PurchaseRecorded>().PreviousStore.ShouldBe(new StoreId("S2"));
    }

    [Fact]
    public void The_last_five_visits_are_kept_newest_first_whatever_the_order_of_arrival()
    {
        var story = Given(Buy("R1", 100), Days(1), Buy("R2", 100), Days(1), Buy("R3", 100), Days(1), Buy("R4", 100), Days(1), Buy("R5", 100),
            Days(1), Buy("R6", 100), Buy("R0", 100, daysAgo: 20), Buy("R5b", 100, daysAgo: 1));
        story.State.Visits.Select(visit => visit.Receipt).ShouldBe(["R6", "R5b", "R5", "R4", "R3"]);
        story.State.PurchaseCount.ShouldBe(8);
    }
}
