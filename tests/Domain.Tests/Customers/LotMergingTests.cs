using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class LotMergingTests
{
    private static CustomerStory Bought(Programme programme, int purchases, int daysBetween = 0)
    {
        var story = Given(programme);
        for (var i = 1; i <= purchases; i++) story.And(Buy($"R{i}", 10_000), Days(daysBetween));
        return story;
    }

    [Fact]
    public void Up_to_the_limit_nothing_is_merged() =>
        Bought(Programme.BuiltIn, Limits.OpenLotsMax).Events.OfType<LotsMerged>().ShouldBeEmpty();

    [Fact]
    public void One_lot_more_merges_those_of_the_same_end_and_keeps_every_point()
    {
        var story = Bought(Programme.BuiltIn, Limits.OpenLotsMax);
        var before = story.State.Balance;
        var recorded = story.When(Buy("RX", 10_000)).Then<PurchaseRecorded>();
        story.Then<LotsMerged>().Merges.Single().Lots.Count.ShouldBe(Limits.OpenLotsMax);
        story.State.Lots.Length.ShouldBe(2);
        story.State.Balance.ShouldBe(before + recorded.PointsEarned);
    }

    [Fact]
    public void A_customer_who_buys_every_day_for_years_keeps_few_lots()
    {
        var programme = DomainProgrammes.With(d =>
        {
            d["points"]!["expiry"]!["months"] = 120;
            d["points"]!["expiry"]!["roundUpTo"] = "none";
        });
        var story = Bought(programme, 3_000, daysBetween: 1);
        story.State.Lots.Length.ShouldBeLessThanOrEqualTo(Limits.OpenLotsMax + 1);
        story.Events.OfType<LotsMerged>().ShouldNotBeEmpty();
        story.State.Balance.Count.ShouldBe(story.Events.OfType<PurchaseRecorded>().Sum(e => e.PointsEarned.Count) - story.Events.OfType<PointsExpired>().Sum(e => e.Points.Count));
    }

    [Fact]
    public void Merging_never_shortens_the_life_of_points()
    {
        var programme = DomainProgrammes.With(d => d["points"]!["expiry"]!["roundUpTo"] = "none");
        var story = Given(programme);
        for (var i = 0; i <= Limits.OpenLotsMax; i++)
        {
            story.And(But(Buy($"R{i}", 10_000), p => p with { OccurredAt = new Timestamp(p.OccurredAt.UnixMs + (i * 1_000)), At = new Timestamp(p.At.UnixMs + (i * 1_000)) }));
        }

        var merge = story.Then<LotsMerged>().Merges.Single();
        var last = story.Events.OfType<PurchaseRecorded>().Where(e => merge.Lots.Contains(e.Lines[0].Lot)).Max(e => e.ExpiresAt);
        merge.Into.ExpiresAt.ShouldBe(last);
    }

    [Fact]
    public void Pending_points_are_not_merged_with_active_ones()
    {
        var programme = DomainProgrammes.With(d => d["points"]!["activeAfterDays"] = 10);
        var story = Given(programme);
        for (var i = 0; i < 300; i++) story.And(Buy($"A{i}", 10_000));
        story.And(Days(9));
        for (var i = 0; i < 300; i++) story.And(Buy($"B{i}", 10_000));
        story.State.SpendableAt(story.Now).ShouldBe(Points.Zero);
        story.Events.OfType<LotsMerged>().ShouldNotBeEmpty();
        story.And(Days(1)).State.SpendableAt(story.Now).Count.ShouldBe(story.Events.OfType<PurchaseRecorded>().Take(300).Sum(e => e.PointsEarned.Count));
    }

    [Fact]
    public void A_return_finds_its_points_in_the_merged_lot()
    {
        // The receipt stands in a later month than the first ones, so that burn order alone would take from another lot.
        var story = Bought(Programme.BuiltIn, 10);
        story.And(Days(40));
        for (var i = 0; i < Limits.OpenLotsMax; i++) story.And(Buy($"L{i}", 10_000));
        var merged = story.Events.OfType<LotsMerged>().Single().Merges.Single(merge => merge.Lots.Count > 100);
        var back = story.When(ReturnAll("L7")).Then<LinesReturned>();
        back.LotsTaken.Single().Lot.ShouldBe(merged.Into.Lot);
    }

    [Fact]
    public void A_snapshot_keeps_what_a_merged_lot_covers()
    {
        var story = Bought(Programme.BuiltIn, Limits.OpenLotsMax + 1);
        Print(CustomerState.Import(story.State.Export())).ShouldBe(Print(story.State));
        story.State.Lots[^1].CoversFrom.ShouldBe(1);
    }
}
