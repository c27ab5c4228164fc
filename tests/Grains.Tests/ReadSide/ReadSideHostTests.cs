using ChainCrm.Domain;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Grains.Tests.Wall;
using ChainCrm.Grains.Wall;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadSide;

public sealed class ReadSideHostTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ListFeed _feed = new();
    private readonly ManualClock _clock = new(Trade.Monday.AddDays(2).AddHours(3));
    private PersonalVault _vault = null!;

    public Task InitializeAsync()
    {
        _vault = PersonalVault.Open(_folder.File("master.key"), _folder.File("keys.db"));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _vault.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_restart_shows_the_same_wall()
    {
        new RandomTrade(21).Commit(_feed, 3_000);
        var expected = new WallProjection(followData: false, _clock);
        expected.Apply(_feed.All);
        await using (var first = await StartAsync(NullLogger.Instance))
        {
            await WithPausesAsync(first.ReadModels.WaitForAsync(_feed.Head).AsTask(), "the read models showed the head");
        }

        // The read models hold everything, so the wall has nothing to follow: what it shows is what it started from.
        await using var second = await StartAsync(NullLogger.Instance);
        second.Health.Single(part => part.Name == "wall").Position.ShouldBe(_feed.Head);
        foreach (var chain in new[] { "main", "other" })
            WallProjectionTests.ShouldShowTheSame(second.Wall.Snapshot(chain), expected.Snapshot(chain));
    }

    [Fact]
    public async Task A_part_that_can_not_take_an_entry_stops_no_other_and_health_tells_which()
    {
        var log = new LogProbe(3000);
        await using var host = await StartAsync(log);
        // Sums beyond what a number holds: no rule lets such sales through, and neither wall nor read models can count them.
        _feed.Commit(Trade.Store("s1"), Trade.WalkIn(long.MaxValue, _clock.GetUtcNow()));
        _feed.Commit(Trade.Store("s1"), Trade.WalkIn(long.MaxValue, _clock.GetUtcNow()));
        _feed.Commit(Trade.Store("s9"), Trade.Opened("s9"));
        var lines = new[] { await log.LineAsync(), await log.LineAsync() };
        lines.ShouldContain(line => line.Contains("wall"));
        lines.ShouldContain(line => line.Contains("read-models"));

        await host.Directories.WaitForAsync(_feed.Head).OrSay("the directories reached the head");
        host.Directories.Store("main", new StoreId("s9")).ShouldNotBeNull();
        var health = host.Health.ToDictionary(part => part.Name, part => part.FailuresInARow);
        health.Keys.ShouldBe(["directories", "identities", "agenda", "wall", "read-models", "agenda-firing"], ignoreOrder: true);
        health["read-models"].ShouldBe(1);
        health["wall"].ShouldBe(1);
        health["directories"].ShouldBe(0);
        health["agenda"].ShouldBe(0);
        health["agenda-firing"].ShouldBe(0);
        _feed.Released.ShouldBeLessThan(2, "the read models have not taken the second entry, so it stays in the feed's memory");
        await host.StopAsync().OrSay("the read side stopped though a part of it fails each time");
    }

    [Fact]
    public async Task What_every_part_has_taken_is_let_go_by_the_feed()
    {
        await using var host = await StartAsync(NullLogger.Instance);
        new RandomTrade(22).Commit(_feed, 300);

        await WithPausesAsync(_feed.ReleasedAsync(_feed.Head), "everybody took everything");

        host.Health.Where(part => part.Name is not "read-models" and not "agenda-firing").ShouldAllBe(part => part.Position == _feed.Head);
    }

    [Fact]
    public async Task Health_can_be_asked_for_while_the_start_is_under_way()
    {
        using var done = new CancellationTokenSource();
        await using var host = await ReadSideHost.OpenAsync(new SqliteReadSide(_folder.Path), new ListJournal(_feed), _clock, NullLogger.Instance);
        var asking = Task.Run(() =>
        {
            while (!done.IsCancellationRequested) host.Health.Count.ShouldBeGreaterThan(1);
        });
        try
        {
            await host.StartAsync(Engine(), _vault);
        }
        finally
        {
            await done.CancelAsync();
        }

        await asking.OrSay("the questions ended");
        host.Health.Count.ShouldBe(6);
    }

    /// <summary>Waits while readers of a busy feed pause on the clock of the test.</summary>
    private async Task WithPausesAsync(Task done, string what)
    {
        while (!done.IsCompleted)
        {
            var pause = _clock.TimerAtAsync(_clock.GetUtcNow().AddMilliseconds(GrainLimits.FeedPaceMs));
            await Task.WhenAny(done, pause).OrSay(what);
            if (!done.IsCompleted) _clock.Advance(TimeSpan.FromMilliseconds(GrainLimits.FeedPaceMs));
        }

        await done;
    }

    private ScriptedEngine Engine() => new(_feed, _ => new CommandReply(ReplyKind.AlreadySo, null, null));

    private async Task<ReadSideHost> StartAsync(ILogger logger)
    {
        var host = await ReadSideHost.OpenAsync(new SqliteReadSide(_folder.Path), new ListJournal(_feed), _clock, logger);
        await host.StartAsync(Engine(), _vault);
        return host;
    }
}
