using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class ExpiryTests
{
    private static Programme Rolling(int months, string roundUpTo) => DomainProgrammes.PlainWith(d =>
        d["points"]!["expiry"] = new System.Text.Json.Nodes.JsonObject { ["kind"] = "rolling", ["months"] = months, ["roundUpTo"] = roundUpTo });

    private static Timestamp Utc(int year, int month, int day, int hour = 0) =>
        new(new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());

    [Fact]
    public void Points_end_at_local_midnight_after_the_month()
    {
        // Sold on 1 January 2024 in Beijing: the end is the last midnight of January 2025 there, 16:00 UTC.
        Given(Rolling(12, "month"), Buy("R1", 10_000)).State.NextExpiry.ShouldBe(Utc(2025, 1, 31, 16));
    }

    [Fact]
    public void Points_end_at_local_midnight_after_the_day() =>
        Given(Rolling(12, "day"), Buy("R1", 10_000)).State.NextExpiry.ShouldBe(Utc(2025, 1, 1, 16));

    [Fact]
    public void Points_may_end_to_the_millisecond() =>
        Given(Rolling(12, "none"), Buy("R1", 10_000)).State.NextExpiry.ShouldBe(Utc(2025, 1, 1, 4));

    [Fact]
    public void A_month_after_31_January_is_the_last_day_of_February() =>
        Given(Rolling(1, "none"), Days(30), Buy("R1", 10_000)).State.NextExpiry.ShouldBe(Utc(2024, 2, 29, 4));

    [Fact]
    public void Points_without_end_never_wake_the_customer() => Given(Buy("R1", 10_000)).State.NextExpiry.ShouldBeNull();

    [Fact]
    public void The_agenda_lets_points_expire()
    {
        var story = Given(Rolling(1, "none"), Buy("R1", 10_000), Days(10), Buy("R2", 5_000), Days(21));
        var expired = story.When(Wake()).Then<PointsExpired>();
        expired.Points.ShouldBe(new Points(100));
        expired.Balance.ShouldBe(new Points(50));
        story.State.NextExpiry!.Value.ShouldBeGreaterThan(story.Now);
    }

    [Fact]
    public void Waking_twice_does_nothing_the_second_time()
    {
        var story = Given(Rolling(1, "none"), Buy("R1", 10_000), Days(31), Wake());
        story.When(Wake()).Last.Events.ShouldBeEmpty();
        story.Last.Rejection.ShouldBeNull();
    }

    [Fact]
    public void Points_expire_in_the_millisecond_of_their_end()
    {
        var story = Given(Rolling(1, "none"), Buy("R1", 10_000), Days(31));
        story.State.NextExpiry.ShouldBe(story.Now);
        story.State.SpendableAt(story.Now).ShouldBe(Points.Zero);
        story.State.SpendableAt(new Timestamp(story.Now.UnixMs - 1)).ShouldBe(new Points(100));
    }

    [Fact]
    public void Expired_points_can_not_be_spent_even_before_the_agenda_came() =>
        Given(Rolling(1, "none"), Buy("R1", 10_000), Days(31)).When(Redeem(1)).ThenRejected(CustomerRejections.NotEnoughPoints);

    [Fact]
    public void Every_decision_first_says_what_has_expired()
    {
        var story = Given(Rolling(1, "none"), Buy("R1", 10_000), Days(31)).When(Buy("R2", 20_000));
        story.Last.Events.Select(e => e.GetType()).ShouldBe([typeof(PointsExpired), typeof(PurchaseRecorded)]);
        story.Then<PointsExpired>().Balance.ShouldBe(Points.Zero);
        story.Then<PurchaseRecorded>().Balance.ShouldBe(new Points(200));
    }

    [Fact]
    public void Points_of_a_sale_sent_after_their_end_expire_in_the_same_entry()
    {
        var story = Given(Rolling(1, "none"), Days(100)).When(Buy("R1", 10_000, daysAgo: 60));
        story.Last.Events.Select(e => e.GetType()).ShouldBe([typeof(PurchaseRecorded), typeof(PointsExpired)]);
        story.Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(100));
        story.Then<PurchaseRecorded>().Balance.ShouldBe(Points.Zero);
        story.State.NextExpiry.ShouldBeNull();
    }
}
