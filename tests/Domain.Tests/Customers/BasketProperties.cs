using System.Text.Json;
using ChainCrm.Domain.Customers;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>What holds of baskets after any history.</summary>
public class BasketProperties
{
    private const long LeaseMs = 600_000;

    private static void ForAnyHistory(int tests, Action<CustomerStory, int[]> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers => holds(RandomHistory.Begin(numbers.Length + numbers.FirstOrDefault()), numbers))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(80));

    [Fact]
    public void What_is_held_can_be_spent_and_nobody_else_spends_it()
    {
        var (opened, committed, expired, cancelled, refused) = (0, 0, 0, 0, 0);
        ForAnyHistory(500, (story, numbers) =>
        {
            story.And(CustomerActs.Adjust(3_000));
            story.When(CustomerActs.TopUp(5_000));
            for (var i = 0; i < numbers.Length; i++)
            {
                var act = ActOf(numbers[i], i);
                var before = CustomerState.Import(story.State.Export());
                story.When(act);
                refused += story.Last.Rejection?.Code is 173 or 174 ? 1 : 0;
                foreach (var happened in story.Last.Events) Holds(story, before, happened);
                opened += story.Last.Events.OfType<BasketOpened>().Count();
                committed += story.Last.Events.OfType<BasketCommitted>().Count();
                cancelled += story.Last.Events.OfType<BasketCancelled>().Count();
                expired += story.Last.Events.OfType<BasketsExpired>().Count();
            }
        });
        // A property that meets nothing proves nothing.
        new[] { opened, committed, expired, cancelled, refused }.ShouldAllBe(count => count > 20, $"{opened} {committed} {expired} {cancelled} {refused}");
    }

    // Baskets among everything else, and much that would like to have what they hold.
    private static Act ActOf(int number, int place)
    {
        var dice = new Random(number ^ (place * 104_729));
        return dice.Next(8) switch
        {
            0 or 1 => CustomerActs.Open(1 + dice.Next(1_000), dice.Next(2) == 0 ? dice.Next(3_000) : 0),
            2 => CustomerActs.Pays(CustomerActs.Buy($"B{place}", 5_000, "S2", use: dice.Next(1_500))),
            3 => CustomerActs.Cancel(),
            4 => CustomerActs.Redeem(1 + dice.Next(2_000)),
            5 => CustomerActs.Later(dice.Next(15 * 60_000)),
            _ => RandomHistory.ActOf(number, place),
        };
    }

    private static void Holds(CustomerStory story, CustomerState before, CustomerEvent happened)
    {
        var (state, now) = (story.State, story.Now);
        var held = state.HeldAt(now);
        switch (happened)
        {
            case BasketOpened or BasketChanged:
                held.Points.ShouldBeLessThanOrEqualTo(state.SpendableAt(now));
                held.StoredValue.ShouldBeLessThanOrEqualTo(state.StoredValue.Sum());
                break;
            // Spending leaves what others hold, or what was left of it before.
            case PurchaseRecorded { PointsUsed.Count: > 0 } or PointsRedeemed or PointsAdjusted { Points.Count: < 0 }:
                state.SpendableAt(now).ShouldBeGreaterThanOrEqualTo(Points.Min(held.Points, before.SpendableAt(now)));
                break;
        }

        held.StoredValue.ShouldBeLessThanOrEqualTo(state.StoredValue.Sum());
        state.Baskets.Length.ShouldBeLessThanOrEqualTo(Limits.OpenBasketsMax);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_basket_given_up_or_run_out_leaves_the_customer_as_if_it_had_never_been_opened(bool expires)
    {
        var met = 0;
        ForAnyHistory(300, (story, numbers) =>
        {
            var cut = numbers.Length / 2;
            var other = RandomHistory.Begin(numbers.Length + numbers.FirstOrDefault());
            foreach (var each in new[] { story, other })
                for (var i = 0; i < cut; i++) each.When(RandomHistory.ActOf(numbers[i], i));
            story.When(CustomerActs.Open(1 + (numbers.LastOrDefault() & 0x1FF)));
            if (story.Last.Rejection is not null) return;
            met++;
            if (!expires) story.And(CustomerActs.Change(1), CustomerActs.Cancel());
            foreach (var each in new[] { story, other }) each.And(CustomerActs.Later(LeaseMs), CustomerActs.Wake());
            Print(story).ShouldBe(Print(other));
            // And so does whatever comes, but for the numbers of baskets, which are versions.
            var (from, otherFrom) = (story.Entries.Count, other.Entries.Count);
            for (var i = cut; i < numbers.Length; i++)
            {
                foreach (var each in new[] { story, other }) each.When(Without(RandomHistory.ActOf(numbers[i], i)));
                story.Last.Rejection.ShouldBe(other.Last.Rejection);
            }

            Print(story.Entries.Skip(from)).ShouldBe(Print(other.Entries.Skip(otherFrom)));
        });
        met.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void A_sale_that_pays_a_basket_is_the_sale_without_it() => ForAnyHistory(300, (story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++) story.When(Without(RandomHistory.ActOf(numbers[i], i)));
        var points = story.State.SpendableAt(story.Now).Count;
        if (points == 0) return;
        var buy = CustomerActs.BuyLines("RX", RandomHistory.LinesOf(numbers.Length), "S2", use: Math.Min(points, numbers.Length));
        var plain = CustomerDecider.Decide(story.State, buy(story)!, story.Programme);
        story.When(CustomerActs.Open(points));
        if (story.Last.Rejection is not null) return;
        story.When(CustomerActs.Pays(buy));
        (story.Last.Rejection?.Code).ShouldBe(plain.Rejection?.Code);
        Print([[.. story.Last.Events.Where(happened => happened is not BasketCommitted)]]).ShouldBe(Print([plain.Events]));
    });

    // Baskets of one history have no part in the other.
    private static Act Without(Act act) => story => act(story) switch
    {
        OpenBasket or ChangeBasket or CancelBasket => null,
        RecordPurchase sale => sale with { Basket = 0 },
        var command => command,
    };

    private static string Print(CustomerStory story)
    {
        story.State.Baskets.Length.ShouldBe(0);
        return CustomerStory.PrintWithoutBaskets(story.State);
    }

    private static string Print(IEnumerable<IReadOnlyList<CustomerEvent>> entries) =>
        string.Join('\n', entries.Select(static entry => JsonSerializer.Serialize<object[]>([.. entry])));
}
