using System.Diagnostics;
using System.Globalization;
using ChainCrm.Journal.Sqlite;

namespace ChainCrm.Growth;

/// <summary>How soon the real server answers again: killed with SIGKILL under load on a large journal, and started on one that its read side has never seen.</summary>
internal static class RecoveryPart
{
    private const string Part = "recovery";
    private const int EntriesOfCustomer = 10;
    private const int Stores = 50, LoadCustomers = 10_000, LoadConnections = 128;

    public static async Task MeasureAsync(Options options, Workplace place, Figures figures)
    {
        var folder = place.Of($"recovery-{options.Entries}");
        var mark = Path.Combine(folder, "filled.txt");
        var size = $"{Figures.Size(options.Entries)} entries";
        var customers = Math.Max(1, options.Entries / EntriesOfCustomer);
        if (!File.Exists(mark))
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            await FillAsync(folder, size, customers, place);
            // Every read model has the whole bulk still to read.
            using var first = await ServerProcess.StartAsync(folder);
            figures.Add(Part, size, "first start after the bulk: first answer of a purchase, s", await BuyAsync(first, customers, 0));
            figures.Add(Part, size, "first start after the bulk: ready, s", await first.ReadyAsync());
            await first.StopAsync();
            await File.WriteAllTextAsync(mark, "bench/Growth filled this folder\n");
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            using (var victim = await ServerProcess.StartAsync(folder))
            {
                await victim.ReadyAsync();
                await KillUnderLoadAsync(victim, folder, options.Seconds);
            }

            using var server = await ServerProcess.StartAsync(folder);
            figures.Add(Part, size, "killed under load: first answer of a purchase, s", await BuyAsync(server, customers, round + 1));
            figures.Add(Part, size, "killed under load: ready, s", await server.ReadyAsync());
            figures.Add(Part, size, "killed under load: entries in the journal", await server.HeadAsync());
            await server.StopAsync();
        }
    }

    private static Task<double> BuyAsync(ServerProcess server, int customers, int number) => server.BuyAsync(
        Sales.Customer(Sales.Mixed(number, customers)).Key, Sales.Store(0).Value, $"G{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}-{number}");

    /// <summary>The server makes its folder with keys, stores and the customers of the load; the bulk is appended to its journal while it is stopped.</summary>
    private static async Task FillAsync(string folder, string size, int customers, Workplace place)
    {
        Directory.CreateDirectory(folder);
        using (var server = await ServerProcess.StartAsync(folder))
        {
            using var prepare = Load(server, folder, ["--prepare", "--duration", "1"]);
            await prepare.WaitForExitAsync();
            if (prepare.ExitCode != 0) throw new InvalidOperationException($"chaincrm load --prepare ended with {prepare.ExitCode}.");
            await server.StopAsync();
        }

        place.AskForRoom(size, (long)customers * EntriesOfCustomer, await CustomersPart.SampleAsync(EntriesOfCustomer - 1));
        await using var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Folder = folder });
        await StoredChain.FillAsync(journal, size, customers, EntriesOfCustomer - 1, Stores);
        await journal.FlushIndexAsync();
    }

    /// <summary>The load goes on until its server is gone.</summary>
    private static async Task KillUnderLoadAsync(ServerProcess victim, string folder, int seconds)
    {
        using var load = Load(victim, folder, ["--warmup", "0", "--duration", "600"]);
        try
        {
            using var underLoad = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
            await underLoad.WaitForNextTickAsync();
            if (load.HasExited) throw new InvalidOperationException("The load ended before the server was killed.");
            victim.Kill();
        }
        finally
        {
            if (!load.HasExited) load.Kill();
            await load.WaitForExitAsync();
        }
    }

    private static Process Load(ServerProcess server, string folder, string[] more)
    {
        var start = new ProcessStartInfo("dotnet",
            [
                Paths.Client, "load", "--server", server.Address.ToString(), "--key-file", ServerProcess.KeyFileIn(folder), "--customers", Text(LoadCustomers),
                "--stores", Text(Stores), "--connections", Text(LoadConnections), .. more,
            ]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start.");
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        return process;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
