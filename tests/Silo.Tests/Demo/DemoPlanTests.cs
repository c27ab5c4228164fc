using System.Text.RegularExpressions;
using ChainCrm.Domain.Programmes;
using ChainCrm.Silo.Demo;
using ChainCrm.Silo.Hosting;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Demo;

public class DemoPlanTests
{
    private const int Monday = 20_780;
    private static readonly DemoTemplate Beauty = DemoTemplate.Load("beauty");
    private static readonly DemoPlan Plan = new(Beauty, 7, 24_000, 2_000);

    private static List<DemoAct> Day(DemoPlan plan, int day) =>
        [.. Enumerable.Range(0, DemoPlan.SlotsPerDay).SelectMany(slot => plan.Slot(day, slot, (day * 86_400_000L) + (slot * DemoPlan.SlotMs)))];

    [Theory]
    [InlineData("beauty")]
    [InlineData("food")]
    [InlineData("retail")]
    public void Every_template_has_rules_that_compile_and_something_to_sell(string name)
    {
        var template = DemoTemplate.Load(name);
        template.Name.ShouldBe(name);
        var (programme, errors) = Programme.Compile(template.Programme.GetRawText(), 1);
        errors.ShouldBeEmpty();
        programme.ShouldNotBeNull();
        template.Hours.Count.ShouldBe(24);
        template.Hours.Min().ShouldBeGreaterThan(0, "a demo is never still, not at night either");
        template.Weekdays.Count.ShouldBe(7);
        template.Categories.SelectMany(c => c.Products).Select(p => p.Id).ShouldBeUnique();
        Day(new DemoPlan(template, 1, 1_000, 200), Monday).Count.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void There_are_fifty_stores_in_six_regions()
    {
        Plan.Stores.Count.ShouldBe(HostLimits.DemoStores);
        Plan.Stores.Select(s => s.Id).ShouldBeUnique();
        Plan.Stores.Select(s => s.Name).ShouldBeUnique();
        Plan.Stores.Select(s => s.Region).Distinct().Count().ShouldBe(6);
    }

    [Fact]
    public void The_same_seed_gives_the_same_acts_and_another_seed_others()
    {
        var again = new DemoPlan(Beauty, 7, 24_000, 2_000);
        var receipts = Receipts(Plan.Slot(Monday, 150, 0));
        Receipts(again.Slot(Monday, 150, 0)).ShouldBe(receipts);
        Receipts(new DemoPlan(Beauty, 8, 24_000, 2_000).Slot(Monday, 150, 0)).ShouldNotBe(receipts);

        static List<string> Receipts(IReadOnlyList<DemoAct> acts) =>
            [.. acts.OfType<DemoSale>().Select(s => $"{s.AtMs} {s.Store} {s.Receipt} {s.Person?.CustomerId} {s.Lines.Sum(l => l.PriceMinor - l.DiscountMinor)}")];
    }

    [Fact]
    public void A_day_has_the_sales_it_should_and_a_rhythm()
    {
        var sales = Day(Plan, Monday).OfType<DemoSale>().ToList();
        ((double)sales.Count).ShouldBe(24_000 * 0.86, 24_000 * 0.05);
        sales.Select(s => (s.Store, s.Receipt)).ShouldBeUnique();
        var byHour = sales.GroupBy(s => s.AtMs / 3_600_000 % 24).ToDictionary(g => g.Key, g => g.Count());
        byHour[19].ShouldBeGreaterThan(byHour[3] * 8);
        byHour[3].ShouldBeGreaterThan(20);
        ((double)Day(Plan, Monday + 5).OfType<DemoSale>().Count()).ShouldBeGreaterThan(sales.Count * 1.2, "Saturday beats Monday");
    }

    [Fact]
    public void Members_shop_mostly_at_home_and_some_elsewhere()
    {
        var toMembers = Day(Plan, Monday).OfType<DemoSale>().Where(s => s.Person is not null && !s.Joins).ToList();
        var away = toMembers.Count(s => s.Person!.HomeStore != s.Store) / (double)toMembers.Count;
        away.ShouldBeInRange(0.08, 0.25);
        toMembers.Count(s => s.Person!.IsFamily).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_day_has_new_members_walk_ins_redemptions_and_returns()
    {
        var acts = Day(Plan, Monday);
        acts.OfType<DemoSale>().Count(s => s.Joins).ShouldBeGreaterThan(100);
        acts.OfType<DemoSale>().Count(s => s.Person is null).ShouldBeGreaterThan(5_000);
        acts.OfType<DemoRedemption>().ShouldNotBeEmpty();
        var returns = acts.OfType<DemoSale>().Select(Plan.ReturnOf).OfType<DemoReturn>().ToList();
        returns.Count.ShouldBeGreaterThan(30);
        returns.ShouldAllBe(r => r.AtMs > r.Sale.AtMs && r.AtMs <= r.Sale.AtMs + (5 * 3_600_000) && r.Line <= r.Sale.Lines.Count);
    }

    [Fact]
    public void Nobody_real_can_have_a_generated_number()
    {
        var people = Plan.Members.Concat(Day(Plan, Monday).OfType<DemoSale>().Where(s => s.Joins).Select(s => s.Person!)).ToList();
        people.ShouldAllBe(p => Regex.IsMatch(p.Phone, @"^\+86154\d{8}$") && p.Card.StartsWith("DEMO", StringComparison.Ordinal));
        people.Select(p => p.Phone).ShouldBeUnique();
        people.Select(p => p.Card).ShouldBeUnique();
        people.Select(p => p.CustomerId).ShouldBeUnique();
        people.ShouldAllBe(p => Regex.IsMatch(p.CustomerId, "^c[0-9a-hjkmnp-tv-z]{16}$"));
    }

    [Fact]
    public void A_demo_does_not_start_where_a_real_chain_is_and_not_as_another_demo()
    {
        var folder = Directory.CreateTempSubdirectory("demo").FullName;
        var settings = new DemoSettings { Template = "food" };
        DemoMark.Check(folder, settings, holdsData: false).ShouldBeNull();
        Should.Throw<WrongConfigurationException>(() => DemoMark.Check(folder, settings, holdsData: true)).Message.ShouldContain("not a demo");
        new DemoMark("food", settings.Seed, settings.SalesPerDay, settings.Members, 1, 2).Write(folder);
        DemoMark.Check(folder, settings, holdsData: true)!.PlayedUntilMs.ShouldBe(2);
        Should.Throw<WrongConfigurationException>(() => DemoMark.Check(folder, new DemoSettings { Template = "retail" }, holdsData: true)).Message.ShouldContain("another demo");
        DemoMark.Check(folder, new DemoSettings(), holdsData: true).ShouldNotBeNull("a folder with a demo stays marked when it is opened without trading");
        Directory.Delete(folder, recursive: true);
    }
}
