using ChainCrm.Domain.Customers;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;
using static ChainCrm.TestKit.Domain.DomainProgrammes;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>What goods cost members (docs/domain/member-prices.md; R36, section 3.4 of the requirements).</summary>
public class MemberPriceTests
{
    private const string Tenth = """{"id":"p10","give":{"kind":"percent","percent":10}}""";
    private const string Gold15 = """{"id":"gold15","give":{"kind":"percent","percent":15},"when":{"fact":"tier","in":["gold"]}}""";
    private const string Fixed = """{"id":"f80","give":{"kind":"price","minor":8000},"when":{"fact":"product","in":["P1"]}}""";

    [Fact]
    public void What_is_taken_off_is_charged_earns_nothing_and_does_not_count_for_the_tier()
    {
        var story = Given(WithPrices([Tenth]));
        var sale = story.When(BuyAsMember("R1", [Line(1, 9_999), Line(2, 10_000, discount: 1)])).Then<PurchaseRecorded>();
        // 10 % of 99.99 and of 99.99, each rounded down: 9.99.
        sale.MemberPrices.ShouldBe([new MemberPriceUse(1, "p10", new Money(999)), new MemberPriceUse(2, "p10", new Money(999))]);
        sale.Lines.Select(line => line.Discount).ShouldBe([new Money(999), new Money(1_000)]);
        (sale.Amount, sale.PointsEarned, sale.QualifyingSpend, story.State.LifetimeSpend).ShouldBe((new Money(18_000), new Points(180), new Money(18_000), new Money(18_000)));
    }

    [Fact]
    public void A_till_that_does_not_ask_charges_its_own_prices()
    {
        var sale = Given(WithPrices([Tenth])).When(BuyLines("R1", [Line(1, 10_000)])).Then<PurchaseRecorded>();
        (sale.Amount, sale.MemberPrices.Count).ShouldBe((new Money(10_000), 0));
    }

    [Fact]
    public void Each_line_gets_the_price_that_takes_most_off_and_the_first_of_equals()
    {
        const string Same = """{"id":"same","give":{"kind":"percent","percent":15}}""";
        var story = Given(WithPrices([Tenth, Fixed, Gold15, Same])).InTier("gold");
        var sale = story.When(BuyAsMember("R1", [Line(1, 10_000), Line(2, 10_000), Line(3, 0)])).Then<PurchaseRecorded>();
        sale.MemberPrices.ShouldBe([new MemberPriceUse(1, "f80", new Money(2_000)), new MemberPriceUse(2, "gold15", new Money(1_500))]);
    }

    [Theory]
    [InlineData(10_000, 1_000, 2_000)]
    [InlineData(20_000, 2_000, 4_000)]
    // 1.001 × 80.00 = 80.08.
    [InlineData(10_000, 1_001, 1_992)]
    // Already as cheap: nothing is taken off, and nothing is added.
    [InlineData(7_999, 1_000, 0)]
    [InlineData(8_000, 1_000, 0)]
    // A line without quantity has no price for a piece.
    [InlineData(10_000, 0, 0)]
    public void A_fixed_price_is_for_each_piece_or_unit_of_weight(long price, long milli, long off)
    {
        var sale = Given(WithPrices([Fixed])).When(BuyAsMember("R1", [Line(1, price, milli: milli)])).Then<PurchaseRecorded>();
        (new Money(price) - sale.Amount).ShouldBe(new Money(off));
    }

    [Fact]
    public void What_a_weight_costs_is_rounded_up_so_that_what_is_taken_off_is_rounded_down()
    {
        // 0.333 × 0.10 = 0.0333: costs 0.04.
        const string Price = """{"id":"w","give":{"kind":"price","minor":10}}""";
        Given(WithPrices([Price])).When(BuyAsMember("R1", [Line(1, 100, milli: 333)])).Then<PurchaseRecorded>().Amount.ShouldBe(new Money(4));
    }

    [Fact]
    public void Goods_that_the_till_has_discounted_can_be_left_out()
    {
        const string Full = """{"id":"full","onDiscounted":false,"give":{"kind":"percent","percent":50}}""";
        var sale = Given(WithPrices([Full])).When(BuyAsMember("R1", [Line(1, 10_000, discount: 1), Line(2, 10_000)])).Then<PurchaseRecorded>();
        sale.MemberPrices.ShouldBe([new MemberPriceUse(2, "full", new Money(5_000))]);
    }

    [Fact]
    public void A_price_that_is_off_takes_nothing_off() =>
        Given(WithPrices(["""{"id":"p","enabled":false,"give":{"kind":"percent","percent":50}}"""])).When(BuyAsMember("R1", [Line(1, 10_000)])).Then<PurchaseRecorded>().MemberPrices.ShouldBeEmpty();

    [Fact]
    public void Coupons_points_and_stored_value_come_after_it()
    {
        var programme = PlainWith(document =>
        {
            Coupons(document, ["""{"id":"c","give":{"kind":"percent","percent":10},"minimum":{"amountMinor":9000}}"""], []);
            Prices(document, [Tenth]);
        });
        var story = Given(programme, Issue("c", 2), Adjust(500));
        // 100.00 less 10 %: 90.00 reach the minimum; less 10 % of that: 81.00; 5.00 in points: 76.00 earn.
        var sale = story.When(But(BuyAsMember("R1", [Line(1, 10_000)], 1), sale => sale with { UsePoints = new Points(500) })).Then<PurchaseRecorded>();
        (sale.Amount, sale.Coupons.Single().Discount, sale.PointsEarned, sale.Lines[0].Discount).ShouldBe((new Money(8_100), new Money(900), new Points(76), new Money(1_900)));
        // 89.91 do not.
        story.When(BuyAsMember("R2", [Line(1, 9_990)], 2)).ThenRejected(CustomerRejections.CouponBelowMinimum);
    }

    [Fact]
    public void Goods_come_back_for_what_was_paid_for_them()
    {
        var story = Given(WithPrices([Tenth]), BuyAsMember("R1", [Line(1, 30_000, milli: 3_000), Line(2, 5_000)]));
        story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>().Amount.ShouldBe(new Money(9_000));
        (story.State.LifetimeSpend, story.State.Balance).ShouldBe((new Money(22_500), new Points(225)));
        story.And(ReturnAll("R1"));
        (story.State.LifetimeSpend, story.State.Balance).ShouldBe((Money.Zero, Points.Zero));
    }

    [Fact]
    public void No_line_costs_less_than_nothing_and_what_is_taken_off_is_what_the_lines_say()
    {
        var (some, none) = (0, 0);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<int>(), (seed, number) =>
        {
            var lines = RandomHistory.LinesOf(number);
            var story = Given(WithPrices(RandomPrices.Of(seed))).InTier(Math.Abs(seed % 2) == 0 ? "gold" : "member");
            var sale = story.When(BuyAsMember("R1", lines)).Then<PurchaseRecorded>();
            foreach (var line in sale.Lines)
            {
                var sent = lines.Single(other => other.Line == line.Line);
                var off = sale.MemberPrices.Where(use => use.Line == line.Line).Sum(use => use.Off.Minor);
                (line.Discount.Minor, line.Discount <= line.Price).ShouldBe((sent.Discount.Minor + off, true));
            }

            sale.MemberPrices.ShouldAllBe(use => use.Off > Money.Zero);
            if (sale.MemberPrices.Count > 0) some++;
            else none++;
            story.And(ReturnAll("R1"));
            (story.State.LifetimeSpend, story.State.Balance).ShouldBe((Money.Zero, Points.Zero));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(500));
        (some > 100 && none > 20).ShouldBeTrue($"{some} {none}");
    }
}
