using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.TestKit;

namespace ChainCrm.Growth;

/// <summary>The commands of this bench: two lines a receipt, receipts that no run repeats.</summary>
internal static class Sales
{
    /// <summary>Beginning of the receipts of this run: a folder is used by many.</summary>
    private static readonly string Run = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString("x", null);

    private static readonly PurchaseLine[] Lines =
    [
        new PurchaseLine { Line = 1, Product = new ProductId("P1001"), Quantity = new Quantity(1000), Price = new Money(12_50) },
        new PurchaseLine { Line = 2, Product = new ProductId("P1002"), Quantity = new Quantity(2000), Price = new Money(3_99) },
    ];

    private static long receipts;

    /// <summary>Store ids as `chaincrm load --prepare` opens them.</summary>
    public static StoreId Store(int number) => new($"load-{number:0000}");

    public static GrainId Customer(long number) => new(Shop.Chain, GrainKinds.Customer, $"c{number:x12}");

    public static Timestamp Now() => new(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    /// <summary>A number that looks like chance and is the same each time.</summary>
    public static int Mixed(long number, int below)
    {
        unchecked
        {
            var mixed = (ulong)number * 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (int)((mixed >> 33) % (ulong)below);
        }
    }

    public static GrainCommand Enrol(GrainId customer, Timestamp at, StoreId store) => new(customer, "enrol", 0, Shop.Enrol(at) with
    {
        Origin = new Origin(store, null, new TillId("T1")),
        HomeStore = store,
        // As large as the vault makes a profile with name, phone and birthday.
        Profile = new Sealed(new byte[120]),
    });

    public static GrainCommand Open(StoreId store, Timestamp at) =>
        new(new GrainId(Shop.Chain, GrainKinds.Store, store.Value), "open", 0, Shop.Open(store.Value) with { At = at });

    public static GrainCommand Purchase(GrainId customer, Timestamp at, StoreId store)
    {
        var receipt = NextReceipt();
        return new GrainCommand(customer, $"{store.Value}/{receipt}", 0, new RecordPurchase
        {
            At = at,
            Origin = new Origin(store, null, new TillId("T1")),
            Store = store,
            Receipt = receipt,
            OccurredAt = at,
            BusinessDay = Shop.DayOf(at),
            Lines = Lines,
        });
    }

    public static GrainCommand WalkIn(StoreId store, Timestamp at)
    {
        var receipt = NextReceipt();
        return new GrainCommand(new GrainId(Shop.Chain, GrainKinds.Store, store.Value), $"{store.Value}/{receipt}", 0,
            Shop.WalkIn(receipt, 20_48, at) with { Origin = new Origin(store, null, new TillId("T1")) });
    }

    private static string NextReceipt() => $"{Run}-{Interlocked.Increment(ref receipts)}";
}
