using System.Diagnostics;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Engine;
using ChainCrm.TestKit;

namespace ChainCrm.InProcess;

/// <summary>Memory of a customer that is active and idle.</summary>
internal static class ActiveCustomers
{
    public static async Task MeasureAsync(int customers, int purchases, int outstanding)
    {
        // The feed's ring is not the customers' memory.
        await using var bench = await Bench.StartAsync("sqlite", new EngineOptions
        {
            FeedRingEntries = 64,
            ActivationsMax = customers + 1,
            IdleTime = TimeSpan.FromHours(10),
        });
        var before = Settled();
        var clock = Stopwatch.StartNew();
        var now = Bench.Now();
        var day = Shop.DayOf(now);
        PurchaseLine[] lines = [new PurchaseLine { Line = 1, Product = new ProductId("P1001"), Quantity = new Quantity(1000), Price = new Money(12_50) }];
        var prefix = customers.ToString("x", null);
        // Every grain name is made anew and forgotten by the caller: what stays is the engine's.
        await bench.CallAsync(outstanding, customers, i => Bench.Enrol(Name(i), now));
        await bench.CallAsync(outstanding, customers * purchases, i => Bench.Sale(Name(i % customers), i, now, day, lines));
        var after = Settled();
        Console.WriteLine(
            $"{bench.Engine.Activations:N0} active customers with {purchases} purchases each: {(after - before) / (double)customers:N0} bytes each, "
            + $"{after / 1_048_576.0:N0} MB in all, made in {clock.Elapsed.TotalSeconds:N0} s, working set {Environment.WorkingSet / 1_048_576.0:N0} MB");

        Grains.GrainId Name(int number) => new(Shop.Chain, Grains.GrainKinds.Customer, $"c{prefix}{number:x14}");
    }

    private static long Settled()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
