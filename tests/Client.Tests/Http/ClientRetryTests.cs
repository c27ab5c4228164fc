using System.Diagnostics;
using ChainCrm.Client.Tests.Fakes;
using ChainCrm.Client.Wire;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Http;

public sealed class ClientRetryTests : IAsyncLifetime
{
    private FakeServer _server = null!;

    private static PurchaseRequest Purchase => new()
    {
        Customer = new CustomerKey { Id = "c1" }, Store = "S1", Receipt = "R-1", Lines = [new PurchaseLineRequest { Line = 1, Product = "A", Quantity = 1, PriceMinor = 100 }],
    };

    public async Task InitializeAsync() => _server = await FakeServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(502)]
    public async Task A_busy_server_is_asked_again_with_the_same_key_and_the_same_bytes(int status)
    {
        _server.NextRefuses(status, 900, mayPassLater: true, retryAfter: "0");
        _server.NextRefuses(status, 900, mayPassLater: true, retryAfter: "0");
        using var client = new ChainCrmClient(_server.Options());

        var reply = await client.PurchaseAsync(Purchase);

        reply.Receipt.ShouldBe("R-1");
        _server.Requests.Count.ShouldBe(3);
        _server.Requests.Distinct().ShouldHaveSingleItem().Key.ShouldBe("R-1");
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_answer_is_tried_again_with_the_same_key()
    {
        _server.Next((http, _) =>
        {
            http.Abort();
            return Task.FromResult(true);
        });
        using var client = new ChainCrmClient(_server.Options());

        await client.EnrolAsync(new EnrolRequest { Store = "S1", ExternalId = "7" }, "key-7");

        _server.Requests.Count.ShouldBe(2);
        _server.Requests.Distinct().ShouldHaveSingleItem().Key.ShouldBe("key-7");
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_asked_for_again_with_the_same_key()
    {
        var released = new TaskCompletionSource();
        _server.Next(async (_, _) =>
        {
            await released.Task.WaitAsync(TimeSpan.FromSeconds(20));
            return true;
        });
        using var client = new ChainCrmClient(_server.Options() with { AttemptTimeout = TimeSpan.FromMilliseconds(300) });

        await client.PurchaseAsync(Purchase);
        released.SetResult();

        _server.Requests.Count.ShouldBe(2);
        _server.Requests.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task The_pause_that_the_server_asks_for_is_kept()
    {
        _server.NextRefuses(503, 903, mayPassLater: true, retryAfter: "1");
        using var client = new ChainCrmClient(_server.Options());

        var clock = Stopwatch.StartNew();
        await client.PurchaseAsync(Purchase);

        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(900));
    }

    [Theory]
    [InlineData(409, 141, true)]
    [InlineData(422, 116, false)]
    [InlineData(401, 1002, false)]
    [InlineData(500, 1000, false)]
    public async Task A_refusal_is_an_answer_and_is_not_asked_for_again(int status, int code, bool mayPassLater)
    {
        _server.NextRefuses(status, code, mayPassLater);
        using var client = new ChainCrmClient(_server.Options());

        var refused = await Should.ThrowAsync<ChainCrmException>(client.PurchaseAsync(Purchase));

        (refused.Status, refused.Code, refused.Problem!.MayPassLater).ShouldBe((status, code, mayPassLater));
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Attempts_are_bounded_by_number()
    {
        for (var i = 0; i < 10; i++) _server.NextRefuses(503, 900, mayPassLater: true);
        using var client = new ChainCrmClient(_server.Options() with { RetriesMax = 3 });

        (await Should.ThrowAsync<ChainCrmException>(client.PurchaseAsync(Purchase))).Code.ShouldBe(900);

        _server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Attempts_are_bounded_by_time()
    {
        using var client = new ChainCrmClient(new ChainCrmClientOptions
        {
            Server = new Uri("http://127.0.0.1:1"), AccessKey = "ck_x", RetriesMax = int.MaxValue, RetryFor = TimeSpan.FromMilliseconds(300), RetryDelay = TimeSpan.FromMilliseconds(20),
        });

        var clock = Stopwatch.StartNew();
        var failed = await Should.ThrowAsync<ChainCrmException>(client.StatsAsync());

        failed.Problem.ShouldBeNull();
        clock.Elapsed.ShouldBeInRange(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_write_without_a_key_is_not_sent()
    {
        using var client = new ChainCrmClient(_server.Options());

        await Should.ThrowAsync<ArgumentException>(() => client.AdjustAsync(new AdjustRequest { Points = 1 }, ""));
        await Should.ThrowAsync<ArgumentException>(() => client.AdjustAsync(new AdjustRequest { Points = 1 }, new string('k', 65)));

        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_access_key_travels_as_a_bearer_token_and_is_not_printed_with_the_options()
    {
        using var client = new ChainCrmClient(_server.Options());

        await client.StatsAsync();

        _server.Requests.Single().Authorization.ShouldBe("Bearer " + FakeServer.AccessKey);
        _server.Options().ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task Cancelling_ends_the_retries_at_once()
    {
        for (var i = 0; i < 100; i++) _server.NextRefuses(503, 900, mayPassLater: true, retryAfter: "5");
        using var client = new ChainCrmClient(_server.Options());
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Should.ThrowAsync<OperationCanceledException>(client.PurchaseAsync(Purchase, stop.Token));
    }
}
