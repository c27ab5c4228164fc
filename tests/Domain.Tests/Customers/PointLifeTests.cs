using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Points that end with a day of the year, or after the last purchase. Stories begin on 1 January 2024 in Beijing.</summary>
public class PointLifeTests
{
    private const long HourMs = 3_600_000;

    private static readonly Programme Inactivity = DomainProgrammes.PlainWith(d => d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"inactivity","months":2,"roundUpTo":"none"}"""));
    private static readonly Programme Rolling = DomainProgrammes.PlainWith(d => d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"rolling","months":1,"roundUpTo":"none"}"""));

    private static Programme Calendar(string days, int minimum = 0) => DomainProgrammes.PlainWith(d =>
        d["points"]!["expiry"] = new JsonObject { ["kind"] = "calendar", ["days"] = JsonNode.Parse(days), ["minimumDays"] = minimum });

    private static Timestamp Beijing(int year, int month, int day, int hour = 0) =>
        new(new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds());

    [Theory]
    [InlineData("""["12-31","06-30"]""", 0, 0, "2024-07-01")]
    [InlineData("""["06-30","12-31"]""", 0, 181, "2024-07-01")] // sold on 30 June itself
    [InlineData("""["06-30","12-31"]""", 1, 181, "2025-01-01")]
    [InlineData("""["06-30","12-31"]""", 0, 182, "2025-01-01")]
    [InlineData("""["12-31"]""", 365, 0, "2025-01-01")] // 2024 has 366 days
    [InlineData("""["12-31"]""", 366, 0, "2026-01-01")]
    [InlineData("""["02-29"]""", 0, 0, "2024-03-01")]
    [InlineData("""["02-29"]""", 0, 60, "2025-03-01")] // 28 February where a year has no 29th
    [InlineData("""["01-01"]""", 3650, 0, "2034-01-02")]
    public void Calendar_points_end_at_local_midnight_after_the_next_of_the_days(string days, int minimum, int soldAfter, string end) =>
        Given(Calendar(days, minimum), Days(soldAfter), Buy("R1", 10_000)).State.NextExpiry
            .ShouldBe(Beijing(int.Parse(end.AsSpan(0, 4)), int.Parse(end.AsSpan(5, 2)), int.Parse(end.AsSpan(8, 2))));

    [Fact]
    public void A_sale_after_midnight_of_the_last_business_day_does_not_end_before_it_began()
    {
        var late = But(Buy("R1", 10_000), sale => sale with { At = Beijing(2024, 7, 1, 2), OccurredAt = Beijing(2024, 7, 1, 1), BusinessDay = BusinessDay.From(new DateOnly(2024, 6, 30)) });
        Given(Calendar("""["06-30","12-31"]"""), Days(182), late).State.NextExpiry.ShouldBe(Beijing(2025, 1, 1));
    }

    [Fact]
    public void A_purchase_moves_the_end_of_all_points_at_its_own_time()
    {
        var story = Given(Inactivity, Buy("R1", 10_000), Days(10), Buy("R2", 5_000));
        story.State.Lots.ToArray().Select(lot => lot.ExpiresAt).ShouldBe([Beijing(2024, 3, 11, 12), Beijing(2024, 3, 11, 12)]);
        var bought = story.Then<PurchaseRecorded>();
        (bought.ExpiresAt, bought.ByInactivity).ShouldBe((Beijing(2024, 3, 11, 12), true));
    }

    [Fact]
    public void A_late_sale_shortens_nothing_and_its_points_end_with_the_others()
    {
        var story = Given(Inactivity, Days(30), Buy("R1", 10_000), Buy("R0", 5_000, daysAgo: 20));
        story.State.Lots.ToArray().ShouldAllBe(lot => lot.ExpiresAt == Beijing(2024, 3, 31, 12));
        story.State.Lots.Length.ShouldBe(2);
    }

    [Fact]
    public void A_sale_that_earns_nothing_moves_the_end_too() =>
        Given(Inactivity, Buy("R1", 10_000), Days(10), Buy("R2", 0)).State.NextExpiry.ShouldBe(Beijing(2024, 3, 11, 12));

    [Fact]
    public void Without_a_purchase_all_of_them_end_at_once()
    {
        var story = Given(Inactivity, Buy("R1", 10_000), Days(10), Buy("R2", 5_000), Days(60));
        story.When(Wake()).Then<PointsExpired>().Points.ShouldBe(new Points(150));
        story.When(Wake()).Last.Events.ShouldBeEmpty();
    }

    [Fact]
    public void The_wake_up_of_the_end_before_finds_nothing_to_do() => Given(Inactivity, Buy("R1", 10_000), Days(10), Buy("R2", 5_000), Days(55)).When(Wake()).Last.Events.ShouldBeEmpty();

    [Fact]
    public void What_has_ended_does_not_come_back_with_a_late_sale()
    {
        var story = Given(Inactivity, Buy("R1", 10_000), Days(70), Buy("R2", 5_000, daysAgo: 30));
        story.Last.Events.OfType<PointsExpired>().Single().Points.ShouldBe(new Points(100));
        story.State.Balance.ShouldBe(new Points(50));
    }

    [Fact]
    public void A_return_does_not_take_back_that_the_purchase_moved_the_end()
    {
        var story = Given(Inactivity, Buy("R1", 10_000), Days(10), Buy("R2", 5_000), ReturnAll("R2"));
        story.State.NextExpiry.ShouldBe(Beijing(2024, 3, 11, 12));
        story.State.Balance.ShouldBe(new Points(100));
    }

    [Fact]
    public void Points_given_back_end_as_if_they_had_never_been_spent()
    {
        var story = Given(Inactivity, Buy("R1", 10_000), Days(10), Buy("R2", 5_000, use: 60), Days(5), Buy("R3", 100), ReturnAll("R2"));
        story.Then<LinesReturned>().LotsGivenBack.Single().ShouldBe(new LotGrant(4, new Points(60), story.Now, Beijing(2024, 3, 16, 12), ByInactivity: true));
        story.State.Lots.ToArray().ShouldAllBe(lot => lot.ByInactivity && lot.ExpiresAt == Beijing(2024, 3, 16, 12));
        story.And(Days(20), Buy("R4", 100)).State.Lots.ToArray().ShouldAllBe(lot => lot.ExpiresAt == Beijing(2024, 4, 5, 12));
    }

    [Fact]
    public void Points_given_back_after_their_end_live_some_days_of_grace() =>
        Given(Inactivity, Buy("R1", 10_000), Buy("R2", 5_000, use: 60), Days(70), ReturnAll("R2")).State.NextExpiry.ShouldBe(Beijing(2024, 3, 18, 12));

    [Fact]
    public void Points_given_by_hand_join_the_end_that_stands_and_move_none()
    {
        Given(Inactivity, Buy("R1", 10_000), Days(10), Adjust(30)).State.Lots.ToArray().ShouldAllBe(lot => lot.ByInactivity && lot.ExpiresAt == Beijing(2024, 3, 1, 12));
        Given(Inactivity, Days(10), Adjust(30)).State.NextExpiry.ShouldBe(Beijing(2024, 3, 11, 12));
        Given(Inactivity, Buy("R1", 10_000), Days(70), Adjust(30)).State.NextExpiry.ShouldBe(Beijing(2024, 5, 11, 12));
    }

    [Fact]
    public void Pending_points_move_as_well()
    {
        var pending = DomainProgrammes.PlainWith(d =>
        {
            d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"inactivity","months":2,"roundUpTo":"none"}""");
            d["points"]!["activeAfterDays"] = 20;
        });
        var story = Given(pending, Buy("R1", 10_000), Days(10), Buy("R2", 5_000));
        story.State.PendingAt(story.Now).ShouldBe(new Points(150));
        story.State.Lots.ToArray().ShouldAllBe(lot => lot.ExpiresAt == Beijing(2024, 3, 11, 12));
    }

    [Fact]
    public void Lots_of_other_kinds_keep_their_end_and_the_soonest_burns_first_after_a_move()
    {
        // 100 by inactivity until 1 March, 50 rolling until 11 February; then a purchase by inactivity at 25 January moves the first to 25 March.
        var story = Given(Inactivity, Buy("R1", 10_000), Days(10));
        story.Programme = Rolling;
        story.And(Buy("R2", 5_000));
        story.State.Lots.ToArray().Select(lot => lot.ExpiresAt).ShouldBe([Beijing(2024, 2, 11, 12), Beijing(2024, 3, 1, 12)]);
        story.Programme = DomainProgrammes.PlainWith(d => d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"rolling","months":3,"roundUpTo":"none"}"""));
        story.And(Buy("R3", 2_000));
        story.Programme = Inactivity;
        story.And(Days(80), Buy("R4", 1_000));
        story.State.Lots.ToArray().Select(lot => (lot.Remaining.Count, lot.ExpiresAt)).ShouldBe([(20L, Beijing(2024, 4, 11, 12)), (10L, Beijing(2024, 5, 31, 12))]);
        story.When(Redeem(25)).Then<PointsRedeemed>().LotsUsed.Select(part => part.Points.Count).ShouldBe([20L, 5L]);
    }

    [Fact]
    public void Under_rules_of_another_kind_no_purchase_moves_an_end()
    {
        var story = Given(Inactivity, Buy("R1", 10_000), Days(10));
        story.Programme = Rolling;
        story.And(Buy("R2", 5_000)).State.InactivityEnd.ShouldBe(Beijing(2024, 3, 1, 12));
    }

    [Fact]
    public void Merged_lots_take_the_new_end_and_a_return_finds_its_points_in_them()
    {
        var story = Given(Inactivity);
        for (var i = 1; i <= Limits.OpenLotsMax; i++) story.And(Buy($"R{i}", 10_000));
        story.And(Days(1)).When(Buy("RX", 10_000));
        var merged = story.Then<LotsMerged>().Merges.Single();
        (merged.Lots.Count, merged.Into.ExpiresAt, merged.Into.ByInactivity).ShouldBe((Limits.OpenLotsMax, Beijing(2024, 3, 2, 12), true));
        story.State.Lots.ToArray().ShouldAllBe(lot => lot.ByInactivity && lot.ExpiresAt == Beijing(2024, 3, 2, 12));
        story.When(ReturnAll("R7")).Then<LinesReturned>().LotsTaken.Single().ShouldBe(new LotPart(merged.Into.Lot, new Points(100)));
    }

    [Fact]
    public void Lots_whose_end_moves_merge_only_with_each_other()
    {
        // All of them end at the same time, half of them by inactivity.
        var story = Given(Inactivity);
        for (var i = 1; i <= Limits.OpenLotsMax / 2; i++) story.And(Buy($"I{i}", 10_000));
        story.Programme = DomainProgrammes.PlainWith(d => d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"rolling","months":2,"roundUpTo":"none"}"""));
        for (var i = 1; i <= Limits.OpenLotsMax / 2; i++) story.And(Buy($"R{i}", 10_000));
        story.When(Buy("RX", 10_000)).Then<LotsMerged>().Merges.Select(merge => merge.Into.ByInactivity).ShouldBe([true, false], ignoreOrder: true);
        story.Programme = Inactivity;
        story.And(Days(10), Buy("IX", 100)).State.Lots.ToArray().Where(lot => !lot.ByInactivity).ShouldAllBe(lot => lot.ExpiresAt == Beijing(2024, 3, 1, 12));
    }

    [Fact]
    public void What_a_receipt_earned_is_taken_from_others_only_where_its_own_points_had_not_ended()
    {
        // R1's points were spent; purchases moved their end past the one in the entry: they are owed.
        Given(Inactivity, Buy("R1", 10_000), Redeem(100), Days(50), Buy("R2", 20_000), Days(30)).When(ReturnAll("R1")).Then<LinesReturned>().PointsTakenBack.ShouldBe(new Points(100));
        // Here they had ended before R2: what was left of them is gone, and how much that was nobody knows.
        Given(Inactivity, Buy("R1", 10_000), Redeem(100), Days(70), Buy("R2", 20_000)).When(ReturnAll("R1")).Then<LinesReturned>().PointsForgiven.ShouldBe(new Points(100));
        Given(Inactivity, Buy("R1", 10_000), Days(70)).When(ReturnAll("R1")).Then<LinesReturned>().PointsForgiven.ShouldBe(new Points(100));
    }

    [Fact]
    public void A_sale_so_late_that_its_points_have_ended_says_both()
    {
        var story = Given(Inactivity, Days(100)).When(Buy("R1", 10_000, daysAgo: 90));
        story.Then<PointsExpired>().Points.ShouldBe(new Points(100));
        story.Then<PurchaseRecorded>().Balance.ShouldBe(Points.Zero);
        story.And(Buy("R2", 5_000)).State.NextExpiry.ShouldBe(Beijing(2024, 6, 10, 12));
    }

    [Fact]
    public void Only_points_that_end_by_inactivity_cost_a_customer_anything()
    {
        Given(Rolling, Buy("R1", 10_000)).State.Export().InactivityEnd.ShouldBeNull();
        System.Runtime.CompilerServices.Unsafe.SizeOf<Lot>().ShouldBe(40);
        System.Runtime.CompilerServices.Unsafe.SizeOf<LotPart>().ShouldBe(32);
        System.Runtime.CompilerServices.Unsafe.SizeOf<LotGrant>().ShouldBe(40);
    }

    [Fact]
    public void A_basket_keeps_its_hold_when_ends_move() =>
        Given(Inactivity, Buy("R1", 10_000), Open(80), Later(HourMs / 60), Buy("R2", 5_000)).When(Redeem(71)).ThenRejected(CustomerRejections.PointsHeld);
}
