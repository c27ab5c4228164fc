using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ChainCrm.Crash;

public class CrashTests(ITestOutputHelper output)
{
    private const int Kills = 20;
    private const int Workers = 10;

    [Fact]
    public async Task Killed_twenty_times_under_load_the_server_loses_nothing_and_doubles_nothing()
    {
        await using var chain = new Chain();
        await chain.StartAsync("--empty");
        await chain.SetUpAsync();
        using var stop = new CancellationTokenSource();
        var progress = new Progress();
        var workers = Enumerable.Range(1, Workers).Select(number => new Worker(number, chain, progress)).ToList();
        var work = workers.Select(worker => Task.Run(() => worker.RunAsync(stop.Token))).ToList();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var kill = 1; kill <= Kills; kill++)
        {
            // A random moment under load, first by what was done, then by the clock, to hit every stage of a commit. A worker that failed ends the wait.
            await await Task.WhenAny([progress.MoreAsync(random.Next(20, 400)), .. work]);
            await Task.Delay(random.Next(0, 60));
            await chain.KillAsync();
            await chain.StartAsync("--empty");
        }
        await await Task.WhenAny([progress.MoreAsync(100), .. work]);
        await stop.CancelAsync();
        await Task.WhenAll(work).WaitAsync(TimeSpan.FromSeconds(60));

        output.WriteLine($"seed {seed}: {workers.Sum(w => w.Sales.Count)} purchases, {workers.Sum(w => w.Retries)} retries, {workers.Sum(w => w.RepeatsCompared)} repeats compared");
        workers.Sum(worker => worker.Sales.Count).ShouldBeGreaterThan(Kills * Workers);
        workers.Sum(worker => worker.Retries).ShouldBeGreaterThan(0, "the kills hit commands under way");
        await Books.CheckAsync(chain, workers);
        // And once more from the files alone.
        await chain.KillAsync();
        await chain.StartAsync("--empty");
        await Books.CheckAsync(chain, workers);
        foreach (var worker in workers) worker.Dispose();
    }

    [Fact]
    public async Task A_stop_signal_under_load_ends_the_server_in_order_within_ten_seconds_and_loses_nothing()
    {
        await using var chain = new Chain();
        await chain.StartAsync("--empty");
        await chain.SetUpAsync();
        using var stop = new CancellationTokenSource();
        var progress = new Progress();
        var workers = Enumerable.Range(1, Workers).Select(number => new Worker(number, chain, progress)).ToList();
        var work = workers.Select(worker => Task.Run(() => worker.RunAsync(stop.Token))).ToList();
        await await Task.WhenAny([progress.MoreAsync(300), .. work]);

        var (code, took) = await chain.TerminateAsync();
        code.ShouldBe(0, chain.Process.Said);
        took.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await chain.StartAsync("--empty");
        await stop.CancelAsync();
        await Task.WhenAll(work).WaitAsync(TimeSpan.FromSeconds(60));
        workers.Sum(worker => worker.Sales.Count).ShouldBeGreaterThan(0);
        await Books.CheckAsync(chain, workers);
        foreach (var worker in workers) worker.Dispose();
    }
}
