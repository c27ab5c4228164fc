using ChainCrm.Domain.Customers;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>What holds of coupons after any history (docs/domain/coupons.md).</summary>
public class CouponProperties
{
    private static void ForAnyHistory(int tests, Action<CustomerStory, int[]> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers => holds(RandomHistory.BeginWithCoupons(numbers.Length + numbers.FirstOrDefault()), numbers))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(120));

    [Fact]
    public void The_coupons_in_hand_are_what_the_entries_say()
    {
        var (issued, byRules, used, skipped, back, withdrawn, ended) = (0, 0, 0, 0, 0, 0, 0);
        ForAnyHistory(400, (story, numbers) =>
        {
            var held = new SortedSet<int>(story.State.Coupons.ToArray().Select(coupon => coupon.Number));
            for (var i = 0; i < numbers.Length; i++)
            {
                var before = story.State.Coupons.ToArray().ToDictionary(coupon => coupon.Number);
                story.When(RandomHistory.ActOf(numbers[i], i));
                foreach (var happened in story.Last.Events)
                {
                    switch (happened)
                    {
                        case CouponsIssued e:
                            foreach (var coupon in e.Coupons) held.Add(coupon.Number).ShouldBeTrue();
                            issued += e.Coupons.Count;
                            byRules += e.Coupons.Count(coupon => coupon.Rule is not null);
                            break;
                        case CouponRevoked e:
                            held.Remove(e.Number).ShouldBeTrue();
                            break;
                        case CouponsExpired e:
                            foreach (var coupon in e.Coupons) held.Remove(coupon.Number).ShouldBeTrue();
                            ended += e.Coupons.Count;
                            break;
                        case PurchaseRecorded e:
                            Sold(e, before, held);
                            used += e.Coupons.Count;
                            skipped += e.CouponsSkipped.Count;
                            break;
                        case LinesReturned e:
                            foreach (var coupon in e.CouponsBack) held.Add(coupon.Number).ShouldBeTrue();
                            foreach (var coupon in e.CouponsWithdrawn) held.Remove(coupon.Number).ShouldBeTrue();
                            (e.Amount >= Money.Zero).ShouldBeTrue();
                            back += e.CouponsBack.Count;
                            withdrawn += e.CouponsWithdrawn.Count;
                            break;
                    }
                }

                story.State.Coupons.ToArray().Select(coupon => coupon.Number).Order().ShouldBe(held);
            }
        });
        new[] { issued, byRules, used, skipped, back, withdrawn, ended }.ShouldAllBe(count => count > 50, $"{issued} {byRules} {used} {skipped} {back} {withdrawn} {ended}");
    }

    private static void Sold(PurchaseRecorded sale, Dictionary<int, HeldCoupon> before, SortedSet<int> held)
    {
        foreach (var use in sale.Coupons)
        {
            held.Remove(use.Number).ShouldBeTrue();
            (use.Discount > Money.Zero && before[use.Number].From <= sale.At && !(before[use.Number].Until <= sale.At)).ShouldBeTrue();
        }

        sale.CouponShares.Count.ShouldBe(sale.Coupons.Count == 0 ? 0 : sale.Lines.Count);
        sale.Coupons.Sum(use => use.Discount.Minor).ShouldBe(sale.CouponShares.Sum(share => share.Minor));
        sale.CouponShares.ShouldAllBe(share => share >= Money.Zero);
        sale.Lines.ShouldAllBe(line => line.Discount <= line.Price);
        sale.Lines.Sum(line => (line.Price - line.Discount).Minor).ShouldBe(sale.Amount.Minor);
    }

    [Fact]
    public void Parts_of_a_sale_with_coupons_in_any_order_end_as_the_rest_at_once()
    {
        var (met, different) = (0, 0);
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int>(), (numbers, seed) =>
        {
            if (numbers.Length == 0) return;
            var lines = numbers.Take(6).Select((number, place) => RandomCoupons.LineOf(place + 1, number)).ToArray();
            var parts = PartsOf(lines, seed).ToArray();
            if (parts.Length < 2) return;
            var stories = new[] { Sold(lines, seed), Sold(lines, seed), Sold(lines, seed) };
            var paid = stories[0].Events.OfType<PurchaseRecorded>().Single();
            foreach (var part in parts) stories[0].And(CustomerActs.Return("R1", [part]));
            foreach (var part in parts.Reverse()) stories[1].And(CustomerActs.Return("R1", [part]));
            stories[2].And(CustomerActs.Return("R1", [.. parts.GroupBy(part => part.Line).Select(line => (line.Key, line.Sum(part => part.Milli)))]));
            foreach (var each in stories)
            {
                var returns = each.Events.OfType<LinesReturned>().ToList();
                returns.ShouldAllBe(back => back.Amount >= Money.Zero);
                (returns.Sum(back => back.Amount.Minor) <= paid.Amount.Minor).ShouldBeTrue();
            }

            met++;
            if (stories.Any(Matters)) different++;
            else stories.Select(Print).Distinct().ShouldHaveSingleItem();
            foreach (var each in stories)
            {
                each.When(CustomerActs.ReturnAll("R1"));
                (each.State.LifetimeSpend, each.State.Balance, each.State.Coupons.Length).ShouldBe((Money.Zero, Points.Zero, RandomCoupons.Ids.Count));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_500).WithEndSize(200));
        (met > 300 && met - different > 150).ShouldBeTrue($"{met} {different}");
    }

    // Where the rest would have cost more than was paid, or a coupon came back on the way that would still fit the rest, the way matters.
    private static bool Matters(CustomerStory story)
    {
        var returns = story.Events.OfType<LinesReturned>().ToList();
        return returns.Exists(back => back.Amount == Money.Zero) || returns.SkipLast(1).Any(back => back.CouponsBack.Count > 0);
    }

    private static CustomerStory Sold(PurchaseLine[] lines, int seed)
    {
        var programme = DomainProgrammes.WithCoupons(
            [.. RandomCoupons.Kinds(seed).Select((kind, place) => ((seed >> place) & 3) == 0 ? kind[..^1] + ",\"onReturn\":\"share\"}" : kind)], [], RandomCoupons.Categories);
        return CustomerStory.Given(programme, [.. RandomCoupons.Ids.Select(id => CustomerActs.Issue(id))])
            .And(CustomerActs.But(CustomerActs.BuyWith("R1", lines, [.. Enumerable.Range(1, RandomCoupons.Ids.Count)]), sale => sale with { SkipCoupons = true }));
    }

    private static IEnumerable<(int Line, long Milli)> PartsOf(PurchaseLine[] lines, int seed)
    {
        foreach (var line in lines)
        {
            var milli = line.Quantity.Milli;
            if (((seed >> line.Line) & 1) == 0) continue;
            yield return (line.Line, Math.Min(milli, 1_000));
            if (milli > 1_000 && ((seed >> (line.Line + 8)) & 1) == 0) yield return (line.Line, milli - 1_000);
        }
    }

    private static string Print(CustomerStory story)
    {
        var state = story.State;
        return $"{state.LifetimeSpend} {state.Balance} {state.Tier} {string.Join(' ', state.Coupons.ToArray().OrderBy(coupon => coupon.Number).Select(coupon => $"{coupon.Number}:{coupon.Kind}:{coupon.Until}:{coupon.Issuer}"))}";
    }

    [Fact]
    public void When_every_receipt_came_back_nothing_was_ever_bought()
    {
        var (met, whole) = (0, 0);
        ForAnyHistory(300, (story, numbers) =>
        {
            for (var i = 0; i < numbers.Length; i++) story.When(RandomHistory.ActOf(numbers[i], i));
            var sales = story.Events.OfType<PurchaseRecorded>().ToList();
            foreach (var sale in sales) story.When(CustomerActs.ReturnAll(sale.Receipt, sale.Store.Value));
            var back = story.Events.OfType<LinesReturned>().ToLookup(e => (e.PurchaseStore, e.PurchaseReceipt));
            // Some are too old to come back.
            var complete = sales.Where(sale => IsAll(sale, back[(sale.Store, sale.Receipt)].LastOrDefault())).ToList();
            foreach (var sale in complete)
            {
                List<LinesReturned> returns = [.. back[(sale.Store, sale.Receipt)]];
                returns.Sum(e => e.Amount.Minor).ShouldBe(sale.Amount.Minor);
                returns.Sum(e => e.PointsValue.Minor).ShouldBe(sale.PointsValue.Minor);
                returns.Aggregate(StoredValue.Zero, (sum, e) => sum + e.StoredValueBack).ShouldBe(sale.StoredValueUsed);
                returns.Sum(e => e.PointsTakenBack.Count + e.PointsForgiven.Count).ShouldBe(sale.PointsEarned.Count);
                returns[^1].CouponAdjustmentSoFar.ShouldBe(Money.Zero);
                returns[^1].CouponsBackSoFar.Order().ShouldBe(sale.Coupons.Select(use => use.Number).Order());
                met += sale.Coupons.Count;
            }

            if (complete.Count != sales.Count || sales.Count == 0) return;
            whole++;
            story.State.LifetimeSpend.ShouldBe(Money.Zero);
        });
        (met > 50 && whole > 20).ShouldBeTrue($"{met} {whole}");
    }

    private static bool IsAll(PurchaseRecorded sale, LinesReturned? last) =>
        last is not null && sale.Lines.All(line => last.Lines.Any(back => back.Line == line.Line && back.QuantitySoFar == line.Quantity));

    [Fact]
    public void Buying_with_coupons_and_returning_everything_is_as_if_never_bought()
    {
        var met = 0;
        ForAnyHistory(400, (story, numbers) =>
        {
            for (var i = 0; i < numbers.Length; i++) story.When(RandomHistory.ActOf(numbers[i], i));
            story.When(CustomerActs.Wake());
            var before = Print(story);
            int[] shown = [.. story.State.Coupons.ToArray().Select(coupon => coupon.Number).Take(20)];
            story.When(CustomerActs.But(CustomerActs.BuyWith("RX", RandomHistory.LinesOf(numbers.LastOrDefault()), shown), sale => sale with { SkipCoupons = true }));
            if (story.Last.Rejection is not null) return;
            var sale = story.Last.Events.OfType<PurchaseRecorded>().Single();
            met += sale.Coupons.Count;
            story.And(CustomerActs.ReturnAll("RX"));
            Print(story).ShouldBe(before);
        });
        met.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void The_same_again_is_refused_and_changes_nothing() => ForAnyHistory(200, (story, numbers) =>
    {
        for (var i = 0; i < numbers.Length; i++) story.When(RandomHistory.ActOf(numbers[i], i));
        if (story.State.Coupons.Length == 0) return;
        var number = story.State.Coupons[0].Number;
        Act buy = CustomerActs.BuyWith("RX", [CustomerActs.Line(1, 90_000), CustomerActs.Line(2, 80_000)], number);
        story.When(buy);
        if (story.Last.Rejection is not null) story.And(CustomerActs.Revoke(number));
        story.When(buy).ThenRejected(CustomerRejections.CouponNotHeld, "coupons[0]");
        story.When(CustomerActs.Revoke(number)).ThenRejected(CustomerRejections.CouponNotHeld, "coupon");
        story.When(CustomerActs.Wake());
        var before = CustomerStory.Print(story.State);
        story.When(CustomerActs.Wake());
        CustomerStory.Print(story.State).ShouldBe(before);
    });

    [Fact]
    public void An_amount_for_every_full_fen_takes_no_more_than_the_goods()
    {
        var most = Limits.AmountMinorMax;
        var programme = DomainProgrammes.WithCoupons($$$"""{"id":"c","give":{"kind":"perFull","eachMinor":1,"minor":{{{most}}}}}""");
        var story = CustomerStory.Given(programme, CustomerActs.Issue("c")).When(CustomerActs.BuyWith("R1", [CustomerActs.Line(1, most)], 1));
        story.Then<PurchaseRecorded>().Amount.ShouldBe(Money.Zero);
    }
}
