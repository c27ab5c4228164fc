using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Tags that people put on, and what conditions make of them (R17, R48).</summary>
public partial class TagTests
{
    private static readonly Programme WithTags = DomainProgrammes.PlainWith(document => DomainProgrammes.Tags(document, "vip", "novelty"));

    private static readonly Programme ForVips = DomainProgrammes.WithRules("""{"id":"v","when":{"fact":"tag","in":["vip","novelty"]},"give":{"kind":"fixed","points":50}}""");

    private static Programme ForOthers => DomainProgrammes.WithRules("""{"id":"v","when":{"not":{"fact":"tag","in":["vip"]}},"give":{"kind":"fixed","points":50}}""");

    [Fact]
    public void A_tag_is_carried_until_it_is_taken_off()
    {
        var story = Given(WithTags, Tag("vip")).When(Tag("novelty", days: 3));
        story.Then<TagAdded>().ShouldSatisfyAllConditions(e => e.Tag.ShouldBe("novelty"), e => e.Until.ShouldBe(MidnightAfter(story, 3)), e => e.Origin.ShouldBe(Till));
        Carried(story).ShouldBe([new HeldTag("vip", null), new HeldTag("novelty", MidnightAfter(story, 3))]);
        story.When(Untag("vip")).Then<TagRemoved>().Tag.ShouldBe("vip");
        Carried(story).ShouldBe([new HeldTag("novelty", MidnightAfter(story, 3))]);
    }

    [Fact]
    public void The_same_tag_again_changes_nothing_and_another_end_replaces_the_first()
    {
        var story = Given(WithTags, Tag("vip"), Tag("novelty", days: 3));
        story.When(Tag("novelty", days: 3)).Last.Events.ShouldBeEmpty();
        story.When(Tag("vip")).Last.Events.ShouldBeEmpty();
        story.And(Tag("vip", days: 0), Tag("novelty"));
        Carried(story).ShouldBe([new HeldTag("vip", MidnightAfter(story, 0)), new HeldTag("novelty", null)]);
    }

    [Fact]
    public void A_tag_of_another_word_than_the_dictionarys_is_refused()
    {
        Given(WithTags).When(Tag("wholesale")).ThenRejected(CustomerRejections.TagUnknown, "tag");
        Given(WithTags).When(Tag("VIP")).ThenRejected(CustomerRejections.TagUnknown, "tag");
        Given(WithTags).When(Untag("")).ThenRejected(CustomerRejections.TagUnknown, "tag");
        Stranger().When(Untag("vip")).ThenRejected(CustomerRejections.NotEnrolled);
        Stranger().When(Tag("vip")).ThenRejected(CustomerRejections.TagUnknown, "tag");
    }

    [Fact]
    public void A_last_day_is_today_or_within_ten_years()
    {
        Given(WithTags).When(Tag("vip", days: -1)).ThenRejected(CustomerRejections.TagDayInvalid, "lastDay");
        Given(WithTags).When(Tag("vip", days: 3_661)).ThenRejected(CustomerRejections.TagDayInvalid, "lastDay");
        Given(WithTags, Tag("vip", days: 3_660)).And(Tag("novelty", days: 0));
    }

    [Fact]
    public void What_is_not_carried_cannot_be_taken_off()
    {
        Given(WithTags).When(Untag("vip")).ThenRejected(CustomerRejections.TagNotCarried, "tag");
        Given(WithTags, Tag("vip"), Untag("vip")).When(Untag("vip")).ThenRejected(CustomerRejections.TagNotCarried, "tag");
        Given(WithTags, Tag("vip", days: 2), Days(3)).When(Untag("vip")).ThenRejected(CustomerRejections.TagNotCarried, "tag");
    }

    [Fact]
    public void A_tag_that_left_the_dictionary_can_be_taken_off_and_not_put_on()
    {
        var story = Given(WithTags, Tag("vip"));
        story.Programme = DomainProgrammes.Plain;
        story.When(Tag("vip", days: 1)).ThenRejected(CustomerRejections.TagUnknown, "tag");
        story.When(Untag("vip")).Then<TagRemoved>().Tag.ShouldBe("vip");
    }

    [Fact]
    public void Fifty_tags_are_enough_and_one_that_ended_makes_place()
    {
        string[] ids = [.. Enumerable.Range(0, 52).Select(i => $"t{i}")];
        var story = Given(DomainProgrammes.PlainWith(document => DomainProgrammes.Tags(document, ids)), Tag("t0", days: 1), Tag("t1", days: 0));
        foreach (var id in ids[2..50]) story.And(Tag(id));
        story.When(Tag("t50")).ThenRejected(CustomerRejections.TooManyTags, "tag");
        // Another end of one that is carried needs no place.
        story.And(Tag("t49", days: 9), Days(1), Tag("t50"));
        Carried(story).Select(held => held.Tag).ShouldBe([ids[0], .. ids[2..51]]);
        story.When(Tag("t51")).ThenRejected(CustomerRejections.TooManyTags, "tag");
        story.And(Days(1), Tag("t51"));
        Carried(story).Select(held => held.Tag).ShouldBe(ids[2..52]);
    }

    [Fact]
    public void A_rule_asks_for_one_of_some_tags_and_the_entry_says_which_of_them_were_carried()
    {
        var story = Given(ForVips, Buy("R1", 1_000)).When(Buy("R2", 1_000));
        story.Then<PurchaseRecorded>().ShouldSatisfyAllConditions(e => e.PointsEarned.ShouldBe(new Points(10)), e => e.Tags.ShouldBeEmpty());
        story.And(Tag("staff-family"), Tag("novelty")).When(Buy("R3", 1_000));
        // The rule does not ask for the tag staff-family: the entry leaves it out.
        story.Then<PurchaseRecorded>().ShouldSatisfyAllConditions(e => e.PointsEarned.ShouldBe(new Points(60)), e => e.Tags.ShouldBe(["novelty"]));
        story.And(Untag("novelty")).When(Buy("R4", 1_000)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(10));
    }

    [Fact]
    public void Not_a_tag_holds_for_those_without()
    {
        Given(ForOthers).When(Buy("R1", 1_000)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(60));
        Given(ForOthers, Tag("vip")).When(Buy("R1", 1_000)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(10));
    }

    [Fact]
    public void A_tag_counts_on_its_last_day_and_not_after_it()
    {
        var story = Given(ForVips, Tag("vip", days: 2), Days(2));
        story.When(Buy("R1", 1_000)).Then<PurchaseRecorded>().Tags.ShouldBe(["vip"]);
        story.And(Days(1)).When(Buy("R2", 1_000)).Then<PurchaseRecorded>().Tags.ShouldBeEmpty();
        // A sale that arrives late was made while it still counted.
        story.When(Buy("R3", 1_000, daysAgo: 1)).Then<PurchaseRecorded>().Tags.ShouldBe(["vip"]);
    }

    [Fact]
    public void What_comes_back_is_worked_out_with_the_tags_of_the_sale()
    {
        var story = Given(ForVips, Tag("vip"), BuyLines("R1", [Line(1, 1_000), Line(2, 1_000)]), Untag("vip"));
        // 20 and 50; one line is left: 10 and 50.
        story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>().PointsTakenBack.ShouldBe(new Points(10));
        story.When(ReturnAll("R1")).Then<LinesReturned>().PointsTakenBack.ShouldBe(new Points(60));
        var sold = story.Events.OfType<PurchaseRecorded>().Single();
        EarningReport.Again(sold, story.Programme).Agrees.ShouldBeTrue();
    }

    [Fact]
    public void A_coupon_can_be_for_those_who_carry_a_tag()
    {
        var programme = DomainProgrammes.PlainWith(document =>
        {
            DomainProgrammes.Coupons(document, ["""{"id":"k","give":{"kind":"amount","minor":100},"when":{"fact":"tag","in":["vip"]}}"""], []);
            DomainProgrammes.Tags(document, "vip");
        });
        var story = Given(programme, Issue("k", 1)).When(But(Buy("R1", 1_000), sale => sale with { Coupons = [1] }));
        story.ThenRejected(CustomerRejections.CouponNotHere, "coupons[0]");
        story.And(Tag("vip")).When(But(Buy("R1", 1_000), sale => sale with { Coupons = [1] }));
        story.Then<PurchaseRecorded>().ShouldSatisfyAllConditions(e => e.Amount.ShouldBe(new Money(900)), e => e.Tags.ShouldBe(["vip"]));
    }

    [Fact]
    public void A_quote_earns_what_the_sale_would()
    {
        var story = Given(ForVips, Tag("vip"));
        var quote = Quote.Of(story.State, (RecordPurchase)Buy("Q", 1_000)(story)!, story.Programme);
        quote.Decision.Events.OfType<PurchaseRecorded>().Single().PointsEarned.ShouldBe(new Points(60));
    }

    [Theory]
    [InlineData("""[{"id":"a","nameZh":"甲","nameEn":"A"},{"id":"a","nameZh":"乙","nameEn":"B"}]""", 440, "tags[1].id")]
    [InlineData("""[{"id":"a b","nameZh":"甲","nameEn":"A"}]""", 406, "tags[0].id")]
    [InlineData("""[{"id":"a","nameEn":"A"}]""", 404, "tags[0].nameZh")]
    [InlineData("""[{"id":"a","nameZh":"甲","nameEn":"A","colour":"red"}]""", 402, "tags[0].colour")]
    public void A_dictionary_is_refused_at_its_place(string tags, int code, string field)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["tags"] = JsonNode.Parse(tags);
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(error => (error.Code, error.Field)).ShouldBe([(code, field)]);
    }

    [Fact]
    public void A_condition_asks_for_tags_of_the_dictionary()
    {
        var document = JsonNode.Parse(ForVips.Document)!;
        document["earning"]!["rules"]![0]!["when"]!["in"]![1] = "wholesale";
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(error => (error.Code, error.Field)).ShouldBe([(ProgrammeRejections.TagUnknown.Code, "earning.rules[0].when.in[1]")]);
    }

    [Fact]
    public void In_no_history_does_a_purchase_name_a_tag_that_was_not_carried() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers =>
        {
            var (story, carried) = (RandomHistory.Begin(numbers.Length), new Dictionary<string, Timestamp?>());
            for (var i = 0; i < numbers.Length; i++)
            {
                story.When(RandomHistory.ActOf(numbers[i], i));
                foreach (var happened in story.Last.Events ?? [])
                {
                    if (happened is TagAdded added) carried[added.Tag] = added.Until;
                    else if (happened is TagRemoved removed) carried.Remove(removed.Tag).ShouldBeTrue();
                    else if (happened is PurchaseRecorded sold) sold.Tags.ShouldBe(carried.Where(held => !(held.Value <= sold.OccurredAt)).Select(held => held.Key).Where(tag => Asked(story.Programme).Contains(tag)), ignoreOrder: true);
                }

                Carried(story).ToDictionary(held => held.Tag, held => held.Until).ShouldBe(carried, ignoreOrder: true);
                CustomerState.Import(story.State.Export()).Tags.ToArray().ShouldBe(Carried(story));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(80));

    /// <summary>What stands in conditions on tags, by their text alone.</summary>
    private static HashSet<string> Asked(Programme programme) =>
        [.. AskedTags().Matches(programme.Document).SelectMany(asked => asked.Groups["tags"].Value.Split(',')).Select(tag => tag.Trim('"'))];

    [GeneratedRegex("""\{"fact":"tag","in":\[(?<tags>[^\]]*)\]""", RegexOptions.ExplicitCapture)]
    private static partial Regex AskedTags();

    private static HeldTag[] Carried(CustomerStory story) => story.State.Tags.ToArray();

    private static Timestamp MidnightAfter(CustomerStory story, int days) =>
        new(((story.Today.Number + days + 1L) * 86_400_000) - (UtcOffsetMinutes * 60_000L));
}
