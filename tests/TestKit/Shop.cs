using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;

namespace ChainCrm.TestKit;

/// <summary>Commands of an ordinary day, ready to be sent: chain <c>main</c>, one point per 100 minor units by the built-in programme.</summary>
public static class Shop
{
    public const string Chain = "main";

    /// <summary>2026-01-15 12:00 UTC.</summary>
    public static readonly Timestamp Noon = new(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());

    public static readonly StoreId Home = new("S1");

    public static readonly Origin Till = new(Home, null, new TillId("T1"));

    public static readonly Origin Office = new(null);

    public static GrainId Customer(string key) => new(Chain, GrainKinds.Customer, key);

    public static GrainId Store(string key) => new(Chain, GrainKinds.Store, key);

    /// <summary>The business day of a time, in UTC.</summary>
    public static BusinessDay DayOf(Timestamp at) => BusinessDay.From(DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMs).UtcDateTime));

    public static Enrol Enrol(Timestamp? at = null) => new()
    {
        At = at ?? Noon,
        Origin = Till,
        HomeStore = Home,
        Profile = new Sealed([1, 2, 3, 4]),
        Identities = [],
    };

    /// <summary>A purchase with one line for every amount.</summary>
    public static RecordPurchase Purchase(string receipt, Timestamp at, params ReadOnlySpan<long> amounts)
    {
        var lines = new PurchaseLine[amounts.Length];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = new PurchaseLine { Line = i + 1, Product = new ProductId($"P{i}"), Quantity = new Quantity(1000), Price = new Money(amounts[i]) };
        return new RecordPurchase
        {
            At = at,
            Origin = Till,
            Store = Home,
            Receipt = receipt,
            OccurredAt = at,
            BusinessDay = DayOf(at),
            Lines = lines,
        };
    }

    public static ReturnLines Return(string receipt, Timestamp at, params ReturnLine[] lines) => new()
    {
        At = at,
        Origin = Till,
        PurchaseStore = Home,
        PurchaseReceipt = receipt,
        OccurredAt = at,
        BusinessDay = DayOf(at),
        Lines = lines,
    };

    public static AdjustPoints Adjust(long points, Timestamp? at = null) =>
        new() { At = at ?? Noon, Origin = Office, Points = new Points(points), Reason = "goodwill" };

    public static RedeemPoints Redeem(long points, Timestamp? at = null) =>
        new() { At = at ?? Noon, Origin = Till, Points = new Points(points), Reason = "gift" };

    public static OpenStore Open(string store) =>
        new() { At = Noon, Origin = Office, Store = new StoreId(store), Name = store, Region = "North", City = "Harbin" };

    public static RecordWalkIn WalkIn(string receipt, long amountMinor, Timestamp? at = null) => new()
    {
        At = at ?? Noon,
        Origin = Till,
        Receipt = receipt,
        OccurredAt = at ?? Noon,
        BusinessDay = DayOf(at ?? Noon),
        LineCount = 1,
        Amount = new Money(amountMinor),
    };

    /// <summary>A purchase as it is sent: its command id is store and receipt.</summary>
    public static GrainCommand Sale(string customer, string receipt, Timestamp at, params ReadOnlySpan<long> amounts) =>
        new(Customer(customer), $"{Home.Value}/{receipt}", 0, Purchase(receipt, at, amounts));

    public static GrainCommand Of(GrainId grain, string commandId, object command, ulong fingerprint = 0) => new(grain, commandId, fingerprint, command);
}

/// <summary>The built-in rules for every chain, or one other version.</summary>
public sealed class OneProgramme(Programme? programme = null) : IProgrammes
{
    public Programme Current(ReadOnlySpan<char> chain) => programme ?? Programme.BuiltIn;

    public Programme? ProgrammeVersion(string chain, int version) => version == 0 ? Programme.BuiltIn : programme?.Version == version ? programme : null;
}
