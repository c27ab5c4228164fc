using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes.EarningRules;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;
using static ChainCrm.TestKit.Domain.DomainProgrammes;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Goods bought with coupons come back (docs/domain/coupons.md, docs/domain/returns.md; F6, F20, section 3.3 and 3.4 of the requirements).</summary>
public class CouponReturnTests
{
    private const string Off50From300 = """{"id":"off50","give":{"kind":"amount","minor":5000},"minimum":{"amountMinor":30000},"valid":{"days":10}}""";

    [Fact]
    public void A_coupon_whose_minimum_is_no_longer_reached_falls_away_and_comes_back()
    {
        // 200 + 100 less 50: 250 paid. The 200 come back: the 100 that are kept cost 100 without the coupon, so 150 go back.
        var story = Given(WithCoupons(Off50From300), Issue("off50"), BuyWith("R1", [Line(1, 20_000), Line(2, 10_000)], 1));
        var back = story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>();
        (back.Amount, back.PointsTakenBack, back.CouponAdjustment).ShouldBe((new Money(15_000), new Points(150), new Money(15_000 - 16_667)));
        back.CouponsBack.Select(coupon => coupon.Number).ShouldBe([1]);
        (story.State.Coupons.Length, story.State.LifetimeSpend, story.State.Balance).ShouldBe((1, new Money(10_000), new Points(100)));
        var rest = story.When(ReturnAll("R1")).Then<LinesReturned>();
        (rest.Amount, rest.CouponsBack.Count, rest.CouponAdjustmentSoFar).ShouldBe((new Money(10_000), 0, Money.Zero));
        (story.State.Coupons.Length, story.State.LifetimeSpend, story.State.Balance).ShouldBe((1, Money.Zero, Points.Zero));
    }

    [Fact]
    public void Nobody_pays_for_bringing_something_back()
    {
        // 270 + 30 less 50: 250 paid. The 30 come back: the 270 would cost 270 without the coupon, which is more than was paid.
        var story = Given(WithCoupons(Off50From300), Issue("off50"), BuyWith("R1", [Line(1, 27_000, milli: 9_000), Line(2, 3_000)], 1));
        var back = story.When(Return("R1", [(2, 1_000)])).Then<LinesReturned>();
        (back.Amount, back.CouponsBack.Count, story.State.LifetimeSpend, story.State.Coupons.Length).ShouldBe((Money.Zero, 0, new Money(25_000), 0));
        // Another 30 come back: 240 are kept, 250 were paid.
        back = story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>();
        (back.Amount, back.CouponsBack.Count, story.State.LifetimeSpend, story.State.Balance).ShouldBe((new Money(1_000), 1, new Money(24_000), new Points(240)));
        story.And(ReturnAll("R1"));
        (story.State.LifetimeSpend, story.State.Balance, story.State.Coupons.Length).ShouldBe((Money.Zero, Points.Zero, 1));
    }

    [Fact]
    public void A_coupon_that_still_fits_takes_its_whole_discount_off_what_is_kept()
    {
        var story = Given(WithCoupons("""{"id":"c","give":{"kind":"amount","minor":5000}}"""), Issue("c"), BuyWith("R1", [Line(1, 20_000), Line(2, 10_000)], 1));
        var back = story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>();
        (back.Amount, back.CouponsBack.Count, story.State.LifetimeSpend, story.State.Balance).ShouldBe((new Money(20_000), 0, new Money(5_000), new Points(50)));
    }

    [Fact]
    public void By_shares_each_line_comes_back_for_what_was_paid_and_the_coupon_when_all_its_goods_are_back()
    {
        var programme = WithCoupons("""{"id":"c","onReturn":"share","give":{"kind":"amount","minor":5000},"minimum":{"amountMinor":30000},"when":{"fact":"product","in":["P1","P2"]}}""");
        var story = Given(programme, Issue("c"), BuyWith("R1", [Line(1, 20_000), Line(2, 10_000), Line(3, 700)], 1));
        var back = story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>();
        (back.Amount, back.CouponAdjustment, back.CouponsBack.Count).ShouldBe((new Money(16_667), Money.Zero, 0));
        back = story.When(Return("R1", [(2, 1_000)])).Then<LinesReturned>();
        (back.Amount, back.CouponsBack.Count, story.State.LifetimeSpend).ShouldBe((new Money(8_333), 1, new Money(700)));
    }

    [Fact]
    public void A_coupon_that_ended_meanwhile_comes_back_with_days_of_grace()
    {
        var story = Given(WithCoupons(Off50From300), Issue("off50"), BuyWith("R1", [Line(1, 30_000)], 1), Days(40));
        var coupon = story.When(ReturnAll("R1")).Then<LinesReturned>().CouponsBack.Single();
        coupon.Until.ShouldBe(new Timestamp(story.Now.UnixMs + (7 * 86_400_000L)));
        story.And(BuyWith("R2", [Line(1, 30_000)], 1));
        story.Programme = PlainWith(document =>
        {
            Coupons(document, [Off50From300], []);
            document["points"]!["giveBackGraceDays"] = 0;
        });
        story.And(Days(20));
        story.When(ReturnAll("R2")).Then<LinesReturned>().CouponsBack.ShouldBeEmpty();
        story.State.Coupons.Length.ShouldBe(0);
    }

    [Fact]
    public void What_the_sale_had_brought_goes_when_what_is_kept_would_not_have_brought_it()
    {
        var programme = WithCoupons(
            ["""{"id":"next","give":{"kind":"amount","minor":100},"perCustomer":{"count":3}}"""],
            ["""{"id":"r","on":"purchase","minimumMinor":10000,"kind":"next","count":2}""", """{"id":"t","on":"tierReached","kind":"next"}"""]);
        var story = Given(programme, BuyLines("R1", [Line(1, 200_000, milli: 100_000)]));
        story.State.Coupons.Length.ShouldBe(3);
        // One is used meanwhile. 1,000 are kept: no longer silver.
        story.And(BuyWith("R2", [Line(1, 500)], 1));
        var back = story.When(Return("R1", [(1, 50_000)])).Then<LinesReturned>();
        back.CouponsWithdrawn.ShouldBe([new WithdrawnCoupon(3, "next", CapPeriods.Ever)]);
        back = story.When(Return("R1", [(1, 46_000)])).Then<LinesReturned>();
        back.CouponsWithdrawn.Select(coupon => coupon.Number).ShouldBe([2]);
        back.CouponsWithdrawnSoFar.ShouldBe([3, 1, 2]);
        // Two of three are free again; the one that was used is not.
        story.When(Issue("next", 3)).ThenRejected(CustomerRejections.CouponLimitReached);
        story.And(Issue("next", 2));
        story.When(ReturnAll("R1")).Then<LinesReturned>().CouponsWithdrawn.ShouldBeEmpty();
    }

    [Fact]
    public void A_coupon_whose_sale_came_back_does_not_come_back_with_the_sale_that_used_it()
    {
        var programme = WithCoupons(["""{"id":"next","give":{"kind":"amount","minor":100}}"""], ["""{"id":"r","on":"purchase","minimumMinor":10000,"kind":"next"}"""]);
        var story = Given(programme, Buy("R1", 10_000), BuyWith("R2", [Line(1, 500)], 1));
        var back = story.When(ReturnAll("R1")).Then<LinesReturned>();
        back.CouponsWithdrawn.ShouldBeEmpty();
        back.CouponsVoided.ShouldBe([1]);
        story.State.VoidCoupons.ToArray().ShouldBe([1]);
        Print(CustomerState.Import(story.State.Export())).ShouldBe(Print(story.State));
        story.When(ReturnAll("R2")).Then<LinesReturned>().CouponsBack.ShouldBeEmpty();
        (story.State.Coupons.Length, story.State.LifetimeSpend).ShouldBe((0, Money.Zero));
        // The other way round nothing is left either.
        story = Given(programme, Buy("R1", 10_000), BuyWith("R2", [Line(1, 500)], 1), ReturnAll("R2"));
        story.State.Coupons.Length.ShouldBe(1);
        story.When(ReturnAll("R1")).Then<LinesReturned>().CouponsWithdrawn.Count.ShouldBe(1);
        story.State.Coupons.Length.ShouldBe(0);
    }

    [Fact]
    public void A_sale_with_coupons_of_which_something_comes_back_ends_as_if_it_had_never_been_bought() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int>(),
        (numbers, seed) =>
        {
            if (numbers.Length == 0) return;
            var programme = WithCoupons([.. RandomCoupons.Kinds(seed)], [], RandomCoupons.Categories);
            var lines = numbers.Take(8).Select((number, place) => RandomCoupons.LineOf(place + 1, number)).ToArray();
            var kept = lines.Where(line => ((seed >> line.Line) & 1) == 0).ToArray();
            if (kept.Length == lines.Length) return;
            Act[] issue = [.. RandomCoupons.Ids.Select(id => Issue(id))];
            var bought = Given(programme, issue).And(Skipping(BuyWith("R1", lines, [.. Enumerable.Range(1, RandomCoupons.Ids.Count)])));
            int[] used = [.. bought.Last.Events.OfType<PurchaseRecorded>().Single().Coupons.Select(use => use.Number)];
            bought.And(Return("R1", [.. lines.Except(kept).Select(line => (line.Line, line.Quantity.Milli))]));
            var returned = bought.Last.Events.OfType<LinesReturned>().Single();
            (returned.Amount >= Money.Zero).ShouldBeTrue();
            var alone = Given(programme, issue);
            if (kept.Length > 0) alone.And(Skipping(BuyWith("R1", kept, used)));
            if (alone.State.LifetimeSpend > bought.State.LifetimeSpend)
            {
                // The rest would cost more than was paid: nothing is paid back, nothing comes back.
                returned.Amount.ShouldBe(Money.Zero);
                returned.CouponsBack.ShouldBeEmpty();
            }
            else
            {
                bought.State.LifetimeSpend.ShouldBe(alone.State.LifetimeSpend);
                bought.State.Balance.ShouldBe(alone.State.Balance);
                bought.State.Coupons.ToArray().Select(coupon => coupon.Number).Order().ShouldBe(alone.State.Coupons.ToArray().Select(coupon => coupon.Number).Order());
            }

            bought.And(kept.Length > 0 ? ReturnAll("R1") : Days(0));
            (bought.State.LifetimeSpend, bought.State.Balance, bought.State.Coupons.Length).ShouldBe((Money.Zero, Points.Zero, RandomCoupons.Ids.Count));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(200));

    private static Act Skipping(Act purchase) => But(purchase, sale => sale with { SkipCoupons = true });
}
