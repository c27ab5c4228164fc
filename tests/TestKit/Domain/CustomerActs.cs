using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;

namespace ChainCrm.TestKit.Domain;

/// <summary>The acts of a <see cref="CustomerStory"/>. Amounts in minor units; quantity 1 unless said.</summary>
public static class CustomerActs
{
    public static readonly Origin Till = new(new StoreId("S1"), new StaffId("E7"), new TillId("T1"));

    /// <summary>Becomes a member; the home store is S1 unless said.</summary>
    public static Act Enrol(string home = "S1", params IdentityRef[] identities) => story => new Enrol
    {
        At = story.Now,
        Origin = Till,
        HomeStore = new StoreId(home),
        Profile = new Sealed([1, 2, 3]),
        Identities = identities,
        UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    /// <summary>Time passes.</summary>
    public static Act Days(int days) => story =>
    {
        story.Today = new BusinessDay(story.Today.Number + days);
        return null;
    };

    /// <summary>A line with quantity 1 (or so many thousandths).</summary>
    public static PurchaseLine Line(int line, long price, long discount = 0, long milli = 1_000) => new()
    {
        Line = line,
        Product = new ProductId($"P{line}"),
        Quantity = new Quantity(milli),
        Price = new Money(price),
        Discount = new Money(discount),
    };

    /// <summary>Buys one line at the home store.</summary>
    public static Act Buy(string receipt, long amount, string store = "S1", long use = 0, int daysAgo = 0) =>
        BuyLines(receipt, [Line(1, amount)], store, use, daysAgo);

    /// <summary>Buys lines at a till that charges member prices.</summary>
    public static Act BuyAsMember(string receipt, IReadOnlyList<PurchaseLine> lines, params int[] coupons) =>
        But(BuyLines(receipt, lines), sale => sale with { MemberPrices = true, Coupons = coupons.Length == 0 ? null : coupons });

    /// <summary>Buys lines.</summary>
    public static Act BuyLines(string receipt, IReadOnlyList<PurchaseLine> lines, string store = "S1", long use = 0, int daysAgo = 0) => story =>
    {
        var day = new BusinessDay(story.Today.Number - daysAgo);
        return new RecordPurchase
        {
            At = story.Now,
            Origin = Till,
            Store = new StoreId(store),
            Receipt = receipt,
            OccurredAt = CustomerStory.TimeOf(day),
            BusinessDay = day,
            UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
            Lines = lines,
            UsePoints = new Points(use),
        };
    };

    /// <summary>Changes the purchase that another act makes.</summary>
    public static Act But(Act purchase, Func<RecordPurchase, RecordPurchase> change) => story => change((RecordPurchase)purchase(story)!);

    /// <summary>Brings everything of a receipt back that is not back yet.</summary>
    public static Act ReturnAll(string receipt, string store = "S1") => Return(receipt, [], store);

    /// <summary>Brings so many thousandths of lines back.</summary>
    public static Act Return(string receipt, (int Line, long Milli)[] lines, string store = "S1") => story => new ReturnLines
    {
        At = story.Now,
        Origin = Till,
        PurchaseStore = new StoreId(store),
        PurchaseReceipt = receipt,
        OccurredAt = story.Now,
        BusinessDay = story.Today,
        Lines = [.. lines.Select(line => new ReturnLine(line.Line, new Quantity(line.Milli)))],
    };

    public static Act Redeem(long points, string reason = "gift") => story =>
        new RedeemPoints { At = story.Now, Origin = Till, Points = new Points(points), Reason = reason };

    public static Act Adjust(long points, string reason = "goodwill") => story => new AdjustPoints
    {
        At = story.Now,
        Origin = Till,
        Points = new Points(points),
        Reason = reason,
        UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    /// <summary>Lets points end later; days are counted from today.</summary>
    public static Act Extend(int days, int? endingBefore = null, string reason = "goodwill") => story => new ExtendPoints
    {
        At = story.Now,
        Origin = Till,
        LastDay = new BusinessDay(story.Today.Number + days),
        EndingBefore = endingBefore is { } before ? new BusinessDay(story.Today.Number + before) : null,
        Reason = reason,
        UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    /// <summary>The customer of a story, as transfers name it.</summary>
    public static readonly CustomerId Me = new("c-me");

    /// <summary>Gives points to another customer.</summary>
    public static Act Transfer(long points, string to = "c-you", string reason = "birthday") => story => new TransferPoints
    {
        At = story.Now, Origin = Till, From = Me, To = new CustomerId(to), Points = new Points(points), Reason = reason, UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    /// <summary>Gets what another customer has sent, as it lay there; made new where no lots are given.</summary>
    public static Act Take(int delivery, long points, params DeliveredLot[] lots) => story => new TakeDelivery
    {
        At = story.Now, Origin = Till, From = new CustomerId("c-you"), Delivery = delivery, Kind = DeliveryKinds.Transfer, Points = new Points(points), Reason = "birthday",
        Lots = lots, UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    /// <summary>Hears what came of a delivery; the last one sent when no number is given.</summary>
    public static Act Settle(int refusal = 0, int? delivery = null) => story => new SettleDelivery
    {
        At = story.Now, Origin = default, Delivery = delivery ?? story.State.LastDelivery, Refusal = refusal,
    };

    public static Act FreezePoints(string reason = "dispute") => story => new FreezePoints { At = story.Now, Origin = Till, Reason = reason };

    public static Act ReleasePoints(string reason = "settled") => story => new ReleasePoints { At = story.Now, Origin = Till, Reason = reason };

    /// <summary>Puts a tag on, to count up to a day so many from now; null for no end.</summary>
    public static Act Tag(string tag, int? days = null) => story => new AddTag
    {
        At = story.Now, Origin = Till, Tag = tag, LastDay = days is { } more ? new BusinessDay(story.Today.Number + more) : null, UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    public static Act Untag(string tag) => story => new RemoveTag { At = story.Now, Origin = Till, Tag = tag };

    /// <summary>Pays money in beforehand.</summary>
    public static Act TopUp(long amount) => story => new TopUpStoredValue
    {
        At = story.Now, Origin = Till, Amount = new Money(amount), UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    /// <summary>Has principal paid out.</summary>
    public static Act Refund(long amount, string reason = "moved away") => story =>
        new RefundStoredValue { At = story.Now, Origin = Till, Amount = new Money(amount), Reason = reason };

    public static Act Freeze(string reason = "lost") => story => new FreezeStoredValue { At = story.Now, Origin = Till, Reason = reason };

    public static Act Release(string reason = "found") => story => new ReleaseStoredValue { At = story.Now, Origin = Till, Reason = reason };

    /// <summary>Gets coupons by hand.</summary>
    public static Act Issue(string kind, int count = 1, string reason = "goodwill") => story => new IssueCoupons
    {
        At = story.Now, Origin = Till, Kind = kind, Count = count, Reason = reason, UtcOffsetMinutes = CustomerStory.UtcOffsetMinutes,
    };

    public static Act Revoke(int number, string reason = "mistake") => story => new RevokeCoupon { At = story.Now, Origin = Till, Number = number, Reason = reason };

    /// <summary>Buys lines with coupons.</summary>
    public static Act BuyWith(string receipt, IReadOnlyList<PurchaseLine> lines, params int[] coupons) => But(BuyLines(receipt, lines), sale => sale with { Coupons = coupons });
    /// <summary>Milliseconds pass; a story's day has hours enough for a few leases.</summary>
    public static Act Later(long milliseconds) => story =>
    {
        story.Pass(milliseconds);
        return null;
    };

    /// <summary>Opens a basket.</summary>
    public static Act Open(long points, long storedValue = 0) => story =>
        new OpenBasket { At = story.Now, Origin = Till, Hold = new Hold(new Points(points), new Money(storedValue)) };

    /// <summary>Changes what a basket holds; the last opened when no number is given.</summary>
    public static Act Change(long points, long storedValue = 0, long? basket = null) => story =>
        new ChangeBasket { At = story.Now, Origin = Till, Basket = basket ?? LastBasket(story), Hold = new Hold(new Points(points), new Money(storedValue)) };

    /// <summary>Gives a basket up; the last opened when no number is given.</summary>
    public static Act Cancel(long? basket = null) => story => new CancelBasket { At = story.Now, Origin = Till, Basket = basket ?? LastBasket(story) };

    /// <summary>A purchase that pays a basket; the last opened when no number is given.</summary>
    public static Act Pays(Act purchase, long? basket = null) => story => ((RecordPurchase)purchase(story)!) with { Basket = basket ?? LastBasket(story) };

    private static long LastBasket(CustomerStory story) => story.Events.OfType<BasketOpened>().LastOrDefault()?.Basket ?? 0;

    public static Act Wake() => story => new WakeCustomer { At = story.Now, Origin = default };

    public static Act ChangeProfile(byte profile, string? home, params IdentityRef[] identities) => story => new ChangeProfile
    {
        At = story.Now,
        Origin = Till,
        Profile = new Sealed([profile]),
        HomeStore = home is null ? null : new StoreId(home),
        Identities = identities,
    };
}
