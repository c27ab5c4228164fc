using System.Text.Json;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>A history lived again: under its own rules it is the same to the last event, under others it is what the decider makes of it.</summary>
public class RehearsalProperties
{
    [Fact]
    public void Under_the_rules_that_decided_every_sale_and_return_comes_out_as_it_was_booked() => ForAnyHistory(story =>
    {
        foreach (var from in new[] { 0, story.Entries.Count / 2 })
        {
            var tally = Live(story, null, story.Entries.Count == 0 ? default : story.Entries[Math.Min(from, story.Entries.Count - 1)][0].At);
            tally.Refusals.ShouldBe(0);
            foreach (var (booked, lived) in tally.Pairs) Print(lived).ShouldBe(Print(booked));
            foreach (var (booked, lived) in tally.Ends) CustomerStory.PrintWithoutBaskets(lived).ShouldBe(CustomerStory.PrintWithoutBaskets(booked));
        }
    });

    [Fact]
    public void Under_twice_the_rate_nobody_earns_less_and_what_is_spent_still_is()
    {
        // Not so with caps: a sale that gets more leaves less for the next.
        ForAnyHistory(story =>
        {
            var document = System.Text.Json.Nodes.JsonNode.Parse(story.Programme.Document)!;
            document["points"]!["perUnit"] = document["points"]!["perUnit"]!.GetValue<decimal>() * 2;
            var draft = Programme.Compile(document.ToJsonString(), 9).Programme!;
            var tally = Live(story, draft, default);
            foreach (var (booked, lived) in tally.Pairs)
            {
                if (booked is PurchaseRecorded sold && lived is PurchaseRecorded again)
                {
                    again.Amount.ShouldBe(sold.Amount);
                    again.PointsEarned.ShouldBeGreaterThanOrEqualTo(sold.PointsEarned);
                }
            }

            foreach (var (booked, lived) in tally.Ends) (lived.LifetimeSpend, lived.PurchaseCount, lived.Tier).ShouldBe((booked.LifetimeSpend, booked.PurchaseCount, booked.Tier));
        }, RandomHistory.BeginPlain);
    }

    [Fact]
    public void A_sale_that_was_paid_in_points_is_still_a_sale_when_the_points_are_not_there()
    {
        var story = CustomerStory.Given(CustomerActs.Buy("R1", 50_000), CustomerActs.Buy("R2", 1_000, use: 400));
        var tally = Live(story, DomainProgrammes.PlainWith(document => document["points"]!["perUnit"] = 0.1), default);
        tally.Refusals.ShouldBe(1);
        var (booked, lived) = tally.Pairs[1];
        (((PurchaseRecorded)booked).PointsUsed, ((PurchaseRecorded)lived!).PointsUsed, ((PurchaseRecorded)lived).PointsEarned)
            .ShouldBe((new Points(400), Points.Zero, new Points(1)));
    }

    [Fact]
    public void A_sale_is_still_paid_in_points_when_only_the_card_has_too_little()
    {
        var giving = DomainProgrammes.PlainWith(document => document["storedValue"] = System.Text.Json.Nodes.JsonNode.Parse("""{"topUps":[{"atLeastMinor":50000,"giftMinor":6000}]}"""));
        var story = CustomerStory.Given(
            giving, CustomerActs.Adjust(1_000), CustomerActs.TopUp(50_000), CustomerActs.But(CustomerActs.Buy("R1", 57_000, use: 1_000), sale => sale with { UseStoredValue = new Money(56_000) }),
            CustomerActs.ReturnAll("R1"));
        var tally = Live(story, DomainProgrammes.PlainWith(document => document["storedValue"] = new System.Text.Json.Nodes.JsonObject()), default);
        tally.Refusals.ShouldBe(1);
        var lived = (PurchaseRecorded)tally.Pairs[0].Lived!;
        (lived.PointsUsed, lived.StoredValueUsed, lived.PointsEarned).ShouldBe((new Points(1_000), StoredValue.Zero, new Points(560)));
        var end = tally.Ends.Single().Lived;
        (end.Balance, end.StoredValue).ShouldBe((new Points(1_000), new StoredValue(new Money(50_000), Money.Zero)));
    }

    [Fact]
    public void Without_stored_value_every_sale_is_still_a_sale_and_no_card_holds_anything() => ForAnyHistory(story =>
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse(story.Programme.Document)!.AsObject();
        document.Remove("storedValue");
        var tally = Live(story, Programme.Compile(document.ToJsonString(), 9).Programme!, default);
        foreach (var (booked, lived) in tally.Pairs)
        {
            if (booked is not PurchaseRecorded sold) continue;
            var again = (PurchaseRecorded)lived!;
            (again.Amount, again.PointsUsed, again.StoredValueUsed).ShouldBe((sold.Amount, sold.PointsUsed, StoredValue.Zero));
        }

        foreach (var (booked, lived) in tally.Ends) (lived.LifetimeSpend, lived.StoredValue, lived.IsStoredValueFrozen).ShouldBe((booked.LifetimeSpend, StoredValue.Zero, booked.IsStoredValueFrozen));
        // What the gift paid for is paid in money, and earns: so there is never less to pay with.
    }, RandomHistory.BeginPlain);

    [Fact]
    public void A_coupon_that_was_left_alone_is_used_where_other_rules_let_it()
    {
        var story = CustomerStory.Given(
            DomainProgrammes.WithCoupons("""{"id":"c","give":{"kind":"amount","minor":500},"minimum":{"amountMinor":10000}}"""), CustomerActs.Issue("c"),
            CustomerActs.But(CustomerActs.BuyWith("R1", [CustomerActs.Line(1, 9_000)], 1), sale => sale with { SkipCoupons = true }));
        var tally = Live(story, DomainProgrammes.WithCoupons("""{"id":"c","give":{"kind":"amount","minor":500}}"""), default);
        ((PurchaseRecorded)tally.Pairs[0].Lived!).Coupons.Select(use => use.Number).ShouldBe([1]);
        tally.Ends.Single().Lived.LifetimeSpend.ShouldBe(new Money(8_500));
    }

    [Fact]
    public void Under_the_rules_that_decided_sales_with_coupons_come_out_as_they_were_booked()
    {
        var (used, skipped, back, withdrawn) = (0, 0, 0, 0);
        ForAnyHistory(story =>
        {
            var tally = Live(story, null, default);
            tally.Refusals.ShouldBe(0);
            foreach (var (booked, lived) in tally.Pairs)
            {
                Print(lived).ShouldBe(Print(booked));
                used += (booked as PurchaseRecorded)?.Coupons.Count ?? 0;
                skipped += (booked as PurchaseRecorded)?.CouponsSkipped.Count ?? 0;
                back += (booked as LinesReturned)?.CouponsBack.Count ?? 0;
                withdrawn += (booked as LinesReturned)?.CouponsWithdrawn.Count ?? 0;
            }

            foreach (var (booked, lived) in tally.Ends) CustomerStory.PrintWithoutBaskets(lived).ShouldBe(CustomerStory.PrintWithoutBaskets(booked));
        }, RandomHistory.BeginWithCoupons, histories: 900);
        new[] { used, skipped, back, withdrawn }.ShouldAllBe(count => count > 20, $"{used} {skipped} {back} {withdrawn}");
    }

    [Fact]
    public void Under_a_draft_that_lets_tiers_end_they_end_when_they_are_due()
    {
        // Gold on 1 January, a sale two days later, and one in March: by then gold, which lasts a month, has ended.
        var story = CustomerStory.Given(DomainProgrammes.With(Endless), CustomerActs.Buy("R1", 1_000_000), CustomerActs.Days(2), CustomerActs.Buy("R2", 100), CustomerActs.Days(70), CustomerActs.Buy("R3", 100_000));
        var tally = Live(story, DomainProgrammes.With(document =>
        {
            Endless(document);
            document["tierValidity"] = new System.Text.Json.Nodes.JsonObject { ["months"] = 1, ["noticeDays"] = 0 };
            document["qualifyingMonths"] = 1;
        }), default);
        (((PurchaseRecorded)tally.Pairs[2].Booked).PointsEarned, ((PurchaseRecorded)tally.Pairs[2].Lived!).PointsEarned).ShouldBe((new Points(1_250), new Points(1_000)));
        var (booked, lived) = tally.Ends.Single();
        (booked.Tier, lived.Tier).ShouldBe((new TierId("gold"), new TierId("member")));

        static void Endless(System.Text.Json.Nodes.JsonNode document)
        {
            document["points"]!["expiry"] = new System.Text.Json.Nodes.JsonObject { ["kind"] = "never" };
            document["crossStore"]!["bonusPercent"] = 0;
        }
    }

    [Fact]
    public void A_return_takes_back_what_the_sale_earned_in_the_same_life()
    {
        var story = CustomerStory.Given(CustomerActs.Buy("R1", 50_000), CustomerActs.ReturnAll("R1"));
        var tally = Live(story, DomainProgrammes.PlainWith(document => document["points"]!["perUnit"] = 3), default);
        ((LinesReturned)tally.Pairs[1].Lived!).PointsTakenBack.ShouldBe(new Points(1_500));
        tally.Ends.Single().Lived.Balance.ShouldBe(Points.Zero);
    }

    [Fact]
    public void A_reward_that_is_taken_back_comes_from_the_lot_it_had_gone_to()
    {
        var story = CustomerStory.Given(DomainProgrammes.PlainWith(document => document["referral"] = System.Text.Json.Nodes.JsonNode.Parse("""{"referrerPoints":212}""")),
            CustomerActs.Buy("R1", 50_000), CustomerActs.TakeReward(7, 212), CustomerActs.LoseReward(8, 7, 212));
        var (booked, lived) = Live(story, null, default).Ends.Single();
        CustomerStory.Print(lived).ShouldBe(CustomerStory.Print(booked));
    }

    [Fact]
    public void Who_did_nothing_in_the_window_is_not_counted()
    {
        var story = CustomerStory.Given(CustomerActs.Buy("R1", 50_000));
        Live(story, null, new Timestamp(story.Now.UnixMs + 1)).Ends.ShouldBeEmpty();
    }

    // As what it is: of the family alone nothing but time and origin would be compared.
    private static string Print(CustomerEvent? happened) => JsonSerializer.Serialize<object?>(happened is PurchaseRecorded sale
        ? sale with { CouponsSkipped = [.. sale.CouponsSkipped.Where(skipped => skipped.Code != CustomerRejections.CouponHeld.Code)] }
        : happened);

    private static Tally Live(CustomerStory story, Programme? draft, Timestamp from)
    {
        var tally = new Tally();
        var lives = new RehearsedCustomer(new RehearsalTerms(draft, from, static (_, _) => CustomerStory.UtcOffsetMinutes, static _ => (null, null)), tally);
        foreach (var entry in story.Entries) lives.Add(entry, story.Programme);
        lives.End(story.Now);
        return tally;
    }

    private static void ForAnyHistory(Action<CustomerStory> check, Func<int, CustomerStory>? begin = null, int histories = 300) => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        numbers =>
        {
            var story = (begin ?? RandomHistory.Begin)(numbers.Length + numbers.FirstOrDefault());
            for (var i = 0; i < numbers.Length; i++) story.When(RandomHistory.ActOf(numbers[i], i));
            check(story);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(histories).WithEndSize(80));

    private sealed class Tally : IRehearsalTally
    {
        public List<(CustomerEvent Booked, CustomerEvent? Lived)> Pairs { get; } = [];
        public List<(CustomerState Booked, CustomerState Lived)> Ends { get; } = [];
        public int Refusals { get; private set; }

        public void Sold(PurchaseRecorded booked, PurchaseRecorded? lived) => Pairs.Add((booked, lived));
        public void CameBack(LinesReturned booked, LinesReturned? lived) => Pairs.Add((booked, lived));
        public void Refused(Rejection why) => Refusals++;
        public void Ended(CustomerState booked, CustomerState lived) => Ends.Add((booked, lived));
    }
}
