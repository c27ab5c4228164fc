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

/// <summary>Tiers that end: kept, lost, looked at ahead (docs/domain/tiers.md; R31, F13 to F17, 3.5). Silver from 2,000.00, gold from 10,000.00, black gold from 30,000.00. Stories begin on 1 January 2024.</summary>
public class TierValidityTests
{
    private static readonly TierId Member = new("member");
    private static readonly TierId Silver = new("silver");
    private static readonly TierId Gold = new("gold");
    private static readonly TierId BlackGold = new("black-gold");

    [Theory]
    [InlineData("""{}""", "2025-01-02", "2024-12-03")]
    [InlineData("""{"months":6,"noticeDays":0}""", "2024-07-02", null)]
    [InlineData("""{"months":1,"noticeDays":7}""", "2024-02-02", "2024-01-26")]
    [InlineData("""{"months":12,"roundUpTo":"month"}""", "2025-02-01", "2025-01-02")]
    [InlineData("""{"months":12,"roundUpTo":"year"}""", "2026-01-01", "2025-12-02")]
    [InlineData("""{"months":12,"graceDays":31}""", "2025-02-02", "2025-01-03")]
    public void A_tier_ends_at_local_midnight_after_its_last_day(string validity, string until, string? notice)
    {
        var changed = Given(With(validity)).When(Buy("R1", 200_000)).Then<TierChanged>();
        (changed.Until, changed.NoticeAt).ShouldBe((Midnight(until), notice is null ? null : Midnight(notice)));
    }

    [Fact]
    public void The_spend_of_the_window_that_ends_with_it_keeps_a_tier()
    {
        var story = Given(With("{}"), Buy("R1", 200_000), Days(300), Buy("R2", 200_000), Days(66));
        story.State.NextDue.ShouldBe(Midnight("2024-12-03"));
        story.When(Wake()).Then<TierForecast>().Missing.ShouldBe(Money.Zero);
        story.And(Days(30)).When(Wake());
        var kept = story.Then<TierProlonged>();
        (kept.Tier, kept.Until, kept.WindowFrom, kept.WindowTo, kept.QualifyingSpend).ShouldBe((Silver, Midnight("2026-01-02"), Day("2024-01-02"), Day("2025-01-01"), new Money(200_000)));
        (story.State.Tier, story.State.NextDue).ShouldBe((Silver, Midnight("2025-12-03")));
        story.When(Wake()).Last.Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("full", 3_000_000, 0, "member")]
    [InlineData("full", 3_000_000, 250_000, "silver")]
    [InlineData("oneLevel", 3_000_000, 0, "gold")]
    [InlineData("oneLevel", 200_000, 0, "member")]
    [InlineData("oneLevel", 3_000_000, 1_000_000, "gold")]
    [InlineData("full", 1_000_000, 1_000_000, "gold")]
    public void Who_does_not_reach_it_again_falls_as_the_programme_says(string downgrade, long first, long later, string tier)
    {
        var story = Given(With($$"""{"downgrade":"{{downgrade}}"}"""), Buy("R1", first), Days(200));
        if (later > 0) story.And(Buy("R2", later));
        story.And(Days(200), Wake());
        story.State.Tier.ShouldBe(new TierId(tier));
        if (story.Last.Events.OfType<TierChanged>().SingleOrDefault() is not { } changed) return;
        (changed.Reason, changed.QualifyingSpend).ShouldBe(("spend-missed", new Money(later)));
        // The next term begins with the day on which the last one ended, not with the day on which the agenda came.
        changed.Until.ShouldBe(tier == "member" ? null : Midnight("2026-01-02"));
    }

    [Fact]
    public void Levels_are_lost_one_by_one_year_after_year_also_when_the_system_was_down()
    {
        var story = Given(With("""{"downgrade":"oneLevel"}"""), Buy("R1", 3_000_000), Days(3 * 366));
        for (var wakes = 0; story.State.NextDue <= story.Now; wakes++)
        {
            wakes.ShouldBeLessThan(10);
            story.And(Wake());
        }

        story.Events.OfType<TierChanged>().Select(changed => changed.To).ShouldBe([BlackGold, Gold, Silver, Member]);
        story.State.NextDue.ShouldBeNull();
    }

    [Fact]
    public void The_member_is_told_before_what_is_missing()
    {
        var story = Given(With("{}"), Buy("R1", 1_000_000), Days(300), Buy("R2", 250_000), Days(40));
        var told = story.When(Wake()).Then<TierForecast>();
        (told.Tier, told.Until, told.WouldBe, told.Missing).ShouldBe((Gold, Midnight("2025-01-02"), Silver, new Money(750_000)));
        story.State.NextDue.ShouldBe(Midnight("2025-01-02"));
        story.When(Wake()).Last.Events.ShouldBeEmpty();
        story.And(Buy("R3", 750_000), Days(30), Wake());
        story.State.Tier.ShouldBe(Gold);
    }

    [Fact]
    public void Spend_within_the_days_of_grace_keeps_a_tier()
    {
        var story = Given(With("""{"graceDays":31}"""), Buy("R1", 200_000), Days(390), Buy("R2", 200_000), Days(10), Wake());
        (story.State.Tier, story.Events.OfType<TierProlonged>().Single().WindowTo).ShouldBe((Silver, Day("2025-02-01")));
    }

    [Fact]
    public void A_tier_for_life_does_not_end_and_nobody_falls_through_it()
    {
        var programme = With("{}", lasting: "gold");
        var story = Given(programme, Buy("R1", 1_000_000));
        story.State.NextDue.ShouldBeNull();
        story.And(Buy("R2", 2_000_000), Days(400), Wake());
        (story.State.Tier, story.State.NextDue).ShouldBe((Gold, null));
    }

    [Fact]
    public void A_tier_from_before_begins_its_time_with_the_next_purchase()
    {
        var story = Given(Endless, Buy("R1", 200_000), Days(1_000));
        story.Programme = With("{}");
        story.When(Wake()).Last.Events.ShouldBeEmpty();
        var begun = story.When(Buy("R2", 100)).Then<TierProlonged>();
        (begun.Reason, begun.Until).ShouldBe(("term-began", Midnight("2027-09-28")));
        // What had earned it long ago still carries it: its return takes it away.
        story.When(ReturnAll("R1")).Then<TierChanged>().To.ShouldBe(Member);
        story.State.NextDue.ShouldBeNull();
    }

    [Fact]
    public void Rules_that_let_tiers_last_again_end_nothing()
    {
        var story = Given(With("{}"), Buy("R1", 200_000), Days(400));
        story.Programme = Endless;
        story.And(Wake());
        (story.State.Tier, story.State.NextDue).ShouldBe((Silver, null));
    }

    [Fact]
    public void After_a_fall_older_windows_carry_nothing_any_more()
    {
        var story = Given(With("{}"), Buy("R1", 1_000_000), Days(200), Buy("R2", 250_000), Days(200), Wake());
        story.State.Tier.ShouldBe(Silver);
        // Silver stands on R2 alone: gold of the year before does not carry it.
        story.When(ReturnAll("R2")).Then<TierChanged>().To.ShouldBe(Member);
    }

    [Fact]
    public void A_return_leaves_the_end_as_it_was_and_takes_none_back_to_the_lowest()
    {
        var story = Given(With("{}"), Buy("R1", 200_000), Days(10), Buy("R2", 800_000));
        var until = story.State.TierUntil;
        story.When(ReturnAll("R2")).Then<TierChanged>().Until.ShouldBe(until);
        story.When(ReturnAll("R1")).Then<TierChanged>().Until.ShouldBeNull();
        story.State.NextDue.ShouldBeNull();
    }

    [Fact]
    public void Whatever_happens_a_tier_is_held_by_its_end_or_for_ever_and_survives_a_snapshot() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int>(),
        (numbers, seed) =>
        {
            var downgrade = seed % 2 == 0 ? "full" : "oneLevel";
            var story = Given(With($$"""{"months":{{1 + ((seed & 0xff) % 12)}},"graceDays":{{seed & 7}},"noticeDays":{{seed & 15}},"downgrade":"{{downgrade}}"}""", seed % 3 == 0 ? "silver" : null));
            for (var i = 0; i < numbers.Length; i++)
            {
                var number = numbers[i] & int.MaxValue;
                var before = story.State.Tier;
                story.When((number % 5) switch { 0 or 1 => Buy($"R{i}", 1 + (number % 1_500_000), daysAgo: number % 40), 2 => Days(number % 120), 3 => Wake(), _ => ReturnAll($"R{number % (i + 1)}") });
                if (story.Last.Rejection is not null) continue;
                // What is due is due at once: a second wake-up finds what the first left, and both come to an end.
                for (var wakes = 0; story.State.NextDue <= story.Now; wakes++)
                {
                    wakes.ShouldBeLessThan(60);
                    story.And(Wake());
                }

                var rank = story.Programme.RankOf(story.State.Tier);
                (story.State.TierUntil is null).ShouldBe(rank == 0 || story.Programme.TierOf(story.State.Tier).Lasting);
                if (story.State.TierUntil is { } until) (until > story.Now).ShouldBeTrue();
                foreach (var change in story.Last.Events.OfType<TierChanged>()) change.To.ShouldNotBe(change.From);
                Print(CustomerState.Import(story.State.Export())).ShouldBe(Print(story.State));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(80));

    [Theory]
    [InlineData("""{"months":0}""", 407, "tierValidity.months")]
    [InlineData("""{"months":1,"noticeDays":28}""", 429, "tierValidity.noticeDays")]
    [InlineData("""{"downgrade":"half"}""", 408, "tierValidity.downgrade")]
    [InlineData("""{"roundUpTo":"week"}""", 408, "tierValidity.roundUpTo")]
    [InlineData("""{"grace":1}""", 402, "tierValidity.grace")]
    public void A_mistake_in_the_document_is_named(string section, int code, string field)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["tierValidity"] = JsonNode.Parse(section);
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(error => (error.Code, error.Field)).ShouldBe([(code, (string?)field)]);
    }

    private static readonly Programme Endless = DomainProgrammes.With(document => document["points"]!["expiry"] = new JsonObject { ["kind"] = "never" });

    private static Programme With(string validity, string? lasting = null) => DomainProgrammes.With(document =>
    {
        document["points"]!["expiry"] = new JsonObject { ["kind"] = "never" };
        document["tierValidity"] = JsonNode.Parse(validity);
        foreach (var tier in document["tiers"]!.AsArray())
        {
            if (tier!["id"]!.GetValue<string>() == lasting) tier["lasting"] = true;
        }
    });

    private static BusinessDay Day(string day) => BusinessDay.From(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));

    private static Timestamp Midnight(string day) => new((Day(day).Number * 86_400_000L) - (CustomerStory.UtcOffsetMinutes * 60_000L));
}
