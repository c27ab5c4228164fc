using ChainCrm.Grains.ReadSide;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadSide;

public sealed class FeedFollowerTests
{
    private readonly ListFeed _feed = new();
    private readonly ManualClock _clock = new(Trade.Monday);
    private readonly LogProbe _log = new(3000);

    [Fact]
    public async Task A_projection_that_throws_is_tried_again_from_where_it_stands_and_stops_no_other()
    {
        for (var i = 0; i < 5; i++) _feed.Commit(Trade.Store("s1"), Trade.Opened("s1"));
        using var stop = new CancellationTokenSource();
        var (sick, well) = (new ThrowingProjection("sick", throwsAt: 3, times: 2), new ThrowingProjection("well"));
        var (ofSick, ofWell) = (Follower(sick), Follower(well));
        Task[] loops = [ofSick.RunAsync(stop.Token), ofWell.RunAsync(stop.Token)];

        (await _log.LineAsync()).ShouldContain("sick failed after position 2 (1 in a row)");
        await well.ReachedAsync(5);
        ofSick.Health.ShouldBe(new FollowerHealth("sick", 2, 1));
        await PassAsync(100);
        (await _log.LineAsync()).ShouldContain("(2 in a row)");
        ofSick.Health.FailuresInARow.ShouldBe(2);
        await PassAsync(200);
        await sick.ReachedAsync(5);
        sick.Taken.ShouldBe([1, 2, 3, 4, 5], "nothing is left out and nothing is taken twice");
        ofWell.Health.ShouldBe(new FollowerHealth("well", 5, 0));

        await stop.CancelAsync();
        await Task.WhenAll(loops).OrSay("the followers stopped");
        ofSick.Health.FailuresInARow.ShouldBe(0);
    }

    [Fact]
    public async Task A_projection_that_has_passed_by_what_it_could_not_take_is_well_again_at_once()
    {
        _feed.Commit(Trade.Store("s1"), Trade.Opened("s1"));
        var again = new GatedFeed(_feed);
        using var stop = new CancellationTokenSource();
        var sick = new ThrowingProjection("sick", throwsAt: 1, times: 1, passesBy: true);
        var follower = new FeedFollower(sick, again, _clock, _log);
        var loop = follower.RunAsync(stop.Token);
        await _log.LineAsync();
        follower.Health.FailuresInARow.ShouldBe(1);
        await PassAsync(100);
        await again.SecondRead.OrSay("the feed was read again");
        follower.Health.FailuresInARow.ShouldBe(0);

        await stop.CancelAsync();
        await loop.OrSay("the follower stopped");
    }

    [Fact]
    public async Task A_feed_that_can_not_be_read_is_read_again_ever_more_slowly()
    {
        using var stop = new CancellationTokenSource();
        var projection = new ThrowingProjection("plain");
        _feed.Failure = new IOException("the disk is gone");
        var loop = Follower(projection).RunAsync(stop.Token);
        foreach (var ms in new[] { 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000 })
        {
            await _log.LineAsync();
            await PassAsync(ms);
        }

        await _log.LineAsync();
        _feed.Failure = null;
        _feed.Commit(Trade.Store("s1"), Trade.Opened("s1"));
        await PassAsync(GrainLimits.RetryDelayMaxMs);
        await projection.ReachedAsync(1);
        await stop.CancelAsync();
        await loop.OrSay("the follower stopped");
    }

    [Fact]
    public async Task A_reader_is_paced_when_the_chain_is_busy_and_it_keeps_up()
    {
        FeedPace.KeepAsync(1, TimeProvider.System, CancellationToken.None).IsCompleted.ShouldBeTrue("a quiet chain is followed at once");
        FeedPace.KeepAsync(GrainLimits.FeedReadMax, TimeProvider.System, CancellationToken.None).IsCompleted.ShouldBeTrue("who is behind does not wait");

        var paced = FeedPace.KeepAsync(GrainLimits.FeedBusyEntries, TimeProvider.System, CancellationToken.None);
        paced.IsCompleted.ShouldBeFalse();
        await paced.OrSay("the pause ended");
    }

    private FeedFollower Follower(IProjection projection) => new(projection, _feed, _clock, _log);

    private async Task PassAsync(int ms)
    {
        var end = _clock.GetUtcNow().AddMilliseconds(ms);
        await _clock.TimerAtAsync(end).OrSay($"somebody slept for {ms} ms");
        _clock.AdvanceTo(end);
    }

    /// <summary>Tells when it is read for the second time.</summary>
    private sealed class GatedFeed(IFeed feed) : IFeed
    {
        private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reads;

        public Task SecondRead => _second.Task;

        public long Head => feed.Head;

        public void Release(long position) => feed.Release(position);

        public ValueTask<IReadOnlyList<CommittedEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation)
        {
            if (++_reads == 2) _second.SetResult();
            return feed.ReadAfterAsync(position, max, cancellation);
        }
    }
}
