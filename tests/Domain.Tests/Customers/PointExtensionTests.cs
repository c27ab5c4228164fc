using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Headquarters lets points end later. Stories begin on 1 January 2024 in Beijing.</summary>
public class PointExtensionTests
{
    private static readonly Programme Rolling = DomainProgrammes.PlainWith(d => d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"rolling","months":1,"roundUpTo":"day"}"""));
    private static readonly Programme Inactivity = DomainProgrammes.PlainWith(d => d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"inactivity","months":2,"roundUpTo":"none"}"""));

    private static Timestamp Midnight(int month, int day, int year = 2024) => new(new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds());

    // 100 points good to 1 February, 50 to 11 February; today is 11 January.
    private static CustomerStory Two() => Given(Rolling, Buy("R1", 10_000), Days(10), Buy("R2", 5_000));

    private static (long Points, Timestamp? End)[] Ends(CustomerStory story) => [.. story.State.Lots.ToArray().Select(lot => (lot.Remaining.Count, lot.ExpiresAt))];

    [Fact]
    public void All_that_end_before_get_the_new_end()
    {
        var story = Two().When(Extend(60));
        var extended = story.Then<PointsExtended>();
        (extended.Points, extended.Until, extended.EndingBy).ShouldBe((new Points(150), Midnight(3, 12), null));
        Ends(story).ShouldBe([(100, Midnight(3, 12)), (50, Midnight(3, 12))]);
        story.State.NextDue.ShouldBe(Midnight(3, 12));
    }

    [Theory]
    [InlineData(21, null)] // before 1 February: none, since 1 February itself is R1's last day
    [InlineData(22, 100L)]
    [InlineData(31, 100L)] // before 11 February
    [InlineData(32, 150L)]
    public void Only_those_whose_last_day_is_before_a_day(int before, long? points)
    {
        var story = Two().When(Extend(60, before));
        if (points is { } moved) story.Then<PointsExtended>().Points.ShouldBe(new Points(moved));
        else story.ThenRejected(CustomerRejections.NothingToExtend);
    }

    [Fact]
    public void What_ends_later_or_never_stays_and_nothing_moves_back()
    {
        var story = Two().And(Extend(25));
        Ends(story).ShouldBe([(100, Midnight(2, 6)), (50, Midnight(2, 12))]);
        story.When(Extend(20)).ThenRejected(CustomerRejections.NothingToExtend);
        Given(Buy("R1", 10_000)).When(Extend(60)).ThenRejected(CustomerRejections.NothingToExtend);
    }

    [Fact]
    public void Burn_order_follows_the_new_ends()
    {
        var story = Two().And(Extend(60, 22)).When(Redeem(60));
        story.Then<PointsRedeemed>().LotsUsed.Select(part => (part.Lot, part.Points.Count)).ShouldBe([(2, 50L), (1, 10L)]);
    }

    [Fact]
    public void What_is_over_expires_and_is_not_extended()
    {
        var story = Given(Rolling, Buy("R1", 10_000), Days(20), Buy("R2", 5_000), Days(15)).When(Extend(60));
        story.Then<PointsExpired>().Points.ShouldBe(new Points(100));
        story.Then<PointsExtended>().Points.ShouldBe(new Points(50));
        Given(Rolling, Buy("R1", 10_000), Days(40)).When(Extend(60)).ThenRejected(CustomerRejections.NothingToExtend);
    }

    [Fact]
    public void The_one_end_of_points_by_inactivity_moves_and_the_next_purchase_never_moves_it_back()
    {
        var story = Given(Inactivity, Buy("R1", 10_000), Buy("R2", 5_000), Extend(200));
        var end = story.Then<PointsExtended>().Until;
        story.State.InactivityEnd.ShouldBe(end);
        story.And(Days(10), Buy("R3", 1_000)).State.Lots.ToArray().ShouldAllBe(lot => lot.ExpiresAt == end);
        story.And(Days(180), Buy("R4", 1_000)).State.NextExpiry!.Value.ShouldBeGreaterThan(end);
    }

    [Fact]
    public void A_return_still_takes_what_the_receipt_earned() => Two().And(Extend(60)).When(ReturnAll("R1")).Then<LinesReturned>().LotsTaken.Single().ShouldBe(new LotPart(1, new Points(100)));

    [Theory]
    [InlineData(-1, null, "lastDay")]
    [InlineData(3_661, null, "lastDay")]
    [InlineData(10, 11, "endingBefore")]
    [InlineData(10, -10_000, "endingBefore")]
    public void Days_that_make_no_sense_are_refused(int last, int? before, string field) => Two().When(Extend(last, before)).ThenRejected(CustomerRejections.ExtensionInvalid, field);

    [Fact]
    public void It_needs_a_reason_and_a_customer()
    {
        Two().When(Extend(60, reason: " ")).ThenRejected(CustomerRejections.ReasonInvalid, "reason");
        Stranger(Rolling).When(Extend(60)).ThenRejected(CustomerRejections.NotEnrolled);
    }

    [Fact]
    public void Five_hundred_lots_are_extended_in_one_short_event()
    {
        var story = Given(Rolling);
        for (var i = 1; i <= 500; i++) story.And(Buy($"R{i}", 100));
        System.Text.Json.JsonSerializer.Serialize(story.When(Extend(60)).Then<PointsExtended>()).Length.ShouldBeLessThan(400);
        story.State.Lots.ToArray().ShouldAllBe(lot => lot.ExpiresAt == Midnight(3, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_was_extended_and_spent_is_owed_when_the_goods_come_back(int left)
    {
        // 100 points of R1 good to 1 February; extended to 11 March; spent on 20 February; back on 21 February.
        var story = Given(Rolling, Buy("R1", 10_000), Extend(70), Days(50), Redeem(100 - left), Days(1));
        var back = story.When(ReturnAll("R1")).Then<LinesReturned>();
        (back.PointsTakenBack, back.PointsForgiven, back.DebtAdded).ShouldBe((new Points(100), Points.Zero, new Points(100 - left)));
        Print(CustomerState.Import(story.State.Export())).ShouldBe(Print(story.State));
    }

    [Fact]
    public void What_an_extension_did_not_move_has_ended_at_its_own_end()
    {
        // Only what ends before 22 January is moved: nothing of R1, whose last day is 1 February; it is spent, and over when the goods come back.
        var story = Given(Rolling, Buy("R0", 1_000, daysAgo: 20), Buy("R1", 10_000), Extend(60, 21), Redeem(110), Days(50));
        story.When(ReturnAll("R1")).Then<LinesReturned>().PointsForgiven.ShouldBe(new Points(100));
        story.When(ReturnAll("R0")).Then<LinesReturned>().PointsForgiven.ShouldBe(Points.Zero);
    }

    [Fact]
    public void Points_that_paid_come_back_with_the_end_they_would_have_by_now()
    {
        var story = Given(Rolling, Buy("R1", 10_000), Buy("R2", 10_000, use: 50), Extend(70), Days(50));
        story.When(ReturnAll("R2")).Then<LinesReturned>().LotsGivenBack.ShouldHaveSingleItem().ExpiresAt.ShouldBe(Midnight(3, 12));
    }
}
