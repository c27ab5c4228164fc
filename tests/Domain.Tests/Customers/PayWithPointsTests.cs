using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class PayWithPointsTests
{
    [Fact]
    public void More_points_than_the_customer_has_are_refused() =>
        Given(Adjust(100)).When(Buy("R1", 1_000, use: 101)).ThenRejected(CustomerRejections.NotEnoughPoints, "usePoints");

    [Fact]
    public void Points_worth_more_than_the_receipt_are_refused() =>
        Given(Adjust(2_000)).When(Buy("R1", 1_000, use: 1_001)).ThenRejected(CustomerRejections.PointsExceedAmount, "usePoints");

    [Fact]
    public void A_receipt_can_be_paid_with_points_alone()
    {
        var recorded = Given(Adjust(2_000)).When(Buy("R1", 1_000, use: 1_000)).Then<PurchaseRecorded>();
        recorded.PointsEarned.ShouldBe(Points.Zero);
        recorded.Balance.ShouldBe(new Points(1_000));
        recorded.Lines[0].Lot.ShouldBe(0);
    }

    [Fact]
    public void What_a_purchase_earns_can_not_pay_for_it() =>
        Given(Adjust(1)).When(Buy("R1", 10_000, use: 2)).ThenRejected(CustomerRejections.NotEnoughPoints);

    [Fact]
    public void A_programme_may_take_no_points_as_payment() =>
        Given(DomainProgrammes.PlainWith(d => d["points"]!["valueMinor"] = 0), Adjust(10))
            .When(Buy("R1", 1_000, use: 1)).ThenRejected(CustomerRejections.PointsNotAccepted);

    [Fact]
    public void A_point_is_worth_what_the_programme_says()
    {
        var programme = DomainProgrammes.PlainWith(d => d["points"]!["valueMinor"] = 5);
        Given(programme, Adjust(100)).When(Buy("R1", 1_000, use: 100)).Then<PurchaseRecorded>().PointsValue.ShouldBe(new Money(500));
    }

    [Fact]
    public void Points_burn_soonest_end_first_and_each_part_remembers_its_end()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 10_000), Days(40), Buy("R2", 10_000), Buy("R0", 10_000, daysAgo: 39));
        var used = story.When(Buy("R3", 50_000, use: 250)).Then<PurchaseRecorded>().LotsUsed;
        used.Select(part => (part.Lot, part.Points.Count)).ShouldBe([(1, 100), (3, 100), (2, 50)]);
        used[0].ExpiresAt.ShouldNotBeNull();
        used[0].ExpiresAt.ShouldBe(used[1].ExpiresAt);
        used[2].ExpiresAt!.Value.ShouldBeGreaterThan(used[1].ExpiresAt!.Value);
    }

    [Fact]
    public void Lots_without_end_burn_last()
    {
        var story = Given(Adjust(100));
        story.Programme = Programme.BuiltIn;
        story.And(Buy("R1", 10_000)).When(Redeem(150)).Then<PointsRedeemed>().LotsUsed
            .Select(part => (part.Lot, part.Points.Count)).ShouldBe([(2, 100), (1, 50)]);
    }

    [Fact]
    public void Pending_points_can_not_pay()
    {
        var programme = DomainProgrammes.PlainWith(d => d["points"]!["activeAfterDays"] = 7);
        Given(programme, Buy("R1", 10_000)).When(Buy("R2", 1_000, use: 1)).ThenRejected(CustomerRejections.NotEnoughPoints);
    }

    [Fact]
    public void Ten_tills_can_not_spend_the_same_points_twice()
    {
        var story = Given(Adjust(1_000));
        var accepted = Enumerable.Range(0, 10).Count(i => story.When(Redeem(150)).Last.Rejection is null);
        accepted.ShouldBe(6);
        story.State.Balance.ShouldBe(new Points(100));
    }
}
