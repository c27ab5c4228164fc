using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Tests.ReadModels;
using ChainCrm.Grains.Wall;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Wall;

public sealed class WallProjectionTests
{
    /// <summary>Monday 23:30 in Shanghai.</summary>
    private static readonly DateTimeOffset LateMonday = Trade.Monday.AddHours(15.5);

    private readonly ListFeed _feed = new();
    private readonly ManualClock _clock = new(LateMonday);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Todays_and_yesterdays_figures_are_those_of_a_plain_recomputation(int seed)
    {
        _clock.AdvanceTo(Trade.Monday.AddDays(2).AddMinutes(seed * 137).AddSeconds(seed * 41));
        new RandomTrade(seed, stores: 9).Commit(_feed, 4_000);
        var wall = Wall();
        wall.Apply(_feed.All);
        foreach (var chain in new[] { "main", "other" }) ShouldBePlain(wall.Snapshot(chain), chain, _feed.All, _clock.GetUtcNow());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void As_time_passes_over_midnight_the_figures_stay_those_of_a_plain_recomputation(int seed)
    {
        var random = new Random(seed);
        var trade = new RandomTrade(seed);
        var wall = Wall();
        for (var step = 0; step < 40; step++)
        {
            trade.Commit(_feed, 50);
            wall.Apply(_feed.All);
            _clock.Advance(TimeSpan.FromMinutes(random.Next(90)));
            var (now, shown) = (_clock.GetUtcNow(), wall.Snapshot("main"));
            shown.Day.ShouldBe(DateOnly.FromDateTime(now.ToOffset(TimeSpan.FromHours(8)).DateTime));
            // Of Wednesday only what came since Tuesday began is kept, so no recomputation can tell its figures.
            if (now < Trade.Monday.AddHours(40)) ShouldBePlain(shown, "main", _feed.All, now);
        }
    }

    [Fact]
    public void More_purchases_of_a_day_that_is_known_allocate_nothing()
    {
        var wall = Wall();
        var entries = Enumerable.Range(0, 2_000)
            .Select(i => _feed.Commit(Trade.Customer($"c{i % 100}"), Trade.Purchase($"s{i % 5}", i, LateMonday, 1, 0, $"s{i % 7}", i % 5 != i % 7))).ToList();
        wall.Apply(entries[..1_000]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var rest = entries[1_000..];
        var listBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        wall.Apply(rest);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(listBytes);
        wall.TakeChanges("main")!.Lines.Select(line => line.Customer).ShouldBe(Enumerable.Range(50, 50).Select(i => $"c{i}"));
    }

    [Fact]
    public void The_day_ends_at_midnight_in_Shanghai()
    {
        var wall = Wall();
        Commit(wall, Trade.Store("s1"), Trade.WalkIn(100, Trade.Monday.AddHours(16).AddMilliseconds(-1)));
        Commit(wall, Trade.Store("s1"), Trade.WalkIn(7, Trade.Monday.AddHours(16)));
        _clock.AdvanceTo(Trade.Monday.AddHours(16).AddMilliseconds(-1));
        var monday = wall.Snapshot("main");
        monday.Day.ShouldBe(new DateOnly(2026, 3, 2));
        monday.Today.SalesMinor.ShouldBe(100);
        monday.SalesToday[287].ShouldBe(100);
        monday.YesterdaySameTime.ShouldBe(default);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var tuesday = wall.Snapshot("main");
        tuesday.Day.ShouldBe(new DateOnly(2026, 3, 3));
        tuesday.Today.SalesMinor.ShouldBe(7, "a till whose clock is ahead had sold on Tuesday already");
        tuesday.SalesToday[0].ShouldBe(7);
        tuesday.SalesYesterday[287].ShouldBe(100);
        tuesday.YesterdaySameTime.SalesMinor.ShouldBe(0, "on Monday at this time nothing was sold yet");
    }

    [Fact]
    public void Of_yesterdays_running_slot_the_share_that_is_over_is_compared()
    {
        var wall = Wall();
        Commit(wall, Trade.Store("s1"), Trade.WalkIn(1_000, LateMonday.AddMinutes(1)));
        _clock.AdvanceTo(LateMonday.AddDays(1).AddMinutes(2));
        wall.Snapshot("main").YesterdaySameTime.SalesMinor.ShouldBe(400);
        _clock.AdvanceTo(LateMonday.AddDays(1).AddMinutes(5));
        wall.Snapshot("main").YesterdaySameTime.SalesMinor.ShouldBe(1_000);
    }

    [Fact]
    public void What_is_of_other_days_counts_nowhere_and_is_told_nowhere()
    {
        var wall = Wall();
        wall.Snapshot("main");
        foreach (var days in new[] { -400, -2, 2, 30 })
        {
            var time = LateMonday.AddDays(days);
            Commit(wall, Trade.Customer("c1"), Trade.Purchase("s1", 500, time, previous: "s2", cross: true), Tier());
            Commit(wall, Trade.Store("s1"), Trade.WalkIn(100, time));
            Commit(wall, Trade.Customer("c1"), Trade.Return("s1", 100, time));
        }

        wall.TakeChanges("main").ShouldBeNull();
        var shown = wall.Snapshot("main");
        shown.Today.ShouldBe(default);
        shown.YesterdaySameTime.ShouldBe(default);
        shown.Stores.ShouldBeEmpty();
        shown.Flows.ShouldBeEmpty();
    }

    [Fact]
    public void A_tier_reached_today_is_told()
    {
        var wall = Wall();
        Commit(wall, Trade.Customer("c1"), Trade.Purchase("s1", 500, LateMonday), Tier());
        wall.TakeChanges("main")!.Lines.Select(line => line.Kind).ShouldBe(["purchase", "tier"]);
    }

    [Fact]
    public void Changes_tell_what_changed_and_nothing_else()
    {
        var wall = Wall();
        Commit(wall, Trade.Customer("c1"), Trade.Purchase("s1", 500, LateMonday));
        Commit(wall, Trade.Customer("c2"), Trade.Purchase("s2", 500, LateMonday.AddHours(-2)));
        wall.TakeChanges("main").ShouldNotBeNull();
        wall.TakeChanges("main").ShouldBeNull();
        wall.TakeChanges("nobody").ShouldBeNull();

        Commit(wall, Trade.Customer("c1"), Trade.Purchase("s3", 70, LateMonday, previous: "s1"));
        var changes = wall.TakeChanges("main")!;
        changes.Position.ShouldBe(3);
        changes.Stores.ShouldHaveSingleItem().ShouldBe(new StoreFigures("s3", 70, 1, 0, 0, LateMonday.ToUnixTimeMilliseconds()));
        changes.Slots.ShouldHaveSingleItem().ShouldBe((282, 570));
        changes.Flows.ShouldBe([("s1", "s3", 1)]);
        changes.Lines.ShouldHaveSingleItem().ShouldBe(new TickerLine(3, LateMonday.ToUnixTimeMilliseconds(), "purchase", "s3", "c1", 70, 0, null, false));

        Commit(wall, Trade.Store("s2"), Trade.WalkIn(5, LateMonday));
        wall.TakeChanges("main")!.Flows.ShouldBeNull("the flows are as they were");
    }

    [Theory]
    [InlineData(false, 7)]
    [InlineData(false, 8)]
    [InlineData(true, 9)]
    public void A_snapshot_and_all_changes_after_it_add_up_to_the_next_snapshot(bool followData, int seed)
    {
        var random = new Random(seed);
        var trade = new RandomTrade(seed, stores: 8);
        var wall = Wall(followData);
        trade.Commit(_feed, 200);
        wall.Apply(_feed.All);
        var mirror = new WallMirror(wall.Snapshot("main"));
        for (var step = 0; step < 150; step++)
        {
            trade.Commit(_feed, random.Next(30));
            wall.Apply(_feed.All.Skip((int)wall.Position).ToList());
            if (random.Next(4) == 0) _clock.Advance(TimeSpan.FromMinutes(random.Next(120)));
            if (random.Next(3) == 0) continue;
            if (wall.TakeChanges("main") is { } changes) mirror.Add(changes);
            wall.TakeChanges("main").ShouldBeNull();
            mirror.ShouldShow(wall.Snapshot("main"));
        }
    }

    [Fact]
    public void The_thirty_largest_flows_are_shown()
    {
        var wall = Wall();
        var random = new Random(10);
        for (var i = 0; i < 5_000; i++)
        {
            var (from, to) = (random.Next(8), random.Next(8));
            _feed.Commit(Trade.Customer($"c{i}"), Trade.Purchase($"s{to}", 1, LateMonday, previous: $"s{from}"));
        }

        wall.Apply(_feed.All);
        var flows = wall.Snapshot("main").Flows;
        flows.Count.ShouldBe(30);
        flows.ShouldBe(new PlainWall(_feed.All, "main", new DateOnly(2026, 3, 2)).Flows);
    }

    [Fact]
    public void The_newest_fifty_ticker_lines_are_kept_and_the_others_counted()
    {
        var wall = Wall();
        for (var i = 1; i <= 60; i++) Commit(wall, Trade.Store("s1"), Trade.WalkIn(i, LateMonday));
        var changes = wall.TakeChanges("main")!;
        changes.Lines.Select(line => line.AmountMinor!.Value).ShouldBe(Enumerable.Range(11, 50).Select(i => (long)i));
        changes.LinesNotKept.ShouldBe(10);
        Commit(wall, Trade.Store("s1"), Trade.WalkIn(61, LateMonday));
        wall.TakeChanges("main")!.LinesNotKept.ShouldBe(0);
    }

    [Fact]
    public void Following_the_data_today_is_the_newest_day_with_a_sale_up_to_its_newest_sale()
    {
        var wall = Wall(followData: true);
        var (day, next) = (new DateTimeOffset(2019, 5, 1, 2, 0, 0, TimeSpan.Zero), new DateTimeOffset(2019, 5, 2, 1, 2, 0, TimeSpan.Zero));
        Commit(wall, Trade.Customer("c1"), Trade.Enrolled("s1", LateMonday));
        Commit(wall, Trade.Customer("c1"), Trade.Purchase("s1", 1_000, day));
        wall.Snapshot("main").Day.ShouldBe(new DateOnly(2019, 5, 1));
        Commit(wall, Trade.Customer("c2"), Trade.Enrolled("s1", LateMonday));
        wall.Snapshot("main").Today.NewMembers.ShouldBe(1, "who is enrolled by a replay is new on the day that is being replayed");

        Commit(wall, Trade.Customer("c1"), Trade.Purchase("s1", 10, next));
        Commit(wall, Trade.Customer("c1"), Trade.Purchase("s1", 50, day.AddHours(-1)));
        var shown = wall.Snapshot("main");
        shown.Day.ShouldBe(new DateOnly(2019, 5, 2));
        shown.Today.SalesMinor.ShouldBe(10);
        shown.YesterdaySameTime.SalesMinor.ShouldBe(20, "at 09:02, two fifths of the slot with the late sale of 09:00 are over");
    }

    [Theory]
    [InlineData(false, 11)]
    [InlineData(false, 12)]
    [InlineData(true, 13)]
    public async Task A_wall_that_starts_from_the_read_models_shows_what_one_shows_that_saw_everything(bool followData, int seed)
    {
        await using var place = new SqliteReadModelPlace();
        _clock.AdvanceTo(Trade.Monday.AddDays(2).AddHours(3));
        var trade = new RandomTrade(seed, stores: 9);
        trade.Commit(_feed, 2_000);
        await using var probe = await ReadModelProbe.OpenAsync(place, _feed);
        await probe.ShownAsync();
        var started = Wall(followData);
        await probe.Models.ReadAsync(async moment =>
        {
            await started.PrimeAsync(moment);
            return true;
        }, CancellationToken.None);

        var seen = Wall(followData);
        trade.Commit(_feed, 500);
        seen.Apply(_feed.All);
        started.Apply(_feed.All);
        foreach (var chain in new[] { "main", "other" }) ShouldShowTheSame(started.Snapshot(chain), seen.Snapshot(chain));
    }

    internal static void ShouldShowTheSame(WallFigures shown, WallFigures expected)
    {
        shown.Day.ShouldBe(expected.Day);
        shown.Today.ShouldBe(expected.Today);
        shown.YesterdaySameTime.ShouldBe(expected.YesterdaySameTime);
        shown.SalesToday.ShouldBe(expected.SalesToday);
        shown.SalesYesterday.ShouldBe(expected.SalesYesterday);
        shown.Flows.ShouldBe(expected.Flows);
        WallMirror.Traded(shown.Stores).ShouldBe(WallMirror.Traded(expected.Stores));
    }

    private static void ShouldBePlain(WallFigures shown, string chain, IReadOnlyList<CommittedEntry> all, DateTimeOffset now)
    {
        var local = now.ToOffset(TimeSpan.FromHours(8)).DateTime;
        var today = new PlainWall(all, chain, DateOnly.FromDateTime(local));
        var yesterday = new PlainWall(all, chain, DateOnly.FromDateTime(local).AddDays(-1));
        shown.Today.ShouldBe(today.Figures);
        shown.Today.Visits.ShouldBeGreaterThan(0, "or nothing was compared");
        shown.YesterdaySameTime.ShouldBe(yesterday.UpTo(local.TimeOfDay));
        shown.SalesToday.ShouldBe(today.Sales);
        shown.SalesYesterday.ShouldBe(yesterday.Sales);
        shown.Flows.ShouldBe(today.Flows);
        WallMirror.Traded(shown.Stores).ShouldBe(today.Stores);
    }

    private static TierChanged Tier() => new()
    {
        At = Trade.At(LateMonday), Origin = new Origin(new StoreId("s1")), From = new TierId("member"), To = new TierId("silver"), Reason = "spend-reached", QualifyingSpend = default,
    };

    private WallProjection Wall(bool followData = false) => new(followData, _clock);

    private void Commit(WallProjection wall, GrainId grain, params object[] events) =>
        wall.Apply([_feed.Commit(grain, default, _clock.GetUtcNow().ToUnixTimeMilliseconds(), events)]);
}
