using ChainCrm.Domain.Customers;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;
using static ChainCrm.TestKit.Domain.DomainProgrammes;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Goods that some members may buy first (docs/domain/early-access.md; R44).</summary>
public class EarlyAccessTests
{
    // A story begins on 2024-01-01.
    private const string Serum = """{"id":"serum","goods":{"fact":"product","in":["P2"]},"who":{"fact":"tier","in":["gold"]},"earlyFrom":"2024-01-01","publicFrom":"2024-01-20"}""";

    [Fact]
    public void Who_may_not_buy_it_yet_is_refused_at_its_line()
    {
        var story = Given(WithPrices([], Serum));
        story.When(BuyLines("R1", [Line(1, 100), Line(2, 100)])).ThenRejected(CustomerRejections.NotOnSaleYet, "lines[1].product");
        story.When(BuyLines("R2", [Line(1, 100)])).Then<PurchaseRecorded>();
    }

    [Fact]
    public void Who_may_buy_it_first_buys_it() =>
        Given(WithPrices([], Serum)).InTier("gold").When(BuyLines("R1", [Line(2, 100)])).Then<PurchaseRecorded>().EarlySales.ShouldBeEmpty();

    [Theory]
    [InlineData(3, "gold", false)]
    [InlineData(4, "gold", true)]
    [InlineData(8, "gold", true)]
    [InlineData(8, "member", false)]
    [InlineData(9, "member", true)]
    public void It_is_on_sale_from_its_days_on(int days, string tier, bool may)
    {
        const string Cream = """{"id":"cream","goods":{"fact":"product","in":["P2"]},"who":{"fact":"tier","in":["gold"]},"earlyFrom":"2024-01-05","publicFrom":"2024-01-10"}""";
        var story = Given(WithPrices([], Cream), Days(days)).InTier(tier).When(BuyLines("R1", [Line(2, 100)]));
        if (may) story.Then<PurchaseRecorded>().EarlySales.ShouldBeEmpty();
        else story.ThenRejected(CustomerRejections.NotOnSaleYet, "lines[0].product");
    }

    [Fact]
    public void Any_of_those_that_cover_it_is_enough()
    {
        const string AtS2 = """{"id":"s2","goods":{"fact":"product","in":["P2"]},"who":{"fact":"store","in":["S2"]},"publicFrom":"2024-02-20"}""";
        var story = Given(WithPrices([], Serum, AtS2));
        story.When(BuyLines("R1", [Line(2, 100)], "S2")).Then<PurchaseRecorded>();
        story.When(BuyLines("R2", [Line(2, 100)])).ThenRejected(CustomerRejections.NotOnSaleYet, "lines[0].product");
    }

    [Fact]
    public void What_a_till_without_connection_has_sold_is_recorded_and_told()
    {
        var sale = Given(WithPrices([], Serum)).When(But(BuyLines("R1", [Line(1, 100), Line(2, 100)]), sale => sale with { SoldAlready = true })).Then<PurchaseRecorded>();
        sale.EarlySales.ShouldBe([new EarlySale(2, "serum")]);
    }
}
