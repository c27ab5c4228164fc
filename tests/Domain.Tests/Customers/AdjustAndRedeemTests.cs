using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class AdjustAndRedeemTests
{
    [Fact]
    public void Points_are_given_by_hand_with_a_reason()
    {
        var adjusted = Given(Programme.BuiltIn).When(Adjust(50, "sorry")).Then<PointsAdjusted>();
        (adjusted.Points, adjusted.Reason, adjusted.Balance).ShouldBe((new Points(50), "sorry", new Points(50)));
        adjusted.LotsGranted.Single().ExpiresAt.ShouldNotBeNull();
    }

    [Fact]
    public void Points_given_pay_debt_first()
    {
        var adjusted = Given(Adjust(-80)).When(Adjust(100)).Then<PointsAdjusted>();
        (adjusted.DebtPaid, adjusted.Balance).ShouldBe((new Points(80), new Points(20)));
        adjusted.LotsGranted.Single().Points.ShouldBe(new Points(20));
    }

    [Fact]
    public void Points_given_that_all_pay_debt_make_no_lot() =>
        Given(Adjust(-80)).When(Adjust(50)).Then<PointsAdjusted>().LotsGranted.ShouldBeEmpty();

    [Fact]
    public void Points_are_taken_by_hand_down_into_debt()
    {
        var adjusted = Given(Adjust(30)).When(Adjust(-50)).Then<PointsAdjusted>();
        (adjusted.DebtAdded, adjusted.Balance).ShouldBe((new Points(20), new Points(-20)));
    }

    [Fact]
    public void Taking_by_hand_also_takes_pending_points()
    {
        var programme = DomainProgrammes.PlainWith(d => d["points"]!["activeAfterDays"] = 9);
        Given(programme, Buy("R1", 10_000)).When(Adjust(-100)).Then<PointsAdjusted>().DebtAdded.ShouldBe(Points.Zero);
    }

    [Fact]
    public void Without_negative_balance_taking_more_than_there_is_is_refused() =>
        Given(DomainProgrammes.PlainWith(d => d["points"]!["negativeBalance"] = false), Adjust(30))
            .When(Adjust(-31)).ThenRejected(CustomerRejections.NotEnoughPoints, "points");

    [Theory]
    [InlineData(0)]
    [InlineData(Limits.PointsMax + 1)]
    [InlineData(-Limits.PointsMax - 1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void An_adjustment_out_of_range_is_refused(long points) => Given().When(Adjust(points)).ThenRejected(CustomerRejections.PointsInvalid, "points");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void A_redemption_out_of_range_is_refused(long points) => Given(Adjust(10)).When(Redeem(points)).ThenRejected(CustomerRejections.PointsInvalid);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("line\nbreak")]
    public void A_reason_must_say_something(string reason)
    {
        Given().When(Adjust(1, reason)).ThenRejected(CustomerRejections.ReasonInvalid, "reason");
        Given(Adjust(1)).When(Redeem(1, reason)).ThenRejected(CustomerRejections.ReasonInvalid, "reason");
    }

    [Fact]
    public void More_points_than_there_are_can_not_be_redeemed() =>
        Given(Adjust(10)).When(Redeem(11)).ThenRejected(CustomerRejections.NotEnoughPoints);

    [Fact]
    public void A_lot_that_is_used_up_is_gone()
    {
        var story = Given(Adjust(10), Adjust(20), Redeem(15));
        story.State.Lots.Length.ShouldBe(1);
        story.State.Lots[0].ShouldBe(new Lot(2, new Points(20), new Points(15), story.Now, null));
    }
}
