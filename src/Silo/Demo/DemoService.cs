using System.Diagnostics;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Processes;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Hosting;
using ChainCrm.Silo.Operation;

namespace ChainCrm.Silo.Demo;

/// <summary>
/// The generated chain at work: plays yesterday and today so far as fast as the engine takes it, then goes on live, each act at its time.
/// </summary>
internal sealed class DemoService : IAsyncDisposable
{
    private const long DayMs = 86_400_000;
    private const long AgainMs = 10 * 60_000;
    private const long LongestReturnMs = 5 * 3_600_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MarkEvery = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PriorityQueue<DemoAct, long> _due = new();
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly DemoTemplate _template;
    private readonly DemoPlan _plan;
    private readonly DemoTrader _trader;
    private readonly int _offsetMinutes;
    private DemoMark _mark;
    private long _plannedUntilMs;
    private Task _work = Task.CompletedTask;

    public DemoService(
        DemoSettings settings, DemoMark? mark, string folder, string chain, IEngine engine, IEnrolment enrolment, IDirectories directories,
        TimeProvider clock, ILogger logger)
    {
        (_folder, _clock, _logger) = (folder, clock, logger);
        _template = DemoTemplate.Load(settings.Template);
        var programme = Programme.Compile(_template.Programme.GetRawText(), 1).Programme
            ?? throw new InvalidOperationException($"The programme of the demo template {settings.Template} does not compile.");
        var (today, offset) = BusinessClock.At(programme, new Timestamp(NowMs()));
        _offsetMinutes = offset;
        var yesterdayMs = StartOf(today.Number - 1);
        _mark = mark ?? new DemoMark(settings.Template, settings.Seed, settings.SalesPerDay, settings.Members, yesterdayMs, yesterdayMs);
        _plan = new DemoPlan(_template, settings.Seed, settings.SalesPerDay, settings.Members);
        _trader = new DemoTrader(chain, _plan, _template, _mark.FirstDayMs, engine, enrolment, directories, logger);
        FromMs = Math.Max(_mark.PlayedUntilMs - AgainMs, yesterdayMs);
    }

    /// <summary>From when on the plan is played.</summary>
    public long FromMs { get; }

    /// <summary>Completes when yesterday and today so far are in.</summary>
    public Task Filled => _filled.Task;

    /// <summary>Sales played so far.</summary>
    public long Sales => _trader.Sales;

    /// <summary>Marks the folder and starts.</summary>
    public void Start()
    {
        _mark.Write(_folder);
        Log.DemoStarts(_logger, _template.Name, _plan.Stores.Count, _plan.Members.Count);
        _work = Task.Run(RunAsync);
    }

    /// <summary>Stops trading; acts under way finish.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await _trader.OpenChainAsync(NowMs(), _stop.Token);
            await FillAsync();
            _filled.TrySetResult();
            await TradeAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _filled.TrySetCanceled();
        }
        catch (Exception failure)
        {
            Log.DemoFailed(_logger, failure);
            _filled.TrySetException(failure);
        }
    }

    private async Task FillAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await using (var lanes = new DemoLanes(HostLimits.DemoFillParallel, _trader.PlayAsync, _stop.Token))
        {
            // Sales shortly before the beginning may come back after it, so their slots are read too.
            _plannedUntilMs = Align(FromMs - LongestReturnMs);
            await PlayUntilAsync(NowMs(), lanes);
            await lanes.FinishAsync();
        }
        _mark = _mark with { PlayedUntilMs = NowMs() };
        _mark.Write(_folder);
        Log.DemoFilled(_logger, _trader.Sales, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task TradeAsync()
    {
        await using var lanes = new DemoLanes(HostLimits.DemoLiveParallel, _trader.PlayAsync, _stop.Token);
        var others = Task.Run(EnrolOthersAsync);
        using var timer = new PeriodicTimer(Step, _clock);
        var markedAt = _clock.GetTimestamp();
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            var now = NowMs();
            await PlayUntilAsync(now, lanes);
            if (others.IsFaulted) await others;
            if (_clock.GetElapsedTime(markedAt) < MarkEvery) continue;
            markedAt = _clock.GetTimestamp();
            _mark = _mark with { PlayedUntilMs = now };
            _mark.Write(_folder);
        }
    }

    // Members who bought nothing these two days are members all the same.
    private async Task EnrolOthersAsync()
    {
        foreach (var group in _plan.Members.Chunk(64))
            await Task.WhenAll(group.Select(person => _trader.EnsureMemberAsync(person, _stop.Token)));
    }

    private async Task PlayUntilAsync(long untilMs, DemoLanes lanes)
    {
        while (_plannedUntilMs <= untilMs)
        {
            ReadSlot(_plannedUntilMs);
            _plannedUntilMs += DemoPlan.SlotMs;
            await PlayDueAsync(Math.Min(untilMs, _plannedUntilMs - 1), lanes);
        }
        await PlayDueAsync(untilMs, lanes);
    }

    private async Task PlayDueAsync(long untilMs, DemoLanes lanes)
    {
        while (_due.TryPeek(out var act, out var atMs) && atMs <= untilMs)
        {
            _due.Dequeue();
            await lanes.AddAsync(act, _stop.Token);
        }
    }

    private void ReadSlot(long startMs)
    {
        var localMs = startMs + (_offsetMinutes * 60_000L);
        foreach (var act in _plan.Slot((int)(localMs / DayMs), (int)(localMs % DayMs / DemoPlan.SlotMs), startMs))
        {
            Plan(act);
            // A sale from before the demo's first day was never played, so nothing of it can come back.
            if (act is DemoSale sale && sale.AtMs >= _mark.FirstDayMs && _plan.ReturnOf(sale) is { } back) Plan(back);
        }
    }

    private void Plan(DemoAct act)
    {
        if (act.AtMs >= FromMs) _due.Enqueue(act, act.AtMs);
    }

    private long StartOf(int day) => (day * DayMs) - (_offsetMinutes * 60_000L);

    private static long Align(long ms) => ms - (ms % DemoPlan.SlotMs);

    private long NowMs() => _clock.GetUtcNow().ToUnixTimeMilliseconds();
}
