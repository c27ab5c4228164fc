using System.Text.Json;
using ChainCrm.Client.Wire;
using ChainCrm.Silo.Wall;
using ChainCrm.TestKit;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Wall;

public class WallTests
{
    private static WallMessage Read(JsonElement? item) => item!.Value.Deserialize(WallJson.Default.WallMessage)!;

    private static async Task<WallMessage> NextAsync(HubClient client, WallServer server) => Read(await client.NextItemAsync(server.Patience));

    private static async Task<WallMessage> UntilSalesAsync(HubClient client, WallServer server, long sales, List<WallMessage>? seen = null)
    {
        while (true)
        {
            var message = await NextAsync(client, server);
            seen?.Add(message);
            if ((message.Tick?.Today ?? message.Snapshot!.Today).SalesMinor >= sales) return message;
        }
    }

    [Fact]
    public async Task A_wall_gets_a_snapshot_first_and_then_ticks_in_order_without_gaps()
    {
        await using var server = await WallServer.StartAsync();
        server.Figures.Sell(5);
        await using var wall = await server.WatchAsync();
        var first = await NextAsync(wall, server);
        first.Snapshot.ShouldNotBeNull();
        first.Snapshot.Demo.ShouldBeTrue();
        first.Snapshot.Today.SalesMinor.ShouldBe(5);
        first.Snapshot.Stores.Single().Name.ShouldBe("静安店");

        var last = first.Sequence;
        for (var round = 1; round <= 5; round++)
        {
            server.Figures.Sell();
            var message = await NextAsync(wall, server);
            message.Sequence.ShouldBe(++last);
            message.Tick!.Today.SalesMinor.ShouldBe(5 + round);
            message.Tick.Stores.Single().SalesMinor.ShouldBe(5 + round);
        }
    }

    [Fact]
    public async Task A_wall_that_comes_back_gets_exactly_the_ticks_it_missed()
    {
        await using var server = await WallServer.StartAsync();
        await using var stays = await server.WatchAsync();
        await NextAsync(stays, server);
        WallMessage last;
        await using (var leaves = await server.WatchAsync())
        {
            last = await NextAsync(leaves, server);
            server.Figures.Sell();
            last = await UntilSalesAsync(leaves, server, 1);
        }
        var missed = new List<WallMessage>();
        await UntilSalesAsync(stays, server, 1);
        for (var sales = 2; sales <= 4; sales++)
        {
            server.Figures.Sell();
            await UntilSalesAsync(stays, server, sales, missed);
        }

        await using var again = await server.WatchAsync(last.Sequence, last.Run);
        foreach (var expected in missed)
        {
            var message = await NextAsync(again, server);
            message.Sequence.ShouldBe(expected.Sequence);
            message.Tick!.Today.ShouldBe(expected.Tick!.Today);
        }
    }

    [Fact]
    public async Task A_wall_of_an_earlier_run_of_the_server_gets_a_snapshot()
    {
        await using var server = await WallServer.StartAsync();
        await using var wall = await server.WatchAsync(17, "another-run");
        (await NextAsync(wall, server)).Snapshot.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_wall_that_was_away_longer_than_ticks_are_kept_gets_a_snapshot()
    {
        await using var server = await WallServer.StartAsync();
        var run = (await server.Walls.Channel("main").SnapshotAsync(server.Patience)).Run;
        await using var wall = await server.WatchAsync(-HostLimits.WallTicksKept - 1, run);
        (await NextAsync(wall, server)).Snapshot.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_slow_wall_loses_detail_but_never_order_and_gets_a_snapshot()
    {
        var watcher = new WallWatcher([]);
        for (var sequence = 1; sequence <= HostLimits.WallQueueMax; sequence++) watcher.Offer(Tick(sequence)).ShouldBe(0);
        watcher.Offer(Tick(9)).ShouldBe(HostLimits.WallQueueMax + 1);
        watcher.Offer(Tick(10)).ShouldBe(0);

        (await watcher.NextAsync(default)).ShouldBe((null, true));
        watcher.CatchUp();
        watcher.Offer(Tick(11));
        (await watcher.NextAsync(default)).Message!.Sequence.ShouldBe(11);

        static WallMessage Tick(long sequence) => new() { Run = "r", Sequence = sequence };
    }

    [Fact]
    public async Task A_browser_that_does_not_read_gets_a_snapshot_when_it_reads_again_and_costs_nothing_meanwhile()
    {
        await using var server = await WallServer.StartAsync();
        var channel = server.Walls.Channel("main");
        var slow = channel.WatchAsync(0, null, server.Patience).GetAsyncEnumerator(server.Patience);
        (await slow.MoveNextAsync()).ShouldBeTrue();
        var run = slow.Current.Run;

        await using var quick = await server.WatchAsync();
        await NextAsync(quick, server);
        for (var sales = 1; sales <= HostLimits.WallQueueMax + 3; sales++)
        {
            server.Figures.Sell();
            await UntilSalesAsync(quick, server, sales);
        }
        var snapshots = server.Figures.Snapshots;

        (await slow.MoveNextAsync()).ShouldBeTrue();
        slow.Current.Snapshot!.Today.SalesMinor.ShouldBe(HostLimits.WallQueueMax + 3);
        slow.Current.Run.ShouldBe(run);
        server.Figures.Snapshots.ShouldBe(snapshots + 1);
        server.Figures.Sell();
        (await slow.MoveNextAsync()).ShouldBeTrue();
        slow.Current.Tick!.Today.SalesMinor.ShouldBe(HostLimits.WallQueueMax + 4);
        await slow.DisposeAsync();
    }

    [Fact]
    public async Task Many_walls_cost_one_build_of_each_message()
    {
        await using var server = await WallServer.StartAsync();
        var walls = new List<HubClient>();
        for (var i = 0; i < 40; i++) walls.Add(await server.WatchAsync());
        foreach (var wall in walls) await NextAsync(wall, server);
        var built = server.Walls.Channel("main").Built;
        var takes = server.Figures.Takes;
        server.Figures.Sell();
        foreach (var wall in walls) await UntilSalesAsync(wall, server, 1);
        (server.Walls.Channel("main").Built - built).ShouldBeLessThanOrEqualTo(3, "one tick, and at most an idle one on each side of it");
        (server.Figures.Takes - takes).ShouldBeLessThan(walls.Count);
        foreach (var wall in walls) await wall.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_built_while_nobody_watches()
    {
        await using var server = await WallServer.StartAsync();
        await using (var wall = await server.WatchAsync()) await NextAsync(wall, server);
        await using var channel = server.Walls.Channel("main").WatchAsync(0, null, server.Patience).GetAsyncEnumerator(server.Patience);
        await channel.MoveNextAsync();
        await channel.DisposeAsync();
        // The closed connection is noticed by the server a moment later; the pump's own rhythm is the barrier.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(HostLimits.WallTickMs));
        while (server.Walls.Channel("main").IsWatched) await timer.WaitForNextTickAsync(server.Patience);
        await timer.WaitForNextTickAsync(server.Patience);
        var takes = server.Figures.Takes;
        for (var i = 0; i < 3; i++) await timer.WaitForNextTickAsync(server.Patience);
        server.Figures.Takes.ShouldBe(takes);
    }

    [Fact]
    public async Task At_most_two_lines_a_second_are_shown_and_the_rest_is_counted()
    {
        await using var server = await WallServer.StartAsync();
        await using var wall = await server.WatchAsync();
        await NextAsync(wall, server);
        for (var i = 0; i < 40; i++) server.Figures.Sell();
        var seen = new List<WallMessage>();
        await UntilSalesAsync(wall, server, 40, seen);
        var shown = seen.Sum(m => m.Tick!.Events.Count);
        shown.ShouldBeLessThanOrEqualTo(2);
        (shown + seen.Sum(m => m.Tick!.EventsNotShown)).ShouldBe(40);
    }

    [Fact]
    public async Task A_store_that_closes_is_shown_although_nothing_was_sold()
    {
        await using var server = await WallServer.StartAsync();
        await using var wall = await server.WatchAsync();
        (await NextAsync(wall, server)).Snapshot!.Stores.Single().Open.ShouldBeTrue();
        server.Stores.Close();
        (await NextAsync(wall, server)).Tick!.Stores.Single().Open.ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_day_is_sent_as_a_snapshot_with_the_next_number()
    {
        await using var server = await WallServer.StartAsync();
        await using var wall = await server.WatchAsync();
        server.Figures.Sell();
        var last = await UntilSalesAsync(wall, server, 1);
        server.Figures.Today = server.Figures.Today.AddDays(1);
        server.Figures.Sell();
        var next = await NextAsync(wall, server);
        next.Sequence.ShouldBe(last.Sequence + 1);
        next.Snapshot!.Day.ShouldBe("2026-11-23");
    }

    [Fact]
    public async Task From_a_change_to_the_browser_it_takes_at_most_a_quarter_of_a_second()
    {
        await using var server = await WallServer.StartAsync();
        await using var wall = await server.WatchAsync();
        await NextAsync(wall, server);
        var delays = new List<double>();
        var random = new Random(7);
        for (var sales = 1; sales <= 40; sales++)
        {
            // Changes come at any moment between two ticks.
            await Task.Delay(random.Next(1, 120), server.Patience);
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            server.Figures.Sell();
            await UntilSalesAsync(wall, server, sales);
            delays.Add(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        delays.Sort();
        // The bound of the requirement is 250 ms; a machine busy with other suites gets twice that before this test complains.
        delays[37].ShouldBeLessThan(500);
    }

    [Fact]
    public async Task The_snapshot_can_be_read_over_http()
    {
        await using var server = await WallServer.StartAsync();
        server.Figures.Sell(3);
        using var http = new HttpClient { BaseAddress = server.Address };
        var message = JsonSerializer.Deserialize(await http.GetStringAsync(new Uri("/v1/wall", UriKind.Relative)), WallJson.Default.WallMessage)!;
        message.Snapshot!.Today.SalesMinor.ShouldBe(3);
        message.Snapshot.Events.Count.ShouldBe(1);
        message.Snapshot.SalesToday.Count.ShouldBe(288);
    }
}
