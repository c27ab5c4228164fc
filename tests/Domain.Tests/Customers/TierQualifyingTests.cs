using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Tiers by points and visits beside spend, and calendar windows (docs/domain/tiers.md; R31, F12, F15, F17). Stories begin on 1 January 2024.</summary>
public class TierQualifyingTests
{
    private static readonly TierId Member = new("member");
    private static readonly TierId Silver = new("silver");
    private static readonly TierId Gold = new("gold");

    [Fact]
    public void All_that_a_tier_asks_for_must_be_reached()
    {
        var story = Given(With("""{"spendMinor":100000,"visits":3}"""), Buy("R1", 150_000), Days(1), Buy("R2", 100));
        story.State.Tier.ShouldBe(Member);
        var changed = story.And(Days(1)).When(Buy("R3", 100)).Then<TierChanged>();
        (changed.To, changed.QualifyingSpend, changed.QualifyingVisits, changed.QualifyingPoints).ShouldBe((Silver, new Money(150_200), 3, new Points(1_502)));
        (story.Then<PurchaseRecorded>().QualifyingVisits, story.Then<PurchaseRecorded>().QualifyingPoints).ShouldBe((3, (Points?)new Points(1_502)));
    }

    [Theory]
    [InlineData("""{"spendMinor":100000,"visits":3}""", 100_000, 1, "silver")]
    [InlineData("""{"spendMinor":100000,"visits":3}""", 100, 3, "silver")]
    [InlineData("""{"spendMinor":100000,"visits":3}""", 100, 2, "member")]
    [InlineData("""{"points":300}""", 10_000, 3, "silver")]
    [InlineData("""{"points":300}""", 9_900, 3, "member")]
    [InlineData("""{"points":300,"visits":5}""", 100, 5, "silver")]
    public void Any_of_it_is_enough_where_the_programme_says_so(string asked, long each, int days, string tier)
    {
        var story = Given(With(asked, document => document["qualify"] = "any"));
        for (var i = 0; i < days; i++) story.And(Buy($"R{i}", each), Days(1));
        story.State.Tier.ShouldBe(new TierId(tier));
    }

    [Fact]
    public void A_day_in_a_store_is_one_visit_however_many_receipts()
    {
        var story = Given(With("""{"visits":3}"""), Buy("R1", 100), Buy("R2", 100), Buy("R3", 100), Buy("R4", 0, "S2"));
        story.State.Qualifying(story.Today, story.Programme).Visits.ShouldBe(1);
        story.And(Buy("R5", 100, "S2")).State.Qualifying(story.Today, story.Programme).Visits.ShouldBe(2);
        // What is kept of the day in the store keeps the visit; the last receipt of it takes it.
        story.And(Days(1), Buy("R6", 100)).State.Tier.ShouldBe(Silver);
        story.And(ReturnAll("R1"), ReturnAll("R3")).State.Tier.ShouldBe(Silver);
        story.When(ReturnAll("R2")).Then<TierChanged>().QualifyingVisits.ShouldBe(2);
        story.State.Tier.ShouldBe(Member);
    }

    [Fact]
    public void A_part_that_comes_back_leaves_the_visit_and_takes_its_points()
    {
        var story = Given(With("""{"visits":1}"""), BuyLines("R1", [Line(1, 20_000), Line(2, 10_000)])).When(Return("R1", [(1, 1_000)]));
        (story.Then<LinesReturned>().PointsUncounted, story.Then<LinesReturned>().VisitUncounted).ShouldBe((new Points(200), false));
        story.State.Qualifying(story.Today, story.Programme).ShouldBe(new TierMeasures(new Money(10_000), new Points(100), 1));
        story.When(ReturnAll("R1")).Then<LinesReturned>().VisitUncounted.ShouldBeTrue();
        (story.State.Tier, story.State.Qualifying(story.Today, story.Programme)).ShouldBe((Member, default));
    }

    [Fact]
    public void Points_that_were_spent_or_expired_still_count()
    {
        var story = Given(With("""{"points":300}"""), Buy("R1", 20_000), Redeem(200), Days(300), Wake(), Buy("R2", 10_000));
        (story.State.Tier, story.State.Balance).ShouldBe((Silver, new Points(100)));
    }

    [Fact]
    public void Points_given_by_hand_earn_no_tier() => Given(With("""{"points":300}"""), Adjust(5_000), Buy("R1", 100)).State.Tier.ShouldBe(Member);

    [Fact]
    public void The_order_in_which_receipts_arrive_does_not_change_the_tier() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int>(),
        (numbers, seed) =>
        {
            var programme = Some(seed);
            var sales = numbers.Take(12).Select((number, i) => (Receipt: $"R{i}", Amount: 1L + ((number & 0xFFFF) % 3_000), Store: $"S{1 + (number & 1)}", Ago: (number & int.MaxValue) % 500)).ToList();
            var inOrder = Given(programme, [Days(500), .. sales.OrderByDescending(sale => sale.Ago).Select(sale => Buy(sale.Receipt, sale.Amount, sale.Store, daysAgo: sale.Ago))]);
            var other = Given(programme, [Days(500), .. sales.OrderBy(sale => sale.Receipt, StringComparer.Ordinal).Select(sale => Buy(sale.Receipt, sale.Amount, sale.Store, daysAgo: sale.Ago))]);
            other.State.Tier.ShouldBe(inOrder.State.Tier);
            other.State.Qualifying(other.Today, programme).ShouldBe(inOrder.State.Qualifying(inOrder.Today, programme));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(80));

    [Fact]
    public void Buying_and_returning_everything_leaves_the_tier_as_it_was_and_no_tier_is_held_that_was_not_reached() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int>(),
        (numbers, seed) =>
        {
            var programme = Some(seed);
            var story = Given(programme);
            for (var i = 0; i < numbers.Length; i++)
            {
                var number = numbers[i] & int.MaxValue;
                story.When((number % 4) switch
                {
                    0 or 1 => Buy($"R{i}", 1 + (number % 3_000), $"S{1 + (number & 1)}", daysAgo: number % 3 == 0 ? number % 200 : 0), 2 => Days(number % 60),
                    _ => ReturnAll($"R{number % (i + 1)}", $"S{1 + (number % 2)}"),
                });
                foreach (var change in story.Last.Events.OfType<TierChanged>())
                {
                    var held = new TierMeasures(change.QualifyingSpend, change.QualifyingPoints ?? default, change.QualifyingVisits ?? 0);
                    programme.RankFor(held).ShouldBe(programme.RankOf(change.To));
                    // What the event names is what its window holds, receipt by receipt.
                    if (change.WindowTo.Number != 0) held.ShouldBe(Counted(story, change.WindowFrom, change.WindowTo));
                }

                Print(CustomerState.Import(story.State.Export())).ShouldBe(Print(story.State));
            }

            var before = (story.State.Tier, story.State.Qualifying(story.Today, programme));
            story.And(BuyLines("RX", [Line(1, 3_000), Line(2, 70)], "S2"), Return("RX", [(2, 1_000)], "S2"), ReturnAll("RX", "S2"));
            (story.State.Tier, story.State.Qualifying(story.Today, programme)).ShouldBe(before);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(60));

    [Fact]
    public void What_is_missing_is_told_measure_by_measure()
    {
        var programme = With("""{"spendMinor":100000,"visits":3}""", Ends);
        var story = Given(programme, Buy("R1", 40_000));
        programme.Tiers[1].Missing(story.State.Qualifying(story.Today, programme), programme.Qualify).ShouldBe(new TierMeasures(new Money(60_000), default, 2));
        story.And(Days(1), Buy("R2", 60_000), Days(1), Buy("R3", 1)).State.Tier.ShouldBe(Silver);
        story.And(Days(300), Buy("R4", 30_000), Days(45));
        var told = story.When(Wake()).Then<TierForecast>();
        (told.WouldBe, told.Missing, told.MissingPoints, told.MissingVisits, told.QualifyingVisits, told.AnyIsEnough).ShouldBe((Member, new Money(70_000), default, 2, 1, false));
        story.And(Buy("R5", 70_000), Days(30)).When(Wake());
        (story.State.Tier, story.Then<TierChanged>().QualifyingVisits).ShouldBe((Member, 2));
    }

    [Fact]
    public void A_programme_that_asks_for_spend_only_writes_and_keeps_nothing_of_it()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 200_000), Buy("R2", 100), ReturnAll("R2"));
        story.Events.OfType<PurchaseRecorded>().ShouldAllBe(sale => sale.QualifyingPoints == null && sale.QualifyingVisits == null);
        story.Events.OfType<TierChanged>().ShouldAllBe(change => change.QualifyingPoints == null && change.QualifyingVisits == null);
        (story.State.Export().Measured.Count, story.State.Export().EvidenceMeasures.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void What_was_bought_before_the_programme_asked_does_not_count_and_its_return_takes_nothing()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 50_000));
        story.Programme = With("""{"visits":1}""");
        story.And(Buy("R2", 100, "S2")).State.Tier.ShouldBe(Silver);
        story.When(ReturnAll("R1")).Then<LinesReturned>().VisitUncounted.ShouldBeFalse();
        story.State.Tier.ShouldBe(Silver);
    }

    [Theory]
    [InlineData("year", "2024-12-31", "2025-01-01", false)]
    [InlineData("year", "2024-01-01", "2024-12-31", true)]
    [InlineData("halfYear", "2024-06-30", "2024-07-01", false)]
    [InlineData("halfYear", "2024-07-01", "2024-12-31", true)]
    [InlineData("quarter", "2024-03-31", "2024-04-01", false)]
    [InlineData("quarter", "2024-10-01", "2024-12-31", true)]
    [InlineData("month", "2024-02-29", "2024-03-01", false)]
    [InlineData("month", "2024-03-01", "2024-03-31", true)]
    public void A_calendar_window_begins_with_its_year_half_year_quarter_or_month(string window, string first, string second, bool together)
    {
        var story = Given(With("""{"spendMinor":100000}""", document => document["qualifyingWindow"] = window));
        story.And(Days(Day(first).Number - story.Today.Number), Buy("R1", 60_000), Days(Day(second).Number - Day(first).Number)).When(Buy("R2", 40_000));
        story.State.Tier.ShouldBe(together ? Silver : Member);
        // In the other order, the first one late, the same.
        var late = Given(story.Programme, Days(Day(second).Number - Day("2024-01-01").Number), Buy("R2", 40_000), Buy("R1", 60_000, daysAgo: Day(second).Number - Day(first).Number));
        late.State.Tier.ShouldBe(story.State.Tier);
    }

    [Fact]
    public void A_tier_of_a_calendar_year_is_kept_by_that_year_and_its_days_of_grace()
    {
        var programme = With("""{"spendMinor":100000}""", document =>
        {
            document["qualifyingWindow"] = "year";
            document["tierValidity"] = JsonNode.Parse("""{"months":12,"roundUpTo":"year","graceDays":31}""");
        });
        var story = Given(programme, Days(300), Buy("R1", 100_000), Days(200), Buy("R2", 60_000));
        story.State.TierUntil.ShouldBe(new Timestamp((Day("2026-02-01").Number * 86_400_000L) - (UtcOffsetMinutes * 60_000L)));
        story.And(Days(Day("2026-01-20").Number - story.Today.Number), Wake(), Buy("R3", 40_000), Days(20)).When(Wake());
        var kept = story.Then<TierProlonged>();
        (kept.WindowFrom, kept.WindowTo, kept.QualifyingSpend).ShouldBe((Day("2025-01-01"), Day("2026-01-31"), new Money(100_000)));
    }

    [Theory]
    [InlineData("""[{"points":100}]""", 412, "tiers[0].points")]
    [InlineData("""[{"visits":1}]""", 412, "tiers[0].visits")]
    [InlineData("""[{},{}]""", 404, "tiers[1].spendMinor")]
    [InlineData("""[{},{"spendMinor":0}]""", 413, "tiers[1].spendMinor")]
    [InlineData("""[{},{"visits":0}]""", 413, "tiers[1].spendMinor")]
    [InlineData("""[{},{"visits":3},{"visits":3}]""", 413, "tiers[2].visits")]
    [InlineData("""[{},{"points":30},{"points":30}]""", 413, "tiers[2].points")]
    [InlineData("""[{},{"spendMinor":10,"visits":3},{"spendMinor":20,"visits":2}]""", 413, "tiers[2].visits")]
    [InlineData("""[{},{"spendMinor":10,"visits":10001}]""", 407, "tiers[1].visits")]
    [InlineData("""[{},{"spendMinor":10,"points":-1}]""", 407, "tiers[1].points")]
    public void A_mistake_in_a_tier_is_named(string tiers, int code, string field)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        var list = JsonNode.Parse(tiers)!.AsArray();
        for (var i = 0; i < list.Count; i++)
        {
            (list[i]!["id"], list[i]!["nameZh"], list[i]!["nameEn"]) = ($"t{i}", "级", "Tier");
            if (i == 0) list[i]!["spendMinor"] = 0;
        }

        document["tiers"] = list.DeepClone();
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(error => (error.Code, error.Field)).ShouldContain((code, (string?)field));
    }

    [Theory]
    [InlineData("qualify", "some")]
    [InlineData("qualifyingWindow", "week")]
    public void A_word_that_is_none_is_named(string field, string word)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document[field] = word;
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(error => (error.Code, error.Field)).ShouldBe([(408, (string?)field)]);
    }

    private static TierMeasures Counted(CustomerStory story, BusinessDay from, BusinessDay to)
    {
        var sales = story.Events.OfType<PurchaseRecorded>().Where(sale => sale.BusinessDay >= from && sale.BusinessDay <= to).ToList();
        var back = story.Events.OfType<LinesReturned>().Where(one => one.PurchaseDay >= from && one.PurchaseDay <= to).ToList();
        var kept = sales.Where(sale => sale.Amount.Minor > back.Where(one => one.PurchaseReceipt == sale.Receipt && one.PurchaseStore == sale.Store).Sum(one => one.Amount.Minor));
        return new TierMeasures(
            new Money(sales.Sum(sale => sale.Amount.Minor) - back.Sum(one => one.Amount.Minor)),
            new Points(sales.Sum(sale => sale.PointsEarned.Count) - back.Sum(one => (one.PointsTakenBack + one.PointsForgiven).Count)), kept.Select(sale => (sale.BusinessDay, sale.Store)).Distinct().Count());
    }

    /// <summary>Some programme whose tiers a few small sales reach.</summary>
    private static Programme Some(int seed) => With("""{"spendMinor":2000,"visits":2}""", document =>
    {
        var gold = JsonNode.Parse("""{"id":"gold","nameZh":"金","nameEn":"Gold","points":60,"visits":4}""")!;
        document["tiers"]!.AsArray().Add(gold);
        document["tiers"]!.AsArray().Add(JsonNode.Parse("""{"id":"top","nameZh":"顶","nameEn":"Top","spendMinor":9000,"points":90,"visits":5}"""));
        if ((seed & 1) == 0) document["qualify"] = "any";
        document["qualifyingMonths"] = 1 + ((seed >> 1) & 3);
        document["qualifyingWindow"] = ((seed >> 3) & 7) switch { 0 => "year", 1 => "halfYear", 2 => "quarter", 3 => "month", _ => "rolling" };
    });

    private static void Ends(JsonNode document) => document["tierValidity"] = JsonNode.Parse("{}");

    /// <summary>A member's tier and silver, for what is asked.</summary>
    private static Programme With(string asked, Action<JsonNode>? change = null) => DomainProgrammes.With(document =>
    {
        document["crossStore"]!["bonusPercent"] = 0;
        var silver = JsonNode.Parse(asked)!;
        (silver["id"], silver["nameZh"], silver["nameEn"]) = ("silver", "银", "Silver");
        document["tiers"] = new JsonArray(document["tiers"]![0]!.DeepClone(), silver);
        change?.Invoke(document);
    });

    private static BusinessDay Day(string day) => BusinessDay.From(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
}
