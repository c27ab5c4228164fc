using ChainCrm.Domain;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadModels;

/// <summary>What read models promise, wherever they are kept. <see cref="RowsOf"/> is what one place is held against the other with.</summary>
public abstract class ReadModelConformance : IAsyncLifetime
{
    private readonly ListFeed _feed = new();

    private protected ListFeed Feed => _feed;

    private protected ReadModelPlace Place { get; private set; } = null!;

    private protected abstract ReadModelPlace NewPlace();

    public virtual Task InitializeAsync()
    {
        Place = NewPlace();
        return Task.CompletedTask;
    }

    public virtual async Task DisposeAsync() => await Place.DisposeAsync();

    /// <summary>The rows after the whole feed was followed.</summary>
    private protected static async Task<List<string>> RowsOf(ReadModelPlace place, ListFeed feed)
    {
        await using (var probe = await ReadModelProbe.OpenAsync(place, feed)) await probe.ShownAsync();
        return await place.DumpAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_tables_show_what_the_entries_add_up_to(int seed)
    {
        new RandomTrade(seed).Commit(_feed, 3_000);
        await using var probe = await ReadModelProbe.OpenAsync(Place, _feed);
        await probe.ShownAsync();
        foreach (var chain in new[] { "main", "other", "none" })
        {
            (await probe.Models.TotalsAsync(chain)).ShouldBe(PlainFigures.Totals(_feed.All, chain), $"seed {seed}, {chain}");
            (await probe.Models.StoresAsync(chain)).ShouldBe(PlainFigures.Stores(_feed.All, chain), $"seed {seed}, {chain}");
            for (var store = 0; store < 6; store++)
            {
                (await probe.Models.StoreDaysAsync(chain, new StoreId($"s{store}"), new DateOnly(2000, 1, 1), new DateOnly(2100, 1, 1)))
                    .ShouldBe(PlainFigures.Days(_feed.All, chain, $"s{store}"), $"seed {seed}, {chain}, s{store}");
            }
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task However_often_they_are_stopped_and_written_the_rows_are_the_same(int seed)
    {
        var random = new Random(seed);
        var trade = new RandomTrade(seed);
        for (var run = 0; run < 12; run++)
        {
            await using var probe = await ReadModelProbe.OpenAsync(Place, _feed);
            trade.Commit(_feed, random.Next(1, 200));
            if (random.Next(2) == 0) await probe.ShownAsync();
            trade.Commit(_feed, random.Next(1, 200));
        }

        var piecewise = await RowsOf(Place, _feed);
        await using var again = NewPlace();
        piecewise.ShouldBe(await RowsOf(again, _feed), $"seed {seed}");
        piecewise.Count.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tables_that_are_gone_or_of_another_build_are_rebuilt_with_the_same_rows(bool foreign)
    {
        new RandomTrade(5).Commit(_feed, 1_000);
        var before = await RowsOf(Place, _feed);
        await (foreign ? Place.MakeForeignAsync() : Place.DropAsync());
        (await RowsOf(Place, _feed)).ShouldBe(before);
    }

    [Fact]
    public async Task Every_place_holds_the_rows_that_a_file_holds()
    {
        Chains.CommitDirectory(_feed);
        new RandomTrade(9).Commit(_feed, 2_500);
        await using var file = new SqliteReadModelPlace();
        (await RowsOf(Place, _feed)).ShouldBe(await RowsOf(file, _feed));
    }

    [Fact]
    public async Task What_directories_and_walls_start_from_is_the_same_in_every_place()
    {
        Chains.CommitDirectory(_feed);
        new RandomTrade(10).Commit(_feed, 1_500);
        await using var file = new SqliteReadModelPlace();
        await using var here = await ReadModelProbe.OpenAsync(Place, _feed);
        await using var there = await ReadModelProbe.OpenAsync(file, _feed);
        await here.ShownAsync();
        await there.ShownAsync();

        var (mine, expected) = (await here.Models.DirectoryRowsAsync(default), await there.Models.DirectoryRowsAsync(default));
        mine.Position.ShouldBe(expected.Position);
        mine.Stores.ShouldBe(expected.Stores, ignoreOrder: true);
        mine.Keys.ShouldBe(expected.Keys);
        mine.Keys.Count(key => key.IsRevoked).ShouldBe(1);
        mine.Programmes.ShouldBe(expected.Programmes);
        mine.Programmes.ShouldNotBeEmpty();
        (await here.Models.ReadAsync(moment => moment.ChainsAsync(), default)).ShouldBe(await there.Models.ReadAsync(moment => moment.ChainsAsync(), default), ignoreOrder: true);
        var monday = Trade.Day(Trade.Monday).Number;
        var (wall, plain) = (await here.Models.ReadAsync(moment => moment.WallAsync("main", monday, monday + 2), default), await there.Models.ReadAsync(moment => moment.WallAsync("main", monday, monday + 2), default));
        (wall.Position, wall.NewestEntryMs).ShouldBe((plain.Position, plain.NewestEntryMs));
        wall.Slots.ShouldBe(plain.Slots, ignoreOrder: true);
        wall.Stores.ShouldBe(plain.Stores, ignoreOrder: true);
        wall.Flows.ShouldBe(plain.Flows, ignoreOrder: true);
        wall.Active.ShouldBe(plain.Active, ignoreOrder: true);
        wall.Active.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Tables_of_another_journal_are_rebuilt()
    {
        var other = new ListFeed();
        new RandomTrade(7).Commit(other, 300);
        await using (var probe = await ReadModelProbe.OpenAsync(Place, other)) await probe.ShownAsync();

        new RandomTrade(8).Commit(_feed, 400);
        await using var mine = await ReadModelProbe.OpenAsync(Place, _feed);
        await mine.ShownAsync();
        (await mine.Models.TotalsAsync("main")).ShouldBe(PlainFigures.Totals(_feed.All, "main"));
    }

    [Fact]
    public async Task Entries_are_shown_by_themselves_within_the_flush_time()
    {
        await using var probe = await ReadModelProbe.OpenAsync(Place, _feed);
        _feed.Commit(Trade.Store("s1"), Trade.WalkIn(100, Trade.Monday));
        // Nobody waits through WaitForAsync, which would ask for an early write: this looks from outside.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (probe.Models.Position < 1)
        {
            patience.IsCancellationRequested.ShouldBeFalse("the entry was not written by itself");
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task A_wait_does_not_sit_out_the_flush_time()
    {
        await using var probe = await ReadModelProbe.OpenAsync(Place, _feed);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            _feed.Commit(Trade.Store("s1"), Trade.WalkIn(100, Trade.Monday));
            await probe.ShownAsync();
        }

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMilliseconds(20 * GrainLimits.ReadModelFlushMs / 2), "twenty waits in a row");
    }

    [Fact]
    public async Task Customers_are_listed_page_by_page_in_order()
    {
        for (var i = 0; i < 25; i++) _feed.Commit(Trade.Customer($"c{i:00}"), Trade.Enrolled("s1", Trade.Monday));
        await using var probe = await ReadModelProbe.OpenAsync(Place, _feed);
        await probe.ShownAsync();
        var all = new List<CustomerId>();
        while (true)
        {
            var page = await probe.Models.CustomersAsync("main", all.Count == 0 ? null : all[^1], 10);
            if (page.Count == 0) break;
            all.AddRange(page);
        }

        all.ShouldBe(Enumerable.Range(0, 25).Select(i => new CustomerId($"c{i:00}")));
    }
}
