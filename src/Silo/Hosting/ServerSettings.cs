namespace ChainCrm.Silo.Hosting;

// Every setting of the server, in one tree. docs/operations/configuration.md lists each path with its default and meaning, and a test
// compares that list with these classes, so a setting without a line there does not pass.

/// <summary>All settings. Read once at start by <see cref="SettingsReader"/>, checked by <see cref="SettingsCheck"/>, never changed after.</summary>
public sealed class ServerSettings
{
    /// <summary>Where data is kept.</summary>
    public DataSettings Data { get; set; } = new();
    /// <summary>What the chain is kept in.</summary>
    public JournalSettings Journal { get; set; } = new();
    /// <summary>Where the server listens.</summary>
    public HttpSettings Http { get; set; } = new();
    /// <summary>The chain that this installation serves.</summary>
    public ChainSettings Chain { get; set; } = new();
    /// <summary>The generated chain.</summary>
    public DemoSettings Demo { get; set; } = new();
    /// <summary>The engine.</summary>
    public EngineSettings Engine { get; set; } = new();
    /// <summary>The live wall.</summary>
    public WallSettings Wall { get; set; } = new();
    /// <summary>The web app.</summary>
    public DashboardSettings Dashboard { get; set; } = new();
    /// <summary>Traces and metrics.</summary>
    public TelemetrySettings Telemetry { get; set; } = new();
    /// <summary>Logs.</summary>
    public LogSettings Log { get; set; } = new();
    /// <summary>Stopping.</summary>
    public StopSettings Stop { get; set; } = new();
}

/// <summary>Where data is kept.</summary>
public sealed class DataSettings
{
    /// <summary>The folder of journal.db and everything beside it; relative to the working directory.</summary>
    public string Folder { get; set; } = "data";
    /// <summary>Free megabytes of the disk below which /health/ready gives the reason disk.low. 0 switches the check off.</summary>
    public int DiskLowMegabytes { get; set; } = 512;
    /// <summary>Largest size of journal.db in megabytes; when it is reached writes are refused as on a full disk. 0 for no bound.</summary>
    public int JournalMegabytesMax { get; set; }
}

/// <summary>What the chain is kept in: journal, snapshots, wrapped keys, read models, agenda.</summary>
public sealed class JournalSettings
{
    /// <summary>sqlite, in the data folder, or postgres. Never change it once data exists.</summary>
    public string Store { get; set; } = "sqlite";
    /// <summary>How the PostgreSQL server is reached, as Npgsql writes it. Holds a password: never written to a log or a message.</summary>
    public string Connection { get; set; } = "";
    /// <summary>The same with the role that owns the schema, for making and changing the tables at the start; empty when the role above may do that. Holds a password.</summary>
    public string OwnerConnection { get; set; } = "";
    /// <summary>The schema of the chain in PostgreSQL.</summary>
    public string Schema { get; set; } = "chaincrm";
}

/// <summary>Where the server listens.</summary>
public sealed class HttpSettings
{
    /// <summary>TCP port on 127.0.0.1 when <see cref="Urls"/> is empty; 0 takes a free one.</summary>
    public int Port { get; set; } = 5080;
    /// <summary>Addresses to listen on, separated by semicolons, such as http://0.0.0.0:5080; empty for 127.0.0.1 only.</summary>
    public string Urls { get; set; } = "";
    /// <summary>Connections open at once; further ones are closed at once.</summary>
    public int ConnectionsMax { get; set; } = 20_000;
    /// <summary>Seconds that an idle connection stays open.</summary>
    public int KeepAliveSeconds { get; set; } = 130;
    /// <summary>Seconds that a client may take to send the headers of a request.</summary>
    public int HeadersSeconds { get; set; } = 15;
}

/// <summary>The chain that this installation serves.</summary>
public sealed class ChainSettings
{
    /// <summary>Its id, the first part of every stream name. Never change it once data exists.</summary>
    public string Id { get; set; } = "main";
    /// <summary>true lets callers without a key see wall, stores and statistics, never personal data.</summary>
    public bool AnonymousViewer { get; set; }
    /// <summary>Calling code put before a telephone number typed without one; digits only.</summary>
    public string PhoneCountryCode { get; set; } = "86";
}

/// <summary>The generated chain.</summary>
public sealed class DemoSettings
{
    /// <summary>beauty, food or retail; empty for no demo.</summary>
    public string Template { get; set; } = "";
    /// <summary>Which chain is generated: the same seed gives the same stores, people and sales.</summary>
    public long Seed { get; set; } = 20_260_101;
    /// <summary>Sales of an average day, all stores together.</summary>
    public int SalesPerDay { get; set; } = 36_000;
    /// <summary>Members of the chain at the beginning.</summary>
    public int Members { get; set; } = 12_000;
}

/// <summary>The engine.</summary>
public sealed class EngineSettings
{
    /// <summary>Partitions, each one loop; 0 lets the server choose by the number of cores.</summary>
    public int Partitions { get; set; }
    /// <summary>Seconds after which an idle grain leaves memory.</summary>
    public int IdleSeconds { get; set; } = 1_200;
}

/// <summary>The live wall.</summary>
public sealed class WallSettings
{
    /// <summary>true takes the newest business day with a sale for today, for looking at history that is being replayed.</summary>
    public bool FollowData { get; set; }
}

/// <summary>The web app.</summary>
public sealed class DashboardSettings
{
    /// <summary>Folder of the built web app; empty for wwwroot beside the executable.</summary>
    public string Folder { get; set; } = "";
}

/// <summary>Traces and metrics.</summary>
public sealed class TelemetrySettings
{
    /// <summary>Address of an OTLP collector, such as http://127.0.0.1:4317; empty exports nothing.</summary>
    public string OtlpEndpoint { get; set; } = "";
    /// <summary>grpc or http.</summary>
    public string OtlpProtocol { get; set; } = "grpc";
    /// <summary>Name of the service in traces and metrics.</summary>
    public string ServiceName { get; set; } = "chaincrm";
    /// <summary>Share of requests that are traced, in percent.</summary>
    public int TracePercent { get; set; } = 1;
    /// <summary>Seconds between two exports of metrics.</summary>
    public int MetricsSeconds { get; set; } = 15;
}

/// <summary>Logs, always on the standard output.</summary>
public sealed class LogSettings
{
    /// <summary>json or simple.</summary>
    public string Format { get; set; } = "json";
    /// <summary>Lowest level that is written: Trace, Debug, Information, Warning, Error or Critical.</summary>
    public string Level { get; set; } = "Information";
}

/// <summary>Stopping.</summary>
public sealed class StopSettings
{
    /// <summary>Seconds that requests under way may take after the stop signal; then their connections are closed.</summary>
    public int DrainSeconds { get; set; } = 5;
}
