using Xunit.Abstractions;

namespace ChainCrm.Faults;

/// <summary>A few faults of each kind with the journal in a file; many of them are run with tests/Faults/run.</summary>
public sealed class SqliteTests(ITestOutputHelper output)
{
    [FaultFact("server-kill")]
    public Task The_server_is_killed_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("server-kill", output);

    [FaultFact("fsync-error")]
    public Task Flushes_fail_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("fsync-error", output);

    [FaultFact("slow-fsync")]
    public Task Flushes_take_seconds_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("slow-fsync", output);

    [FaultFact("disk-full")]
    public Task The_disk_is_full_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("disk-full", output);

    [FaultFact("torn-page")]
    public Task Power_is_cut_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("torn-page", output);

    [FaultFact("clock-jump")]
    public Task The_clock_jumps_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("clock-jump", output);

    [FaultFact("memory-limit")]
    public Task Memory_runs_out_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("memory-limit", output);

    /// <summary>Memory ran out when the first batch was sent on its way: a sale that joined it meanwhile was answered and never appended.</summary>
    [FaultFact("memory-limit")]
    public Task Memory_runs_out_at_the_first_batch_and_nothing_acknowledged_is_lost() => AFew.OfAsync("memory-limit", output, known: 17_123);
}
