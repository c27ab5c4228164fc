using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests;

/// <summary>The relations between limits that the client's code relies on.</summary>
public sealed class ClientLimitsTests
{
    [Fact]
    public void No_file_that_fits_can_overflow_a_sum() =>
        ((decimal)ClientLimits.ReplayLinesMax * ClientLimits.ReplayAmountMinorMax * 4).ShouldBeLessThan(long.MaxValue);

    [Fact]
    public void The_usual_batch_is_one_the_server_takes() => ClientLimits.ReplayBatchDefault.ShouldBeLessThanOrEqualTo(ClientLimits.BatchPurchasesMax);

    [Fact]
    public void A_single_attempt_ends_before_the_retries_do() => ClientLimits.AttemptTimeoutMs.ShouldBeLessThan(ClientLimits.RetryForMs);

    [Fact]
    public void A_replay_is_more_patient_than_a_till() => ClientLimits.ReplayRetryForMs.ShouldBeGreaterThan(ClientLimits.RetryForMs);

    [Fact]
    public void A_sale_held_back_in_a_batch_is_tried_for_long_enough_to_outlast_a_restart() =>
        Enumerable.Range(1, ClientLimits.TransientRefusalRetriesMax).Sum(round => Math.Min(ClientLimits.RetryDelayMaxMs, ClientLimits.RetryDelayMs * round)).ShouldBeGreaterThan(30_000);
}
