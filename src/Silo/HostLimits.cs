namespace ChainCrm.Silo;

/// <summary>Every bound of hosting, the live wall and the demo. Relations between limits are asserted in tests/Tidy.</summary>
public static class HostLimits
{
    /// <summary>Rehearsals of a chain that are kept to be looked at.</summary>
    public const int RehearsalsKept = 5;

    /// <summary>Bytes of one request body that Kestrel reads at all; routes set smaller bounds of their own.</summary>
    public const long RequestBodyBytesMax = 16 * 1024 * 1024;

    /// <summary>Bytes of a request's first line.</summary>
    public const int RequestLineBytesMax = 4 * 1024;

    /// <summary>Bytes of all headers of a request.</summary>
    public const int RequestHeadersBytesMax = 16 * 1024;

    /// <summary>Headers of a request.</summary>
    public const int RequestHeaderCountMax = 64;

    /// <summary>Bytes of a request that wait in memory before Kestrel stops reading from the socket.</summary>
    public const long RequestBufferBytesMax = 1024 * 1024;

    /// <summary>Bytes of all files of the dashboard together; they are served from memory.</summary>
    public const long DashboardBytesMax = 64 * 1024 * 1024;

    /// <summary>Smallest file worth compressing, in bytes.</summary>
    public const int CompressBytesMin = 1024;

    /// <summary>Bytes of the configuration file.</summary>
    public const long ConfigurationBytesMax = 1024 * 1024;

    /// <summary>Milliseconds between two ticks of the wall: at most five messages a second.</summary>
    public const int WallTickMs = 200;

    /// <summary>Milliseconds without any change after which a tick with the totals is sent, so that "yesterday at this time" moves on.</summary>
    public const int WallIdleTickMs = 5_000;

    /// <summary>Ticks kept for walls that reconnect: one minute at full rate.</summary>
    public const int WallTicksKept = 300;

    /// <summary>Messages that wait for one slow wall; one more empties the queue and a snapshot takes its place.</summary>
    public const int WallQueueMax = 8;

    /// <summary>Walls open at once, all chains together.</summary>
    public const int WallsMax = 500;

    /// <summary>Milliseconds between two ticker lines: at most two lines a second.</summary>
    public const int WallLineEveryMs = 500;

    /// <summary>Ticker lines of a snapshot.</summary>
    public const int WallSnapshotLines = 20;

    /// <summary>Stores in one tick; the rest of the changed ones go with the next.</summary>
    public const int WallTickStoresMax = 300;

    /// <summary>Stores in one snapshot.</summary>
    public const int WallSnapshotStoresMax = 2_000;

    /// <summary>Milliseconds that opening the name of one ticker line may take; after that the line goes without a name.</summary>
    public const int WallNameTimeoutMs = 150;

    /// <summary>Entries that the read side may be behind before /health/ready warns of it; above what it folds in memory before it writes.</summary>
    public const long ReadSideLagWarning = 50_000;

    /// <summary>Stores of a demo chain.</summary>
    public const int DemoStores = 50;

    /// <summary>Commands of the demo's first fill that are under way at once.</summary>
    public const int DemoFillParallel = 256;

    /// <summary>Commands of the demo's live trade that are under way at once; when all are, trade waits instead of piling up.</summary>
    public const int DemoLiveParallel = 32;

    /// <summary>Sales of one day of a demo.</summary>
    public const int DemoSalesPerDayMax = 500_000;

    /// <summary>Members of a demo.</summary>
    public const int DemoMembersMax = 200_000;

    /// <summary>Times the demo tries a command that is refused for now.</summary>
    public const int DemoAttemptsMax = 8;

    /// <summary>People of a demo who can join in one slot; their telephone numbers must fit behind those of the first members.</summary>
    public const int DemoJoinsPerSlotMax = 64;
}
