using System.Text.Json.Nodes;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.TestKit.Domain;

/// <summary>Turns numbers into a history of one customer, so that a shrinking generator of numbers shrinks histories.</summary>
public static class RandomHistory
{
    private const string Anybody = """{"to":"anybody"}""";

    private static readonly Programme[] Plain =
    [
        Programme.BuiltIn,
        DomainProgrammes.Plain,
        DomainProgrammes.With(d =>
        {
            d["points"]!["negativeBalance"] = false;
            d["points"]!["expiry"]!["roundUpTo"] = "none";
            d["points"]!["expiry"]!["months"] = 1;
            d["points"]!["perUnit"] = 0.3333;
            d["points"]!["transfer"] = JsonNode.Parse("""{"to":"anybody","leastPoints":10,"mostPointsPerDay":1000,"mostPointsPerYear":3000}""");
        }),
        DomainProgrammes.With(d =>
        {
            d["points"]!["activeAfterDays"] = 5;
            d["points"]!["expiry"]!["roundUpTo"] = "day";
            d["points"]!["expiry"]!["months"] = 2;
            d["points"]!["valueMinor"] = 3;
            d["points"]!["giveBackGraceDays"] = 0;
            d["points"]!["transfer"] = JsonNode.Parse(Anybody);
            d["crossStore"]!["coolDownDays"] = 2;
            d["storedValue"] = StoredValue("""{"spend":"giftFirst","giftEarns":true,"balanceMaxMinor":40000,"topUps":[{"atLeastMinor":1,"giftMinor":1}]}""");
        }),
        DomainProgrammes.With(d =>
        {
            d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"inactivity","months":2,"roundUpTo":"none"}""");
            d["points"]!["transfer"] = JsonNode.Parse(Anybody);
        }),
        DomainProgrammes.With(d =>
        {
            d["points"]!["expiry"] = JsonNode.Parse("""{"kind":"calendar","days":["03-31","09-30"],"minimumDays":30}""");
            d["points"]!["negativeBalance"] = false;
        }),
        DomainProgrammes.With(d => d["storedValue"] = StoredValue("""{"topUps":[{"atLeastMinor":1000,"giftMinor":333},{"atLeastMinor":9000,"giftMinor":17777}]}""")),
    ];

    /// <summary>Tiers by points and visits too, of which one wants any and has calendar windows.</summary>
    private static readonly Programme[] Measured =
    [
        DomainProgrammes.With(d => Measures(d, "all", "rolling")), DomainProgrammes.With(d => Measures(d, "any", "quarter")),
    ];

    private static readonly Programme[] Coupons =
    [
        .. Enumerable.Range(1, 12).Select(seed => DomainProgrammes.With(d =>
        {
            if (seed % 2 == 0) DomainProgrammes.Rules(d, RandomRules.Of(seed + 50));
            DomainProgrammes.Coupons(d, RandomCoupons.KindsWithTerms(seed), RandomCoupons.Rules(seed), RandomCoupons.Categories);
            if (seed % 3 != 0) DomainProgrammes.Prices(d, RandomPrices.Of(seed), seed % 5 == 0 ? RandomPrices.Early(seed) : []);
            d["points"]!["giveBackGraceDays"] = seed % 3 == 0 ? 0 : 7;
            if (seed % 3 != 1) d["points"]!["transfer"] = JsonNode.Parse(Anybody);
            d["points"]!["negativeBalance"] = seed % 4 != 0;
            d["storedValue"] = StoredValue("""{"topUps":[{"atLeastMinor":1000,"giftMinor":777}]}""");
        })),
    ];

    private static readonly Programme[] Programmes =
    [
        .. Plain,
        .. Enumerable.Range(1, 12).Select(seed => DomainProgrammes.With(d =>
        {
            d["points"]!["negativeBalance"] = seed % 2 == 0;
            d["points"]!["perUnit"] = seed % 3 == 0 ? 0.3333 : 1;
            DomainProgrammes.Rules(d, RandomRules.Of(seed));
            if (seed % 4 == 0) return;
            d["storedValue"] = StoredValue("""{"topUps":[{"atLeastMinor":1000,"giftMinor":777},{"atLeastMinor":8000,"giftMinor":4000}]}""");
            d["storedValue"]!["spend"] = (seed % 3) switch { 0 => "proportional", 1 => "principalFirst", _ => "giftFirst" };
            d["storedValue"]!["giftEarns"] = seed % 5 == 0;
            d["storedValue"]!["refunds"] = seed % 6 != 0;
        })),
        .. Coupons,
        .. Measured,
    ];

    /// <summary>An enrolled customer under one of a few programmes.</summary>
    public static CustomerStory Begin(int seed) => CustomerStory.Given(Programmes[Dice.Of(seed).Next(Programmes.Length)]);

    /// <summary>The same under a programme without earning rules.</summary>
    public static CustomerStory BeginPlain(int seed) => CustomerStory.Given(Plain[Dice.Of(seed).Next(Plain.Length)]);

    /// <summary>The same under a programme with coupons.</summary>
    public static CustomerStory BeginWithCoupons(int seed) => CustomerStory.Given(Coupons[Dice.Of(seed).Next(Coupons.Length)]);

    /// <summary>The act that a number stands for; receipts are numbered by their place in the history.</summary>
    public static Act ActOf(int number, int place)
    {
        var dice = Dice.Of(number ^ (place * 7_919));
        return dice.Next(33) switch
        {
            0 or 1 or 2 or 3 => Buy(dice, place, daysAgo: 0),
            4 => Buy(dice, place, daysAgo: dice.Next(500)),
            5 or 6 => Back(dice, place),
            7 => CustomerActs.Redeem(1 + dice.Next(2_000)),
            8 => CustomerActs.Adjust(dice.Next(2) == 0 ? 1 + dice.Next(5_000) : -1 - dice.Next(5_000)),
            9 => CustomerActs.Wake(),
            10 => CustomerActs.Days(1 + dice.Next(20)),
            12 or 13 => CustomerActs.TopUp(1 + dice.Next(20_000)),
            14 => CustomerActs.Refund(1 + dice.Next(6_000)),
            15 => dice.OneIn(3) ? CustomerActs.Freeze() : CustomerActs.Release(),
            16 => WithCoupons(CustomerActs.Open(1 + dice.Next(1_500), dice.OneIn(3) ? 1 + dice.Next(5_000) : 0), dice.Next(int.MaxValue)),
            17 => Basket(dice, place),
            18 => CustomerActs.Later(1 + dice.Next(15 * 60_000)),
            19 or 20 => CustomerActs.Issue(dice.Of(RandomCoupons.Ids), 1 + dice.Next(3)),
            23 => dice.OneIn(4) ? CustomerActs.FreezePoints() : CustomerActs.ReleasePoints(),
            22 => CustomerActs.Extend(dice.Next(200), dice.OneIn(2) ? null : dice.Next(100)),
            24 => CustomerActs.Tag(dice.Of(RandomRules.Tags), dice.OneIn(2) ? null : dice.Next(60)),
            25 => dice.OneIn(2) ? CustomerActs.Untag(dice.Of(RandomRules.Tags)) : CustomerActs.Tag(dice.Of(RandomRules.Tags), dice.Next(10)),
            26 => CustomerActs.Transfer(1 + dice.Next(1_500)),
            27 => Settle(dice.Next(int.MaxValue)),
            28 => Take(dice, place),
            29 or 30 => Buy(dice, place, daysAgo: 0),
            31 or 32 => Back(dice, place),
            21 => dice.OneIn(3) ? Revoke(dice.Next(int.MaxValue)) : Buy(dice, place, daysAgo: 0),
            _ => CustomerActs.Days(30 + dice.Next(200)),
        };
    }

    private static void Measures(JsonNode document, string qualify, string window)
    {
        (document["qualify"], document["qualifyingWindow"]) = (qualify, window);
        (document["tiers"]![1]!["visits"], document["tiers"]![1]!["spendMinor"]) = (2, 50_000);
        document["tiers"]![2]!["points"] = 3_000;
    }

    // The basket opened last; many of them are closed by then, which is part of the test.
    private static Act Basket(Dice dice, int place) => dice.Next(4) switch
    {
        0 => CustomerActs.Cancel(),
        1 => CustomerActs.Change(1 + dice.Next(1_500), dice.OneIn(3) ? 1 + dice.Next(5_000) : 0),
        _ => CustomerActs.Pays(Buy(dice, place, daysAgo: 0)),
    };

    /// <summary>A receipt of one to four lines, some with discount, some without quantity.</summary>
    public static IReadOnlyList<PurchaseLine> LinesOf(int seed)
    {
        var dice = Dice.Of(seed);
        return [.. Enumerable.Range(1, 1 + dice.Next(4)).Select(line => Line(dice, line))];
    }

    private static PurchaseLine Line(Dice dice, int line)
    {
        var price = dice.Next(4) == 0 ? dice.Next(2_000_000) : dice.Next(30_000);
        long[] quantities = [0, 1, 350, 1_000, 2_000, 7_000];
        return CustomerActs.Line(line, price, price == 0 ? 0 : dice.Next(price) / 4, quantities[dice.Next(quantities.Length)]) with { Category = RandomRules.CategoryOf(dice), Brand = RandomRules.BrandOf(price) };
    }

    private static Act Buy(Dice dice, int place, int daysAgo)
    {
        var lines = LinesOf(dice.Next(int.MaxValue));
        var (store, use) = ($"S{1 + dice.Next(3)}", dice.Next(3) == 0 ? 1 + dice.Next(800) : 0);
        var (shown, skips) = (dice.Next(3) == 0 ? 0 : dice.Next(int.MaxValue), !dice.OneIn(4));
        var (facts, fromCard) = (RandomRules.FactsOf(dice.Next(int.MaxValue)), dice.OneIn(2) ? dice.Next(int.MaxValue) : 0);
        return story =>
        {
            var sale = facts((RecordPurchase)CustomerActs.BuyLines($"R{place}", lines, store, use, daysAgo)(story)!);
            sale = sale with { UseStoredValue = FromCard(story, sale, fromCard) };
            // Most tills charge member prices, and some have sold what was not on sale yet.
            sale = sale with { MemberPrices = place % 4 != 0, SoldAlready = place % 5 != 0 };
            return shown == 0 ? sale : sale with { Coupons = Shown(story, shown), SkipCoupons = skips };
        };
    }

    // Up to five of those in hand, and now and then one that never was.
    private static int[] Shown(CustomerStory story, int number)
    {
        var held = story.State.Coupons.ToArray().Select(coupon => coupon.Number).Where(coupon => ((number >> (coupon % 13)) & 1) == 0).Take(1 + (number % 5));
        return number % 11 == 0 ? [.. held, 9_999] : [.. held];
    }

    private static Act WithCoupons(Act open, int number) => story => open(story) is OpenBasket basket ? basket with { Coupons = [.. Shown(story, number).Take(number % 3)] } : null;

    private static Act Revoke(int number) => story =>
    {
        var held = story.State.Coupons;
        return CustomerActs.Revoke(held.Length == 0 ? 1 : held[number % held.Length].Number)(story);
    };

    /// <summary>What a sale takes from the card: nothing, all that is there or to pay, a part of it, and now and then a fen more than is there.</summary>
    public static Money FromCard(CustomerStory story, RecordPurchase sale, int number)
    {
        if (number == 0) return Money.Zero;
        var open = sale.Lines.Sum(line => (line.Price - line.Discount).Minor) - (sale.UsePoints.Count * story.Programme.PointValue.Minor);
        var most = Math.Max(0, Math.Min(open, story.State.StoredValue.Sum().Minor));
        return new Money((number % 8) switch { 0 => most + 1, < 4 => most, _ => number % (most + 1) });
    }

    private static JsonNode StoredValue(string section) => JsonNode.Parse(section)!;

    // Any that is open; one in three can't be had, and now and then nobody waits for the answer.
    private static Act Settle(int seed) => story =>
    {
        var open = story.State.Deliveries;
        return CustomerActs.Settle(seed % 3 == 0 ? CustomerRejections.NotEnrolled.Code : 0, open.Length == 0 ? story.State.LastDelivery : open[seed % open.Length].Delivery)(story);
    };

    // Up to four lots; some never end, some have ended on the way.
    private static Act Take(Dice dice, int place)
    {
        var lots = Enumerable.Range(0, dice.Next(5)).Select(_ => (Points: 1 + dice.Next(900), Days: dice.Next(120) - 10, Never: dice.OneIn(5))).OrderBy(lot => (lot.Never, lot.Days)).ToArray();
        return story => CustomerActs.Take(place + 1, lots.Length == 0 ? 77 : lots.Sum(lot => lot.Points),
        [
            .. lots.Select(lot => new DeliveredLot(new Points(lot.Points), story.Now, lot.Never ? null : new Timestamp(story.Now.UnixMs + (lot.Days * 86_400_000L)))),
        ])(story);
    }

    // Any receipt so far, in any of the stores; many of these are refused, which is part of the test.
    private static Act Back(Dice dice, int place)
    {
        var (seed, share) = (dice.Next(int.MaxValue), dice.Next(4));
        return story =>
        {
            var bought = story.Events.OfType<PurchaseRecorded>().ToList();
            if (bought.Count == 0) return CustomerActs.ReturnAll($"R{place}")(story);
            var purchase = bought[seed % bought.Count];
            if (share == 0) return CustomerActs.ReturnAll(purchase.Receipt, purchase.Store.Value)(story);
            var line = purchase.Lines[seed % purchase.Lines.Count];
            var milli = line.Quantity.Milli == 0 ? 0 : 1 + (line.Quantity.Milli / (share + 1));
            return CustomerActs.Return(purchase.Receipt, [(line.Line, milli)], purchase.Store.Value)(story);
        };
    }
}
