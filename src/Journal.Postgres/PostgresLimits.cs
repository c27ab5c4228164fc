namespace ChainCrm.Journal.Postgres;

/// <summary>Every bound of the journal on PostgreSQL beside those of <see cref="JournalLimits"/>. Relations between limits are asserted in tests/Tidy.</summary>
public static class PostgresLimits
{
    /// <summary>Characters of a schema's name: PostgreSQL keeps 63 bytes of a name, and the channel's name is a little longer.</summary>
    public const int SchemaLengthMax = 48;

    /// <summary>Connections that read at once; further reads wait for one.</summary>
    public const int ReadersMax = 16;

    /// <summary>Appends of one process that are with the server at once: one that commits and one that waits there for its turn.</summary>
    public const int AppendersMax = 2;

    /// <summary>Streams whose versions the process that has the schema for itself remembers, so that its appends need not look them up; some 50 bytes of memory each.</summary>
    public const int HeadsMax = 500_000;

    /// <summary>Bytes of an append that go out in one piece, instead of waking the server for every few entries: some 250 of the usual size.</summary>
    public const int AppendBufferBytes = 256 * 1024;

    /// <summary>How often an append is sent again because somebody else has appended meanwhile, before the server looks everything up.</summary>
    public const int OwnedAttemptsMax = 2;

    /// <summary>How long a connection may take to be made, seconds.</summary>
    public const int ConnectSeconds = 5;

    /// <summary>How long a statement may take in the server, and how long it may wait there for a lock, milliseconds.</summary>
    public const int StatementMs = 20_000, LockMs = 15_000;

    /// <summary>How long this process waits for the answer to a statement, seconds; longer than the server may take, so that the server's own word arrives.</summary>
    public const int AnswerSeconds = 25;

    /// <summary>How long one statement that makes or changes the tables may take, milliseconds: an index is made from every entry there is.</summary>
    public const int MigrationMs = 6 * 3_600_000;

    /// <summary>How long it is waited there for others to let go of the tables, milliseconds.</summary>
    public const int MigrationWaitMs = 600_000;

    /// <summary>How long it is waited for the head after an append whose outcome is unknown, seconds.</summary>
    public const int HeadAfterFaultSeconds = 3;

    /// <summary>How often the head is read although nobody gave notice, milliseconds: a notice that got lost is made good then, and a connection
    /// that is dead without saying so is found.</summary>
    public const int SafetyPollMs = 5_000;

    /// <summary>How long it is waited before the connection that listens is made again, milliseconds: at first, and at most.</summary>
    public const int ListenRetryMs = 100, ListenRetryMsMax = 5_000;

    /// <summary>How long a process that wants the schema for itself waits for another one to let go of it, milliseconds.</summary>
    public const int OwnerWaitMs = 5_000;

    /// <summary>Silence after which the operating system asks whether the other end still lives, seconds.</summary>
    public const int KeepAliveSeconds = 15;

    /// <summary>How long the server waits for the other end to acknowledge anything before it takes it for dead, milliseconds.</summary>
    public const int UnacknowledgedMs = 30_000;

    /// <summary>Statements of one connection that the server keeps prepared.</summary>
    public const int PreparedMax = 16;

    /// <summary>Bytes of snapshots in one transaction; a single larger one goes alone.</summary>
    public const int SnapshotBytesMax = 16 * 1024 * 1024;

    /// <summary>The oldest server this speaks to, as PostgreSQL numbers its versions.</summary>
    public const int ServerVersionMin = 130_000;
}
