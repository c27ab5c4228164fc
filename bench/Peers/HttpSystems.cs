using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChainCrm.TestKit.Postgres;

namespace ChainCrm.Peers;

/// <summary>What is reached over HTTP, all running at once and asked in turn: this product on SQLite and on PostgreSQL, its echo, and the plain endpoint.</summary>
internal sealed partial class HttpSystems : IDisposable
{
    public const string Echo = "echo", Sqlite = "ChainCrm on SQLite", Postgres = "ChainCrm on PostgreSQL", Plain = "ASP.NET Core + PL/pgSQL";

    // 8, 16, 32 and 64 were tried: README.md has the figures.
    private const int PlainPool = 64;

    private readonly Options options;
    private readonly string folder;
    private readonly List<Tool> tools = [];
    private readonly List<(string Name, string Address, string KeyFile, string Target)> systems = [];

    private HttpSystems(Options options, string folder) => (this.options, this.folder) = (options, folder);

    public IEnumerable<string> Names => systems.Select(system => system.Name);

    public static async Task<HttpSystems> StartAsync(Options options, string folder, TestPostgres postgres)
    {
        var systems = new HttpSystems(options, folder);
        try
        {
            var sqlite = await systems.OursAsync("sqlite", new Dictionary<string, string>());
            systems.systems.Add((Echo, sqlite.Address, sqlite.KeyFile, "echo"));
            systems.systems.Add((Sqlite, sqlite.Address, sqlite.KeyFile, "purchase"));
            var other = await systems.OursAsync("postgres", new Dictionary<string, string>
            {
                ["CHAINCRM__JOURNAL__STORE"] = "postgres",
                ["CHAINCRM__JOURNAL__CONNECTION"] = postgres.Connection(database: "ours"),
            });
            systems.systems.Add((Postgres, other.Address, other.KeyFile, "purchase"));
            var (plain, address) = await Tool.KeepAsync("dotnet", [Built("Plain"), postgres.Connection(database: "plain"), Text(options.Customers), Text(PlainPool)], "http://");
            systems.tools.Add(plain);
            systems.systems.Add((Plain, address.Trim(), sqlite.KeyFile, "purchase"));
            return systems;
        }
        catch
        {
            systems.Dispose();
            throw;
        }
    }

    /// <summary>One measurement of one system.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="connections">Connections, each with one request on its way.</param>
    /// <param name="zipf">Choose customers by Zipf's law with exponent 1.1 instead of all alike.</param>
    /// <param name="rate">Requests a second in an open loop; a closed loop when null.</param>
    public async Task<Measured> MeasureAsync(string name, int connections, bool zipf = false, double? rate = null)
    {
        var system = systems.Single(each => each.Name == name);
        var report = Path.Combine(folder, "load.json");
        List<string> arguments =
        [
            "load", "--server", system.Address, "--key-file", system.KeyFile, "--target", system.Target, "--customers", Text(options.Customers),
            "--connections", Text(connections), "--duration", Text(options.Seconds), "--warmup", "1", "--json", report,
        ];
        if (zipf) arguments.AddRange(["--zipf", "1.1"]);
        if (rate is { } asked) arguments.AddRange(["--rate", Text((int)asked)]);
        await Tool.RunAsync("dotnet", [Paths.Client, .. arguments]);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(report));
        var result = json.RootElement.GetProperty("results")[0];
        if (result.GetProperty("errors").GetArrayLength() > 0) throw new InvalidOperationException($"{name} answered with errors: {result}");
        var load = $"{connections} connections{(zipf ? ", Zipf 1.1" : "")}{(rate is null ? "" : ", open loop")}";
        return new(name, load, rate ?? result.GetProperty("perSecond").GetDouble(), result.GetProperty("p50Ms").GetDouble(), result.GetProperty("p99Ms").GetDouble());
    }

    public void Dispose()
    {
        foreach (var tool in tools) tool.Dispose();
    }

    private static string Built(string project) => Path.Combine(Paths.Root, "bench", project, "bin", "Release", "net10.0", $"ChainCrm.{project}.dll");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<(string Address, string KeyFile)> OursAsync(string name, IReadOnlyDictionary<string, string> environment)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var (server, line) = await Tool.KeepAsync("dotnet", [Paths.Server, "--empty", "--port", "0", "--data", data], "http://127.0.0.1:", environment);
        tools.Add(server);
        var address = Address().Match(line).Value;
        var key = Path.Combine(data, "office.key");
        await Tool.RunAsync("dotnet",
            [Paths.Client, "load", "--server", address, "--key-file", key, "--prepare", "--customers", Text(options.Customers), "--connections", "32", "--duration", "2"]);
        return (address, key);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
