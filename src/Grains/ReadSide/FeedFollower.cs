using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.ReadSide;

/// <summary>Feeds one projection on a loop of its own, so that one that fails or is slow holds up no other. Whatever fails is logged and tried again, for ever.</summary>
internal sealed class FeedFollower(IProjection projection, IFeed feed, TimeProvider clock, ILogger logger)
{
    private int _failures;

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
                projection.Apply(await feed.ReadAfterAsync(before, GrainLimits.FeedReadMax, cancellation));
                Volatile.Write(ref _failures, 0);
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

/// <summary>How long to wait before trying again what failed.</summary>
internal static class RetryDelay
{
    /// <summary>Doubles from a tenth of a second to <see cref="GrainLimits.RetryDelayMaxMs"/>.</summary>
    public static TimeSpan After(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(GrainLimits.RetryDelayMaxMs, 100L << Math.Min(failures - 1, 20)));

    /// <summary>Waits; false when cancelled.</summary>
    public static async Task<bool> WaitAsync(int failures, TimeProvider clock, CancellationToken cancellation)
    {
        await Task.Delay(After(failures), clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellation.IsCancellationRequested;
    }
}
