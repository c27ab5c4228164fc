using ChainCrm.Faults.Audit;
using ChainCrm.Faults.Proxy;
using ChainCrm.Faults.Shim;
using ChainCrm.TestKit.Postgres;

namespace ChainCrm.Faults;

/// <summary>What the journal is kept in.</summary>
internal enum Store { Sqlite, Postgres }

/// <summary>What a kind of fault needs around the server.</summary>
/// <param name="Store">The store.</param>
/// <param name="ShimOnServer">The server is started with the library of faults.</param>
/// <param name="ShimOnPostgres">PostgreSQL is.</param>
/// <param name="Proxied">A proxy stands between the two.</param>
internal sealed record SiteNeeds(Store Store, bool ShimOnServer = false, bool ShimOnPostgres = false, bool Proxied = false);

/// <summary>One installation under fault: a folder, the server's process, its PostgreSQL when it has one, and where tills find it.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faults");
    private readonly SiteNeeds _needs;
    private ServerProcess? _server;
    private TestPostgres? _postgres;
    private WireProxy? _proxy;
    private ShimControl? _shim;
    private IEntryReader? _journal;

    private Site(SiteNeeds needs) => _needs = needs;

    public string Folder => _folder.FullName;
    public string DataFolder => Path.Combine(Folder, "data");
    public Gate Gate { get; } = new(TimeSpan.FromSeconds(FaultsLimits.PatienceSeconds));
    public ServerProcess Server => _server ?? throw Missing("server");
    public TestPostgres Postgres => _postgres ?? throw Missing("PostgreSQL");
    public WireProxy Proxy => _proxy ?? throw Missing("proxy");
    public ShimControl Shim => _shim ?? throw Missing("library of faults");
    public IEntryReader Journal => _journal ?? throw Missing("journal");
    public bool OnPostgres => _needs.Store == Store.Postgres;
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Kept for looking at, when something was found.</summary>
    public bool Keep { get; set; }

    /// <summary>Environment of the server's next start, beside that of the shim.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Why this can't be had here, or null.</summary>
    public static string? WhyMissing(SiteNeeds needs) =>
        (needs.Store == Store.Postgres ? TestPostgres.WhyMissing : null) ?? (needs.ShimOnServer || needs.ShimOnPostgres ? ShimControl.WhyMissing : null);

    public static async Task<Site> MakeAsync(SiteNeeds needs)
    {
        var site = new Site(needs);
        try
        {
            // A PostgreSQL server runs as another user and has to reach its library.
            if (needs.ShimOnPostgres && !OperatingSystem.IsWindows()) File.SetUnixFileMode(site.Folder, (UnixFileMode)0b111_101_101);
            if (needs.ShimOnServer) site._shim = new ShimControl(Path.Combine(site.Folder, "shim"), site.DataFolder, keepsLog: true);
            if (needs.ShimOnPostgres) site._shim = new ShimControl(Path.Combine(site.Folder, "shim"), Path.GetTempPath().TrimEnd('/'), keepsLog: false);
            if (needs.Store == Store.Postgres) site._postgres = await TestPostgres.StartAsync(environment: needs.ShimOnPostgres ? site._shim!.Environment : null);
            if (needs.Proxied) site._proxy = new WireProxy(site._postgres!.Port);
            site._journal = site._postgres is null ? new SqliteEntries(site.DataFolder) : new PostgresEntries(site._postgres);
            await site.LaunchAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async Task<string> KeyAsync() => (await File.ReadAllTextAsync(Path.Combine(DataFolder, "office.key"))).Trim();

    /// <summary>Starts the server and waits until it listens; nobody is told yet.</summary>
    /// <exception cref="StartFailedException">It ended instead.</exception>
    public async Task LaunchAsync()
    {
        _server?.Dispose();
        _server = Prepare();
        Address = await _server.ListeningAsync();
    }

    /// <summary>Starts the server and kills it again so soon that it may not even listen.</summary>
    public async Task LaunchAndKillAsync(TimeSpan after)
    {
        _server?.Dispose();
        _server = Prepare();
        // Whether it listens before its end or not is all the same.
        _ = _server.ListeningAsync().ContinueWith(listening => listening.Exception, TaskScheduler.Default);
        await Task.Delay(after);
        await _server.KillAsync();
    }

    /// <summary>Kills the server at once.</summary>
    public async Task KillAsync()
    {
        Gate.Close();
        await Server.KillAsync();
    }

    /// <summary>Lets the tills in again, who are told how far the journal goes now.</summary>
    public async Task OpenAsync() => Gate.Open(new Up(Address, await Journal.HeadAsync()));

    public async ValueTask DisposeAsync()
    {
        // It may write until its very end, into the folder that is deleted below.
        if (_server is { HasEnded: false }) await _server.KillAsync();
        _server?.Dispose();
        if (_proxy is not null) await _proxy.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
        _shim?.Dispose();
        if (!Keep) _folder.Delete(recursive: true);
    }

    private ServerProcess Prepare()
    {
        var environment = new Dictionary<string, string>(Environment, StringComparer.Ordinal);
        if (_needs.ShimOnServer)
            foreach (var (name, value) in Shim.Environment) environment[name] = value;
        if (_postgres is not null)
        {
            environment["CHAINCRM__JOURNAL__STORE"] = "postgres";
            environment["CHAINCRM__JOURNAL__CONNECTION"] = _postgres.Connection(_proxy?.Port);
        }

        return new ServerProcess(Folder, [], environment);
    }

    private static InvalidOperationException Missing(string what) => new($"This site has no {what}.");
}
