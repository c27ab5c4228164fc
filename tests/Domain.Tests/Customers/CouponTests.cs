using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;
using static ChainCrm.TestKit.Domain.DomainProgrammes;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Coupons: what they take off, what stands against them, how they are issued and end (docs/domain/coupons.md; R21, F18 to F21).</summary>
public class CouponTests
{
    private const string Off20 = """{"id":"off20","give":{"kind":"amount","minor":2000},"minimum":{"amountMinor":20000}}""";

    [Theory]
    // Amount: never more than the goods; shared out by what each line comes to.
    [InlineData("""{"kind":"amount","minor":1000}""", 1_000, "500,500")]
    [InlineData("""{"kind":"amount","minor":1001}""", 1_001, "500,501")]
    [InlineData("""{"kind":"amount","minor":99999}""", 20_000, "10000,10000")]
    // Percent: rounded down, with a most.
    [InlineData("""{"kind":"percent","percent":12}""", 2_400, "1200,1200")]
    [InlineData("""{"kind":"percent","percent":12,"mostMinor":1500}""", 1_500, "750,750")]
    [InlineData("""{"kind":"percent","percent":100}""", 20_000, "10000,10000")]
    // So much off for every full amount.
    [InlineData("""{"kind":"perFull","eachMinor":6000,"minor":500}""", 1_500, "750,750")]
    [InlineData("""{"kind":"perFull","eachMinor":6000,"minor":500,"times":2}""", 1_000, "500,500")]
    // Pieces: the first line has four of 25.00, the second one of 100.00. The cheapest go first.
    [InlineData("""{"kind":"free"}""", 2_500, "2500,0")]
    [InlineData("""{"kind":"free","items":5}""", 20_000, "10000,10000")]
    [InlineData("""{"kind":"second","percent":50}""", 1_250, "1250,0")]
    [InlineData("""{"kind":"second","percent":50,"pairs":9}""", 2_500, "2500,0")]
    [InlineData("""{"kind":"price","minor":990}""", 1_510, "1510,0")]
    [InlineData("""{"kind":"price","minor":2500,"items":9}""", 7_500, "0,7500")]
    public void A_coupon_takes_off_what_its_kind_says(string give, long discount, string shares)
    {
        var story = Given(WithCoupons($$"""{"id":"c","give":{{give}}}"""), Issue("c"));
        var sold = story.When(BuyWith("R1", [Line(1, 10_000, milli: 4_000), Line(2, 10_000)], 1)).Then<PurchaseRecorded>();
        sold.Coupons.ShouldBe([new CouponUse(1, "c", new Money(discount), CostBearer.Headquarters, new StoreId("S1"), null)]);
        string.Join(',', sold.CouponShares.Select(share => share.Minor)).ShouldBe(shares);
        (sold.Amount, sold.PointsEarned).ShouldBe((new Money(20_000 - discount), new Points((20_000 - discount) / 100)));
        sold.Lines.Sum(line => (line.Price - line.Discount).Minor).ShouldBe(sold.Amount.Minor);
        story.State.Coupons.Length.ShouldBe(0);
        story.State.LifetimeSpend.ShouldBe(sold.Amount);
    }

    [Fact]
    public void The_discount_of_the_till_comes_first()
    {
        var story = Given(WithCoupons("""{"id":"c","give":{"kind":"percent","percent":50}}"""), Issue("c"));
        var sold = story.When(BuyWith("R1", [Line(1, 10_000, discount: 4_000)], 1)).Then<PurchaseRecorded>();
        (sold.Amount, sold.Lines[0].Discount, sold.CouponShares[0]).ShouldBe((new Money(3_000), new Money(7_000), new Money(3_000)));
    }

    [Fact]
    public void Weighed_goods_have_no_pieces()
    {
        var story = Given(WithCoupons("""{"id":"c","give":{"kind":"free"}}"""), Issue("c"));
        story.When(BuyWith("R1", [Line(1, 10_000, milli: 999)], 1)).ThenRejected(CustomerRejections.CouponGivesNothing, "coupons[0]");
        story.When(BuyWith("R1", [Line(1, 10_000, milli: 2_500)], 1)).Then<PurchaseRecorded>().Coupons[0].Discount.ShouldBe(new Money(4_000));
    }

    [Fact]
    public void Coupons_are_put_to_the_basket_in_the_order_of_their_categories_each_to_what_is_left()
    {
        var programme = WithCoupons(
            ["""{"id":"amount","category":"basket","give":{"kind":"amount","minor":1000}}""", """{"id":"percent","category":"goods","give":{"kind":"percent","percent":10}}"""],
            [], """[{"id":"goods"},{"id":"basket"}]""");
        var sold = Given(programme, Issue("amount"), Issue("percent")).When(BuyWith("R1", [Line(1, 10_000)], 1, 2)).Then<PurchaseRecorded>();
        sold.Coupons.Select(use => (use.Number, use.Discount.Minor)).ShouldBe([(2, 1_000L), (1, 1_000L)]);
        sold.Amount.ShouldBe(new Money(8_000));
    }

    [Fact]
    public void What_does_not_stack_is_refused_or_left_alone()
    {
        var programme = WithCoupons(
            [
                """{"id":"a","category":"one","give":{"kind":"amount","minor":100}}""", """{"id":"b","category":"one","give":{"kind":"amount","minor":200}}""",
                """{"id":"many","category":"many","perReceipt":2,"give":{"kind":"amount","minor":10}}""", """{"id":"alone","category":"many","alone":true,"give":{"kind":"amount","minor":1}}""",
            ],
            [], """[{"id":"one"},{"id":"many","perReceipt":3}]""");
        var story = Given(programme, Issue("a"), Issue("b"), Issue("many", 3), Issue("alone"));
        story.When(BuyWith("R1", [Line(1, 10_000)], 2, 1)).ThenRejected(CustomerRejections.CouponsDoNotStack, "coupons[0]");
        story.When(BuyWith("R1", [Line(1, 10_000)], 3, 4, 5)).ThenRejected(CustomerRejections.CouponsDoNotStack, "coupons[2]");
        story.When(BuyWith("R1", [Line(1, 10_000)], 6, 3)).ThenRejected(CustomerRejections.CouponsDoNotStack, "coupons[0]");
        var sold = story.When(But(BuyWith("R1", [Line(1, 10_000)], 6, 5, 4, 3, 2, 1, 77), sale => sale with { SkipCoupons = true })).Then<PurchaseRecorded>();
        sold.Coupons.Select(use => use.Number).ShouldBe([1, 3, 4]);
        sold.CouponsSkipped.OrderBy(skipped => skipped.Number).ShouldBe(
        [
            new SkippedCoupon(2, CustomerRejections.CouponsDoNotStack.Code), new SkippedCoupon(5, CustomerRejections.CouponsDoNotStack.Code),
            new SkippedCoupon(6, CustomerRejections.CouponsDoNotStack.Code), new SkippedCoupon(77, CustomerRejections.CouponNotHeld.Code),
        ]);
        story.When(BuyWith("R2", [Line(1, 100)], 6)).Then<PurchaseRecorded>();
    }

    [Fact]
    public void A_coupon_is_used_once()
    {
        var story = Given(WithCoupons(Off20), Issue("off20"), BuyWith("R1", [Line(1, 20_000)], 1));
        story.When(BuyWith("R2", [Line(1, 20_000)], 1)).ThenRejected(CustomerRejections.CouponNotHeld, "coupons[0]");
    }

    [Fact]
    public void The_minimum_counts_the_goods_it_is_for_before_any_coupon()
    {
        var programme = WithCoupons(
            ["""{"id":"first","category":"one","give":{"kind":"amount","minor":5000}}""",
             """{"id":"then","category":"two","give":{"kind":"amount","minor":100},"minimum":{"amountMinor":20000},"when":{"fact":"product","in":["P1"]}}"""],
            [], """[{"id":"one"},{"id":"two"}]""");
        var story = Given(programme, Issue("first"), Issue("then"));
        story.When(BuyWith("R1", [Line(1, 19_999), Line(2, 50_000)], 2)).ThenRejected(CustomerRejections.CouponBelowMinimum, "coupons[0]");
        story.When(BuyWith("R1", [Line(2, 50_000)], 2)).ThenRejected(CustomerRejections.CouponNoGoods, "coupons[0]");
        story.When(BuyWith("R1", [Line(1, 20_000)], 1, 2)).Then<PurchaseRecorded>().Amount.ShouldBe(new Money(14_900));
    }

    [Fact]
    public void What_is_given_away_does_not_help_to_reach_the_minimum_of_the_receipt()
    {
        var story = Given(WithCoupons("""{"id":"gift","give":{"kind":"free"},"minimum":{"receiptMinor":20000},"when":{"fact":"product","in":["P2"]}}"""), Issue("gift"));
        story.When(BuyWith("R1", [Line(1, 19_999), Line(2, 5_000)], 1)).ThenRejected(CustomerRejections.CouponBelowMinimum, "coupons[0]");
        story.When(BuyWith("R1", [Line(1, 20_000), Line(2, 5_000)], 1)).Then<PurchaseRecorded>().Amount.ShouldBe(new Money(20_000));
    }

    [Theory]
    [InlineData("""{"fact":"tier","in":["gold"]}""")]
    [InlineData("""{"fact":"store","in":["S2"]}""")]
    [InlineData("""{"fact":"weekday","in":["tue"]}""")]
    [InlineData("""{"fact":"crossStore","is":true}""")]
    [InlineData("""{"fact":"time","from":"14:00","to":"18:00"}""")]
    [InlineData("""{"fact":"region","in":["east"]}""")]
    public void A_sale_that_the_coupon_is_not_for_is_refused(string when) =>
        Given(WithCoupons($$"""{"id":"c","give":{"kind":"amount","minor":1},"when":{{when}}}"""), Issue("c"))
            .When(BuyWith("R1", [Line(1, 100)], 1)).ThenRejected(CustomerRejections.CouponNotHere, "coupons[0]");

    [Fact]
    public void What_is_wrong_with_the_numbers_is_refused()
    {
        var story = Given(WithCoupons(Off20), Issue("off20"));
        story.When(BuyWith("R1", [Line(1, 20_000)], 1, 1)).ThenRejected(CustomerRejections.CouponsInvalid, "coupons");
        story.When(BuyWith("R1", [Line(1, 20_000)], [.. Enumerable.Range(1, 21)])).ThenRejected(CustomerRejections.CouponsInvalid, "coupons");
        story.When(BuyWith("R1", [Line(1, 20_000)], 2)).ThenRejected(CustomerRejections.CouponNotHeld, "coupons[0]");
        story.When(BuyWith("R1", [Line(1, 20_000)], -1)).ThenRejected(CustomerRejections.CouponNotHeld, "coupons[0]");
        story.Programme = Plain;
        story.When(BuyWith("R1", [Line(1, 20_000)], 1)).ThenRejected(CustomerRejections.CouponKindGone, "coupons[0]");
    }

    [Theory]
    // Issued on 1 January at noon; days begin and end at midnight in Beijing.
    [InlineData("""{"days":1}""", 0, "2024-01-03")]
    [InlineData("""{"days":30}""", 0, "2024-02-01")]
    [InlineData("""{"days":1,"afterDays":2}""", 2, "2024-01-05")]
    [InlineData("""{"from":"2024-01-10"}""", 9, null)]
    [InlineData("""{"to":"2024-01-10"}""", 0, "2024-01-11")]
    [InlineData("""{"days":30,"from":"2024-01-10","to":"2024-01-31"}""", 9, "2024-02-01")]
    [InlineData("""{}""", 0, null)]
    public void A_coupon_is_good_from_a_day_to_a_day(string valid, int daysUntil, string? end)
    {
        var story = Given(WithCoupons($$"""{"id":"c","give":{"kind":"amount","minor":1},"valid":{{valid}}}"""));
        var coupon = story.When(Issue("c")).Then<CouponsIssued>().Coupons.Single();
        coupon.Until.ShouldBe(end is null ? null : Midnight(end));
        if (daysUntil > 0) story.When(BuyWith("R1", [Line(1, 100)], 1)).ThenRejected(CustomerRejections.CouponNotYet, "coupons[0]");
        story.And(Days(daysUntil), BuyWith("R1", [Line(1, 100)], 1));
    }

    [Fact]
    public void A_coupon_that_is_over_is_written_off_by_the_agenda_to_the_second()
    {
        var story = Given(WithCoupons("""{"id":"c","give":{"kind":"amount","minor":1},"valid":{"days":1}}"""), Issue("c", 2));
        story.State.NextExpiry.ShouldBe(Midnight("2024-01-03"));
        story.And(Days(2)).When(BuyWith("R1", [Line(1, 100)], 1)).ThenRejected(CustomerRejections.CouponNotHeld, "coupons[0]");
        story.When(Wake()).Then<CouponsExpired>().Coupons.ShouldBe([new EndedCoupon(1, "c"), new EndedCoupon(2, "c")]);
        (story.State.Coupons.Length, story.State.NextExpiry).ShouldBe((0, null));
        story.When(Wake()).Last.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Issuing_is_refused_with_its_number()
    {
        var programme = WithCoupons(
            Off20, """{"id":"stopped","enabled":false,"give":{"kind":"amount","minor":1}}""", """{"id":"past","give":{"kind":"amount","minor":1},"valid":{"to":"2023-12-31"}}""",
            """{"id":"two","give":{"kind":"amount","minor":1},"perCustomer":{"count":2}}""", """{"id":"daily","give":{"kind":"amount","minor":1},"perCustomer":{"count":1,"per":"day"}}""");
        Stranger(programme).When(Issue("off20")).ThenRejected(CustomerRejections.NotEnrolled);
        var story = Given(programme);
        story.When(Issue("off20", 0)).ThenRejected(CustomerRejections.CouponCountInvalid, "count");
        story.When(Issue("off20", 21)).ThenRejected(CustomerRejections.CouponCountInvalid, "count");
        story.When(Issue("off20", 1, " ")).ThenRejected(CustomerRejections.ReasonInvalid, "reason");
        story.When(Issue("none")).ThenRejected(CustomerRejections.CouponKindNotIssued, "kind");
        story.When(Issue("stopped")).ThenRejected(CustomerRejections.CouponKindNotIssued, "kind");
        story.When(Issue("past")).ThenRejected(CustomerRejections.CouponOver, "kind");
        story.When(Issue("two", 3)).ThenRejected(CustomerRejections.CouponLimitReached, "kind");
        story.And(Issue("two", 2), Issue("daily")).When(Issue("daily")).ThenRejected(CustomerRejections.CouponLimitReached, "kind");
        story.And(Days(1), Issue("daily")).When(Issue("two")).ThenRejected(CustomerRejections.CouponLimitReached, "kind");
        for (var i = 0; i < 9; i++) story.And(Issue("off20", 20));
        story.And(Issue("off20", 16)).When(Issue("off20")).ThenRejected(CustomerRejections.TooManyCoupons);
        story.When(Revoke(999)).ThenRejected(CustomerRejections.CouponNotHeld, "coupon");
        story.When(Revoke(1, "")).ThenRejected(CustomerRejections.ReasonInvalid, "reason");
        story.And(Revoke(1)).When(Revoke(1)).ThenRejected(CustomerRejections.CouponNotHeld, "coupon");
        story.And(Issue("off20"));
        CustomerStory.Print(CustomerState.Import(story.State.Export())).ShouldBe(CustomerStory.Print(story.State));
    }

    [Fact]
    public void Who_never_buys_gets_a_coupon_a_day_for_as_long_as_there_are_days()
    {
        var story = Given(WithCoupons("""{"id":"daily","give":{"kind":"amount","minor":1},"valid":{"days":1},"perCustomer":{"count":1,"per":"day"}}"""));
        for (var day = 0; day < Limits.RuleCountersMax + 50; day++)
        {
            story.And(Issue("daily")).When(Issue("daily")).ThenRejected(CustomerRejections.CouponLimitReached, "kind");
            story.And(Days(1));
        }

        story.State.RuleCounters.Length.ShouldBeLessThanOrEqualTo(Limits.RuleCounterDays + 2);
    }

    [Fact]
    public void However_many_kinds_a_customer_had_once_the_next_one_comes_and_rules_with_caps_still_give()
    {
        string[] kinds = [.. Enumerable.Range(0, 200).Select(i => $$$"""{"id":"k{{{i}}}","give":{"kind":"amount","minor":1},"valid":{"days":1},"perCustomer":{"count":1}}""")];
        Programme Of(int round) => PlainWith(document =>
        {
            Rules(document, """{ "id": "r", "give": { "kind": "fixed", "points": 5 }, "caps": [ { "per": "day", "points": 5 } ] }""");
            Coupons(document, [.. kinds.Select(kind => kind.Replace("\"id\":\"k", $"\"id\":\"round{round}-", StringComparison.Ordinal))], []);
        });
        var story = Given(Of(0));
        for (var round = 0; round < 3; round++)
        {
            story.Programme = Of(round);
            for (var kind = 0; kind < 200; kind++)
            {
                story.And(Issue($"round{round}-{kind}")).When(Issue($"round{round}-{kind}")).ThenRejected(CustomerRejections.CouponLimitReached);
                if (kind % 50 == 49) story.And(Days(3), Wake());
            }
        }

        story.State.RuleCounters.Length.ShouldBe(Limits.RuleCountersMax);
        story.And(Buy("R1", 100)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(6));
    }

    [Fact]
    public void A_coupon_of_today_gives_no_late_sale_the_cap_of_its_day_again()
    {
        var programme = PlainWith(document =>
        {
            Rules(document, """{ "id": "r", "give": { "kind": "fixed", "points": 5 }, "caps": [ { "per": "day", "points": 5 } ] }""");
            Coupons(document, ["""{"id":"c","give":{"kind":"amount","minor":1},"perCustomer":{"count":1,"per":"day"}}"""], []);
        });
        var story = Given(programme, Buy("R1", 100), Days(40), Issue("c"));

        story.And(Buy("late", 100, daysAgo: 40)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(1));

        CustomerStory.Print(CustomerState.Import(story.State.Export())).ShouldBe(CustomerStory.Print(story.State));
    }

    [Fact]
    public void Coupons_come_by_themselves_and_never_stand_in_the_way()
    {
        var programme = PlainWith(document =>
        {
            Coupons(
                document,
                ["""{"id":"c","give":{"kind":"amount","minor":1},"perCustomer":{"count":4}}"""],
                [
                    """{"id":"welcome","on":"enrolment","kind":"c"}""", """{"id":"big","on":"purchase","minimumMinor":10000,"kind":"c","when":{"fact":"product","in":["P1"]}}""",
                    """{"id":"silver","on":"tierReached","tier":"silver","kind":"c"}""", """{"id":"paid-in","on":"topUp","minimumMinor":50000,"kind":"c","count":5}""",
                ]);
            document["storedValue"] = new System.Text.Json.Nodes.JsonObject();
        });
        var story = Given(programme);
        story.Events.OfType<CouponsIssued>().Single().Coupons.Single().Rule.ShouldBe("welcome");
        story.When(Buy("R1", 9_999)).Last.Events.OfType<CouponsIssued>().ShouldBeEmpty();
        story.When(Buy("R2", 200_000)).Then<CouponsIssued>().Coupons.Select(coupon => coupon.Rule).ShouldBe(["big", "silver"]);
        story.When(TopUp(49_999)).Last.Events.OfType<CouponsIssued>().ShouldBeEmpty();
        story.When(TopUp(50_000)).Then<CouponsIssued>().Coupons.Count.ShouldBe(1);
        story.When(TopUp(50_000)).Last.Events.OfType<CouponsIssued>().ShouldBeEmpty();
        story.When(Buy("R3", 10_000)).Then<PurchaseRecorded>();
        story.State.Coupons.Length.ShouldBe(4);
    }

    private static Timestamp Midnight(string day) => new((BusinessDay.From(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).Number * 86_400_000L) - (CustomerStory.UtcOffsetMinutes * 60_000L));
}
