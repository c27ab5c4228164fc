using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Stores;

namespace ChainCrm.Grains.Tests;

/// <summary>Builds the events of trade, as plain as tests can say them.</summary>
internal static class Trade
{
    public static readonly Origin Office = new(null);

    /// <summary>2026-03-02 00:00 UTC, a Monday; 08:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public static GrainId Customer(string id, string chain = "main") => new(chain, GrainKinds.Customer, id);

    public static GrainId Store(string id, string chain = "main") => new(chain, GrainKinds.Store, id);

    public static Timestamp At(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    /// <summary>The business day in Shanghai, the zone of the built-in programme.</summary>
    public static BusinessDay Day(DateTimeOffset time) => BusinessDay.From(DateOnly.FromDateTime(time.ToOffset(TimeSpan.FromHours(8)).DateTime));

    public static StoreOpened Opened(string store) => new() { At = At(Monday), Origin = Office, Store = new StoreId(store), Name = store + "店", Region = "north", City = "Beijing" };

    public static CustomerEnrolled Enrolled(string homeStore, DateTimeOffset time) => new()
    {
        At = At(time), Origin = new Origin(new StoreId(homeStore)), HomeStore = new StoreId(homeStore), Profile = new Sealed([1]), Identities = [], Tier = new TierId("basic"),
    };

    public static PurchaseRecorded Purchase(
        string store, long amount, DateTimeOffset time, long earned = 0, long used = 0, string? previous = null, bool cross = false, string receipt = "r") => new()
    {
        At = At(time), Origin = new Origin(new StoreId(store)), Store = new StoreId(store), Receipt = receipt, OccurredAt = At(time), BusinessDay = Day(time), Lines = [],
        Amount = new Money(amount), PointsEarned = new Points(earned), PointsUsed = new Points(used), ActiveFrom = At(time), Balance = default, QualifyingSpend = default,
        Tier = new TierId("basic"), PreviousStore = previous is null ? null : new StoreId(previous), CrossStore = cross,
    };

    public static LinesReturned Return(string store, long amount, DateTimeOffset time) => new()
    {
        At = At(time), Origin = new Origin(new StoreId(store)), PurchaseStore = new StoreId(store), PurchaseReceipt = "r", PurchaseDay = Day(time), OccurredAt = At(time),
        BusinessDay = Day(time), Lines = [], Amount = new Money(amount), PointsTakenBack = default, Balance = default, QualifyingSpend = default, Tier = new TierId("basic"),
    };

    public static WalkInRecorded WalkIn(long amount, DateTimeOffset time) => new()
    {
        At = At(time), Origin = Office, Receipt = "w", OccurredAt = At(time), BusinessDay = Day(time), LineCount = 1, Amount = new Money(amount),
    };

    public static PointsRedeemed Redeemed(long points, DateTimeOffset time, string? store) => new()
    {
        At = At(time), Origin = new Origin(store is null ? null : new StoreId(store)), Points = new Points(points), Reason = "gift", LotsUsed = [], Balance = default,
    };

    public static PointsAdjusted Adjusted(long points, DateTimeOffset time, string? store) => new()
    {
        At = At(time), Origin = new Origin(store is null ? null : new StoreId(store)), Points = new Points(points), Reason = "sorry", Balance = default,
    };
}
