using System.Globalization;
using System.Text.RegularExpressions;
using ChainCrm.Domain.Customers;
using ChainCrm.TestKit.Domain;

namespace ChainCrm.Domain.Tests.Examples;

/// <summary>The words of a step and of a basket, as the document defines them at its top.</summary>
internal static partial class ExampleActs
{
    public static Act Parse(string step, string basket, ExampleBook book, CustomerStory story)
    {
        var words = step.Split(' ');
        return words[0] switch
        {
            "buy" => Buy(words, basket, book),
            "return" => Return(words, basket, story),
            "redeem" => _ => new RedeemPoints { At = At(words, 2), Origin = CustomerActs.Till, Points = new Points(Whole(words[1])), Reason = "gift" },
            "adjust" => Adjust(Whole(words[1]), At(words, 2)),
            "topup" => _ => new TopUpStoredValue { At = At(words, 2), Origin = CustomerActs.Till, Amount = Minor(Decimal(words[1])), UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes },
            "refund" => _ => new RefundStoredValue { At = At(words, 2), Origin = CustomerActs.Till, Amount = Minor(Decimal(words[1])), Reason = "moved away" },
            "issue" when words[1].Split('×') is [.., var kind] parts => Issue(kind, parts.Length == 1 ? 1 : (int)Whole(parts[0]), At(words, 2)),
            "revoke" => _ => new RevokeCoupon { At = At(words, 2), Origin = CustomerActs.Till, Number = (int)Whole(words[1]), Reason = "mistake" },
            "give" => _ => new TransferPoints
            {
                At = At(words, 2), Origin = CustomerActs.Till, From = CustomerActs.Me, To = new CustomerId("c-friend"), Points = new Points(Whole(words[1])), Reason = "birthday", UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
            },
            "get" => Get(words[1].Split(','), At(words, 2)),
            "returned" => _ => new SettleDelivery { At = At(words, 2), Origin = default, Delivery = (int)Whole(words[1]), Refusal = CustomerRejections.NotEnrolled.Code },
            "extend" => Extend(words),
            "tag" => Tag(words),
            "untag" => _ => new RemoveTag { At = At(words, 2), Origin = CustomerActs.Till, Tag = words[1] },
            "freeze" when words[1] == "points" => _ => new FreezePoints { At = At(words, 2), Origin = CustomerActs.Till, Reason = "dispute" },
            "release" when words[1] == "points" => _ => new ReleasePoints { At = At(words, 2), Origin = CustomerActs.Till, Reason = "settled" },
            "freeze" => _ => new FreezeStoredValue { At = At(words, 1), Origin = CustomerActs.Till, Reason = "lost" },
            "release" => _ => new ReleaseStoredValue { At = At(words, 1), Origin = CustomerActs.Till, Reason = "found" },
            "wake" => _ => new WakeCustomer { At = At(words, 1), Origin = default },
            "move" => _ => new ChangeProfile { At = At(words, 2), Origin = CustomerActs.Till, Profile = new Sealed([1, 2, 3]), HomeStore = new StoreId(words[1]), Identities = [] },
            _ => throw new FormatException($"No step is called {words[0]}."),
        };
    }

    public static Act Adjust(long points, Timestamp at) => _ => new AdjustPoints
    {
        At = at, Origin = CustomerActs.Till, Points = new Points(points), Reason = "goodwill", UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    private static Act Tag(string[] words)
    {
        var hasEnd = words[2] == "until";
        return _ => new AddTag
        {
            At = At(words, hasEnd ? 4 : 2), Origin = CustomerActs.Till, Tag = words[1], LastDay = hasEnd ? Day(words[3]) : null, UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
        };
    }

    /// <summary>Points of another member, each part with its last day: <c>30/2026-12-31</c>; without one it never ends.</summary>
    private static Act Get(string[] parts, Timestamp at)
    {
        DeliveredLot[] lots = [.. parts.Select(static part => part.Split('/')).Select(part => new DeliveredLot(new Points(Whole(part[0])), at, part.Length == 1 ? null : EndOf(Day(part[1]))))];
        return story => new TakeDelivery
        {
            At = at, Origin = CustomerActs.Till, From = new CustomerId("c-friend"), Delivery = story is null ? 1 : story.Events.OfType<DeliveryReceived>().Count() + 1, Kind = DeliveryKinds.Transfer,
            Points = new Points(lots.Sum(static lot => lot.Points.Count)), Reason = "birthday", Lots = lots, UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
        };
    }

    /// <summary>The local midnight after a day.</summary>
    private static Timestamp EndOf(BusinessDay day) => new(((day.Number + 1) * 86_400_000L) - (CustomerStory.UtcOffsetMinutes * 60_000L));

    private static Act Extend(string[] words)
    {
        var hasBefore = words[2] == "before";
        return _ => new ExtendPoints
        {
            At = At(words, hasBefore ? 4 : 2), Origin = CustomerActs.Till, LastDay = Day(words[1]), EndingBefore = hasBefore ? Day(words[3]) : null, Reason = "goodwill", UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
        };
    }

    public static Act Issue(string kind, int count, Timestamp at) => _ => new IssueCoupons
    {
        At = at, Origin = CustomerActs.Till, Kind = kind, Count = count, Reason = "goodwill", UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    private static Act Buy(string[] words, string basket, ExampleBook book)
    {
        var store = words[2][1..];
        var occurred = At(words, 3);
        var sale = new RecordPurchase
        {
            At = occurred,
            Origin = CustomerActs.Till,
            Store = new StoreId(store),
            Receipt = words[1],
            OccurredAt = occurred,
            BusinessDay = Day(words[3]),
            UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
            Region = book.Stores[store].Region,
            City = book.Stores[store].City,
            Lines = [.. basket.Split("; ").Select(Line)],
        };
        for (var i = 5; i < words.Length; i += 2)
        {
            sale = words[i] switch
            {
                "via" => sale with { Channel = words[i + 1] },
                "use" => sale with { UsePoints = new Points(Whole(words[i + 1])) },
                "card" => sale with { UseStoredValue = Minor(Decimal(words[i + 1])) },
                "with" or "try" => sale with { Coupons = [.. words[i + 1].Split(',').Select(number => (int)Whole(number))], SkipCoupons = words[i] == "try" },
                "member" when i-- > 0 => sale with { MemberPrices = true },
                "sold" when i-- > 0 => sale with { SoldAlready = true },
                "of" => sale with { BusinessDay = Day(words[i + 1]) },
                "sent" => sale with { At = At(words, ++i) },
                _ => throw new FormatException($"No part of a sale is called {words[i]}."),
            };
        }

        return _ => sale;
    }

    private static Act Return(string[] words, string basket, CustomerStory story)
    {
        var sold = story.Events.OfType<PurchaseRecorded>().Single(bought => bought.Receipt == words[1]);
        return _ => new ReturnLines
        {
            At = At(words, 2),
            Origin = CustomerActs.Till,
            PurchaseStore = sold.Store,
            PurchaseReceipt = words[1],
            OccurredAt = At(words, 2),
            BusinessDay = Day(words[2]),
            Lines = basket == "all" ? [] : [.. basket.Split("; ").Select(part => Back(part.Split('×'), sold))],
        };
    }

    private static ReturnLine Back(string[] part, PurchaseRecorded sold)
    {
        var line = sold.Lines.Single(line => line.Product.Value == part[1]);
        return new ReturnLine(line.Line, new Quantity(line.Quantity.Milli == 0 ? 0 : (long)(Decimal(part[0]) * 1_000)));
    }

    private static PurchaseLine Line(string text, int index)
    {
        var parts = LineText().Match(text);
        if (!parts.Success) throw new FormatException($"{text} is no line of a basket.");
        var (quantity, each) = (parts.Groups["quantity"], parts.Groups["each"]);
        var price = quantity.Success ? Decimal(quantity.Value) * Decimal(each.Value) : Decimal(parts.Groups["whole"].Value);
        return new PurchaseLine
        {
            Line = index + 1,
            Product = new ProductId(parts.Groups["product"].Value),
            Category = parts.Groups["category"] is { Success: true } category ? category.Value : null,
            Brand = parts.Groups["brand"] is { Success: true } brand ? brand.Value : null,
            Quantity = new Quantity(quantity.Success ? (long)(Decimal(quantity.Value) * 1_000) : 0),
            Price = Minor(price),
            Discount = parts.Groups["discount"] is { Success: true } discount ? Minor(Decimal(discount.Value)) : Money.Zero,
        };
    }

    private static Money Minor(decimal amount) =>
        decimal.IsInteger(amount * 100) ? new Money((long)(amount * 100)) : throw new FormatException($"{amount} is no amount in whole minor units.");

    private static decimal Decimal(string text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static BusinessDay Day(string text) => BusinessDay.From(DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static Timestamp At(string[] words, int place) => new(new DateTimeOffset(
        DateTime.ParseExact($"{words[place]} {words[place + 1]}", "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), TimeSpan.FromMinutes(CustomerStory.UtcOffsetMinutes)).ToUnixTimeMilliseconds());

    [GeneratedRegex(@"^(?:(?<category>\S+) )?(?<product>[^\s\[]+)(?:\[(?<brand>[^\]]+)\])? (?:(?<quantity>[\d.]+)×(?<each>[\d.]+)|=(?<whole>[\d.]+))(?: −(?<discount>[\d.]+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex LineText();
}
