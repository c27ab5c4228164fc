using System.Net;
using ChainCrm.Client.Load;
using ChainCrm.Client.Tests.Fakes;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Load;

public sealed class LoadRunTests : IAsyncLifetime
{
    private FakeServer _server = null!;

    public async Task InitializeAsync() => _server = await FakeServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_closed_loop_keeps_every_connection_busy_and_counts_each_answer_once()
    {
        var result = await RunAsync(Purchases(), new RunPlan { Connections = 8, Duration = TimeSpan.FromSeconds(1) });

        result.Answers.ShouldBeGreaterThan(8);
        // Answers that came after the end are recorded by the server and not counted here: at most one for each connection.
        ((long)_server.Purchases.Count - result.Answers).ShouldBeInRange(0, 8);
        _server.Purchases.Count.ShouldBe(_server.Requests.Count);
        result.Errors.ShouldBeEmpty();
        result.BrokenConnections.ShouldBe(0);
        result.MaxMs.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_source_that_ends_is_sent_to_its_end()
    {
        var result = await RunAsync(new EnrolSource(Shape()), new RunPlan { Connections = 4 });

        result.Answers.ShouldBe(100);
        _server.Customers.Count.ShouldBe(100);
    }

    [Fact]
    public async Task Refusals_are_counted_by_number_and_a_broken_connection_is_made_again()
    {
        for (var i = 0; i < 3; i++) _server.NextRefuses(409, 141);
        _server.NextRefuses(429, 900);
        _server.Next((http, _) =>
        {
            http.Abort();
            return Task.FromResult(true);
        });

        var result = await RunAsync(new EnrolSource(Shape()), new RunPlan { Connections = 1 });

        result.Errors.ShouldBe([new LoadError(409, 141, 3), new LoadError(429, 900, 1)]);
        result.BrokenConnections.ShouldBe(1);
        result.LostConnections.ShouldBe(0);
        result.Answers.ShouldBe(95);
    }

    [Fact]
    public async Task An_open_loop_counts_the_waiting_behind_a_slow_answer()
    {
        _server.Next(async (_, _) =>
        {
            await Task.Delay(1_500);
            return false;
        });

        var result = await RunAsync(Purchases(), new RunPlan { Connections = 1, Rate = 50, Duration = TimeSpan.FromSeconds(2) });

        // Some 75 of 100 requests were due while the first was held, and half of all waited half a second or more; a generator that only
        // looks at answers would report one slow request.
        result.P50Ms.ShouldBeGreaterThan(300);
        (result.Answers + result.NotSent).ShouldBeInRange(99, 101);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_error()
    {
        using var run = new LoadRun(Purchases(), new IPEndPoint(IPAddress.Loopback, 1), new RunPlan { Connections = 1, Duration = TimeSpan.FromSeconds(1) });

        await Should.ThrowAsync<ChainCrmException>(run.RunAsync("purchase", CancellationToken.None));
    }

    [Fact]
    public void A_comparison_gives_the_median_of_the_ratios_of_its_rounds()
    {
        LoadResult Round(string target, double perSecond) => new()
        {
            Target = target, Connections = 32, Seconds = 1, Answers = 1, PerSecond = perSecond, P50Ms = 1, P90Ms = 1, P99Ms = perSecond / 10, P999Ms = 1, MaxMs = 1,
            Errors = [], BrokenConnections = 0, LostConnections = 0,
        };

        var comparison = LoadComparison.From(32, [Round("echo", 100), Round("echo", 200), Round("echo", 100)], [Round("purchase", 50), Round("purchase", 160), Round("purchase", 70)]);

        (comparison.RatioMedian, comparison.RatioMin, comparison.RatioMax).ShouldBe((0.7, 0.5, 0.8));
        (comparison.BaselinePerSecondMedian, comparison.TargetPerSecondMedian, comparison.TargetP99MsMedian).ShouldBe((100, 70, 7));
    }

    private LoadShape Shape() => new() { Server = _server.Address, AccessKey = FakeServer.AccessKey, Customers = 100, Stores = 3 };

    private PurchaseSource Purchases() => new(Shape(), "/v1/purchases", 1);

    private async Task<LoadResult> RunAsync(RequestSource source, RunPlan plan)
    {
        using var run = new LoadRun(source, new IPEndPoint(IPAddress.Loopback, _server.Address.Port), plan);
        return await run.RunAsync("test", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
    }
}
