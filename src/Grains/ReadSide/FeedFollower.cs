using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.ReadSide;

/// <summary>Feeds one projection on a loop of its own, so that one that fails or is slow holds up no other. Whatever fails is logged and tried again, for ever.</summary>
internal sealed class FeedFollower(IProjection projection, IFeed feed, TimeProvider clock, ILogger logger, Action? taken = null)
{
    private int _failures;

    /// <summary>Newest entry taken in.</summary>
    public long Position => projection.Position;

    /// <summary>How the projection does.</summary>
    public FollowerHealth Health => new(projection.Name, projection.Position, Volatile.Read(ref _failures));

    /// <summary>Runs until cancelled.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A projection is never silently dead, whatever it throws.")] // The reason is the justification.
    public async Task RunAsync(CancellationToken cancellation)
    {
        var hasPassedBy = false;
        while (!cancellation.IsCancellationRequested)
        {
            var before = projection.Position;
            try
            {
                // Whatever could not be taken has been left out: nobody should have to wait for the next sale to hear that all is well.
                if (hasPassedBy && before >= feed.Head) Volatile.Write(ref _failures, 0);
                var entries = await feed.ReadAfterAsync(before, GrainLimits.FeedReadMax, cancellation);
                projection.Apply(entries);
                Volatile.Write(ref _failures, 0);
                taken?.Invoke();
                await FeedPace.KeepAsync(entries.Count, clock, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                hasPassedBy = projection.Position > before;
                var failures = Interlocked.Increment(ref _failures);
                ReadSideLog.ProjectionFailed(logger, failure, projection.Name, projection.Position, failures);
                if (!await RetryDelay.WaitAsync(failures, clock, cancellation)) return;
            }
        }
    }
}

/// <summary>
/// How often readers of the feed look. A quiet chain is followed entry by entry, at once; a busy one every few milliseconds, because being woken
/// for each of the several hundred commits a second costs more than reading them.
/// </summary>
internal static class FeedPace
{
    /// <summary>Waits after a read that says the chain is busy and the reader keeps up.</summary>
    /// <param name="entries">Entries it returned.</param>
    /// <param name="clock">The server's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static Task KeepAsync(int entries, TimeProvider clock, CancellationToken cancellation) =>
        entries is >= GrainLimits.FeedBusyEntries and < GrainLimits.FeedReadMax
            ? Task.Delay(TimeSpan.FromMilliseconds(GrainLimits.FeedPaceMs), clock, cancellation)
            : Task.CompletedTask;
}

/// <summary>How long to wait before trying again what failed.</summary>
internal static class RetryDelay
{
    /// <summary>Doubles from a tenth of a second to <see cref="GrainLimits.RetryDelayMaxMs"/>.</summary>
    public static TimeSpan After(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(GrainLimits.RetryDelayMaxMs, 100L << Math.Min(failures - 1, 20)));

    /// <summary>Waits; false when cancelled.</summary>
    public static async Task<bool> WaitAsync(int failures, TimeProvider clock, CancellationToken cancellation)
    {
        await Task.Delay(After(failures), clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return !cancellation.IsCancellationRequested;
    }
}
