using System.Diagnostics;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.TestKit;

namespace ChainCrm.InProcess;

/// <summary>Durable purchases a second in a closed loop, and bytes allocated for each.</summary>
internal static class Rate
{
    private static readonly PurchaseLine[] TwoLines =
    [
        new PurchaseLine { Line = 1, Product = new ProductId("P1001"), Quantity = new Quantity(1000), Price = new Money(12_50) },
        new PurchaseLine { Line = 2, Product = new ProductId("P1002"), Quantity = new Quantity(2000), Price = new Money(3_99) },
    ];

    public static async Task MeasureAsync(string journal, int customers, int outstanding, int seconds)
    {
        // One hot customer gets everything: room for all of it in its own mailbox.
        await using var bench = await Bench.StartAsync(journal, new EngineOptions { GrainMailboxMax = Math.Max(outstanding * 2, 1_000) });
        var grains = Bench.Customers(customers);
        var now = Bench.Now();
        await bench.CallAsync(outstanding, customers, i => Bench.Enrol(grains[i], now));

        var warm = await RunAsync(bench, grains, outstanding, TimeSpan.FromSeconds(2), 0, TwoLines);
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes();
        var pauses = GC.GetTotalPauseDuration();
        var clock = Stopwatch.StartNew();
        var done = await RunAsync(bench, grains, outstanding, TimeSpan.FromSeconds(seconds), warm, TwoLines);
        var elapsed = clock.Elapsed;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        Console.WriteLine(
            $"{journal,-7} {customers,8} customers {outstanding,5} outstanding: {done / elapsed.TotalSeconds,9:N0} purchases/s, "
            + $"{allocated / (double)done,6:N0} bytes each, {(GC.GetTotalPauseDuration() - pauses).TotalMilliseconds:N0} ms of pauses in {elapsed.TotalSeconds:N1} s");
    }

    /// <summary>Sells for a time; how often.</summary>
    public static async Task<int> RunAsync(Bench bench, GrainId[] grains, int outstanding, TimeSpan time, int first, PurchaseLine[] lines)
    {
        var number = first;
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var now = Bench.Now();
        var day = Shop.DayOf(now);
        var callers = new Task[outstanding];
        for (var i = 0; i < outstanding; i++)
            callers[i] = Caller();
        await Task.WhenAll(callers);
        return number - first;

        async Task Caller()
        {
            await Task.Yield();
            while (Stopwatch.GetTimestamp() < until)
            {
                var next = Interlocked.Increment(ref number);
                Bench.Check(await bench.Engine.AskAsync(Bench.Sale(grains[next % grains.Length], next, now, day, lines)));
            }
        }
    }
}
