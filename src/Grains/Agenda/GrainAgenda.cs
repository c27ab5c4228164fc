using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Grains.Runtime;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.Agenda;

/// <summary>
/// Wakes grains when their time has come, within a second, whether they are in memory or not; what came due while the server was down is
/// woken after the start. Follows the feed for what entries say about wake-ups; a firing is a command whose id names the time and the entry that asked
/// for it, so firing twice does nothing twice.
/// </summary>
internal sealed class GrainAgenda : IProjection, IAsyncDisposable
{
    private readonly IAgendaTable _table;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Nudge _nudge = new();
    private readonly Lock _lock = new();
    private Dictionary<string, AgendaRow?> _pending = new(StringComparer.Ordinal);
    private CommittedEntry? _lastFolded;
    private long _position;
    private int _failures;

    // The latest that the clock has shown, since it was last set back. Nobody knows what it showed before this start: it may have been set back while the server was down.
    private long _latestMs = long.MaxValue;

    private GrainAgenda(IAgendaTable table, long position, TimeProvider clock, ILogger logger)
    {
        (_table, _clock, _logger) = (table, clock, logger);
        _position = position;
    }

    public string Name => "agenda";

    public long Position => Volatile.Read(ref _position);

    /// <summary>How the firing does.</summary>
    public FollowerHealth Health => new("agenda", Position, Volatile.Read(ref _failures));

    /// <summary>Takes a table that is open, and owns it.</summary>
    public static async ValueTask<GrainAgenda> StartAsync(IAgendaTable table, TimeProvider clock, ILogger logger, CancellationToken cancellation = default)
    {
        try
        {
            return new GrainAgenda(table, await table.PositionAsync(cancellation), clock, logger);
        }
        catch
        {
            await table.DisposeAsync();
            throw;
        }
    }

    public void Apply(IReadOnlyList<CommittedEntry> entries)
    {
        lock (_lock)
        {
            var wasEmpty = _lastFolded is null;
            for (var i = 0; i < entries.Count; i++)
            {
                Fold(entries[i]);
                _lastFolded = entries[i];
                Volatile.Write(ref _position, entries[i].Position);
            }

            if (wasEmpty || _pending.Count >= GrainLimits.AgendaFlushChanges) _nudge.Give();
        }
    }

    /// <summary>Fires until cancelled. Begins when the feed is followed up to <paramref name="head"/>, so that nothing is fired that later entries took back.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The agenda is never silently dead, whatever happens.")] // The reason is the justification.
    public async Task RunAsync(IEngine engine, IEnumerable<IWakeUpHandler> handlers, long head, CancellationToken cancellation)
    {
        var byKind = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                _nudge.Take();
                await FlushAsync(cancellation);
                var now = NowMs;
                await NoticeSetBackAsync(now, cancellation);
                if (Position >= head)
                {
                    var due = await _table.DueAsync(now, GrainLimits.AgendaRoundMax, cancellation);
                    if (due.Count > 0)
                    {
                        await FireAsync(engine, byKind, due, cancellation);
                        continue;
                    }
                }

                Volatile.Write(ref _failures, 0);
                await WaitAsync(head, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                var failures = Interlocked.Increment(ref _failures);
                ReadSideLog.AgendaFailed(_logger, failure, failures);
                await RetryDelay.WaitAsync(failures, _clock, cancellation);
            }
        }
    }

    public ValueTask DisposeAsync() => _table.DisposeAsync();

    /// <summary>What the clock shows. Every reading is remembered, whoever takes it: what is put off is put off by one of them, and the clock may be set back before the loop reads it.</summary>
    private long NowMs
    {
        get
        {
            lock (_lock)
            {
                var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
                _latestMs = Math.Max(_latestMs, now);
                return now;
            }
        }
    }

    /// <summary>"A moment later" must not become an hour later because the clock was set back by an hour meanwhile, or while the server was down.</summary>
    private async ValueTask NoticeSetBackAsync(long nowMs, CancellationToken cancellation)
    {
        var beyond = nowMs + GrainLimits.AgendaPutOffMaxMs;
        lock (_lock)
        {
            if (nowMs >= _latestMs - GrainLimits.RetryDelayMaxMs) return;
            foreach (var (stream, row) in _pending.ToList())
            {
                if (row is { } putOff && putOff.TryMs > beyond) _pending[stream] = putOff with { TryMs = putOff.DueMs };
            }

            _latestMs = nowMs;
        }

        try
        {
            await _table.ForgetPostponingAsync(beyond, cancellation);
        }
        catch
        {
            // As at a start: the next look does it again.
            lock (_lock) _latestMs = long.MaxValue;
            throw;
        }
    }

    private void Fold(CommittedEntry entry)
    {
        if (entry.WakeUp.Changed)
        {
            _pending[entry.Grain.Stream] = entry.WakeUp.AtMs is { } due ? new AgendaRow(entry.Grain.Stream, due, FirstTry(due, entry.TimeMs), 0, entry.Position) : null;
        }

        for (var i = 0; i < entry.Events.Count; i++)
        {
            // Between this entry and the release there may be a crash: somebody looks after it a little later (IdentityWatch).
            if (entry.Events[i] is not ProfileChanged { Released.Count: > 0 } changed) continue;
            foreach (var identity in changed.Released)
            {
                var stream = IdentityLookup.GrainOf(entry.Grain.Chain.ToString(), identity).Stream;
                var due = entry.TimeMs + GrainLimits.IdentityReservationMs;
                _pending[stream] = new AgendaRow(stream, due, due, 0, entry.Position);
            }
        }
    }

    /// <summary>
    /// A time long past when it is asked for comes from history being read in: there is no second to be punctual to, and a little patience lets
    /// many sales of one customer share a wake-up. The entry may be of a time ahead of the clock, when that was set back since.
    /// </summary>
    private long FirstTry(long dueMs, long entryMs) =>
        dueMs < entryMs - GrainLimits.BackdatedAfterMs ? Math.Min(entryMs, NowMs) + GrainLimits.BackdatedWakeDelayMs : dueMs;

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        Dictionary<string, AgendaRow?> changes;
        CommittedEntry? last;
        lock (_lock)
        {
            if (_lastFolded is null) return;
            (changes, last) = (_pending, _lastFolded);
            (_pending, _lastFolded) = (new Dictionary<string, AgendaRow?>(StringComparer.Ordinal), null);
        }

        try
        {
            await _table.ApplyAsync(changes, last, cancellation);
        }
        catch
        {
            // Back where it was, below what has come since: the next flush tries again.
            lock (_lock)
            {
                foreach (var (stream, row) in changes) _pending.TryAdd(stream, row);
                _lastFolded ??= last;
            }

            throw;
        }
    }

    private async Task FireAsync(IEngine engine, Dictionary<string, IWakeUpHandler> handlers, IReadOnlyList<AgendaRow> due, CancellationToken cancellation)
    {
        var outcomes = new ConcurrentBag<(AgendaRow, long?)>();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = GrainLimits.AgendaConcurrencyMax, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current,
        };
        await Parallel.ForEachAsync(due, options, async (row, _) => outcomes.Add((row, await WakeAsync(engine, handlers, row, cancellation))));
        await _table.SettleAsync(outcomes, cancellation);
    }

    /// <summary>Wakes one grain; null when that is settled, else when to try again.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "One grain's trouble must not keep the others asleep.")] // The reason is the justification.
    private async ValueTask<long?> WakeAsync(IEngine engine, Dictionary<string, IWakeUpHandler> handlers, AgendaRow row, CancellationToken cancellation)
    {
        var later = (long)RetryDelay.After(row.Attempts + 1).TotalMilliseconds;
        try
        {
            var grain = GrainId.FromStream(row.Stream);
            var commandId = FormattableString.Invariant($"wake/{row.DueMs}/{row.Cause}");
            // The clock may have been set back since it found this row due; a grain asked before its time would have nothing to do, and nobody asked it again.
            var now = new Timestamp(Math.Max(NowMs, row.DueMs));
            if (handlers.TryGetValue(grain.Kind.ToString(), out var handler))
            {
                var outcome = await handler.WakeAsync(grain, commandId, now, cancellation);
                return outcome.IsNothingDue ? NothingDue(row, later) : outcome.NotBefore?.UnixMs ?? Settled(row, outcome.Reply, later);
            }

            var reply = await engine.AskAsync(new GrainCommand(grain, commandId, 0, new WakeGrain(now)));
            return reply.Kind == ReplyKind.AlreadySo ? NothingDue(row, later) : Settled(row, reply, later);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            ReadSideLog.WakeUpFailed(_logger, failure, row.Stream, later);
            return NowMs + later;
        }
    }

    private long? Settled(AgendaRow row, CommandReply reply, long later)
    {
        if (reply.Rejection is not { } rejection) return null;
        if (!rejection.MayPassLater)
        {
            ReadSideLog.WakeUpRefused(_logger, row.Stream, rejection.Code, rejection.Name);
            return null;
        }

        ReadSideLog.WakeUpPostponed(_logger, row.Stream, rejection.Code, rejection.Name, later);
        return NowMs + later;
    }

    /// <summary>
    /// Nothing happened though the grain's time has come. Most likely it was woken by a command whose entry is not folded yet and takes this row off;
    /// until that is sure the row stays, for nobody else remembers it.
    /// </summary>
    private long? NothingDue(AgendaRow row, long later)
    {
        if (row.Attempts >= GrainLimits.AgendaNothingDueTriesMax)
        {
            ReadSideLog.NothingDue(_logger, row.Stream);
            return null;
        }

        ReadSideLog.NothingDueYet(_logger, row.Stream, later);
        return NowMs + later;
    }

    /// <summary>Until something is due, something folded is old enough to be written, or there is reason to look.</summary>
    private async Task WaitAsync(long head, CancellationToken cancellation)
    {
        var wait = TimeSpan.FromMilliseconds(GrainLimits.AgendaLookEveryMs);
        if (Position >= head && await _table.NextTryAsync(cancellation) is { } next) wait = TimeSpan.FromMilliseconds(Math.Clamp(next - NowMs, 0, GrainLimits.AgendaLookEveryMs));
        using var alarm = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sleeping = Task.Delay(wait, _clock, alarm.Token);
        if (await Task.WhenAny(sleeping, _nudge.Given) != sleeping)
        {
            // Something was folded. Let more come before it is written, but not past the next due time.
            await Task.WhenAny(sleeping, Task.Delay(TimeSpan.FromMilliseconds(GrainLimits.AgendaFlushMs), _clock, alarm.Token));
        }

        // Nobody waits for the alarm any more: it ends here and now, without a thread of the pool.
        alarm.Cancel();
        cancellation.ThrowIfCancellationRequested();
    }
}
