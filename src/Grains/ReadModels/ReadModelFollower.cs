using System.Diagnostics.CodeAnalysis;
using ChainCrm.Domain;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.ReadModels;

/// <summary>
/// The read models over their tables, wherever those are kept. One loop follows the feed, folds in memory and writes every <see cref="GrainLimits.ReadModelFlushMs"/>
/// or <see cref="GrainLimits.ReadModelFlushEntries"/>, earlier when somebody waits. The tables: docs/formats/read-models.md.
/// </summary>
internal sealed class ReadModelFollower : IReadModels, IAsyncDisposable
{
    private readonly IReadModelTables _tables;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly PositionWaiters _shown;
    private readonly Nudge _nudge = new();
    private ReadModelFold _fold;
    private long _folded;
    private int _failures;
    private volatile bool _isDamaged;

    // What is folded may be half a batch, or half of it may be written: it is read again.
    private bool _mustStartOver;

    private ReadModelFollower(IReadModelTables tables, long position, ReadModelFold fold, TimeProvider clock, ILogger logger)
    {
        (_tables, _clock, _logger, _fold) = (tables, clock, logger, fold);
        _shown = new PositionWaiters(position);
        _folded = position;
    }

    public long Position => _shown.Position;

    /// <summary>Newest entry taken in, shown or still folded in memory.</summary>
    public long Folded => Volatile.Read(ref _folded);

    public FollowerHealth Health => new("read-models", Position, Volatile.Read(ref _failures));

    /// <summary>Takes tables that are open, and owns them. Those that turn out damaged are dropped and filled again as the feed is followed.</summary>
    public static async ValueTask<ReadModelFollower> StartAsync(IReadModelTables tables, TimeProvider clock, ILogger logger, CancellationToken cancellation = default)
    {
        try
        {
            try
            {
                return new ReadModelFollower(tables, await tables.PositionAsync(cancellation), await NewFoldAsync(tables, cancellation), clock, logger);
            }
            catch (Exception failure) when (tables.IsDamage(failure))
            {
                // The first pages were in order, those with the programmes were not.
                ReadSideLog.Rebuilding(logger, "the tables are damaged");
                await tables.RecreateAsync(cancellation);
                return new ReadModelFollower(tables, 0, await NewFoldAsync(tables, cancellation), clock, logger);
            }
        }
        catch
        {
            await tables.DisposeAsync();
            throw;
        }
    }

    public ValueTask WaitForAsync(long position, CancellationToken cancellation = default)
    {
        var wait = _shown.WaitAsync(position, cancellation);
        if (!wait.IsCompleted) _nudge.Give();
        return wait;
    }

    public ValueTask<ChainTotals> TotalsAsync(string chain, CancellationToken cancellation = default) =>
        ReadAsync(moment => moment.TotalsAsync(chain), cancellation);

    public ValueTask<IReadOnlyList<StoreTotals>> StoresAsync(string chain, CancellationToken cancellation = default) =>
        ReadAsync(moment => moment.StoresAsync(chain), cancellation);

    public ValueTask<IReadOnlyList<StoreDay>> StoreDaysAsync(string chain, StoreId store, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        ReadAsync(moment => moment.StoreDaysAsync(chain, store.Value, from, to), cancellation);

    public ValueTask<IReadOnlyList<CustomerId>> CustomersAsync(string chain, CustomerId? after, int max, CancellationToken cancellation = default) =>
        ReadAsync(moment => moment.CustomersAsync(chain, after?.Value ?? "", Math.Clamp(max, 1, GrainLimits.CustomersPageMax)), cancellation);

    /// <summary>What the directories start from.</summary>
    public ValueTask<DirectoryRows> DirectoryRowsAsync(CancellationToken cancellation) => ReadAsync(moment => moment.DirectoryAsync(), cancellation);

    /// <summary>Reads the tables as they are at one moment.</summary>
    public async ValueTask<TResult> ReadAsync<TResult>(Func<IReadModelMoment, ValueTask<TResult>> read, CancellationToken cancellation)
    {
        try
        {
            return await _tables.ReadAsync(read, cancellation);
        }
        catch (Exception failure) when (_tables.IsDamage(failure))
        {
            NoticeDamage();
            throw;
        }
    }

    /// <summary>Follows the feed until cancelled, then writes what is folded.</summary>
    /// <param name="feed">What is followed.</param>
    /// <param name="taken">Called after entries were folded.</param>
    /// <param name="cancellation">Ends the following.</param>
    [SuppressMessage("Design", "CA1031", Justification = "The read models are never silently dead, whatever happens.")] // The reason is the justification.
    public async Task RunAsync(IFeed feed, Action? taken, CancellationToken cancellation)
    {
        // A write is not given up because the server stops: what is folded would have to be read and folded again.
        using var writing = new CancellationTokenSource();
        await using var stopping = cancellation.Register(static writing => ((CancellationTokenSource)writing!).CancelAfter(GrainLimits.LastWriteMs), writing);
        Task<IReadOnlyList<CommittedEntry>>? reading = null;
        var flushAt = long.MaxValue;
        while (true)
        {
            try
            {
                _nudge.Take();
                if (_isDamaged)
                {
                    _mustStartOver = true;
                    // A read under way began after what is gone now: its entries are not the next ones any more.
                    (reading, flushAt) = (null, long.MaxValue);
                    await RecreateAsync(cancellation);
                }
                else if (_mustStartOver)
                {
                    await StartOverAsync(cancellation);
                }

                reading ??= feed.ReadAfterAsync(_folded, GrainLimits.FeedReadMax, cancellation).AsTask();
                await WaitAsync(reading, flushAt, cancellation);
                var count = 0;
                if (reading.IsCompleted)
                {
                    var entries = await reading;
                    reading = null;
                    if (_fold.Entries == 0) flushAt = _clock.GetTimestamp() + FlushTicks;
                    count = entries.Count;
                    for (var i = 0; i < count; i++) _fold.Add(entries[i]);
                    if (count > 0) Volatile.Write(ref _folded, entries[^1].Position);
                    taken?.Invoke();
                }

                if (_fold.Entries >= GrainLimits.ReadModelFlushEntries || _clock.GetTimestamp() >= flushAt || _shown.IsAwaited(_folded))
                {
                    await FlushAsync(writing.Token);
                    flushAt = long.MaxValue;
                }

                Volatile.Write(ref _failures, 0);
                await FeedPace.KeepAsync(count, _clock, cancellation);
                if (cancellation.IsCancellationRequested) throw new OperationCanceledException(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                if (!_mustStartOver && !_isDamaged) await FlushAtEndAsync(writing.Token);
                return;
            }
            catch (Exception failure)
            {
                if (_tables.IsDamage(failure)) NoticeDamage();
                var failures = Interlocked.Increment(ref _failures);
                ReadSideLog.ProjectionFailed(_logger, failure, "read-models", Position, failures);
                (reading, flushAt, _mustStartOver) = (null, long.MaxValue, true);
                // Trying on would never end where the same entry fails each time, so a stop ends it.
                if (!await RetryDelay.WaitAsync(failures, _clock, cancellation)) return;
            }
        }
    }

    /// <summary>Nothing will be shown any more.</summary>
    public void End(Exception reason) => _shown.End(reason);

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    private long FlushTicks => _clock.TimestampFrequency * GrainLimits.ReadModelFlushMs / 1_000;

    /// <summary>Until there are entries, a flush is due, or somebody wants one.</summary>
    private async Task WaitAsync(Task reading, long flushAt, CancellationToken cancellation)
    {
        if (reading.IsCompleted) return;
        if (_fold.Entries == 0)
        {
            await Task.WhenAny(reading, _nudge.Given);
            return;
        }

        if (_shown.IsAwaited(_folded)) return;
        var left = _clock.GetElapsedTime(_clock.GetTimestamp(), flushAt);
        if (left <= TimeSpan.Zero) return;
        using var alarm = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // A delay is cut to whole milliseconds: rounded up, or what is left of the last one would be spent asking the clock again and again.
        await Task.WhenAny(reading, _nudge.Given, Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _clock, alarm.Token));
        // Nobody waits for the alarm any more: it ends here and now, without a thread of the pool.
        alarm.Cancel();
    }

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_fold.Entries == 0) return;
        _mustStartOver = true;
        await _tables.WriteAsync(_fold, cancellation);
        _mustStartOver = false;
        _fold.Clear();
        _shown.Reach(_folded);
    }

    [SuppressMessage("Design", "CA1031", Justification = "What is not written now is read from the journal at the next start.")] // The reason is the justification.
    private async ValueTask FlushAtEndAsync(CancellationToken writing)
    {
        try
        {
            await FlushAsync(writing);
        }
        catch (Exception failure)
        {
            ReadSideLog.ProjectionFailed(_logger, failure, "read-models", Position, 1);
        }
    }

    private void NoticeDamage()
    {
        _isDamaged = true;
        _nudge.Give();
    }

    private async ValueTask RecreateAsync(CancellationToken cancellation)
    {
        ReadSideLog.Rebuilding(_logger, "the tables are damaged");
        await _tables.RecreateAsync(cancellation);
        _isDamaged = false;
        _fold = await NewFoldAsync(_tables, cancellation);
        _mustStartOver = false;
        Volatile.Write(ref _folded, 0);
        _shown.Reach(0);
    }

    /// <summary>Back to what the tables show: what was folded may be half a batch, and a write that failed on its way back may have been made.</summary>
    private async ValueTask StartOverAsync(CancellationToken cancellation)
    {
        var position = await _tables.PositionAsync(cancellation);
        _fold = await NewFoldAsync(_tables, cancellation);
        _mustStartOver = false;
        Volatile.Write(ref _folded, position);
        _shown.Reach(position);
    }

    private static async ValueTask<ReadModelFold> NewFoldAsync(IReadModelTables tables, CancellationToken cancellation) =>
        new(new ChainCalendars(await tables.ReadAsync(moment => moment.ProgrammesAsync(), cancellation)));
}
