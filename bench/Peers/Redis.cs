using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace ChainCrm.Peers;

/// <summary>A Redis of this run's own, with every write on the disk before its answer, and a script with the same effect.</summary>
internal sealed partial class Redis : IDisposable
{
    public const string Name = "Redis, Lua";

    private readonly Tool server;
    private readonly string port;
    private readonly string script;

    private Redis(Tool server, string port, string script) => (this.server, this.port, this.script) = (server, port, script);

    /// <summary>Starts one, or answers null where Redis is not installed.</summary>
    public static async Task<Redis?> StartAsync(string folder)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, "redis-server")))) return null;
        var port = FreePort();
        var (server, _) = await Tool.KeepAsync("redis-server",
            ["--bind", "127.0.0.1", "--port", port, "--dir", folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no"], "Ready to accept connections");
        var script = await Tool.RunAsync("redis-cli", ["-p", port, "SCRIPT", "LOAD", await File.ReadAllTextAsync(Path.Combine(Paths.Here, "purchase.lua"))]);
        return new(server, port, script.Trim());
    }

    public async Task<Measured> MeasureAsync(Options options, int connections, int requests)
    {
        // Four random numbers make a key that hardly ever comes twice; the tool has no counter.
        const string random = "__rand_int__";
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var output = await Tool.RunAsync("redis-benchmark",
            [
                "-p", port, "-c", Text(connections), "-n", Text(requests), "-r", Text(options.Customers), "--precision", "3",
                "EVALSHA", script, "2", $"c:{random}", $"k:{random}{random}{random}{random}", "load-0001", "14000", now,
            ]);
        var rate = double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        var latency = Latency().Match(output);
        return new(Name, $"{connections} connections", rate, Group(latency, 3), Group(latency, 5));
    }

    public void Dispose() => server.Dispose();

    private static double? Group(Match match, int number) => match.Success ? double.Parse(match.Groups[number].Value, CultureInfo.InvariantCulture) : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"throughput summary: ([\d.]+)")]
    private static partial Regex Rate();

    // avg, min, p50, p95, p99, max
    [GeneratedRegex(@"max\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+[\d.]+")]
    private static partial Regex Latency();
}
