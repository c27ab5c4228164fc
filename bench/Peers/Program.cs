using System.Globalization;
using System.Text.Json;
using ChainCrm.Peers;
using ChainCrm.TestKit.Postgres;

// This product beside what a competent team would build instead, on one machine, in turn: bench/Peers/README.md.
var options = Options.From(args);
if (TestPostgres.WhyMissing is { } missing)
{
    Console.Error.WriteLine(missing);
    return 1;
}

var folder = Directory.CreateTempSubdirectory("chaincrm-peers-").FullName;
var found = new List<Measured>();
try
{
    await using var postgres = await TestPostgres.StartAsync();
    await postgres.SqlAsync("CREATE DATABASE ours");
    await postgres.SqlAsync("CREATE DATABASE plain");
    using (var http = await HttpSystems.StartAsync(options, folder, postgres))
    {
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var connections in options.Connections)
                foreach (var name in http.Names) Add(await http.MeasureAsync(name, connections));
            foreach (var name in http.Names.Where(name => name != HttpSystems.Echo)) Add(await http.MeasureAsync(name, 128, zipf: true));
        }

        // Each at half of what it can: latency there is what a till feels.
        foreach (var name in http.Names)
        {
            var half = Table.Median(found.Where(m => m.System == name && m.Load == "128 connections").Select(m => m.PerSecond)) / 2;
            for (var round = 0; round < options.Rounds; round++) Add(await http.MeasureAsync(name, 256, rate: half));
        }
    }

    using var redis = await Redis.StartAsync(folder);
    if (redis is null) Console.WriteLine("Redis is not installed (Debian: apt-get install redis-server): left out.");
    for (var round = 0; round < options.Rounds; round++)
    {
        foreach (var clients in new[] { 1, 8, 32, 64 }) Add(await PgBench.MeasureAsync(options, postgres, clients));
        foreach (var outstanding in new[] { 64, 1_024 }) Add(await InProcess.MeasureAsync(options, outstanding));
        Add(await InProcess.MeasureAsync(options, 1_024, hot: true));
        if (redis is not null) Add(await redis.MeasureAsync(options, 64, 10_000 * options.Seconds));
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

var results = Directory.CreateDirectory(Path.Combine(Paths.Root, "artifacts", "bench")).FullName;
await File.WriteAllTextAsync(Path.Combine(results, "peers.json"), JsonSerializer.Serialize(found, Table.Indented));
var text = Table.Markdown(found);
await File.WriteAllTextAsync(Path.Combine(results, "peers.md"), text);
Console.WriteLine(text);
return 0;

void Add(Measured measured)
{
    found.Add(measured);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{measured.System}, {measured.Load}: {measured.PerSecond:N0}/s, p99 {measured.P99Ms:N2} ms"));
}
