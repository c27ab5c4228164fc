using Xunit.Abstractions;

namespace ChainCrm.Faults;

/// <summary>A few faults of each kind with the journal on PostgreSQL; many of them are run with tests/Faults/run.</summary>
public sealed class PostgresTests(ITestOutputHelper output)
{
    [FaultFact("server-kill-postgres")]
    public Task The_server_is_killed_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("server-kill-postgres", output);

    [FaultFact("postgres-kill")]
    public Task PostgreSQL_is_killed_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("postgres-kill", output);

    [FaultFact("postgres-fast")]
    public Task PostgreSQL_is_stopped_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("postgres-fast", output);

    [FaultFact("postgres-immediate")]
    public Task PostgreSQL_ends_at_once_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("postgres-immediate", output);

    [FaultFact("lost-commit-reply")]
    public Task The_answer_to_a_commit_is_lost_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("lost-commit-reply", output);

    [FaultFact("wire-cut")]
    public Task Connections_are_cut_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("wire-cut", output);

    [FaultFact("postgres-fsync-error")]
    public Task A_flush_of_PostgreSQL_fails_and_nothing_acknowledged_is_lost_doubled_or_wrong() => AFew.OfAsync("postgres-fsync-error", output);
}
