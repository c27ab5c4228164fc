using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Points that are frozen: none is spent or held; all else goes on (R37).</summary>
public class PointFreezeTests
{
    [Fact]
    public void Frozen_points_are_not_spent_held_or_paid_with_until_they_are_released()
    {
        var story = Given(Buy("R1", 10_000), CustomerActs.FreezePoints());
        story.When(Redeem(1)).ThenRejected(CustomerRejections.PointsFrozen, "points");
        story.When(Buy("R2", 5_000, use: 1)).ThenRejected(CustomerRejections.PointsFrozen, "usePoints");
        story.When(Open(1)).ThenRejected(CustomerRejections.PointsFrozen, "points");
        story.When(CustomerActs.ReleasePoints()).Then<PointsReleased>().Reason.ShouldBe("settled");
        story.And(Redeem(1), Buy("R2", 5_000, use: 1), Open(1));
    }

    [Fact]
    public void Earning_adjusting_returning_extending_and_ending_go_on()
    {
        var rolling = DomainProgrammes.PlainWith(d => d["points"]!["expiry"] = System.Text.Json.Nodes.JsonNode.Parse("""{"kind":"rolling","months":1,"roundUpTo":"none"}"""));
        var story = Given(rolling, Buy("R1", 10_000), Buy("R2", 5_000, use: 40), CustomerActs.FreezePoints(), Buy("R3", 2_000), Adjust(7), Adjust(-3));
        // R2: 50.00 less 40 points is 49.60, 49 points; R3 20. 100 - 40 + 49 + 20 + 7 - 3.
        story.State.Balance.ShouldBe(new Points(133));
        story.When(ReturnAll("R2")).Then<LinesReturned>().PointsGivenBack.ShouldBe(new Points(40));
        story.And(Days(10), Buy("R4", 1_000), Extend(60, 22), Days(32)).When(Wake()).Then<PointsExpired>().Points.ShouldBe(new Points(10));
        story.State.Balance.ShouldBe(new Points(124));
    }

    [Fact]
    public void A_basket_that_held_points_before_cannot_pay_with_them_and_ends_as_ever()
    {
        var story = Given(Buy("R1", 10_000), Open(50), CustomerActs.FreezePoints());
        story.When(Pays(Buy("R2", 5_000, use: 50))).ThenRejected(CustomerRejections.PointsFrozen, "usePoints");
        story.When(Change(20)).ThenRejected(CustomerRejections.PointsFrozen, "points");
        story.And(Pays(Buy("R2", 5_000))).State.Baskets.Length.ShouldBe(0);
    }

    [Fact]
    public void Freezing_what_is_frozen_and_releasing_what_is_not_change_nothing()
    {
        Given(CustomerActs.FreezePoints()).When(CustomerActs.FreezePoints()).Last.Events.ShouldBeEmpty();
        Given().When(CustomerActs.ReleasePoints()).Last.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Points_and_stored_value_are_frozen_apart()
    {
        var stored = DomainProgrammes.PlainWith(d => d["storedValue"] = new System.Text.Json.Nodes.JsonObject());
        var story = Given(stored, TopUp(5_000), Buy("R1", 10_000), CustomerActs.FreezePoints());
        story.And(But(Buy("R2", 2_000), sale => sale with { UseStoredValue = new Money(2_000) }));
        story.And(CustomerActs.ReleasePoints(), Freeze(), Redeem(10));
    }

    [Fact]
    public void A_reason_is_needed_and_a_customer()
    {
        Given().When(CustomerActs.FreezePoints(" ")).ThenRejected(CustomerRejections.ReasonInvalid, "reason");
        Given(CustomerActs.FreezePoints()).When(CustomerActs.ReleasePoints("")).ThenRejected(CustomerRejections.ReasonInvalid, "reason");
        Stranger().When(CustomerActs.FreezePoints()).ThenRejected(CustomerRejections.NotEnrolled);
    }

    [Fact]
    public void A_quote_says_that_no_points_can_pay()
    {
        var story = Given(Buy("R1", 10_000), CustomerActs.FreezePoints());
        var quote = Quote.Of(story.State, (RecordPurchase)Buy("Q", 5_000)(story)!, story.Programme);
        (quote.Decision.Rejection, quote.UsablePoints, quote.PointsFrozen).ShouldBe((null, Points.Zero, true));
        Quote.Of(story.State, (RecordPurchase)Buy("Q", 5_000, use: 1)(story)!, story.Programme).Decision.Rejection!.Code.ShouldBe(144);
        story.And(CustomerActs.ReleasePoints());
        quote = Quote.Of(story.State, (RecordPurchase)Buy("Q", 5_000)(story)!, story.Programme);
        (quote.UsablePoints, quote.PointsFrozen).ShouldBe((new Points(100), false));
    }

    [Fact]
    public void In_no_history_is_a_point_spent_or_held_while_frozen() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers =>
        {
            var (story, frozen) = (RandomHistory.Begin(numbers.Length), false);
            for (var i = 0; i < numbers.Length; i++)
            {
                story.When(RandomHistory.ActOf(numbers[i], i));
                foreach (var happened in story.Last.Events ?? [])
                {
                    var spends = happened switch
                    {
                        PurchaseRecorded e => e.PointsUsed,
                        PointsRedeemed e => e.Points,
                        BasketOpened e => e.Hold.Points,
                        BasketChanged e => e.Hold.Points,
                        _ => Points.Zero,
                    };
                    if (frozen) spends.ShouldBe(Points.Zero);
                    frozen = (frozen || happened is PointsFrozen) && happened is not PointsReleased;
                }

                story.State.ArePointsFrozen.ShouldBe(frozen);
                CustomerState.Import(story.State.Export()).ArePointsFrozen.ShouldBe(frozen);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(80));
}
