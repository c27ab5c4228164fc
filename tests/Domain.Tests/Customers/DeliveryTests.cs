using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using Xunit;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>What arrives, and what comes back (docs/domain/transfers.md).</summary>
public sealed class DeliveryTests
{
    private const long DayMs = 86_400_000;

    private static Programme Rules(string expiry, int graceDays = 7) => DomainProgrammes.PlainWith(document =>
    {
        document["points"]!["expiry"] = JsonNode.Parse(expiry);
        document["points"]!["giveBackGraceDays"] = graceDays;
        document["points"]!["transfer"] = JsonNode.Parse("""{"to":"anybody"}""");
    });

    private static readonly Programme Month = Rules("""{"kind":"rolling","months":1,"roundUpTo":"day"}""");
    private static readonly Programme Inactivity = Rules("""{"kind":"inactivity","months":1,"roundUpTo":"day"}""");

    private static DeliveredLot Lot(CustomerStory story, long points, int? days) =>
        new(new Points(points), story.Now, days is { } end ? new Timestamp(story.Now.UnixMs + (end * DayMs)) : null);

    private static (long Points, int? Days)[] LotsOf(CustomerStory story) =>
        [.. story.State.Lots.ToArray().Select(lot => (lot.Remaining.Count, lot.ExpiresAt is { } end ? (int?)((end.UnixMs - story.Now.UnixMs) / DayMs) : null))];

    [Fact]
    public void Points_arrive_with_the_ends_they_had_and_take_their_place_among_the_others()
    {
        var story = Given(Month, Buy("R1", 10_000));
        story.And(Take(1, 60, Lot(story, 10, 3), Lot(story, 30, 90), Lot(story, 20, null)));
        LotsOf(story).ShouldBe([(10, 3), (100, 31), (30, 90), (20, null)]);
        story.Then<DeliveryReceived>().Balance.ShouldBe(new Points(160));
        story.And(Redeem(15)).Then<PointsRedeemed>().LotsUsed.ShouldBe([new LotPart(2, new Points(10)), new LotPart(1, new Points(5))]);
    }

    [Fact]
    public void Points_that_arrive_count_for_no_tier_and_no_spend()
    {
        var programme = DomainProgrammes.With(document =>
        {
            document["tiers"]![1]!["points"] = 100;
            document["tiers"]![2]!["points"] = 5_000;
        });
        var story = Given(programme);
        var tier = story.State.Tier;
        story.And(Take(1, 4_000, Lot(story, 4_000, 90)));
        (story.State.Tier, story.State.LifetimeSpend, story.Last.Events.Count).ShouldBe((tier, Money.Zero, 1));
        // The next sale is counted alone.
        story.And(Buy("R1", 100)).State.Tier.ShouldBe(tier);
    }

    [Fact]
    public void Debt_is_paid_first_by_what_ends_first()
    {
        var story = Given(Month, Adjust(-50));
        story.And(Take(1, 80, Lot(story, 30, 3), Lot(story, 40, 90), Lot(story, 10, null)));
        (story.State.Debt, story.Then<DeliveryReceived>().DebtPaid).ShouldBe((Points.Zero, new Points(50)));
        LotsOf(story).ShouldBe([(20, 90), (10, null)]);
    }

    [Fact]
    public void What_ended_on_the_way_ends_at_once_and_is_told()
    {
        var story = Given(Month);
        story.And(Take(1, 50, Lot(story, 30, -1), Lot(story, 20, 5)));
        (story.Then<DeliveryReceived>().Balance, story.Then<PointsExpired>().Points, story.State.Balance).ShouldBe((new Points(50), new Points(30), new Points(20)));
    }

    [Fact]
    public void Points_made_for_the_receiver_end_as_points_given_by_hand_do()
    {
        var (made, given) = (Given(Month, Take(1, 50)), Given(Month, Adjust(50)));
        LotsOf(made).ShouldBe(LotsOf(given));
        var (alive, likewise) = (Given(Inactivity, Buy("R1", 100), Days(3), Take(1, 50)), Given(Inactivity, Buy("R1", 100), Days(3), Adjust(50)));
        alive.State.Lots.ToArray().ShouldBe(likewise.State.Lots.ToArray());
    }

    [Fact]
    public void Points_that_end_by_inactivity_keep_at_the_receiver_the_end_they_had_when_they_left()
    {
        var story = Given(Inactivity, Buy("R1", 10_000));
        var end = story.State.Lots[0].ExpiresAt;
        var lot = story.And(Transfer(40)).Then<DeliverySent>().Lots.ShouldHaveSingleItem();
        (lot.ExpiresAt, lot.ByInactivity).ShouldBe((end, true));
        var receiver = Given(Inactivity, Take(1, 40, lot), Days(20), Buy("R2", 100));
        receiver.State.Lots.ToArray().Select(held => (held.Remaining.Count, held.ExpiresAt, held.ByInactivity)).First().ShouldBe((40L, end, false));
    }

    [Fact]
    public void Frozen_points_do_not_keep_others_from_arriving()
    {
        var story = Given(Month, FreezePoints());
        story.And(Take(1, 5, Lot(story, 5, 9))).State.Balance.ShouldBe(new Points(5));
    }

    [Fact]
    public void What_the_receiver_cannot_have_comes_back_as_it_was()
    {
        var story = Given(Month, Buy("R1", 10_000), Days(2), Buy("R2", 10_000));
        var before = LotsOf(story);
        var back = story.And(Transfer(150), Settle(refusal: 130)).Then<DeliveryGivenBack>();
        (back.Points, back.Refusal, back.Balance).ShouldBe((new Points(150), 130, new Points(200)));
        LotsOf(story).GroupBy(lot => lot.Days).Select(lots => (lots.Sum(lot => lot.Points), lots.Key)).ShouldBe(before);
        story.State.Deliveries.Length.ShouldBe(0);
    }

    [Fact]
    public void What_comes_back_after_its_end_gets_the_days_of_grace_of_points_given_back()
    {
        LotsOf(Given(Month, Buy("R1", 10_000), Transfer(100), Days(60), Settle(refusal: 130))).ShouldBe([(100, 7)]);
        var story = Given(Rules("""{"kind":"rolling","months":1}""", graceDays: 0), Buy("R1", 10_000), Transfer(100), Days(90), Settle(refusal: 130));
        (story.State.Balance, story.Then<PointsExpired>().Points).ShouldBe((Points.Zero, new Points(100)));
    }

    [Fact]
    public void What_comes_back_pays_debt_first()
    {
        var story = Given(Month, Buy("R1", 10_000), Transfer(100), ReturnAll("R1"), Settle(refusal: 130));
        (story.State.Balance, story.State.Debt, story.Then<DeliveryGivenBack>().DebtPaid).ShouldBe((Points.Zero, Points.Zero, new Points(100)));
    }

    [Fact]
    public void Many_lots_at_once_leave_the_customer_with_a_bounded_number()
    {
        var story = Given(Month);
        for (var round = 0; round < 5; round++)
        {
            var lots = Enumerable.Range(0, Limits.OpenLotsMax).Select(i => new DeliveredLot(new Points(1), story.Now, new Timestamp(story.Now.UnixMs + (30 * DayMs) + (round * 1_000) + i))).ToArray();
            story.And(Take(round + 1, lots.Length, lots));
            story.State.Lots.Length.ShouldBeLessThanOrEqualTo(2 * Limits.OpenLotsMax);
        }

        story.State.Balance.ShouldBe(new Points(5L * Limits.OpenLotsMax));
    }

    [Fact]
    public void A_delivery_whose_parts_are_not_its_whole_is_refused()
    {
        var story = Given(Month);
        story.When(Take(1, 6, Lot(story, 5, 9))).ThenRejected(CustomerRejections.PointsInvalid, "points");
        Stranger(Month).When(Take(1, 6)).ThenRejected(CustomerRejections.NotEnrolled);
    }
}
