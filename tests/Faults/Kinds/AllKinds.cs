using ChainCrm.TestKit.Postgres;

namespace ChainCrm.Faults.Kinds;

/// <summary>Every kind there is, the most important first.</summary>
internal static class AllKinds
{
    public static IReadOnlyList<FaultKind> List { get; } =
    [
        new ServerKill("server-kill", Store.Sqlite),
        new ServerKill("server-kill-postgres", Store.Postgres),
        new PostgresEnd("postgres-kill", PostgresStop.Kill, "SIGKILL of PostgreSQL with all its processes; one in five together with the server"),
        new PostgresEnd("postgres-fast", PostgresStop.Fast, "fast stop of PostgreSQL (SIGINT); one in five together with a SIGKILL of the server"),
        new PostgresEnd("postgres-immediate", PostgresStop.Immediate, "immediate stop of PostgreSQL (SIGQUIT); one in five together with a SIGKILL of the server"),
        new LostCommitReply(),
        new WireCut(),
        new FlushErrors(),
        new PostgresFlushError(),
        new SlowFlushes(),
        new DiskFull(),
        new TornPages(),
        new ClockJump(),
        new MemoryLimit(),
    ];

    /// <exception cref="InvalidOperationException">There is no such kind.</exception>
    public static FaultKind Named(string name) => List.SingleOrDefault(kind => kind.Name == name) ?? throw new InvalidOperationException($"There is no kind '{name}'.");
}
