using Polly;
using Polly.Retry;

namespace ChainCrm.Client.Http;

/// <summary>
/// When and how often a request is sent again. The same bytes and the same idempotency key go out each time, so an attempt whose answer
/// got lost counts once.
/// </summary>
internal static class RetryPipeline
{
    /// <summary>When the first attempt began, in ticks of the pipeline's clock.</summary>
    public static readonly ResiliencePropertyKey<long> StartedAt = new("chaincrm.started-at");

    public static ResiliencePipeline<Attempt> Build(ChainCrmClientOptions options, TimeProvider clock)
    {
        if (options.RetriesMax == 0) return ResiliencePipeline<Attempt>.Empty;

        return new ResiliencePipelineBuilder<Attempt> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                MaxRetryAttempts = options.RetriesMax,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = TimeSpan.FromMilliseconds(ClientLimits.RetryDelayMaxMs),
                ShouldHandle = arguments => ValueTask.FromResult(
                    IsTransient(arguments.Outcome) && StillTime(arguments.Context, options, clock)),
                DelayGenerator = arguments => ValueTask.FromResult(AskedDelay(arguments.Outcome)),
                OnRetry = arguments =>
                {
                    options.OnRetry?.Invoke(Describe(arguments.Outcome));
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    private static bool IsTransient(Outcome<Attempt> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutException or IOException
        || (outcome.Exception is null && outcome.Result.IsTransient);

    private static bool StillTime(ResilienceContext context, ChainCrmClientOptions options, TimeProvider clock) =>
        clock.GetElapsedTime(context.Properties.GetValue(StartedAt, clock.GetTimestamp())) < options.RetryFor;

    /// <summary>What the server asked for with Retry-After, bounded; null leaves the pause to the exponential rule.</summary>
    private static TimeSpan? AskedDelay(Outcome<Attempt> outcome)
    {
        if (outcome.Exception is not null || outcome.Result.RetryAfter is not { } asked) return null;
        var longest = TimeSpan.FromMilliseconds(ClientLimits.RetryDelayMaxMs);
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > longest ? longest : asked;
    }

    private static string Describe(Outcome<Attempt> outcome) => outcome.Exception switch
    {
        null => $"the server answered {(int)outcome.Result.Status}",
        TimeoutException => "no answer in time",
        _ => "the server cannot be reached",
    };
}
