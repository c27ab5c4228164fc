using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;
using static ChainCrm.TestKit.Domain.DomainProgrammes;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Coupons held by baskets, and what a quote tells of them (docs/domain/baskets.md, docs/domain/coupons.md; F19, F21).</summary>
public class CouponBasketTests
{
    private const long MinuteMs = 60_000;

    private static readonly Programme Coupons = WithCoupons(
        """{"id":"off","give":{"kind":"amount","minor":500},"valid":{"days":1}}""", """{"id":"big","give":{"kind":"amount","minor":5000},"minimum":{"amountMinor":30000}}""",
        """{"id":"gold","give":{"kind":"amount","minor":1},"when":{"fact":"tier","in":["gold"]}}""", """{"id":"later","give":{"kind":"amount","minor":1},"valid":{"afterDays":3}}""");

    [Fact]
    public void What_a_basket_holds_no_other_basket_or_sale_uses()
    {
        var story = Given(Coupons, Issue("off"), Holding(1));
        story.When(BuyWith("R1", [Line(1, 1_000)], 1)).ThenRejected(CustomerRejections.CouponHeld, "coupons[0]");
        story.When(Holding(1)).ThenRejected(CustomerRejections.CouponHeld, "coupons[0]");
        var sold = story.When(Pays(BuyWith("R1", [Line(1, 1_000)], 1))).Then<PurchaseRecorded>();
        (sold.Amount, story.State.Baskets.Length, story.State.Coupons.Length).ShouldBe((new Money(500), 0, 0));
    }

    [Fact]
    public void The_hold_ends_with_the_lease_the_basket_or_its_change()
    {
        var story = Given(Coupons, Issue("off"), Holding(1), Later(10 * MinuteMs));
        story.And(BuyWith("R1", [Line(1, 1_000)], 1));
        story = Given(Coupons, Issue("off"), Holding(1), Cancel(), BuyWith("R1", [Line(1, 1_000)], 1));
        story.State.Coupons.Length.ShouldBe(0);
        story = Given(Coupons, Issue("off", 2), Holding(1));
        story.And(now => new ChangeBasket { At = now.Now, Origin = Till, Basket = now.State.Baskets[0].Number, Hold = Hold.None, Coupons = [2] });
        story.When(BuyWith("R1", [Line(1, 1_000)], 2)).ThenRejected(CustomerRejections.CouponHeld);
        story.And(BuyWith("R1", [Line(1, 1_000)], 1));
        Print(CustomerState.Import(story.State.Export())).ShouldBe(Print(story.State));
    }

    [Fact]
    public void Nothing_is_promised_that_no_sale_could_use()
    {
        var story = Given(Coupons, Issue("off"), Issue("later"));
        story.When(Holding()).ThenRejected(CustomerRejections.BasketHoldsNothing);
        story.When(Holding(9)).ThenRejected(CustomerRejections.CouponNotHeld, "coupons[0]");
        story.When(Holding(1, 2)).ThenRejected(CustomerRejections.CouponNotYet, "coupons[1]");
        story.When(Holding(1, 1)).ThenRejected(CustomerRejections.CouponsInvalid, "coupons");
        story.When(Holding([.. Enumerable.Range(1, 21)])).ThenRejected(CustomerRejections.CouponsInvalid, "coupons");
    }

    [Fact]
    public void A_hold_does_not_keep_a_coupon_from_ending_or_from_being_taken_away()
    {
        var story = Given(Coupons, Issue("off"), Holding(1)).And(Revoke(1));
        story.When(Pays(BuyWith("R1", [Line(1, 1_000)], 1))).ThenRejected(CustomerRejections.CouponNotHeld, "coupons[0]");
        story.And(Pays(BuyLines("R1", [Line(1, 1_000)])));
    }

    [Fact]
    public void A_quote_tells_what_applies_what_nearly_does_and_why_the_rest_does_not()
    {
        var story = Given(Coupons, Issue("big"), Issue("gold"), Issue("off"), Issue("later"));
        var sale = (RecordPurchase)BuyWith("Q", [Line(1, 29_000)])(story)!;
        var before = Print(story.State);
        var quote = Quote.Of(story.State, sale, story.Programme);
        quote.Offers.Select(offer => (offer.Coupon.Kind, offer.Discount.Minor, offer.Why?.Code, offer.Missing.Minor)).ShouldBe(
        [
            ("off", 500L, null, 0L), ("big", 0L, CustomerRejections.CouponBelowMinimum.Code, 1_000L),
            ("gold", 0L, CustomerRejections.CouponNotHere.Code, 0L), ("later", 0L, CustomerRejections.CouponNotYet.Code, 0L),
        ]);
        Print(story.State).ShouldBe(before);
        var used = Quote.Of(story.State, sale with { Coupons = [3], UsePoints = Points.Zero }, story.Programme);
        used.Decision.Events.OfType<PurchaseRecorded>().Single().Amount.ShouldBe(new Money(28_500));
    }

    private static Act Holding(params int[] coupons) => story => new OpenBasket { At = story.Now, Origin = Till, Hold = Hold.None, Coupons = coupons };
}
