using System.Diagnostics.CodeAnalysis;
using ChainCrm.Domain;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.ReadModels;

/// <summary>
/// The read models over readmodels.db. One loop follows the feed, folds in memory and writes every <see cref="GrainLimits.ReadModelFlushMs"/>
/// or <see cref="GrainLimits.ReadModelFlushEntries"/>, earlier when somebody waits. The tables: docs/formats/read-models.md.
/// </summary>
internal sealed class SqliteReadModels : IReadModels, IDisposable
{
    private readonly ReadModelFile _file;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly PositionWaiters _shown;
    private readonly Nudge _nudge = new();
    private ReadModelFold _fold;
    private long _folded;
    private int _failures;
    private volatile bool _isDamaged;

    private SqliteReadModels(ReadModelFile file, TimeProvider clock, ILogger logger)
    {
        (_file, _clock, _logger) = (file, clock, logger);
        _shown = new PositionWaiters(file.Position);
        _folded = file.Position;
        _fold = NewFold();
    }

    public long Position => _shown.Position;

    /// <summary>Newest entry taken in, shown or still folded in memory.</summary>
    public long Folded => Volatile.Read(ref _folded);

    public FollowerHealth Health => new("read-models", Position, Volatile.Read(ref _failures));

    /// <summary>Opens the tables; those that are missing, damaged, of another version or of another journal are dropped and filled again as the feed is followed.</summary>
    public static async ValueTask<SqliteReadModels> OpenAsync(string path, IJournal journal, TimeProvider clock, ILogger logger, CancellationToken cancellation = default)
    {
        var file = await ReadModelFile.OpenAsync(path, journal, logger, cancellation);
        try
        {
            return new SqliteReadModels(file, clock, logger);
        }
        catch (SqliteException failure) when (ReadModelFile.IsDamage(failure))
        {
            // The first pages were in order, those with the programmes were not.
            ReadSideLog.Rebuilding(logger, "the file is damaged");
            file.Recreate();
            return new SqliteReadModels(file, clock, logger);
        }
        catch
        {
            file.Dispose();
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
        QueryAsync(connection => ReadModelQueries.Totals(connection, chain), cancellation);

    public ValueTask<IReadOnlyList<StoreTotals>> StoresAsync(string chain, CancellationToken cancellation = default) =>
        QueryAsync(connection => ReadModelQueries.Stores(connection, chain), cancellation);

    public ValueTask<IReadOnlyList<StoreDay>> StoreDaysAsync(string chain, StoreId store, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        QueryAsync(connection => ReadModelQueries.StoreDays(connection, chain, store.Value, from, to), cancellation);

    public ValueTask<IReadOnlyList<CustomerId>> CustomersAsync(string chain, CustomerId? after, int max, CancellationToken cancellation = default) =>
        QueryAsync(connection => ReadModelQueries.Customers(connection, chain, after?.Value ?? "", Math.Clamp(max, 1, GrainLimits.CustomersPageMax)), cancellation);

    /// <summary>What the directories start from.</summary>
    public DirectoryRows DirectoryRows() => Query(ReadModelQueries.Directory);

    /// <summary>Runs a query at the start.</summary>
    public TResult Query<TResult>(Func<SqliteConnection, TResult> query)
    {
        try
        {
            return _file.Query(query);
        }
        catch (SqliteException failure) when (ReadModelFile.IsDamage(failure))
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
        Task<IReadOnlyList<CommittedEntry>>? reading = null;
        var flushAt = long.MaxValue;
        var mustStartOver = false;
        while (true)
        {
            try
            {
                _nudge.Take();
                if (_isDamaged)
                {
                    // A read under way began after what is gone now: its entries are not the next ones any more.
                    (reading, flushAt, mustStartOver) = (null, long.MaxValue, false);
                    Recreate();
                }
                else if (mustStartOver)
                {
                    StartOver();
                    mustStartOver = false;
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
                    Flush();
                    flushAt = long.MaxValue;
                }

                Volatile.Write(ref _failures, 0);
                await FeedPace.KeepAsync(count, _clock, cancellation);
                if (cancellation.IsCancellationRequested) throw new OperationCanceledException(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                FlushAtEnd();
                return;
            }
            catch (Exception failure)
            {
                if (failure is SqliteException { SqliteErrorCode: 11 or 26 }) NoticeDamage();
                var failures = Interlocked.Increment(ref _failures);
                ReadSideLog.ProjectionFailed(_logger, failure, "read-models", Position, failures);
                (reading, flushAt, mustStartOver) = (null, long.MaxValue, true);
                // What is folded may be half a batch: it is not written at the end. Trying on would never end where the same entry fails each time.
                if (!await RetryDelay.WaitAsync(failures, _clock, cancellation)) return;
            }
        }
    }

    /// <summary>Nothing will be shown any more.</summary>
    public void End(Exception reason) => _shown.End(reason);

    public void Dispose() => _file.Dispose();

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

    private void Flush()
    {
        if (_fold.Entries == 0) return;
        _file.Write(_fold);
        _fold.Clear();
        _shown.Reach(_folded);
    }

    [SuppressMessage("Design", "CA1031", Justification = "What is not written now is read from the journal at the next start.")] // The reason is the justification.
    private void FlushAtEnd()
    {
        try
        {
            Flush();
        }
        catch (Exception failure)
        {
            ReadSideLog.ProjectionFailed(_logger, failure, "read-models", Position, 1);
        }
    }

    private async ValueTask<TResult> QueryAsync<TResult>(Func<SqliteConnection, TResult> query, CancellationToken cancellation)
    {
        try
        {
            return await _file.QueryAsync(query, cancellation);
        }
        catch (SqliteException failure) when (ReadModelFile.IsDamage(failure))
        {
            NoticeDamage();
            throw;
        }
    }

    private void NoticeDamage()
    {
        _isDamaged = true;
        _nudge.Give();
    }

    private void Recreate()
    {
        ReadSideLog.Rebuilding(_logger, "the file is damaged");
        _file.Recreate();
        _isDamaged = false;
        _folded = 0;
        _fold = NewFold();
        _shown.Reach(0);
    }

    /// <summary>Back to what the tables show: what was folded may be half a batch.</summary>
    private void StartOver()
    {
        _folded = _file.Position;
        _fold = NewFold();
    }

    private ReadModelFold NewFold() => new(new ChainCalendars(_file.Query(ReadModelQueries.Programmes)));
}
