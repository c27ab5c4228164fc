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

/// <summary>Referrals: the friend's reward, the referrer's, and what a return makes of both (R67, F22).</summary>
public class ReferralTests
{
    private static readonly Programme Rewarding = With("""{"referrerPoints":200,"friendPoints":50,"leastMinor":10000,"withinDays":30,"mostPerYear":2}""");

    private static Programme With(string referral, bool negative = true) => DomainProgrammes.PlainWith(document =>
    {
        document["referral"] = JsonNode.Parse(referral);
        document["points"]!["negativeBalance"] = negative;
    });

    private static CustomerStory Friend(Programme? programme = null, params Act[] acts) => Stranger(programme ?? Rewarding).And([EnrolBy("c-ann"), .. acts]);

    [Fact]
    public void The_first_purchase_that_is_large_enough_rewards_both()
    {
        var story = Friend(null, Buy("R1", 9_999)).When(Buy("R2", 10_000));
        story.Then<ReferralRewarded>().ShouldSatisfyAllConditions(
            e => (e.Referrer, e.Receipt, e.Points, e.ReferrerPoints, e.Balance).ShouldBe((new CustomerId("c-ann"), "R2", new Points(50), new Points(200), new Points(249))),
            e => e.LotsGranted.ShouldHaveSingleItem().Points.ShouldBe(new Points(50)));
        story.Then<PurchaseRecorded>().ShouldSatisfyAllConditions(e => e.PointsEarned.ShouldBe(new Points(100)), e => e.Balance.ShouldBe(new Points(249)));
        story.Then<DeliverySent>().ShouldSatisfyAllConditions(
            e => (e.To, e.Kind, e.Points, e.Delivery, e.Of, e.Balance).ShouldBe((new CustomerId("c-ann"), DeliveryKinds.Referral, new Points(200), 1, 0, new Points(249))), e => e.LotsUsed.ShouldBeEmpty());
        // The friend's lot is its own: 99, 100 and 50.
        story.State.Lots.ToArray().Select(lot => lot.Remaining.Count).ShouldBe([99, 100, 50]);
        story.And(Settle()).When(Buy("R3", 20_000)).Last.Events.OfType<ReferralRewarded>().ShouldBeEmpty();
    }

    [Fact]
    public void It_must_be_within_the_days_and_by_somebody_who_was_recommended()
    {
        Friend(null, Days(30)).When(Buy("R1", 10_000)).Then<ReferralRewarded>();
        Friend(null, Days(31)).When(Buy("R1", 10_000)).Last.Events.Count.ShouldBe(1);
        Given(Rewarding).When(Buy("R1", 10_000)).Last.Events.Count.ShouldBe(1);
        Friend().When(Buy("R1", 10_000, daysAgo: 1)).Last.Events.Count.ShouldBe(1);
        var story = Friend();
        story.Programme = DomainProgrammes.Plain;
        story.When(Buy("R1", 10_000)).Last.Events.Count.ShouldBe(1);
    }

    [Fact]
    public void Without_points_for_the_friend_only_the_referrer_gets_some()
    {
        var story = Friend(With("""{"referrerPoints":200}""")).When(Buy("R1", 1));
        story.Then<ReferralRewarded>().ShouldSatisfyAllConditions(e => e.Points.ShouldBe(Points.Zero), e => e.LotsGranted.ShouldBeEmpty());
        story.Then<DeliverySent>().Points.ShouldBe(new Points(200));
        story.When(ReturnAll("R1")).Then<ReferralWithdrawn>().Points.ShouldBe(Points.Zero);
        story.Then<DeliverySent>().ShouldSatisfyAllConditions(e => e.Kind.ShouldBe(DeliveryKinds.ReferralBack), e => e.Of.ShouldBe(1));
    }

    [Fact]
    public void A_return_takes_both_rewards_back_when_what_is_kept_would_not_have_earned_them()
    {
        var story = Friend(null, BuyLines("R1", [Line(1, 6_000), Line(2, 4_000), Line(3, 1_000)]));
        story.When(Return("R1", [(3, 1_000)])).Last.Events.OfType<ReferralWithdrawn>().ShouldBeEmpty();
        story.When(Return("R1", [(2, 1_000)]));
        // 110 + 50 − 10 − 40 − 50.
        story.Then<ReferralWithdrawn>().ShouldSatisfyAllConditions(e => (e.Points, e.DebtAdded, e.Forgiven, e.Balance).ShouldBe((new Points(50), Points.Zero, Points.Zero, new Points(60))),
            e => e.LotsTaken.ShouldBe([new LotPart(2, new Points(50))]));
        story.Then<LinesReturned>().Balance.ShouldBe(new Points(60));
        story.Then<DeliverySent>().ShouldSatisfyAllConditions(e => (e.Kind, e.Points, e.Delivery, e.Of).ShouldBe((DeliveryKinds.ReferralBack, new Points(200), 2, 1)));
        // It is as if it had never been bought: a later purchase earns the reward.
        story.When(ReturnAll("R1")).Last.Events.OfType<ReferralWithdrawn>().ShouldBeEmpty();
        story.When(Buy("R2", 10_000)).Then<ReferralRewarded>().Delivery.ShouldBe(3);
    }

    [Fact]
    public void What_the_friend_has_spent_of_it_becomes_debt_or_is_forgiven()
    {
        var owing = Friend(null, Buy("R1", 10_000), Redeem(120)).When(ReturnAll("R1"));
        owing.Then<ReferralWithdrawn>().ShouldSatisfyAllConditions(e => e.Balance.ShouldBe(new Points(-120)));
        owing.State.Debt.ShouldBe(new Points(120));
        var forgiven = Friend(With("""{"referrerPoints":200,"friendPoints":50}""", negative: false), Buy("R1", 10_000), Redeem(120)).When(ReturnAll("R1"));
        forgiven.State.Balance.ShouldBe(Points.Zero);
        forgiven.Then<ReferralWithdrawn>().Forgiven.ShouldBe(new Points(50));
    }

    [Fact]
    public void The_reward_pays_the_friends_debt_first()
    {
        var story = Friend(null, Adjust(-130)).When(Buy("R1", 10_000));
        story.Then<ReferralRewarded>().ShouldSatisfyAllConditions(e => (e.DebtPaid, e.Balance).ShouldBe((new Points(30), new Points(20))), e => e.LotsGranted.ShouldHaveSingleItem().Points.ShouldBe(new Points(20)));
    }

    [Fact]
    public void A_reward_that_the_referrer_could_not_have_is_not_taken_back_from_anybody()
    {
        var story = Friend(null, Buy("R1", 10_000), Settle(CustomerRejections.ReferralLimitReached.Code));
        story.When(ReturnAll("R1")).Then<ReferralWithdrawn>();
        story.Last.Events.OfType<DeliverySent>().ShouldBeEmpty();
    }

    [Fact]
    public void A_referrer_gets_as_many_rewards_in_a_year_as_the_programme_says()
    {
        var story = Given(Rewarding, TakeReward(1, 200), TakeReward(2, 200, "c-bob"));
        story.When(TakeReward(3, 200, "c-cid")).ThenRejected(CustomerRejections.ReferralLimitReached);
        story.State.Balance.ShouldBe(new Points(400));
        // One of them comes back, and there is room for another.
        story.And(LoseReward(4, 2, 200, "c-bob"), TakeReward(3, 200, "c-cid"));
        story.When(TakeReward(5, 200)).ThenRejected(CustomerRejections.ReferralLimitReached);
        story.And(Days(366), TakeReward(5, 200));
    }

    [Fact]
    public void What_the_referrer_has_spent_becomes_debt_and_what_never_came_is_not_taken()
    {
        var story = Given(Rewarding, TakeReward(1, 200), Redeem(150));
        story.When(LoseReward(2, 1, 200)).Then<DeliveryReceived>().ShouldSatisfyAllConditions(
            e => (e.Points, e.DebtAdded, e.Balance).ShouldBe((new Points(-200), new Points(150), new Points(-150))), e => e.LotsTaken.ShouldBe([new LotPart(1, new Points(50))]));
        story.When(LoseReward(3, 9, 200)).ThenRejected(CustomerRejections.ReferralNotReceived);
        var forgiven = Given(With("""{"referrerPoints":200}""", negative: false), TakeReward(1, 200), Redeem(150)).When(LoseReward(2, 1, 200));
        forgiven.Then<DeliveryReceived>().Points.ShouldBe(new Points(-50));
    }

    [Fact]
    public void Enrolling_with_a_referrer_needs_a_programme_that_rewards_referrals()
    {
        Stranger().When(EnrolBy("c-ann")).ThenRejected(CustomerRejections.ReferralNotOffered, "referralCode");
        Stranger(With("""{"referrerPoints":200,"enabled":false}""")).When(EnrolBy("c-ann")).ThenRejected(CustomerRejections.ReferralNotOffered, "referralCode");
        Stranger(Rewarding).When(EnrolBy("c ann")).ThenRejected(CustomerRejections.ReferralCodeUnknown, "referralCode");
        Stranger(Rewarding).And(EnrolBy("c-ann")).Then<CustomerEnrolled>().ReferredBy.ShouldBe(new CustomerId("c-ann"));
    }

    [Fact]
    public void While_nothing_more_can_be_sent_a_reward_waits_for_the_next_purchase()
    {
        var programme = DomainProgrammes.PlainWith(document =>
        {
            document["referral"] = JsonNode.Parse("""{"referrerPoints":200,"friendPoints":50}""");
            document["points"]!["transfer"] = JsonNode.Parse("""{"to":"anybody"}""");
        });
        var story = Friend(programme, Adjust(1_000));
        for (var i = 0; i < Limits.OpenDeliveriesMax; i++) story.And(Transfer(1));
        story.When(Buy("R1", 10_000)).Last.Events.Count.ShouldBe(1);
        story.And(Settle()).When(Buy("R2", 10_000)).Then<ReferralRewarded>();
    }

    [Theory]
    [InlineData("""{}""", 404, "referral.referrerPoints")]
    [InlineData("""{"referrerPoints":0}""", 407, "referral.referrerPoints")]
    [InlineData("""{"referrerPoints":1,"friendPoints":-1}""", 407, "referral.friendPoints")]
    [InlineData("""{"referrerPoints":1,"leastMinor":0}""", 407, "referral.leastMinor")]
    [InlineData("""{"referrerPoints":1,"withinDays":367}""", 407, "referral.withinDays")]
    [InlineData("""{"referrerPoints":1,"mostPerYear":0}""", 407, "referral.mostPerYear")]
    [InlineData("""{"referrerPoints":1,"bonus":1}""", 402, "referral.bonus")]
    public void A_section_is_refused_at_its_field(string referral, int code, string field)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["referral"] = JsonNode.Parse(referral);
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(error => (error.Code, error.Field)).ShouldBe([(code, field)]);
    }

    [Fact]
    public void In_no_history_is_there_more_than_one_reward_that_stands() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers =>
        {
            var story = RandomHistory.Begin(numbers.Length);
            for (var i = 0; i < numbers.Length; i++)
            {
                story.When(RandomHistory.ActOf(numbers[i], i));
                var (given, taken) = (story.Events.OfType<ReferralRewarded>().Count(), story.Events.OfType<ReferralWithdrawn>().Count());
                (given - taken).ShouldBeInRange(0, 1);
                (story.State.Referral?.Purchase is not null).ShouldBe(given > taken);
                var (sent, back) = (story.Events.OfType<DeliverySent>().Count(e => e.Kind == DeliveryKinds.Referral), story.Events.OfType<DeliverySent>().Count(e => e.Kind == DeliveryKinds.ReferralBack));
                sent.ShouldBe(given);
                back.ShouldBeLessThanOrEqualTo(taken);
                CustomerStory.Print(CustomerState.Import(story.State.Export())).ShouldBe(CustomerStory.Print(story.State));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(80));
}
