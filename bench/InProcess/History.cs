using System.Diagnostics;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.TestKit;

namespace ChainCrm.InProcess;

/// <summary>What a purchase costs as the histories of the customers grow: a row for every so many purchases.</summary>
internal static class History
{
    public static async Task MeasureAsync(int customers, int outstanding, int purchases, int step)
    {
        await using var bench = await Bench.StartAsync("sqlite", new EngineOptions { GrainMailboxMax = Math.Max(outstanding * 2, 1_000) });
        var grains = Bench.Customers(customers);
        var now = Bench.Now();
        var day = Shop.DayOf(now);
        await bench.CallAsync(outstanding, customers, i => Bench.Enrol(grains[i], now));
        PurchaseLine[] lines =
        [
            new PurchaseLine { Line = 1, Product = new ProductId("P1001"), Quantity = new Quantity(1000), Price = new Money(12_50) },
            new PurchaseLine { Line = 2, Product = new ProductId("P1002"), Quantity = new Quantity(2000), Price = new Money(3_99) },
        ];
        Console.WriteLine("| receipts per customer | purchases/s | processor each | bytes allocated each | pauses | managed heap |");
        Console.WriteLine("|---|---|---|---|---|---|");
        for (var done = 0; done < purchases; done += step)
        {
            var first = done;
            var allocated = GC.GetTotalAllocatedBytes();
            var pauses = GC.GetTotalPauseDuration();
            var processor = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            await bench.CallAsync(outstanding, step, i => Bench.Sale(grains[(first + i) % customers], first + i, now, day, lines));
            var seconds = clock.Elapsed.TotalSeconds;
            Console.WriteLine(string.Create(null,
                $"| {(first + step) / customers:N0} | {step / seconds:N0} | {(Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / step:N1} µs "
                + $"| {(GC.GetTotalAllocatedBytes() - allocated) / step:N0} | {(GC.GetTotalPauseDuration() - pauses).TotalMilliseconds / seconds:N0} ms/s | {GC.GetTotalMemory(false) >> 20:N0} MiB |"));
        }
    }
}
