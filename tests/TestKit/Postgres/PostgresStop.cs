namespace ChainCrm.TestKit.Postgres;

/// <summary>The ways in which a PostgreSQL server ends.</summary>
public enum PostgresStop
{
    /// <summary>SIGQUIT: it ends at once and writes nothing more; the next start recovers.</summary>
    Immediate,

    /// <summary>SIGINT: what is under way is rolled back, connections are closed, all is written.</summary>
    Fast,

    /// <summary>SIGKILL of the server and of every process it has.</summary>
    Kill,
}
