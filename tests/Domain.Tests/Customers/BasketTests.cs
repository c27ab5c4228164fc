using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Baskets (docs/domain/baskets.md; 3.1, 3.4, F19). The examples of that page have its numbers.</summary>
public class BasketTests
{
    private const long Minute = 60_000;
    private static readonly Programme WithCard = DomainProgrammes.With(d => d["storedValue"] = JsonNode.Parse("""{"topUps":[{"atLeastMinor":4000,"giftMinor":1000}]}"""));

    [Fact]
    public void Example_1_two_tills_cannot_promise_the_same_points()
    {
        var story = Given(Adjust(500)).When(Open(300));
        var opened = story.Then<BasketOpened>();
        (opened.Basket, opened.Hold, opened.EndsAt).ShouldBe((3L, new Hold(new Points(300), Money.Zero), new Timestamp(story.Now.UnixMs + (10 * Minute))));
        story.When(Open(250)).ThenRejected(CustomerRejections.PointsHeld, "points");
        story.And(Open(200));
        story.When(Redeem(1)).ThenRejected(CustomerRejections.PointsHeld, "points");
        story.When(Redeem(501)).ThenRejected(CustomerRejections.NotEnoughPoints, "points");
        (story.State.HeldAt(story.Now).Points, story.State.FreePointsAt(story.Now), story.State.SpendableAt(story.Now)).ShouldBe((new Points(500), Points.Zero, new Points(500)));
    }

    [Fact]
    public void Example_2_each_pays_with_what_its_basket_holds()
    {
        var story = Given(Adjust(500), Open(300), Open(200), Later(5 * Minute)).When(Pays(Buy("R1", 300, use: 300), basket: 3));
        (story.Then<BasketCommitted>().Basket, story.Then<BasketCommitted>().Hold.Points, story.Then<PurchaseRecorded>().PointsUsed).ShouldBe((3L, new Points(300), new Points(300)));
        (story.State.Balance, story.State.FreePointsAt(story.Now)).ShouldBe((new Points(200), Points.Zero));
        story.And(Pays(Buy("R2", 200, use: 200), basket: 4));
        (story.State.Balance, story.State.Baskets.Length).ShouldBe((Points.Zero, 0));
    }

    [Theory]
    [InlineData(0, 500, true)]
    [InlineData(100, 500, false)]
    [InlineData(100, 401, false)]
    [InlineData(100, 400, true)]
    [InlineData(100, 0, true)]
    public void Example_3_a_basket_pays_with_what_it_holds_and_what_nobody_holds(long other, long use, bool good)
    {
        var story = Given(Adjust(500), Open(300));
        if (other > 0) story.And(Open(other));
        story.When(Pays(Buy("R1", 500, use: use), basket: 3));
        if (good) story.Then<PurchaseRecorded>().PointsUsed.ShouldBe(new Points(use));
        else story.ThenRejected(CustomerRejections.PointsHeld, "usePoints");
    }

    [Fact]
    public void Example_4_the_lease_ends_in_its_millisecond_whether_the_agenda_came_or_not()
    {
        var story = Given(Adjust(500), Open(300), Later((10 * Minute) - 1));
        story.When(Buy("R1", 500, use: 201)).ThenRejected(CustomerRejections.PointsHeld, "usePoints");
        CustomerDecider.Decide(story.State, Pays(Buy("R2", 500, use: 300))(story)!, story.Programme).Rejection.ShouldBeNull();
        story.And(Later(1));
        story.When(Pays(Buy("R2", 500, use: 300))).ThenRejected(CustomerRejections.BasketNotOpen, "basket");
        story.When(Change(1)).ThenRejected(CustomerRejections.BasketNotOpen, "basket");
        story.When(Cancel()).ThenRejected(CustomerRejections.BasketNotOpen, "basket");
        story.State.FreePointsAt(story.Now).ShouldBe(new Points(500));
        story.And(Buy("R2", 500, use: 500));
        var over = story.When(Wake()).Then<BasketsExpired>().Baskets.ShouldHaveSingleItem();
        (over.Number, over.Hold.Points).ShouldBe((3L, new Points(300)));
        story.When(Wake()).Last.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Example_5_a_change_begins_the_lease_anew()
    {
        var story = Given(Adjust(500), Open(300), Later(8 * Minute)).When(Change(100));
        (story.Then<BasketChanged>().HoldBefore.Points, story.Then<BasketChanged>().Hold.Points).ShouldBe((new Points(300), new Points(100)));
        story.And(Redeem(400), Later((10 * Minute) - 1), Pays(Buy("R1", 500, use: 100)));
    }

    [Fact]
    public void Example_6_goods_come_back_also_from_held_points()
    {
        var story = Given(Buy("R0", 25_000), Adjust(250), Open(300)).And(ReturnAll("R0"));
        story.State.Balance.ShouldBe(new Points(250));
        story.When(Pays(Buy("R1", 500, use: 300))).ThenRejected(CustomerRejections.NotEnoughPoints, "usePoints");
        story.And(Pays(Buy("R1", 500, use: 250)));
    }

    [Fact]
    public void Example_7_points_end_also_while_they_are_held()
    {
        var ending = DomainProgrammes.With(d => d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"rolling","months":1,"roundUpTo":"none"}"""));
        var story = Given(ending, Adjust(400), Days(30), Adjust(100), Days(1), Later(-3 * Minute), Open(300), Later(3 * Minute));
        (story.State.SpendableAt(story.Now), story.State.HeldAt(story.Now).Points, story.State.FreePointsAt(story.Now)).ShouldBe((new Points(100), new Points(300), Points.Zero));
        story.When(Redeem(1)).ThenRejected(CustomerRejections.PointsHeld);
        story.When(Pays(Buy("R1", 500, use: 101))).ThenRejected(CustomerRejections.NotEnoughPoints);
        story.And(Pays(Buy("R1", 500, use: 100)));
        story.Then<PointsExpired>().Points.ShouldBe(new Points(400));
    }

    [Fact]
    public void Example_8_held_stored_value_is_not_paid_out_and_a_freeze_stops_it()
    {
        var story = Given(WithCard, TopUp(4_000), Open(0, 3_000));
        // Of 1,600 principal 400 gift go with it.
        story.When(Refund(1_601)).ThenRejected(CustomerRejections.StoredValueHeld, "amountMinor");
        story.When(Pays(Buy("R1", 9_000), basket: 0)).And(Refund(1_600));
        story.State.StoredValue.Sum().ShouldBe(new Money(3_000));
        story.And(Freeze());
        story.When(Pays(FromCard(Buy("R2", 3_000), 3_000))).ThenRejected(CustomerRejections.StoredValueFrozen, "useStoredValueMinor");
        story.When(Open(0, 1)).ThenRejected(CustomerRejections.StoredValueFrozen, "storedValueMinor");
        story.And(Release());
        story.When(FromCard(Buy("R2", 3_000), 1)).ThenRejected(CustomerRejections.StoredValueHeld, "useStoredValueMinor");
        story.When(Open(0, 1)).ThenRejected(CustomerRejections.StoredValueHeld, "storedValueMinor");
        story.When(Open(0, 3_001)).ThenRejected(CustomerRejections.NotEnoughStoredValue, "storedValueMinor");
        story.And(Pays(FromCard(Buy("R2", 3_000), 3_000)));
        story.State.StoredValue.ShouldBe(StoredValue.Zero);
    }

    [Fact]
    public void Example_9_a_customer_has_at_most_so_many_open_baskets()
    {
        CustomerRejections.TooManyBaskets.English.ShouldContain($" {Limits.OpenBasketsMax} ");
        CustomerRejections.TooManyBaskets.Chinese.ShouldContain($" {Limits.OpenBasketsMax} ");
        var story = Given(Adjust(500), Open(1), Later(1)).And([.. Enumerable.Repeat(Open(1), Limits.OpenBasketsMax - 1)]);
        story.When(Open(1)).ThenRejected(CustomerRejections.TooManyBaskets);
        story.And(Later((10 * Minute) - 1)).When(Open(1));
        story.Then<BasketsExpired>().Baskets.ShouldHaveSingleItem().Number.ShouldBe(3);
        story.State.Baskets.Length.ShouldBe(Limits.OpenBasketsMax);
    }

    [Fact]
    public void What_a_basket_cannot_be_is_refused()
    {
        var story = Given(WithCard, Adjust(10));
        story.When(Open(-1)).ThenRejected(CustomerRejections.PointsInvalid, "points");
        story.When(Open(Limits.PointsMax + 1)).ThenRejected(CustomerRejections.PointsInvalid, "points");
        story.When(Open(1, -1)).ThenRejected(CustomerRejections.StoredValueAmountInvalid, "storedValueMinor");
        story.When(Open(1, Limits.AmountMinorMax + 1)).ThenRejected(CustomerRejections.StoredValueAmountInvalid, "storedValueMinor");
        story.When(Open(0)).ThenRejected(CustomerRejections.BasketHoldsNothing);
        story.When(Open(11)).ThenRejected(CustomerRejections.NotEnoughPoints, "points");
        story.When(Open(0, 1)).ThenRejected(CustomerRejections.NotEnoughStoredValue, "storedValueMinor");
        story.And(Open(5)).When(Change(0)).ThenRejected(CustomerRejections.BasketHoldsNothing);
        story.When(Change(11)).ThenRejected(CustomerRejections.NotEnoughPoints, "points");
        story.When(Change(1, basket: 99)).ThenRejected(CustomerRejections.BasketNotOpen, "basket");
        story.When(Cancel(basket: 2)).ThenRejected(CustomerRejections.BasketNotOpen, "basket");
        story.When(Pays(Buy("R1", 100), basket: -1)).ThenRejected(CustomerRejections.BasketNotOpen, "basket");
        story.Programme = DomainProgrammes.With(d => d["points"]!["valueMinor"] = 0);
        story.When(Open(1)).ThenRejected(CustomerRejections.PointsNotAccepted, "points");
        Stranger().When(Open(1)).ThenRejected(CustomerRejections.NotEnrolled);
        Stranger().When(Change(1, basket: 1)).ThenRejected(CustomerRejections.NotEnrolled);
        Stranger().When(Cancel(basket: 1)).ThenRejected(CustomerRejections.NotEnrolled);
    }

    [Fact]
    public void A_basket_that_was_paid_or_cancelled_cannot_be_paid_by_another_receipt()
    {
        var story = Given(Adjust(500), Open(300), Pays(Buy("R1", 300, use: 300)));
        story.When(Pays(Buy("R2", 300))).ThenRejected(CustomerRejections.BasketNotOpen, "basket");
        story.And(Open(100), Cancel());
        story.When(Pays(Buy("R2", 300))).ThenRejected(CustomerRejections.BasketNotOpen, "basket");
        story.When(Cancel()).ThenRejected(CustomerRejections.BasketNotOpen, "basket");
        story.State.Baskets.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Held_points_are_not_taken_by_hand_and_pending_ones_may_be(bool negativeBalance)
    {
        var programme = DomainProgrammes.With(d =>
        {
            d["points"]!["negativeBalance"] = negativeBalance;
            d["points"]!["activeAfterDays"] = 5;
        });
        // Active: 100 given by hand; the sale's 50 are pending and end first, so they go first.
        var story = Given(programme, Buy("R1", 5_000, daysAgo: 1), Adjust(100), Open(80));
        story.When(Adjust(-71)).ThenRejected(CustomerRejections.PointsHeld, "points");
        story.And(Adjust(-70));
        (story.State.SpendableAt(story.Now), story.State.PendingAt(story.Now)).ShouldBe((new Points(80), Points.Zero));
        story.When(Adjust(-1)).ThenRejected(CustomerRejections.PointsHeld, "points");
        story.And(Cancel(), Adjust(-80));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(1_440)]
    public void The_lease_is_that_of_the_programme(int minutes)
    {
        var story = Given(DomainProgrammes.With(d => d["baskets"] = new JsonObject { ["leaseMinutes"] = minutes }), Adjust(1)).When(Open(1));
        story.Then<BasketOpened>().EndsAt.ShouldBe(new Timestamp(story.Now.UnixMs + (minutes * Minute)));
    }

    [Fact]
    public void The_customer_is_woken_when_the_soonest_lease_or_the_first_points_end()
    {
        var story = Given(Adjust(100));
        var points = story.State.NextDue;
        points.ShouldBe(story.State.NextExpiry);
        story.And(Open(1), Later(Minute), Open(1));
        story.State.NextDue.ShouldBe(new Timestamp(story.Now.UnixMs + (9 * Minute)));
        story.And(Cancel(basket: 3));
        story.State.NextDue.ShouldBe(new Timestamp(story.Now.UnixMs + (10 * Minute)));
        story.And(Pays(Buy("R1", 100), basket: 4));
        story.State.NextDue.ShouldBe(story.State.NextExpiry);
    }

    [Fact]
    public void Leases_and_points_that_end_together_are_one_entry()
    {
        var ending = DomainProgrammes.With(d => d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"rolling","months":1,"roundUpTo":"none"}"""));
        var story = Given(ending, Adjust(400), Days(31), Later(-10 * Minute), Open(300), Later(10 * Minute)).When(Wake());
        story.Then<PointsExpired>().Points.ShouldBe(new Points(400));
        story.Then<BasketsExpired>().Baskets.Count.ShouldBe(1);
    }

    private static Act FromCard(Act purchase, long minor) => But(purchase, sale => sale with { UseStoredValue = new Money(minor) });
}
