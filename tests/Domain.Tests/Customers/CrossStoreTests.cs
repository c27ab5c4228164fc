using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class CrossStoreTests
{
    private static readonly Programme Paused = DomainProgrammes.PlainWith(d =>
    {
        d["crossStore"]!["bonusPercent"] = 20;
        d["crossStore"]!["coolDownDays"] = 3;
    });

    [Fact]
    public void Another_store_than_the_home_store_earns_a_bonus()
    {
        var recorded = Given(Programme.BuiltIn).When(Buy("R1", 10_000, "S2")).Then<PurchaseRecorded>();
        recorded.CrossStore.ShouldBeTrue();
        (recorded.PointsEarned, recorded.PointsBonus).ShouldBe((new Points(120), new Points(20)));
        recorded.Rules.ShouldBe(["points.earned", "cross-store.bonus"]);
    }

    [Fact]
    public void The_home_store_earns_none()
    {
        var recorded = Given(Programme.BuiltIn).When(Buy("R1", 10_000)).Then<PurchaseRecorded>();
        recorded.CrossStore.ShouldBeFalse();
        recorded.PointsBonus.ShouldBe(Points.Zero);
    }

    [Fact]
    public void The_bonus_is_capped_per_purchase_and_says_so()
    {
        var recorded = Given(Programme.BuiltIn).When(Buy("R1", 1_000_000, "S2")).Then<PurchaseRecorded>();
        recorded.PointsBonus.ShouldBe(new Points(500));
        recorded.Rules.ShouldContain("cross-store.bonus-capped");
    }

    [Fact]
    public void The_lines_share_the_bonus_exactly()
    {
        var recorded = Given(Programme.BuiltIn).When(BuyLines("R1", [Line(1, 3_333), Line(2, 3_333), Line(3, 3_334)], "S2")).Then<PurchaseRecorded>();
        recorded.Lines.Sum(line => line.Bonus.Count).ShouldBe(20);
        recorded.Lines.Sum(line => line.LotPoints.Count).ShouldBe(120);
    }

    [Fact]
    public void There_is_a_pause_between_two_bonuses()
    {
        var story = Given(Paused, Buy("R1", 10_000, "S2"), Days(2));
        var recorded = story.When(Buy("R2", 10_000, "S2")).Then<PurchaseRecorded>();
        recorded.PointsBonus.ShouldBe(Points.Zero);
        recorded.Rules.ShouldContain("cross-store.cooling-down");
        story.And(Days(1)).When(Buy("R3", 10_000, "S3")).Then<PurchaseRecorded>().PointsBonus.ShouldBe(new Points(20));
    }

    [Fact]
    public void A_late_sale_does_not_slip_into_the_pause_from_behind() =>
        Given(Paused, Days(10), Buy("R1", 10_000, "S2")).When(Buy("R2", 10_000, "S2", daysAgo: 2)).Then<PurchaseRecorded>().PointsBonus.ShouldBe(Points.Zero);

    [Fact]
    public void A_customer_who_moves_home_earns_the_bonus_at_the_old_home()
    {
        var story = Given(Programme.BuiltIn, ChangeProfile(9, "S2"));
        story.When(Buy("R1", 10_000, "S1")).Then<PurchaseRecorded>().PointsBonus.ShouldBe(new Points(20));
        story.When(Buy("R2", 10_000, "S2")).Then<PurchaseRecorded>().PointsBonus.ShouldBe(Points.Zero);
    }

    [Fact]
    public void A_return_takes_the_bonus_back_in_proportion()
    {
        var story = Given(Programme.BuiltIn, BuyLines("R1", [Line(1, 10_000, milli: 2_000)], "S2"));
        story.When(Return("R1", [(1, 1_000)], "S2")).Then<LinesReturned>().PointsTakenBack.ShouldBe(new Points(60));
    }
}
