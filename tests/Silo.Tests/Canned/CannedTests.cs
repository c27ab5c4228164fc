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

    private async Task IsAsToldAsync(string build, string data)
    {
        using var told = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Place, build, "expected.json")));
        var settings = new ServerSettings();
        settings.Data.Folder = data;
        settings.Http.Port = 0;
        settings.Log.Level = "Warning";
        await using var server = await ChainCrmServer.StartAsync(settings);
        await server.Ready.WaitAsync(TimeSpan.FromSeconds(60));
        var keyFile = Path.Combine(Place, build, "office.key");
        using var client = new ChainCrmClient(new ChainCrmClientOptions { Server = server.Address, AccessKey = (await File.ReadAllTextAsync(keyFile)).Trim() });

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
        (await CommandLineRoot.RunAsync(["verify", "--server", server.Address.ToString(), "--key-file", keyFile], output, output)).ShouldBe(ExitCodes.Done, output.ToString());
    }

    /// <summary>Copies a file; key files may be read by their owner alone, which no version control keeps.</summary>
    private static void Take(string build, string file, string to)
    {
        File.Copy(Path.Combine(Place, build, file), to);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
