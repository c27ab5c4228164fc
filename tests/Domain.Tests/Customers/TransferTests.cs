using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using Xunit;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>docs/domain/transfers.md.</summary>
public sealed class TransferTests
{
    private static readonly Programme Anybody = Rules("""{"to":"anybody"}""");

    /// <summary>One point a yuan, for a month to the end of the day.</summary>
    private static Programme Rules(string transfer, string expiry = """{"kind":"rolling","months":1,"roundUpTo":"day"}""") => DomainProgrammes.PlainWith(document =>
    {
        document["points"]!["expiry"] = JsonNode.Parse(expiry);
        document["points"]!["transfer"] = JsonNode.Parse(transfer);
    });

    [Fact]
    public void Points_leave_soonest_end_first_and_take_their_ends_with_them()
    {
        var story = Given(Anybody, Buy("R1", 10_000), Days(5), Buy("R2", 10_000));
        var ends = story.State.Lots.ToArray().Select(lot => lot.ExpiresAt).ToArray();
        var sent = story.When(Transfer(130)).Then<DeliverySent>();
        sent.LotsUsed.ShouldBe([new LotPart(1, new Points(100)), new LotPart(2, new Points(30))]);
        sent.Lots.Select(lot => (lot.Points.Count, lot.ExpiresAt)).ShouldBe([(100L, ends[0]), (30L, ends[1])]);
        (sent.Delivery, sent.To.Value, sent.Kind, sent.Balance.Count, story.State.Balance.Count).ShouldBe((1, "c-you", "transfer", 70L, 70L));
        story.State.Deliveries.ToArray().ShouldHaveSingleItem().ShouldBe(sent);
    }

    [Fact]
    public void What_ends_at_one_time_is_one_part()
    {
        var story = Given(Anybody, Buy("R1", 1_000), Buy("R2", 2_000), Buy("R3", 3_000));
        story.When(Transfer(60)).Then<DeliverySent>().Lots.ShouldHaveSingleItem().Points.ShouldBe(new Points(60));
    }

    [Fact]
    public void Only_what_can_be_spent_is_given_away()
    {
        var programme = DomainProgrammes.PlainWith(document =>
        {
            document["points"]!["activeAfterDays"] = 5;
            document["points"]!["transfer"] = JsonNode.Parse("""{"to":"anybody"}""");
        });
        Given(programme, Adjust(10), Buy("R1", 10_000)).When(Transfer(11)).ThenRejected(CustomerRejections.NotEnoughPoints, "points");
        Given(Anybody, Adjust(10), Open(4)).When(Transfer(7)).ThenRejected(CustomerRejections.PointsHeld, "points");
        Given(Anybody, Adjust(10), FreezePoints()).When(Transfer(7)).ThenRejected(CustomerRejections.PointsFrozen, "points");
        Given(Anybody, Adjust(10), Days(40)).When(Transfer(1)).ThenRejected(CustomerRejections.NotEnoughPoints, "points");
    }

    [Fact]
    public void The_programme_says_whether_and_how_many_at_least()
    {
        Given(DomainProgrammes.Plain, Adjust(10)).When(Transfer(1)).ThenRejected(CustomerRejections.TransfersNotOffered);
        var story = Given(Rules("""{"to":"anybody","leastPoints":10}"""), Adjust(100));
        story.When(Transfer(9)).ThenRejected(CustomerRejections.TransferTooSmall, "points");
        story.And(Transfer(10)).State.Balance.ShouldBe(new Points(90));
    }

    [Fact]
    public void A_transfer_names_another_customer_a_reason_and_a_number()
    {
        var story = Given(Anybody, Adjust(10));
        story.When(Transfer(1, Me.Value)).ThenRejected(CustomerRejections.ReceiverInvalid, "to");
        story.When(Transfer(1, "not an id")).ThenRejected(CustomerRejections.ReceiverInvalid, "to");
        story.When(Transfer(1, reason: " ")).ThenRejected(CustomerRejections.ReasonInvalid, "reason");
        story.When(Transfer(0)).ThenRejected(CustomerRejections.PointsInvalid, "points");
        Stranger(Anybody).When(Transfer(1)).ThenRejected(CustomerRejections.NotEnrolled, "from");
    }

    [Fact]
    public void The_limits_of_day_and_year_count_what_was_given_and_not_what_came_back()
    {
        var story = Given(Rules("""{"to":"anybody","mostPointsPerDay":100,"mostPointsPerYear":150}""", """{"kind":"never"}"""), Adjust(1_000), Transfer(60), Settle());
        story.When(Transfer(41)).ThenRejected(CustomerRejections.TransferLimitReached, "points");
        story.And(Transfer(40), Settle(refusal: 130), Transfer(40), Settle());
        story.When(Transfer(1)).ThenRejected(CustomerRejections.TransferLimitReached, "points");
        story.And(Days(1)).When(Transfer(51)).ThenRejected(CustomerRejections.TransferLimitReached, "points");
        story.And(Transfer(50)).When(Transfer(1)).ThenRejected(CustomerRejections.TransferLimitReached, "points");
        // 366 days after 2 January 2024 another year has begun.
        story.And(Settle(), Days(366), Transfer(100)).State.Balance.ShouldBe(new Points(750));
    }

    [Fact]
    public void No_more_than_sixteen_are_under_way()
    {
        var story = Given(Anybody, Adjust(100));
        for (var i = 0; i < Limits.OpenDeliveriesMax; i++) story.And(Transfer(1));
        story.When(Transfer(1)).ThenRejected(CustomerRejections.TooManyDeliveries);
        story.And(Settle(delivery: 7), Transfer(1)).State.Deliveries.Length.ShouldBe(Limits.OpenDeliveriesMax);
    }

    [Fact]
    public void A_sale_whose_points_were_given_away_becomes_debt_when_it_comes_back()
    {
        var story = Given(Anybody, Buy("R1", 10_000), Transfer(100), Settle(), ReturnAll("R1"));
        (story.State.Debt, story.State.Balance).ShouldBe((new Points(100), new Points(-100)));
    }

    [Fact]
    public void What_was_sent_is_looked_after_until_somebody_says_what_came_of_it()
    {
        var story = Given(Rules("""{"to":"anybody"}""", """{"kind":"never"}"""), Adjust(10), Transfer(1));
        story.State.NextDue.ShouldBe(new Timestamp(story.Now.UnixMs + Limits.DeliveryDueMs));
        story.And(Settle()).State.NextDue.ShouldBeNull();
        story.When(Settle()).Last.Events.ShouldBeEmpty();
    }
}
