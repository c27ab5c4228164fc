using System.Globalization;
using System.Net.Http;
using System.Text.Json;
using ChainCrm.Client.Wire;

namespace ChainCrm.Crash;

/// <summary>A small chain under test: a data folder, its server, and rules simple enough that a few sums say what must be in it.</summary>
internal sealed class Chain : IAsyncDisposable
{
    // One point for each whole unit of money, no tiers above the first, no bonus: every balance is a sum.
    private const string Rules = """
        {
          "name": "Crash", "currency": "CNY", "timeZone": "Asia/Shanghai",
          "points": { "perUnit": 1, "expiry": { "kind": "never" }, "valueMinor": 1, "negativeBalance": true },
          "tiers": [ { "id": "member", "nameZh": "会员", "nameEn": "Member", "spendMinor": 0, "multiplierPercent": 100 } ],
          "purchases": { "earliest": "2000-01-01", "returnWindowDays": null }
        }
        """;

    public const int Stores = 4;
    public const int CustomerCount = 24;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("crash");
    private ServerProcess? _process;
    private string _key = "";

    public Chain()
    {
    }

    /// <summary>A folder with the keys of another chain, and no journal: what is beside a journal on PostgreSQL.</summary>
    public Chain(Chain other)
    {
        Directory.CreateDirectory(DataFolder);
        foreach (var name in (string[])["keys.db", "master.key", "office.key"]) File.Copy(Path.Combine(other.DataFolder, name), Path.Combine(DataFolder, name));
    }

    public string DataFolder => Path.Combine(_folder.FullName, "data");
    public string Folder => _folder.FullName;
    public Whereabouts Where { get; } = new();
    public List<string> Customers { get; } = [];
    public ServerProcess Process => _process ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Starts (again).</summary>
    public async Task StartAsync(params string[] arguments)
    {
        _process?.Dispose();
        (_process, var address) = await ServerProcess.StartAsync(Folder, arguments);
        Where.IsAt(address);
        _key = (await File.ReadAllTextAsync(Path.Combine(DataFolder, "office.key"))).Trim();
    }

    public TillClient Client() => new(Where, _key);

    /// <summary>Publishes the rules, opens stores, enrols customers.</summary>
    public async Task SetUpAsync()
    {
        using var client = Client();
        using var rules = JsonDocument.Parse(Rules);
        await client.SendAsync(HttpMethod.Put, "/v1/programme", new ProgrammeRequest { BasedOnVersion = 0, Document = rules.RootElement }, "rules");
        for (var i = 1; i <= Stores; i++)
            await client.SendAsync(HttpMethod.Post, "/v1/stores", new StoreRequest { Id = $"S{i}", Name = $"Store {i}", Region = "East", City = "Town" }, $"store-{i}");
        for (var i = 1; i <= CustomerCount; i++)
        {
            var reply = await client.SendAsync(HttpMethod.Post, "/v1/customers", new EnrolRequest { Store = "S1", Name = "测试", Card = $"CRASH{i:000000}" }, $"enrol-{i}");
            Customers.Add(JsonDocument.Parse(reply).RootElement.GetProperty("id").GetString()!);
        }
    }

    /// <summary>Kills the server at once.</summary>
    public async Task KillAsync()
    {
        Where.IsDown();
        await Process.KillAsync();
    }

    /// <summary>Stops the server by SIGTERM.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        var end = Process.TerminateAsync();
        Where.IsDown();
        return await end;
    }

    /// <summary>The whole journal.</summary>
    public async Task<List<JournalEntryView>> JournalAsync()
    {
        using var client = Client();
        var entries = new List<JournalEntryView>();
        while (true)
        {
            var after = (entries.Count == 0 ? 0 : entries[^1].Position).ToString(CultureInfo.InvariantCulture);
            var page = await client.GetAsync<JournalPage>($"/v1/journal?limit=1000&after={after}");
            if (page.Entries.Count == 0) return entries;
            entries.AddRange(page.Entries);
        }
    }

    /// <summary>Position of the last entry.</summary>
    public async Task<long> HeadAsync()
    {
        using var client = Client();
        return (await client.GetAsync<JournalPage>("/v1/journal?limit=1")).Head;
    }

    /// <summary>The totals, as soon as the read models show the whole journal.</summary>
    public async Task<StatsReply> StatsAsync()
    {
        using var client = Client();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var until = DateTimeOffset.UtcNow.AddSeconds(20);
        while (true)
        {
            var stats = await client.GetAsync<StatsReply>("/v1/stats");
            if (stats.Position >= stats.Head) return stats;
            if (DateTimeOffset.UtcNow > until) throw new TimeoutException($"The read models stand at {stats.Position} of {stats.Head} for 20 seconds.");
            await timer.WaitForNextTickAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
