using System.Threading.Channels;
using ChainCrm.Grains.Agenda;
using ChainCrm.Grains.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Agenda;

/// <summary>A wake-up survives whatever the clock does, and a grain that says it has nothing to do.</summary>
public sealed class ClockStepTests : IDisposable
{
    private static readonly GrainId Ann = Trade.Customer("c-ann");
    private readonly TempFolder _folder = new();
    private readonly ListFeed _feed = new();
    private readonly SteppedClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_grain_is_never_told_a_time_before_its_own_though_the_clock_went_back_within_the_round()
    {
        var due = _clock.Real.GetUtcNow().ToUnixTimeMilliseconds() - 1_000;
        _feed.Commit(Ann, new WakeUp(true, due), due - 1_000);
        // The reading that finds the row due is the last one before the step.
        _clock.StepBackAfterNextReading(TimeSpan.FromHours(1));
        var engine = new AnsweringEngine(_ => ReplyKind.Accepted);
        await using var running = await RunAsync(engine);

        var asked = await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken");

        ((WakeGrain)asked.Command).At.UnixMs.ShouldBe(due);
    }

    [Fact]
    public async Task A_grain_that_had_nothing_due_is_asked_again_until_something_happens()
    {
        var due = _clock.Real.GetUtcNow().ToUnixTimeMilliseconds();
        _feed.Commit(Ann, new WakeUp(true, due), due);
        var engine = new AnsweringEngine(number => number == 1 ? ReplyKind.AlreadySo : ReplyKind.Accepted);
        await using var running = await RunAsync(engine);
        var first = await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken");

        await PassAsync(100, 1);

        (await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken again")).CommandId.ShouldBe(first.CommandId);
        await SleepsAsync(GrainLimits.AgendaLookEveryMs);
        engine.Asked.Count.ShouldBe(0, "what has happened is settled");
    }

    [Fact]
    public async Task A_grain_that_is_asked_again_in_a_moment_is_not_asked_hours_later_because_the_clock_went_back()
    {
        var due = _clock.Real.GetUtcNow().ToUnixTimeMilliseconds() - 7_200_000;
        _feed.Commit(Ann, new WakeUp(true, due), due - 1_000);
        var engine = new AnsweringEngine(number => number == 1 ? ReplyKind.AlreadySo : ReplyKind.Accepted);
        await using var running = await RunAsync(engine);
        await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken");
        await _clock.Real.TimerAtAsync(_clock.Real.GetUtcNow().AddMilliseconds(100)).OrSay("the agenda slept until it asks again");

        _clock.StepBackAfterNextReading(TimeSpan.FromHours(1));
        _clock.GetUtcNow();
        _clock.Real.Advance(TimeSpan.FromMilliseconds(100));

        await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken again");
    }

    [Fact]
    public async Task A_wake_up_that_waits_a_little_for_others_of_its_grain_does_not_wait_for_hours_because_the_clock_went_back()
    {
        var now = _clock.Real.GetUtcNow();
        _feed.Commit(Ann, new WakeUp(true, now.ToUnixTimeMilliseconds() - GrainLimits.BackdatedAfterMs - 1), now.ToUnixTimeMilliseconds());
        var engine = new AnsweringEngine(_ => ReplyKind.Accepted);
        await using var running = await RunAsync(engine);
        await _clock.Real.TimerAtAsync(now.AddMilliseconds(GrainLimits.BackdatedWakeDelayMs)).OrSay("the agenda slept for the others");

        _clock.StepBackAfterNextReading(TimeSpan.FromHours(1));
        _clock.GetUtcNow();
        _clock.Real.Advance(TimeSpan.FromMilliseconds(GrainLimits.BackdatedWakeDelayMs));

        await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken");
    }

    [Fact]
    public async Task A_grain_that_is_asked_again_in_a_moment_is_asked_after_the_start_though_the_clock_went_back_while_the_server_was_down()
    {
        var due = _clock.Real.GetUtcNow().ToUnixTimeMilliseconds() - 7_200_000;
        _feed.Commit(Ann, new WakeUp(true, due), due - 1_000);
        var engine = new AnsweringEngine(number => number == 1 ? ReplyKind.AlreadySo : ReplyKind.Accepted);
        await using (await RunAsync(engine))
        {
            await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken");
            await _clock.Real.TimerAtAsync(_clock.Real.GetUtcNow().AddMilliseconds(100)).OrSay("the agenda slept until it asks again");
        }

        _clock.StepBackAfterNextReading(TimeSpan.FromHours(1));
        _clock.GetUtcNow();
        await using var again = await RunAsync(engine);

        await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken again");
    }

    [Fact]
    public async Task What_an_entry_from_before_the_clock_went_back_asks_for_waits_a_little_by_the_clock_there_is_now()
    {
        var now = _clock.Real.GetUtcNow();
        _feed.Commit(Ann, default, now.ToUnixTimeMilliseconds());
        var engine = new AnsweringEngine(_ => ReplyKind.Accepted);
        await using var running = await RunAsync(engine);
        await _clock.Real.TimerAtAsync(now.AddMilliseconds(GrainLimits.AgendaLookEveryMs)).OrSay("the agenda slept");
        var entryMs = now.AddHours(1).ToUnixTimeMilliseconds();

        running.Agenda.Apply([_feed.Commit(Ann, new WakeUp(true, entryMs - GrainLimits.BackdatedAfterMs - 1), entryMs)]);
        await PassAsync(GrainLimits.AgendaFlushMs, 1);
        await PassAsync((int)GrainLimits.BackdatedWakeDelayMs - GrainLimits.AgendaFlushMs, 2);

        await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken");
    }

    [Fact]
    public async Task A_wake_up_does_not_wait_for_hours_because_the_clock_was_ahead_for_the_moment_in_which_it_was_put_off()
    {
        var engine = new AnsweringEngine(_ => ReplyKind.Accepted);
        await using var running = await RunAsync(engine);
        await SleepsAsync(GrainLimits.AgendaLookEveryMs);

        // Ahead by a day, and half of that taken back, between two looks of the agenda.
        _clock.Step(TimeSpan.FromDays(1));
        running.Agenda.Apply([_feed.Commit(Ann, LongPast(), NowMs)]);
        _clock.Step(TimeSpan.FromHours(-12));
        await PassAsync(GrainLimits.AgendaFlushMs, 1);

        await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken");
    }

    [Fact]
    public async Task Nor_because_it_was_put_off_while_another_was_being_written()
    {
        var engine = new AnsweringEngine(_ => ReplyKind.Accepted);
        await using var running = await RunAsync(engine);
        await SleepsAsync(GrainLimits.AgendaLookEveryMs);
        running.Table.Applied = () =>
        {
            running.Table.Applied = null;
            running.Agenda.Apply([_feed.Commit(Ann, LongPast(), NowMs)]);
            _clock.Step(TimeSpan.FromHours(-12));
        };

        running.Agenda.Apply([_feed.Commit(Trade.Customer("c-bob"), default, NowMs)]);
        await PassAsync(GrainLimits.AgendaFlushMs, 1);
        await PassAsync(GrainLimits.AgendaFlushMs, 2);

        await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken");
    }

    [Fact]
    public async Task Nor_because_the_table_failed_when_the_clock_went_back()
    {
        var now = _clock.Real.GetUtcNow();
        _feed.Commit(Ann, LongPast(), NowMs);
        var engine = new AnsweringEngine(_ => ReplyKind.Accepted);
        await using var running = await RunAsync(engine);
        await _clock.Real.TimerAtAsync(now.AddMilliseconds(GrainLimits.BackdatedWakeDelayMs)).OrSay("the agenda slept for the others");
        running.Table.ForgettingFails = true;

        _clock.Step(TimeSpan.FromHours(-1));
        _clock.Real.Advance(TimeSpan.FromMilliseconds(GrainLimits.BackdatedWakeDelayMs));
        await SleepsAsync(100);
        running.Table.ForgettingFails = false;
        _clock.Real.Advance(TimeSpan.FromMilliseconds(100));

        await engine.Asked.ReadAsync().AsTask().OrSay("the grain was woken");
    }

    [Fact]
    public async Task A_grain_that_never_has_anything_due_is_let_be_in_the_end()
    {
        var due = _clock.Real.GetUtcNow().ToUnixTimeMilliseconds();
        _feed.Commit(Ann, new WakeUp(true, due), due);
        var engine = new AnsweringEngine(_ => ReplyKind.AlreadySo);
        await using var running = await RunAsync(engine);
        for (var i = 0; i < GrainLimits.AgendaNothingDueTriesMax; i++) await PassAsync(100 << i, i + 1);

        await SleepsAsync(GrainLimits.AgendaLookEveryMs);

        engine.Asked.Count.ShouldBe(GrainLimits.AgendaNothingDueTriesMax + 1);
    }

    private long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A time that comes from history being read in: the agenda puts it off a little.</summary>
    private WakeUp LongPast() => new(true, NowMs - GrainLimits.BackdatedAfterMs - 1);

    /// <summary>Sleeps, then lets so much time pass.</summary>
    private async Task PassAsync(int ms, int round)
    {
        await _clock.Real.TimerAtAsync(_clock.Real.GetUtcNow().AddMilliseconds(ms)).OrSay($"the agenda slept {ms} ms after round {round}");
        _clock.Real.Advance(TimeSpan.FromMilliseconds(ms));
    }

    private Task SleepsAsync(int ms) => _clock.Real.TimerAtAsync(_clock.Real.GetUtcNow().AddMilliseconds(ms)).OrSay($"the agenda slept {ms} ms");

    private async Task<Running> RunAsync(IEngine engine)
    {
        var table = new TroubledTable(await AgendaFile.OpenAsync(_folder.File("agenda.db"), new ListJournal(_feed), NullLogger.Instance, CancellationToken.None));
        var agenda = await GrainAgenda.StartAsync(table, _clock, NullLogger.Instance);
        agenda.Apply([.. _feed.All.Skip((int)agenda.Position)]);
        return new Running(agenda, table, engine, _feed.Head);
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _loop;

        public Running(GrainAgenda agenda, TroubledTable table, IEngine engine, long head)
        {
            (Agenda, Table) = (agenda, table);
            _loop = Task.Run(() => agenda.RunAsync(engine, [], head, _stop.Token));
        }

        public GrainAgenda Agenda { get; }

        public TroubledTable Table { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _loop.OrSay("the agenda stopped");
            await Agenda.DisposeAsync();
            _stop.Dispose();
        }
    }

    /// <summary>A table to which something happens.</summary>
    private sealed class TroubledTable(IAgendaTable table) : IAgendaTable
    {
        /// <summary>Happens while changes are written.</summary>
        public Action? Applied { get; set; }

        public bool ForgettingFails { get; set; }

        public ValueTask<long> PositionAsync(CancellationToken cancellation) => table.PositionAsync(cancellation);

        public ValueTask<long?> NextTryAsync(CancellationToken cancellation) => table.NextTryAsync(cancellation);

        public async ValueTask ApplyAsync(IReadOnlyDictionary<string, AgendaRow?> changes, CommittedEntry last, CancellationToken cancellation)
        {
            await table.ApplyAsync(changes, last, cancellation);
            Applied?.Invoke();
        }

        public ValueTask<IReadOnlyList<AgendaRow>> DueAsync(long nowMs, int max, CancellationToken cancellation) => table.DueAsync(nowMs, max, cancellation);

        public ValueTask SettleAsync(IReadOnlyCollection<(AgendaRow Row, long? TryAgainMs)> outcomes, CancellationToken cancellation) => table.SettleAsync(outcomes, cancellation);

        public ValueTask ForgetPostponingAsync(long beyondMs, CancellationToken cancellation) =>
            ForgettingFails ? throw new InvalidOperationException("The table is away.") : table.ForgetPostponingAsync(beyondMs, cancellation);

        public ValueTask DisposeAsync() => table.DisposeAsync();
    }

    /// <summary>Answers by the number of the question, first is 1.</summary>
    private sealed class AnsweringEngine(Func<int, ReplyKind> answer) : IEngine
    {
        private readonly Channel<GrainCommand> _asked = Channel.CreateUnbounded<GrainCommand>();
        private int _number;

        public ChannelReader<GrainCommand> Asked => _asked.Reader;

        public IFeed Feed => throw new NotSupportedException();

        public ValueTask<CommandReply> AskAsync(GrainCommand command)
        {
            var reply = new CommandReply(answer(Interlocked.Increment(ref _number)), null, null);
            _asked.Writer.TryWrite(command);
            return new(reply);
        }

        public ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
            where TState : class => throw new NotSupportedException();
    }

    /// <summary>A clock that the test moves, and that can be set, also back between two readings. Timers do not mind the step, as those of a machine.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private TimeSpan _stepAfterReading;
        private TimeSpan _behind;

        public ManualClock Real { get; } = new(Trade.Monday);

        public override long TimestampFrequency => Real.TimestampFrequency;

        public void Step(TimeSpan by) => _behind -= by;

        public void StepBackAfterNextReading(TimeSpan by) => _stepAfterReading = by;

        public override DateTimeOffset GetUtcNow()
        {
            var shown = Real.GetUtcNow() - _behind;
            _behind += _stepAfterReading;
            _stepAfterReading = TimeSpan.Zero;
            return shown;
        }

        public override long GetTimestamp() => Real.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Real.CreateTimer(callback, state, dueTime, period);
    }
}
