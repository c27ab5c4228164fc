using System.Runtime.CompilerServices;
using ChainCrm.Client.Wire;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Wall;
using ChainCrm.Silo.Operation;

namespace ChainCrm.Silo.Wall;

/// <summary>
/// The live wall of one chain: makes one message per tick whatever the number of walls, keeps the last ones for those that reconnect, and
/// hands out snapshots. Everything that numbers or builds a message happens in one turn at a time, so that a snapshot with number n holds
/// at least what tick n says and nothing older than tick n + 1.
/// </summary>
internal sealed class WallChannel(
    string chain, string run, IWallFigures figures, IDirectories directories, WallNames names, bool isDemo, TimeProvider clock, ILogger logger)
{
    private const string Unnamed = "**";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private readonly HashSet<WallWatcher> _watchers = [];
    private readonly Queue<WallMessage> _ticks = new(HostLimits.WallTicksKept);
    private readonly LinkedList<WallEvent> _lines = new();
    private readonly TickerRate _rate = new();
    private readonly WallStores _stores = new(chain, directories);
    private IReadOnlyList<(string From, string To, long Count)>? _flows;
    private long _sequence;
    private long _lastTickAtMs = long.MinValue / 2;
    private long _lastFlowsAtMs = long.MinValue / 2;
    private DateOnly _day;
    private WallMessage? _snapshot;
    private bool _isEnded;

    /// <summary>Messages built so far, snapshots included: what many walls cost.</summary>
    public long Built { get; private set; }

    /// <summary>True when somebody watches.</summary>
    public bool IsWatched
    {
        get { lock (_gate) return _watchers.Count > 0; }
    }

    /// <summary>
    /// The messages of one wall, until it is cancelled or the server stops: the ticks after <paramref name="after"/> when they are still
    /// there, else a snapshot; then every tick.
    /// </summary>
    public async IAsyncEnumerable<WallMessage> WatchAsync(long after, string? fromRun, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watcher = await JoinAsync(after, fromRun, cancellation);
        try
        {
            while (true)
            {
                var (message, isBehind) = await watcher.NextAsync(cancellation);
                message ??= isBehind ? await CatchUpAsync(watcher, cancellation) : null;
                if (message is null) yield break;
                yield return message;
            }
        }
        finally
        {
            lock (_gate) _watchers.Remove(watcher);
        }
    }

    /// <summary>The whole wall now.</summary>
    public async ValueTask<WallMessage> SnapshotAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await RefreshAsync();
            return Snapshot();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>One tick, when anybody watches.</summary>
    public async ValueTask TickAsync()
    {
        if (!IsWatched) return;
        await _turn.WaitAsync();
        try
        {
            await BuildTickAsync(afterPause: false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends every stream; later ones end at once.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            foreach (var watcher in _watchers) watcher.End();
        }
    }

    private async ValueTask<WallWatcher> JoinAsync(long after, string? fromRun, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await RefreshAsync();
            var canResume = fromRun == run && after <= _sequence && after >= _sequence - _ticks.Count;
            var watcher = new WallWatcher(canResume ? _ticks.Where(tick => tick.Sequence > after) : [Snapshot()]);
            lock (_gate)
            {
                if (_isEnded) watcher.End();
                else _watchers.Add(watcher);
            }
            return watcher;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<WallMessage> CatchUpAsync(WallWatcher watcher, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            watcher.CatchUp();
            return Snapshot();
        }
        finally
        {
            _turn.Release();
        }
    }

    // Nobody watched for a while, so no ticks were made: make one first, so that the snapshot has its ticker lines.
    private async ValueTask RefreshAsync()
    {
        if (NowMs() - _lastTickAtMs >= HostLimits.WallTickMs * 2) await BuildTickAsync(afterPause: true);
    }

    private async ValueTask BuildTickAsync(bool afterPause)
    {
        var nowMs = NowMs();
        var changes = figures.TakeChanges(chain);
        if (changes is null)
        {
            if (nowMs - _lastTickAtMs >= HostLimits.WallIdleTickMs || _stores.HaveChanged()) Send(nowMs, IdleTick());
            return;
        }
        _flows = changes.Flows ?? _flows;
        _stores.Note(changes.Stores);
        var count = _rate.Take(nowMs, changes.Lines.Count, afterPause);
        var lines = await OpenAsync(changes.Lines.Skip(changes.Lines.Count - count));
        var isNewDay = changes.Day != _day && _day != default;
        _day = changes.Day;
        foreach (var line in lines) Keep(line);
        if (isNewDay)
        {
            // Midnight: every figure starts anew, so the whole wall is sent instead of a tick.
            _stores.Clear();
            Send(nowMs, null);
            return;
        }
        Send(nowMs, Message(changes.NewestEntryMs) with
        {
            Tick = new WallTick
            {
                Day = WallMapping.Day(changes.Day),
                Today = WallMapping.Totals(changes.Today),
                YesterdaySameTime = WallMapping.Totals(changes.YesterdaySameTime),
                Stores = _stores.TakeChanged(),
                Slots = [.. changes.Slots.Select(s => new WallSlot(s.Slot, s.SalesMinor))],
                Flows = FlowsWhenDue(nowMs),
                Events = lines,
                EventsNotShown = changes.Lines.Count - count + changes.LinesNotKept,
            },
        });
    }

    private WallMessage IdleTick()
    {
        var now = figures.Snapshot(chain);
        return Message(now.NewestEntryMs) with
        {
            Tick = new WallTick
            {
                Day = WallMapping.Day(now.Day),
                Today = WallMapping.Totals(now.Today),
                YesterdaySameTime = WallMapping.Totals(now.YesterdaySameTime),
                Stores = _stores.TakeChanged(),
            },
        };
    }

    // Gives the message (or, when null, a snapshot) the next number, keeps it, and hands it to every watcher.
    private void Send(long nowMs, WallMessage? message)
    {
        _lastTickAtMs = nowMs;
        _snapshot = null;
        _sequence++;
        message = message is null ? Snapshot() : message with { Sequence = _sequence };
        Built++;
        if (_ticks.Count == HostLimits.WallTicksKept) _ticks.Dequeue();
        _ticks.Enqueue(message);
        lock (_gate)
        {
            foreach (var watcher in _watchers)
            {
                var forgotten = watcher.Offer(message);
                if (forgotten > 0) Log.WallFellBehind(logger, forgotten);
            }
        }
    }

    // Many walls that open at the same moment share one snapshot.
    private WallMessage Snapshot()
    {
        if (_snapshot is not null) return _snapshot;
        var now = figures.Snapshot(chain);
        var programme = directories.Current(chain);
        _day = now.Day;
        Built++;
        return _snapshot = Message(now.NewestEntryMs) with
        {
            Snapshot = new WallSnapshot
            {
                ChainName = programme.ChainName,
                Demo = isDemo,
                Currency = programme.Currency,
                Day = WallMapping.Day(now.Day),
                Today = WallMapping.Totals(now.Today),
                YesterdaySameTime = WallMapping.Totals(now.YesterdaySameTime),
                Stores = _stores.All(now.Stores),
                SalesToday = now.SalesToday,
                SalesYesterday = now.SalesYesterday,
                Flows = WallMapping.Flows(now.Flows),
                Events = [.. _lines],
            },
        };
    }

    private WallMessage Message(long newestEntryMs) => new()
    {
        Run = run,
        Sequence = _sequence,
        AtMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        NewestEntryMs = newestEntryMs,
    };

    private IReadOnlyList<WallFlow>? FlowsWhenDue(long nowMs)
    {
        if (_flows is null || nowMs - _lastFlowsAtMs < 1_000) return null;
        var due = WallMapping.Flows(_flows);
        (_flows, _lastFlowsAtMs) = (null, nowMs);
        return due;
    }

    private async ValueTask<List<WallEvent>> OpenAsync(IEnumerable<TickerLine> lines)
    {
        var programme = directories.Current(chain);
        var opened = new List<WallEvent>();
        foreach (var line in lines)
        {
            // A member whose name nobody entered is still somebody: only a walk-in has no name at all.
            var name = line.Customer is null ? null : await names.MaskedAsync(chain, line.Customer) ?? Unnamed;
            opened.Add(WallMapping.Line(line, name, programme));
        }
        return opened;
    }

    private void Keep(WallEvent line)
    {
        _lines.AddFirst(line);
        if (_lines.Count > HostLimits.WallSnapshotLines) _lines.RemoveLast();
    }

    private long NowMs() => clock.GetTimestamp() / (clock.TimestampFrequency / 1_000);
}
