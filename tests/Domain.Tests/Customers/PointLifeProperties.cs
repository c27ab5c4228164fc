using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>What holds of the ends of points after any history, also when the rules change on the way.</summary>
public class PointLifeProperties
{
    private static readonly Programme[] Programmes =
    [
        .. new[]
        {
            """{"kind":"inactivity","months":1,"roundUpTo":"none"}""", """{"kind":"inactivity","months":3,"roundUpTo":"day"}""", """{"kind":"rolling","months":2,"roundUpTo":"none"}""",
            """{"kind":"calendar","days":["02-29","06-15","11-30"],"minimumDays":10}""", """{"kind":"never"}""",
        }.Select(expiry => DomainProgrammes.With(d => d["points"]!["expiry"] = JsonNode.Parse(expiry))),
    ];

    [Fact]
    public void Points_by_inactivity_end_together_never_sooner_than_before_and_months_after_every_purchase() => ForAnyHistory((story, numbers) =>
    {
        Timestamp? latest = null;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] % 7 == 0) story.Programme = Programmes[(numbers[i] & int.MaxValue) % Programmes.Length];
            story.When(RandomHistory.ActOf(numbers[i], i));
            var state = story.State;
            (state.InactivityEnd?.UnixMs ?? 0).ShouldBeGreaterThanOrEqualTo(latest?.UnixMs ?? 0);
            latest = state.InactivityEnd;
            state.Lots.ToArray().Where(lot => lot.ByInactivity).ShouldAllBe(lot => lot.ExpiresAt == latest);
            state.Lots.ToArray().Select(lot => (lot.ExpiresAt?.UnixMs ?? long.MaxValue, lot.Number)).ShouldBeInOrder();
            state.Lots.ToArray().Sum(lot => lot.Remaining.Count).ShouldBe(state.LotSum.Count);
            if (story.Last.Events is null || story.Last.Events.OfType<PurchaseRecorded>().SingleOrDefault() is not { ByInactivity: true } sale) continue;
            var day = sale.BusinessDay.ToDate().AddMonths(story.Programme.Expiry.Months).AddDays(story.Programme.Expiry.Months == 3 ? 1 : 0);
            var own = day.ToDateTime(new TimeOnly(story.Programme.Expiry.Months == 3 ? 0 : 12, 0)).AddHours(-8);
            latest!.Value.UnixMs.ShouldBeGreaterThanOrEqualTo((long)(own - DateTime.UnixEpoch).TotalMilliseconds);
            sale.ExpiresAt.ShouldBe(latest);
        }

        CustomerStory.Print(CustomerState.Import(story.State.Export())).ShouldBe(CustomerStory.Print(story.State));
    });

    [Fact]
    public void Buying_with_points_and_bringing_it_all_back_leaves_the_points_and_at_most_a_later_end() => ForAnyHistory((story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] % 7 == 0) story.Programme = Programmes[(numbers[i] & int.MaxValue) % Programmes.Length];
            story.When(RandomHistory.ActOf(numbers[i], i));
        }

        story.When(CustomerActs.Wake());
        var (balance, fixedEnds) = (story.State.Balance, FixedEnds(story.State));
        story.When(CustomerActs.Buy("RX", 50_000, use: Math.Min(story.State.FreePointsAt(story.Now).Count, 400)));
        if (story.Last.Rejection is not null) return;
        story.And(CustomerActs.ReturnAll("RX"));
        (story.State.Balance, FixedEnds(story.State)).ShouldBe((balance, fixedEnds));
    });

    private static string FixedEnds(CustomerState state) => string.Join(' ', state.Lots.ToArray().Where(lot => !lot.ByInactivity).GroupBy(lot => lot.ExpiresAt?.UnixMs ?? 0)
        .Select(group => $"{group.Key}:{group.Sum(lot => lot.Remaining.Count)}"));

    private static void ForAnyHistory(Action<CustomerStory, int[]> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers => holds(CustomerStory.Given(Programmes[numbers.Length % Programmes.Length]), numbers))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(80));
}
