using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadModels;

/// <summary>What is folded waits for its flush asleep.</summary>
public sealed class FlushTimerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ListFeed _feed = new();
    private readonly ManualClock _clock = new(Trade.Monday);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flush_that_is_due_between_two_milliseconds_is_slept_for_to_the_end()
    {
        await using var store = new SqliteReadSide(_folder.Path);
        await using var models = await ReadModelFollower.StartAsync(await store.TablesAsync(_feed), _clock, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var loop = Task.Run(() => models.RunAsync(_feed, null, stop.Token));
        var flush = _clock.GetUtcNow().AddMilliseconds(GrainLimits.ReadModelFlushMs);
        _feed.Commit(Trade.Store("s1"), Trade.Opened("s1"));
        await _clock.TimerAtAsync(flush).OrSay("the first entry waited for its flush");

        // Something comes a moment later: what is left until the flush is no whole number of milliseconds any more.
        _clock.Advance(TimeSpan.FromMicroseconds(300));
        _feed.Commit(Trade.Store("s2"), Trade.Opened("s2"));
        var asleep = flush.AddMicroseconds(300);
        await _clock.TimerAtAsync(asleep).OrSay("the loop slept until the flush was due, and did not wake before it to ask the clock again and again");

        _clock.AdvanceTo(asleep);
        await models.WaitForAsync(2).OrSay("both were written");
        await stop.CancelAsync();
        await loop.OrSay("the loop stopped");
        models.Position.ShouldBe(2);
    }
}
