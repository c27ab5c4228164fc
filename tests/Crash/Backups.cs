using System.Globalization;
using System.Text.Json;
using ChainCrm.Client.Wire;
using Shouldly;

namespace ChainCrm.Crash;

/// <summary>Backups of chains under test, and what must hold of a chain that was brought back.</summary>
internal sealed class Backups : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("backups");

    /// <summary>Makes the backup key.</summary>
    public Task MakeKeyAsync() => Chaincrm.DoAsync("backup-key", Key);

    public string Key => At("backup.key");

    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The command that fetches a backup, with the public half alone.</summary>
    public async Task<string[]> BackupAsync(Chain chain, string file) =>
        ["backup", file, "--backup-key", Key + ".public", .. await ServerOfAsync(chain)];

    /// <summary>The command that brings a backup of one chain back as another.</summary>
    public string[] Restore(string file, Chain from, Chain to, params string[] more) =>
        ["restore", file, "--backup-key", Key, "--data", to.DataFolder, "--master-key", Path.Combine(from.DataFolder, "master.key"), .. more];

    /// <summary>Brings a backup back and starts a server on it. The operator's own key still opens the door.</summary>
    public async Task StartRestoredAsync(string file, Chain from, Chain to, string[] restore, string[] serve)
    {
        await Chaincrm.DoAsync(Restore(file, from, to, restore));
        File.Copy(Path.Combine(from.DataFolder, "office.key"), Path.Combine(to.DataFolder, "office.key"));
        to.Customers.AddRange(from.Customers);
        await to.StartAsync(["--empty", .. serve]);
    }

    /// <summary>verify finds no difference.</summary>
    public static async Task VerifyAsync(Chain chain) => await Chaincrm.DoAsync(["verify", .. await ServerOfAsync(chain)]);

    /// <summary>The restored chain is the beginning of the other one's journal, entry by entry, and its balances are the sums of those entries. Answers how many there are.</summary>
    public static async Task<int> IsBeginningOfAsync(Chain restored, List<JournalEntryView> original)
    {
        var journal = await restored.JournalAsync();
        journal.Count.ShouldBeLessThanOrEqualTo(original.Count);
        foreach (var (entry, other) in journal.Zip(original)) Line(entry).ShouldBe(Line(other));

        var expected = restored.Customers.ToDictionary(id => id, id => journal.Where(entry => entry.Stream == $"main/customer/{id}").SelectMany(entry => entry.Events).Sum(Points));
        using var client = restored.Client();
        var figures = await client.AskAsync<CustomerFiguresReply>("/v1/audit/customers", new CustomerFiguresRequest { Ids = restored.Customers });
        figures.Customers.ToDictionary(customer => customer.Id, customer => customer.Balance).ShouldBe(expected, ignoreOrder: true);
        return journal.Count;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string[]> ServerOfAsync(Chain chain) =>
        ["--server", (await chain.Where.WhereAsync()).ToString(), "--key-file", Path.Combine(chain.DataFolder, "office.key")];

    /// <summary>What one event does to a balance under the rules of <see cref="Chain"/>: one point for each whole unit of money.</summary>
    private static long Points(JournalEventView done) => done.Type switch
    {
        StoredPurchase.Type => StoredPurchase.AmountMinor(done.Data) / 100,
        "customer.lines-returned.1" => -done.Data.GetProperty("amount").GetInt64() / 100,
        "customer.points-adjusted.1" => done.Data.GetProperty("points").GetInt64(),
        _ => 0,
    };

    private static string Line(JournalEntryView entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.Position} {entry.Stream} {entry.Version} {entry.CommandId} {JsonSerializer.Serialize(entry.Events)}");
}
