using ChainCrm.Grains.Agenda;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Grains.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Agenda;

/// <summary>What the agenda asks of the engine, and when, wherever it is kept.</summary>
public abstract class AgendaConformance : IAsyncLifetime
{
    private static readonly GrainId Ann = Trade.Customer("c-ann");
    private static readonly GrainId Bob = Trade.Customer("c-bob");
    private readonly ListFeed _feed = new();
    private readonly ManualClock _clock = new(Trade.Monday);

    private protected ReadSideStore Store { get; private set; } = null!;

    private protected abstract Task<ReadSideStore> OpenStoreAsync();

    public async Task InitializeAsync() => Store = await OpenStoreAsync();

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    private protected ValueTask<IAgendaTable> OpenTableAsync(ListFeed? feed = null) => Store.OpenAgendaAsync(new ListJournal(feed ?? _feed), NullLogger.Instance, CancellationToken.None);

    [Fact]
    public async Task An_entry_whose_time_moved_fires_at_the_new_time_only()
    {
        Announce(Ann, 6_000);
        Announce(Ann, 12_000);
        Announce(Bob, 7_000);
        _feed.Commit(Bob, new WakeUp(true, null), NowMs);
        var engine = new ScriptedEngine(_feed, _ => Accepted);
        await using var running = await RunAsync(engine);

        await PassAsync(10_000, sleepsUntil: 12_000);
        engine.HasBeenAskedMore.ShouldBeFalse("the former times are past, and nobody wants them any more");
        await PassAsync(2_000);
        var asked = await engine.AskedAsync();
        asked.Grain.ShouldBe(Ann);
        asked.CommandId.ShouldBe($"wake/{Trade.Monday.ToUnixTimeMilliseconds() + 12_000}/2", "the id names the time and the entry that asked for it");
        asked.Command.ShouldBe(new WakeGrain(Trade.At(_clock.GetUtcNow())));
        await SleepsUntilAsync(12_000 + GrainLimits.AgendaLookEveryMs);
        engine.HasBeenAskedMore.ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_firing_that_may_pass_later_is_tried_again_with_the_same_id_until_it_passes(bool throws)
    {
        Announce(Ann, 5_000);
        var attempts = 0;
        var engine = new ScriptedEngine(_feed, _ => ++attempts > 3 ? Accepted : throws ? throw new InvalidOperationException("out of order") : Refused(EngineRejections.Busy));
        await using var running = await RunAsync(engine);
        await SleepsUntilAsync(5_000);
        await PassAsync(5_000, sleepsUntil: 5_100);
        await PassAsync(100, sleepsUntil: 5_300);
        await PassAsync(200, sleepsUntil: 5_700);
        await PassAsync(400, sleepsUntil: 5_700 + GrainLimits.AgendaLookEveryMs);

        var ids = new HashSet<string>();
        for (var i = 0; i < 4; i++) ids.Add((await engine.AskedAsync()).CommandId);
        ids.Count.ShouldBe(1);
        engine.HasBeenAskedMore.ShouldBeFalse("what has passed is settled");
    }

    [Fact]
    public async Task A_firing_refused_for_good_is_not_tried_again_and_keeps_nobody_else_asleep()
    {
        Announce(Ann, 5_000);
        Announce(Bob, 5_000);
        var engine = new ScriptedEngine(_feed, command => command.Grain == Ann ? Refused(EngineRejections.KeyReused) : Accepted);
        await using var running = await RunAsync(engine);
        await SleepsUntilAsync(5_000);
        await PassAsync(5_000, sleepsUntil: 5_000 + GrainLimits.AgendaLookEveryMs);
        new[] { (await engine.AskedAsync()).Grain, (await engine.AskedAsync()).Grain }.ShouldBe([Ann, Bob], ignoreOrder: true);
        engine.HasBeenAskedMore.ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_not_settled_before_a_crash_fires_again_with_the_same_id()
    {
        Announce(Ann, 5_000);
        var engine = new ScriptedEngine(_feed, _ => Refused(EngineRejections.Stopping));
        string id;
        await using (await RunAsync(engine))
        {
            await SleepsUntilAsync(5_000);
            await PassAsync(5_000, sleepsUntil: 5_100);
            id = (await engine.AskedAsync()).CommandId;
        }

        _clock.Advance(TimeSpan.FromHours(3));
        engine = new ScriptedEngine(_feed, _ => new CommandReply(ReplyKind.Repeated, null, null));
        await using var again = await RunAsync(engine);
        (await engine.AskedAsync()).CommandId.ShouldBe(id);
    }

    [Fact]
    public async Task Nothing_fires_before_the_feed_is_followed_up_to_the_head_at_the_start()
    {
        Announce(Ann, -1_000);
        var engine = new ScriptedEngine(_feed, _ => Accepted);
        // The journal has one entry more than the agenda has seen: it may take the wake-up back.
        await using var running = await RunAsync(engine, head: 2);
        await SleepsUntilAsync(GrainLimits.AgendaLookEveryMs);
        engine.HasBeenAskedMore.ShouldBeFalse();
        _feed.Commit(Ann, new WakeUp(true, null), NowMs);
        Announce(Bob, -1_000);
        running.Agenda.Apply(await _feed.ReadAfterAsync(1, 10, CancellationToken.None));
        await SleepsUntilAsync(GrainLimits.AgendaFlushMs);
        await PassAsync(GrainLimits.AgendaFlushMs);
        (await engine.AskedAsync()).Grain.ShouldBe(Bob);
    }

    [Fact]
    public async Task More_than_one_round_of_wake_ups_is_fired_without_a_pause()
    {
        const int Many = GrainLimits.AgendaRoundMax + 100;
        for (var i = 0; i < Many; i++) Announce(Trade.Customer($"c-{i}"), -1_000 - i);
        var engine = new ScriptedEngine(_feed, _ => Accepted);
        await using var running = await RunAsync(engine);
        var woken = new HashSet<string>();
        for (var i = 0; i < Many; i++) woken.Add((await engine.AskedAsync()).Grain.Stream);
        woken.Count.ShouldBe(Many);
    }

    [Fact]
    public async Task A_time_long_past_when_it_is_announced_waits_a_little_for_others_of_its_grain()
    {
        Announce(Ann, -GrainLimits.BackdatedAfterMs - 1);
        var engine = new ScriptedEngine(_feed, _ => Accepted);
        await using var running = await RunAsync(engine);
        await SleepsUntilAsync(GrainLimits.BackdatedWakeDelayMs);
        engine.HasBeenAskedMore.ShouldBeFalse();
        await PassAsync((int)GrainLimits.BackdatedWakeDelayMs);
        (await engine.AskedAsync()).Grain.ShouldBe(Ann);
    }

    [Fact]
    public async Task Rows_come_back_soonest_first_and_change_with_the_position_that_says_so()
    {
        var (first, second) = (_feed.Commit(Ann, default, 0), _feed.Commit(Bob, default, 0));
        await using (var table = await OpenTableAsync())
        {
            (await table.PositionAsync(default)).ShouldBe(0);
            (await table.NextTryAsync(default)).ShouldBeNull();
            await table.ApplyAsync(Changes(Row(Ann, 50, 60, 1), Row(Bob, 40, 40, 1), Row(Trade.Customer("c-cid"), 90, 90, 1)), first, default);
            (await table.PositionAsync(default)).ShouldBe(1);
        }

        await using var again = await OpenTableAsync();
        (await again.PositionAsync(default)).ShouldBe(1);
        (await again.NextTryAsync(default)).ShouldBe(40);
        (await again.DueAsync(60, 10, default)).ShouldBe([Row(Bob, 40, 40, 1), Row(Ann, 50, 60, 1)]);
        (await again.DueAsync(60, 1, default)).ShouldBe([Row(Bob, 40, 40, 1)]);
        (await again.DueAsync(39, 10, default)).ShouldBeEmpty();

        await again.ApplyAsync(new Dictionary<string, AgendaRow?> { [Ann.Stream] = Row(Ann, 55, 70, 2), [Bob.Stream] = null }, second, default);
        (await again.PositionAsync(default)).ShouldBe(2);
        (await again.DueAsync(100, 10, default)).ShouldBe([Row(Ann, 55, 70, 2), Row(Trade.Customer("c-cid"), 90, 90, 1)]);
        // The same again: an attempt whose outcome nobody heard of is repeated.
        await again.ApplyAsync(new Dictionary<string, AgendaRow?> { [Ann.Stream] = Row(Ann, 55, 70, 2), [Bob.Stream] = null }, second, default);
        (await again.DueAsync(100, 10, default)).ShouldBe([Row(Ann, 55, 70, 2), Row(Trade.Customer("c-cid"), 90, 90, 1)]);
    }

    [Fact]
    public async Task What_a_grain_has_said_meanwhile_is_settled_by_nobody_else()
    {
        var last = _feed.Commit(Ann, default, 0);
        await using var table = await OpenTableAsync();
        var (woken, postponed, changed) = (Row(Ann, 1, 1, 1), Row(Bob, 2, 2, 1), Row(Trade.Customer("c-cid"), 3, 3, 1));
        await table.ApplyAsync(Changes(woken, postponed, changed), last, default);
        await table.ApplyAsync(Changes(changed with { DueMs = 9, TryMs = 9, Cause = 2 }), last, default);
        await table.SettleAsync([(woken, null), (postponed, 70), (changed, null)], default);
        (await table.DueAsync(100, 10, default)).ShouldBe([changed with { DueMs = 9, TryMs = 9, Cause = 2 }, postponed with { TryMs = 70, Attempts = 1 }]);
        await table.SettleAsync([(changed, 80)], default);
        (await table.NextTryAsync(default)).ShouldBe(9, "the row is another one by now");
    }

    [Fact]
    public async Task What_was_put_off_beyond_a_time_is_to_be_tried_at_its_own_time_again()
    {
        var last = _feed.Commit(Ann, default, 0);
        await using var table = await OpenTableAsync();
        var (soon, late, waiting, ahead) = (Row(Ann, 1, 1, 1), Row(Bob, 2, 2, 1), Row(Trade.Customer("c-cid"), 3, 900, 1), Row(Trade.Customer("c-dan"), 950, 950, 1));
        await table.ApplyAsync(Changes(soon, late, waiting, ahead), last, default);
        await table.SettleAsync([(soon, 70), (late, 800)], default);

        await table.ForgetPostponingAsync(70, default);

        (await table.DueAsync(69, 10, default)).ShouldBe([late with { Attempts = 1 }, waiting with { TryMs = 3 }]);
        (await table.DueAsync(1_000, 10, default)).ShouldBe([late with { Attempts = 1 }, waiting with { TryMs = 3 }, soon with { TryMs = 70, Attempts = 1 }, ahead]);
    }

    [Fact]
    public async Task Rows_of_another_journal_are_dropped()
    {
        var other = new ListFeed();
        var last = other.Commit(Bob, default, 5);
        await using (var table = await OpenTableAsync(other)) await table.ApplyAsync(Changes(Row(Bob, 1, 1, 1)), last, default);
        _feed.Commit(Ann, default, 7);
        await using var mine = await OpenTableAsync();
        (await mine.PositionAsync(default)).ShouldBe(0);
        (await mine.NextTryAsync(default)).ShouldBeNull();
    }

    private static AgendaRow Row(GrainId grain, long dueMs, long tryMs, long cause) => new(grain.Stream, dueMs, tryMs, 0, cause);

    private static Dictionary<string, AgendaRow?> Changes(params AgendaRow[] rows) => rows.ToDictionary(row => row.Stream, AgendaRow? (row) => row);

    private static CommandReply Accepted => new(ReplyKind.Accepted, null, null);

    private static CommandReply Refused(Domain.Rejection rejection) => new(ReplyKind.Refused, null, rejection);

    private long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private void Announce(GrainId grain, long inMs) => _feed.Commit(grain, new WakeUp(true, NowMs + inMs), NowMs);

    /// <summary>Opens the agenda, gives it what the feed holds, and lets it fire.</summary>
    private async Task<Running> RunAsync(IEngine engine, long? head = null)
    {
        var agenda = await GrainAgenda.StartAsync(await OpenTableAsync(), _clock, NullLogger.Instance);
        var news = _feed.All.Skip((int)agenda.Position).ToList();
        if (news.Count > 0) agenda.Apply(news);
        return new Running(agenda, engine, head ?? _feed.Head);
    }

    private Task SleepsUntilAsync(long ms) => _clock.TimerAtAsync(Trade.Monday.AddMilliseconds(ms)).OrSay($"the agenda slept until {ms} ms");

    private async Task PassAsync(int ms, long? sleepsUntil = null)
    {
        // The agenda sleeps before the clock moves, or it would oversleep by what it had not yet seen.
        if (sleepsUntil is not null && _clock.GetUtcNow() == Trade.Monday) await SleepsUntilAsync(Math.Min(ms, GrainLimits.AgendaLookEveryMs));
        _clock.Advance(TimeSpan.FromMilliseconds(ms));
        if (sleepsUntil is { } until) await SleepsUntilAsync(until);
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _loop;

        public Running(GrainAgenda agenda, IEngine engine, long head)
        {
            Agenda = agenda;
            _loop = Task.Run(() => agenda.RunAsync(engine, [], head, _stop.Token));
        }

        public GrainAgenda Agenda { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _loop.OrSay("the agenda stopped");
            await Agenda.DisposeAsync();
            _stop.Dispose();
        }
    }
}
