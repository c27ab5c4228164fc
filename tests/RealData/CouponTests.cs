using System.Globalization;
using ChainCrm.Client.Replay;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;

namespace ChainCrm.RealData;

/// <summary>Real redemptions and cancellations, decided by the rules of coupons (docs/domain/coupons.md; R21, R30).</summary>
public sealed class CouponTests
{
    private static readonly BusinessDay FirstDay = BusinessDay.From(new DateOnly(2017, 1, 1));

    /// <summary>
    /// Each household gets the coupons that it redeemed when their campaign begins, and uses them on the day on record, with what it bought that day. The lines are a random draw of the real
    /// receipts: where none that was drawn is for the coupon, one of its products is added.
    /// </summary>
    [RealDataFact]
    public void Redemptions_of_each_campaign_are_those_of_the_reference()
    {
        var data = new JourneyCoupons();
        var used = new List<(string Household, string Campaign)>();
        var (withoutGoods, usedTwice, tooEarly) = (0, 0, 0);
        foreach (var household in data.Redemptions.GroupBy(redemption => redemption.Household))
        {
            var story = CustomerStory.Given(data.On(FirstDay));
            var numbers = new Dictionary<JourneyRedemption, Queue<int>>();
            var issues = household.Select(redemption => (Day: FirstDayOf(data, redemption), Redemption: redemption)).ToLookup(issue => issue.Day, issue => issue.Redemption);
            var redemptions = household.ToLookup(redemption => redemption.Day);
            foreach (var day in issues.Select(group => group.Key).Union(redemptions.Select(group => group.Key)).Order())
            {
                (story.Today, story.Programme) = (day, data.On(day));
                foreach (var redemption in issues[day])
                {
                    var coupon = story.When(Issue(redemption.Kind)).Then<CouponsIssued>().Coupons.Single().Number;
                    if (!numbers.TryGetValue(redemption, out var queue)) numbers.Add(redemption, queue = new Queue<int>());
                    queue.Enqueue(coupon);
                }

                foreach (var (place, redeemed) in redemptions[day].Chunk(Limits.CouponsPerReceiptMax).Index())
                {
                    int[] coupons = [.. redeemed.Select(redemption => numbers[redemption].Dequeue())];
                    var receipt = $"{household.Key}-{day.Number}-{place}";
                    story.When(BuyWith(receipt, [LineOf(1, "nothing", 1_000)], coupons)).ThenRejected(CustomerRejections.CouponNoGoods);
                    withoutGoods++;
                    var sold = story.When(BuyWith(receipt, LinesOf(data, redeemed, household.Key, day), coupons)).Then<PurchaseRecorded>();
                    used.AddRange(sold.Coupons.Select(use => (household.Key, story.Programme.Coupons.Find(use.Kind)!.Campaign!)));
                    story.When(BuyWith(receipt + "-again", LinesOf(data, redeemed, household.Key, day), coupons)).ThenRejected(CustomerRejections.CouponNotHeld);
                    usedTwice++;
                }
            }

            story.State.Coupons.Length.ShouldBe(0);
            tooEarly += TooEarly(data, household);
            ReturnsEverything(story);
        }

        var found = used.GroupBy(use => use.Campaign).ToDictionary(group => group.Key, group => (Redemptions: group.Count(), Households: group.Select(use => use.Household).Distinct().Count()));
        var reference = Reference();
        reference.Count.ShouldBe(27);
        reference.Values.Sum(campaign => campaign.Redemptions).ShouldBe(1_464);
        foreach (var (campaign, expected) in reference) found.GetValueOrDefault(campaign).ShouldBe(expected, $"campaign {campaign}");
        used.Count.ShouldBe(1_464);
        (withoutGoods, usedTwice).ShouldSatisfyAllConditions(counts => counts.withoutGoods.ShouldBeGreaterThan(300), counts => counts.usedTwice.ShouldBe(counts.withoutGoods));
        tooEarly.ShouldBeGreaterThan(100);
    }

    /// <summary>Every invoice is bought with a coupon of a tenth; a cancellation takes the invoice back, and the coupon comes back with it.</summary>
    [RealDataFact]
    public void Cancellations_of_the_online_shop_bring_the_coupons_back()
    {
        using var text = new StreamReader(Places.DataFile("online_retail", "invoices.csv"));
        var plan = PlanBuilder.Build(text, new PlanOptions { Mapping = ColumnMapping.Presets["online-retail"] });
        var programme = DomainProgrammes.WithCoupons("""{"id":"tenth","give":{"kind":"percent","percent":10}}""");
        var (cancelled, kept) = (0, 0L);
        foreach (var customer in plan.Operations.Where(operation => operation.Customer is not null).GroupBy(operation => operation.Customer))
        {
            var story = CustomerStory.Given(programme);
            var (paid, held) = (new Dictionary<string, long>(StringComparer.Ordinal), 0);
            foreach (var operation in customer)
            {
                story.Today = BusinessDay.From(DateOnly.FromDateTime(operation.OccurredAt.DateTime));
                if (operation is PurchaseOperation bought) held += Buys(story, bought, paid) ? 0 : 1;
                else if (operation is ReturnOperation { IsMatched: true } back && paid.Remove(back.PurchaseReceipt))
                {
                    var returned = story.When(ReturnAll(back.PurchaseReceipt)).Then<LinesReturned>();
                    held += returned.CouponsBack.Count;
                    cancelled++;
                }
            }

            // Each invoice that stands is paid less a tenth, rounded down; each that was cancelled gave its coupon back.
            story.State.LifetimeSpend.ShouldBe(new Money(paid.Values.Sum(amount => amount - (amount / 10))), $"customer {customer.Key}");
            story.State.Coupons.Length.ShouldBe(Math.Min(held, Limits.HeldCouponsMax), $"customer {customer.Key}");
            kept += paid.Count;
        }

        cancelled.ShouldBeGreaterThan(100);
        (kept + cancelled).ShouldBe(plan.Operations.OfType<PurchaseOperation>().Count(operation => operation.Customer is not null));
    }

    /// <summary>Issues a coupon and uses it for an invoice; false when the invoice has too little to pay for it, and it stays.</summary>
    private static bool Buys(CustomerStory story, PurchaseOperation bought, Dictionary<string, long> paid)
    {
        var coupon = story.When(Issue("tenth")).Then<CouponsIssued>().Coupons.Single().Number;
        var lines = bought.Lines.Select(line => new PurchaseLine
        {
            Line = line.Line, Product = new ProductId(line.Product!), Quantity = new Quantity((long)(line.Quantity * 1_000)), Price = new Money(line.PriceMinor), Discount = new Money(line.DiscountMinor),
        }).ToArray();
        paid.Add(bought.Receipt, lines.Sum(line => (line.Price - line.Discount).Minor));
        return story.When(But(BuyWith(bought.Receipt, lines, coupon), sale => sale with { SkipCoupons = true })).Then<PurchaseRecorded>().Coupons.Count == 1;
    }

    /// <summary>A coupon of a campaign that begins later can be had before, but does not pay.</summary>
    private static int TooEarly(JourneyCoupons data, IEnumerable<JourneyRedemption> redemptions)
    {
        var later = redemptions.FirstOrDefault(redemption => FirstDayOf(data, redemption) > FirstDay);
        if (later is null) return 0;
        var first = FirstDayOf(data, later);
        var story = CustomerStory.Given(data.On(first));
        story.Today = new BusinessDay(first.Number - 1);
        story.And(Issue(later.Kind)).When(BuyWith("R", [LineOf(1, data.Products[later.Kind].First(), 1_000)], 1)).ThenRejected(CustomerRejections.CouponNotYet, "coupons[0]");
        story.Today = new BusinessDay(data.Campaigns.Single(campaign => campaign.Id == later.Campaign).Last.Number + 1);
        story.When(BuyWith("R", [LineOf(1, data.Products[later.Kind].First(), 1_000)], 1)).ThenRejected(CustomerRejections.CouponNotHeld, "coupons[0]");
        return 1;
    }

    /// <summary>Everything comes back, and every coupon with it, good for some days more.</summary>
    private static void ReturnsEverything(CustomerStory story)
    {
        var sales = story.Events.OfType<PurchaseRecorded>().ToList();
        foreach (var sold in sales) story.And(ReturnAll(sold.Receipt));
        (story.State.LifetimeSpend, story.State.Balance).ShouldBe((Money.Zero, Points.Zero));
        story.State.Coupons.Length.ShouldBe(sales.Sum(sold => sold.Coupons.Count));
    }

    private static BusinessDay FirstDayOf(JourneyCoupons data, JourneyRedemption redemption)
    {
        var first = data.Campaigns.Single(campaign => campaign.Id == redemption.Campaign).First;
        return first > FirstDay ? first : FirstDay;
    }

    private static PurchaseLine[] LinesOf(JourneyCoupons data, IReadOnlyList<JourneyRedemption> redeemed, string household, BusinessDay day)
    {
        var lines = data.Lines[(household, day)].Select((line, place) => LineOf(place + 1, line.Product, line.Minor)).ToList();
        // Twenty tenths of a whole leave more than a tenth: every coupon finds something to take off.
        foreach (var kind in redeemed.Select(redemption => redemption.Kind).Distinct())
        {
            var products = data.Products[kind].ToHashSet(StringComparer.Ordinal);
            if (lines.Where(line => products.Contains(line.Product.Value)).Sum(line => line.Price.Minor) < 100) lines.Add(LineOf(lines.Count + 1, products.First(), 100));
        }

        return [.. lines];
    }

    private static PurchaseLine LineOf(int line, string product, long minor) => new()
    {
        Line = line, Product = new ProductId(product), Quantity = new Quantity(1_000), Price = new Money(minor),
    };

    private static Dictionary<string, (int Redemptions, int Households)> Reference() =>
        File.ReadLines(Places.DataFile("complete_journey", "reference", "open_campaigns.csv")).Skip(1).Select(line => line.Split(','))
            .ToDictionary(cells => cells[0], cells => (int.Parse(cells[6], CultureInfo.InvariantCulture), int.Parse(cells[7], CultureInfo.InvariantCulture)));
}
