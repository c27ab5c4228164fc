using System.Text.Json;
using ChainCrm.Client;
using ChainCrm.Client.Commands;
using ChainCrm.Client.Wire;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Hosting;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Canned;

/// <summary>What an earlier build wrote is read by this one: all entries fold, and the figures are those that the earlier build told. See README.md beside this file.</summary>
public sealed class CannedTests : IDisposable
{
    /// <summary>Price of the first line of each sale to nobody known: of those the journal keeps the sum alone.</summary>
    private const long WalkInPrice = 4_200;

    private readonly string _folder = Directory.CreateTempSubdirectory("canned").FullName;

    public static TheoryData<string> Builds { get; } = [.. Directory.GetDirectories(Place).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    private static string Place => Path.Combine(AppContext.BaseDirectory, "Canned");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void There_is_a_canned_journal() => Builds.Count.ShouldBeGreaterThan(0);

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task The_files_of_an_earlier_build_are_served_with_the_same_figures(string build)
    {
        var data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(data);
        foreach (var file in new[] { "journal.db", "keys.db", "master.key" }) Take(build, file, Path.Combine(data, file));
        await IsAsToldAsync(build, data);
    }

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task The_backup_of_an_earlier_build_is_restored_with_the_same_figures(string build)
    {
        var (key, master, data) = (Path.Combine(_folder, "backup.key"), Path.Combine(_folder, "master.key"), Path.Combine(_folder, "data"));
        Take(build, "backup.key", key);
        Take(build, "master.key", master);
        var said = new StringWriter();
        var code = await RestoreProgram.RunAsync([Path.Combine(Place, build, "chain.backup"), "--backup-key", key, "--data", data, "--master-key", master], [], said, said);
        code.ShouldBe(0, said.ToString());
        await IsAsToldAsync(build, data);
    }

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task Sales_of_an_earlier_build_that_come_again_are_answered_and_not_recorded_again(string build)
    {
        var data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(data);
        foreach (var file in new[] { "journal.db", "keys.db", "master.key" }) Take(build, file, Path.Combine(data, file));
        await using var server = await StartAsync(data);
        await server.Ready.WaitAsync(TimeSpan.FromSeconds(60));
        using var client = await ClientAsync(build, server);
        var journal = await client.JournalAsync(0, 1_000);
        var sold = journal.Entries.Where(entry => IsSale(entry.Events[0].Type)).ToList();
        sold.Count.ShouldBeGreaterThan(40);

        var alone = new List<PurchaseReply>();
        foreach (var entry in sold) alone.Add(await client.PurchaseAsync(RequestOf(entry)));
        alone.Select(reply => (reply.Customer, reply.Version)).ShouldBe(sold.Select(entry => (CustomerOf(entry), entry.Version)));
        var together = await client.PurchaseBatchAsync(new PurchaseBatchRequest { Purchases = [.. sold.Select(RequestOf)] }, "again");
        together.Results.Select(result => JsonSerializer.Serialize(result.Reply)).ShouldBe(alone.Select(reply => JsonSerializer.Serialize(reply)));
        var dearer = RequestOf(sold[0]) with { UsePoints = 1 };
        (await Should.ThrowAsync<ChainCrmException>(() => client.PurchaseAsync(dearer))).Problem!.Code.ShouldBe(902);
        (await client.JournalAsync(journal.Head, 1)).Head.ShouldBe(journal.Head);
    }

    private static bool IsSale(string type) => type.StartsWith("customer.purchase-recorded.", StringComparison.Ordinal) || type == "store.walk-in-recorded.1";

    /// <summary>The request as make.sh sent it, out of what was recorded, in either form. Only sales of years ago say when they were.</summary>
    private static PurchaseRequest RequestOf(JournalEntryView entry)
    {
        var happened = entry.Events[0].Data;
        var at = entry.CommandId.IndexOf('/', StringComparison.Ordinal);
        var (store, receipt) = (entry.CommandId[..at], entry.CommandId[(at + 1)..]);
        var first = happened.TryGetProperty("lines", out var lines) ? lines[0].GetProperty("price") : happened.TryGetProperty("l", out lines) ? lines[0][3] : default;
        var when = happened.TryGetProperty("occurredAt", out var occurred) ? occurred : happened.GetProperty("o");
        return new PurchaseRequest
        {
            Customer = CustomerOf(entry) is { } id ? new CustomerKey { Id = id } : null,
            Store = store,
            Receipt = receipt,
            OccurredAt = receipt.StartsWith("old-", StringComparison.Ordinal) ? DateTimeOffset.FromUnixTimeMilliseconds(when.GetInt64()) : null,
            UsePoints = receipt == "used-14" ? 20 : 0,
            Lines =
            [
                new PurchaseLineRequest { Line = 1, Product = "P-1", Category = "面膜", Quantity = 1, PriceMinor = first.ValueKind == JsonValueKind.Number ? first.GetInt64() : WalkInPrice },
                new PurchaseLineRequest { Line = 2, Product = "P-2", Quantity = 2.5m, PriceMinor = 1_000, DiscountMinor = 100 },
            ],
        };
    }

    private static string? CustomerOf(JournalEntryView entry) =>
        entry.Stream.StartsWith("main/customer/", StringComparison.Ordinal) ? entry.Stream["main/customer/".Length..] : null;

    private static Task<ChainCrmServer> StartAsync(string data)
    {
        var settings = new ServerSettings();
        settings.Data.Folder = data;
        settings.Http.Port = 0;
        settings.Log.Level = "Warning";
        return ChainCrmServer.StartAsync(settings);
    }

    private static async Task<ChainCrmClient> ClientAsync(string build, ChainCrmServer server) =>
        new(new ChainCrmClientOptions { Server = server.Address, AccessKey = (await File.ReadAllTextAsync(KeyFile(build))).Trim() });

    private static string KeyFile(string build) => Path.Combine(Place, build, "office.key");

    private async Task IsAsToldAsync(string build, string data)
    {
        using var told = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Place, build, "expected.json")));
        await using var server = await StartAsync(data);
        await server.Ready.WaitAsync(TimeSpan.FromSeconds(60));
        using var client = await ClientAsync(build, server);

        var stats = JsonSerializer.SerializeToElement(await client.StatsAsync(), WireJson.Default.StatsReply);
        foreach (var figure in told.RootElement.GetProperty("stats").EnumerateObject()) stats.GetProperty(figure.Name).GetRawText().ShouldBe(figure.Value.GetRawText(), figure.Name);
        foreach (var customer in told.RootElement.GetProperty("customers").EnumerateArray())
        {
            var card = await client.IdentifyAsync(new CustomerKey { Phone = customer.GetProperty("phone").GetString() });
            card.Id.ShouldBe(customer.GetProperty("id").GetString());
            card.Name.ShouldBe(customer.GetProperty("name").GetString());
            card.Points.Balance.ShouldBe(customer.GetProperty("balance").GetInt64(), card.Id);
            card.Tier.Id.ShouldBe(customer.GetProperty("tier").GetString(), card.Id);
        }

        var output = new StringWriter();
        (await CommandLineRoot.RunAsync(["verify", "--server", server.Address.ToString(), "--key-file", KeyFile(build)], output, output)).ShouldBe(ExitCodes.Done, output.ToString());
    }

    /// <summary>Copies a file; key files may be read by their owner alone, which no version control keeps.</summary>
    private static void Take(string build, string file, string to)
    {
        File.Copy(Path.Combine(Place, build, file), to);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
