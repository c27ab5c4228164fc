using ChainCrm.Domain.Customers;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>What holds after any history.</summary>
public class HistoryProperties
{
    private static void ForAnyHistory(int tests, Action<CustomerStory, int[]> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers => holds(RandomHistory.Begin(numbers.Length + numbers.FirstOrDefault()), numbers))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(80));

    [Fact]
    public void Lots_less_debt_are_the_balance_and_the_ledger() => ForAnyHistory(400, (story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            story.When(RandomHistory.ActOf(numbers[i], i));
            var state = story.State;
            var lots = state.Lots.ToArray();
            lots.Sum(lot => lot.Remaining.Count).ShouldBe(state.LotSum.Count);
            (state.LotSum - state.Debt).ShouldBe(state.Balance);
            story.Events.Sum(Change).ShouldBe(state.Balance.Count);
            (state.Debt == Points.Zero || state.LotSum == Points.Zero).ShouldBeTrue("debt and lots at the same time");
            lots.ShouldAllBe(lot => lot.Remaining > Points.Zero && lot.Remaining <= lot.Granted);
            if (story.Last.Events.Count > 0 && BalanceOf(story.Last.Events) is { } shown) shown.ShouldBe(state.Balance);
            var spend = story.Events.OfType<PurchaseRecorded>().Sum(e => e.Amount.Minor) - story.Events.OfType<LinesReturned>().Sum(e => e.Amount.Minor);
            state.LifetimeSpend.ShouldBe(new Money(spend));
        }
    });

    [Fact]
    public void Principal_and_gift_are_what_the_entries_say_and_nothing_moves_while_frozen() => ForAnyHistory(400, (story, numbers) =>
    {
        var (sum, frozen) = (StoredValue.Zero, false);
        for (var i = 0; i < numbers.Length; i++)
        {
            story.When(RandomHistory.ActOf(numbers[i], i));
            foreach (var happened in story.Last.Events)
            {
                var (moved, shown) = Moved(happened);
                sum += moved;
                if (shown is { } balance) balance.ShouldBe(sum);
                (frozen && moved != StoredValue.Zero && happened is not LinesReturned).ShouldBeFalse("moved while frozen");
                frozen = (frozen || happened is StoredValueFrozen) && happened is not StoredValueReleased;
            }

            (story.State.StoredValue, story.State.IsStoredValueFrozen).ShouldBe((sum, frozen));
            (sum.Principal >= Money.Zero && sum.Gift >= Money.Zero).ShouldBeTrue();
        }
    });

    [Fact]
    public void Lots_stand_in_burn_order() => ForAnyHistory(200, (story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++) story.When(RandomHistory.ActOf(numbers[i], i));
        var lots = story.State.Lots.ToArray();
        lots.ShouldBe(lots.OrderBy(lot => lot.ExpiresAt?.UnixMs ?? long.MaxValue).ThenBy(lot => lot.Number));
    });

    [Fact]
    public void A_refused_command_changes_nothing() => ForAnyHistory(300, (story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            var before = CustomerStory.Print(story.State);
            story.When(RandomHistory.ActOf(numbers[i], i));
            if (story.Last.Rejection is null) continue;
            story.Last.Events.ShouldBeEmpty();
            CustomerStory.Print(story.State).ShouldBe(before);
        }
    });

    [Fact]
    public void A_snapshot_anywhere_in_the_history_changes_nothing() => ForAnyHistory(300, (story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++) story.When(RandomHistory.ActOf(numbers[i], i));
        var cut = numbers.Length == 0 ? 0 : (numbers[0] & int.MaxValue) % (story.Entries.Count + 1);
        var state = Fold(new CustomerState(), story.Entries.Take(cut));
        state = Fold(CustomerState.Import(state.Export()), story.Entries.Skip(cut));
        CustomerStory.Print(state).ShouldBe(CustomerStory.Print(story.State));
    });

    [Fact]
    public void The_same_decision_is_made_after_a_snapshot() => ForAnyHistory(150, (story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++) story.When(RandomHistory.ActOf(numbers[i], i));
        var act = CustomerActs.Buy("RX", 12_345, "S2", use: Math.Min(10, (int)Math.Max(0, story.State.Balance.Count)));
        var command = act(story)!;
        var here = CustomerDecider.Decide(story.State, command, story.Programme);
        var there = CustomerDecider.Decide(CustomerState.Import(story.State.Export()), command, story.Programme);
        System.Text.Json.JsonSerializer.Serialize<object[]>([.. there.Events]).ShouldBe(System.Text.Json.JsonSerializer.Serialize<object[]>([.. here.Events]));
    });

    [Fact]
    public void Buying_and_returning_everything_is_as_if_never_bought() => ForAnyHistory(400, (story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++) story.When(RandomHistory.ActOf(numbers[i], i));
        story.When(CustomerActs.Wake());
        var state = story.State;
        var before = (state.Balance, state.LifetimeSpend, state.Tier, state.QualifyingSpend(story.Today, 12), Ends(state), state.StoredValue);
        var seed = numbers.LastOrDefault();
        var use = Math.Min(state.SpendableAt(story.Now).Count, seed & 63);
        story.When(FromCard(CustomerActs.BuyLines("RX", RandomHistory.LinesOf(seed), "S2", use), seed));
        if (story.Last.Rejection is not null) return;
        story.And(CustomerActs.ReturnAll("RX", "S2"));
        state = story.State;
        (state.Balance, state.LifetimeSpend, state.Tier, state.QualifyingSpend(story.Today, 12), Ends(state), state.StoredValue).ShouldBe(before);
    });

    [Fact]
    public void Parts_in_any_number_add_up_to_exactly_the_whole() => ForAnyHistory(300, (story, numbers) =>
    {
        story.And(CustomerActs.Adjust(500));
        var lines = RandomHistory.LinesOf(numbers.Length);
        story.When(CustomerActs.TopUp(20_000));
        story.When(FromCard(CustomerActs.BuyLines("RX", lines, "S2", use: numbers.Length * 3), numbers.Sum(number => number & 0xFFFF)));
        if (story.Last.Rejection is not null) return;
        var bought = story.Then<PurchaseRecorded>();
        for (var i = 0; i < numbers.Length; i++)
        {
            var line = lines[(numbers[i] & int.MaxValue) % lines.Count];
            story.When(CustomerActs.Return("RX", [(line.Line, line.Quantity.Milli == 0 ? 0 : 1 + ((numbers[i] & 0xFFFF) % line.Quantity.Milli))], "S2"));
        }

        story.When(CustomerActs.ReturnAll("RX", "S2"));
        var returns = story.Events.OfType<LinesReturned>().ToList();
        returns.Sum(e => e.Amount.Minor).ShouldBe(bought.Amount.Minor);
        returns.Sum(e => e.PointsTakenBack.Count + e.PointsForgiven.Count).ShouldBe(bought.PointsEarned.Count);
        returns.Sum(e => e.PointsGivenBack.Count).ShouldBe(bought.PointsUsed.Count);
        returns.Sum(e => e.PointsValue.Minor).ShouldBe(bought.PointsValue.Minor);
        returns.Aggregate(StoredValue.Zero, (sum, e) => sum + e.StoredValueBack).ShouldBe(bought.StoredValueUsed);
        returns.SelectMany(e => e.Lines).GroupBy(line => line.Line).Select(g => g.Sum(line => line.Quantity.Milli))
            .ShouldBe(lines.OrderBy(line => line.Line).Select(line => line.Quantity.Milli), ignoreOrder: true);
    });

    [Fact]
    public void Splitting_a_receipt_never_earns_more() => ForAnyHistory(300, (story, numbers) =>
    {
        story.Programme = DomainProgrammes.With(d =>
        {
            d["points"]!["perUnit"] = 0.7771;
            d["crossStore"]!["capPerPurchase"] = null;
            d["tiers"] = new System.Text.Json.Nodes.JsonArray(d["tiers"]![0]!.DeepClone());
        });
        var amounts = numbers.Select(number => (long)(number & 0xFFFFF)).Append(99).ToList();
        var whole = CustomerStory.Given(story.Programme, CustomerActs.Buy("R", amounts.Sum(), "S2")).State.Balance;
        var split = CustomerStory.Given(story.Programme, [.. amounts.Select((amount, i) => CustomerActs.Buy($"R{i}", amount, "S2"))]).State.Balance;
        split.ShouldBeLessThanOrEqualTo(whole);
    });

    [Fact]
    public void The_lines_of_every_purchase_add_up() => ForAnyHistory(200, (story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++) story.When(RandomHistory.ActOf(numbers[i], i));
        foreach (var e in story.Events.OfType<PurchaseRecorded>())
        {
            e.Lines.Sum(line => line.Earned.Count + line.Bonus.Count).ShouldBe(e.PointsEarned.Count);
            e.Lines.Sum(line => line.Bonus.Count).ShouldBe(e.PointsBonus.Count);
            e.Lines.Sum(line => line.LotPoints.Count).ShouldBe(e.PointsEarned.Count - e.DebtPaid.Count);
            e.Lines.ShouldAllBe(line => line.Earned >= Points.Zero && line.Bonus >= Points.Zero && line.LotPoints >= Points.Zero);
            e.LotsUsed.Sum(part => part.Points.Count).ShouldBe(e.PointsUsed.Count);
        }
    });

    private static CustomerState Fold(CustomerState state, IEnumerable<IReadOnlyList<CustomerEvent>> entries)
    {
        foreach (var entry in entries)
        {
            foreach (var happened in entry) state = CustomerDecider.Evolve(state, happened);
            state.EntryFolded();
        }

        return state;
    }

    private static Act FromCard(Act purchase, int number) => story =>
    {
        var sale = (RecordPurchase)purchase(story)!;
        return story.State.IsStoredValueFrozen ? sale : sale with { UseStoredValue = RandomHistory.FromCard(story, sale, (number & int.MaxValue) | 1) };
    };

    // What each event does to principal and gift, and what it says they are afterwards.
    private static (StoredValue Moved, StoredValue? Shown) Moved(CustomerEvent happened) => happened switch
    {
        StoredValueToppedUp e => (new StoredValue(e.Amount, e.Gift), new StoredValue(e.PrincipalBalance, e.GiftBalance)),
        StoredValueRefunded e => (StoredValue.Zero - new StoredValue(e.Amount, e.GiftWithdrawn), new StoredValue(e.PrincipalBalance, e.GiftBalance)),
        PurchaseRecorded e when e.StoredValueUsed != default => (StoredValue.Zero - e.StoredValueUsed, e.StoredValueBalance),
        LinesReturned e when e.StoredValueBackSoFar != default => (e.StoredValueBack, e.StoredValueBalance),
        _ => (StoredValue.Zero, null),
    };

    // What each event does to the balance, from its own figures alone.
    private static long Change(CustomerEvent happened) => happened switch
    {
        PurchaseRecorded e => e.PointsEarned.Count - e.PointsUsed.Count,
        LinesReturned e => e.PointsGivenBack.Count - e.PointsTakenBack.Count,
        PointsRedeemed e => -e.Points.Count,
        PointsAdjusted e => e.Points.Count,
        PointsExpired e => -e.Points.Count,
        DeliverySent { LotsUsed.Count: > 0 } e => -e.Points.Count,
        DeliveryReceived e => e.Points.Count,
        DeliveryGivenBack e => e.Points.Count,
        _ => 0,
    };

    private static Points? BalanceOf(IReadOnlyList<CustomerEvent> events) => events.Select(e => e switch
    {
        PurchaseRecorded p => p.Balance,
        LinesReturned p => p.Balance,
        PointsRedeemed p => p.Balance,
        DeliverySent p => p.Balance,
        DeliveryReceived p => p.Balance,
        DeliveryGivenBack p => p.Balance,
        PointsAdjusted p => p.Balance,
        PointsExpired p => (Points?)p.Balance,
        _ => null,
    }).LastOrDefault(balance => balance is not null);

    // Points by when they end: the lots may differ, what the customer has may not. A purchase that comes back does not take back that it moved the end of those by inactivity.
    private static string Ends(CustomerState state) => string.Join(' ', state.Lots.ToArray().GroupBy(lot => lot.ByInactivity ? -1 : lot.ExpiresAt?.UnixMs ?? 0)
        .OrderBy(group => group.Key).Select(group => $"{group.Key}:{group.Sum(lot => lot.Remaining.Count)}"));
}
