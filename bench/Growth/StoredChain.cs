using System.Globalization;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Runtime;
using ChainCrm.Journal.Sqlite;
using ChainCrm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Growth;

/// <summary>A filled journal with its snapshots in a folder, open.</summary>
internal sealed class StoredChain : IAsyncDisposable
{
    private const string Mark = "filled.txt";

    /// <summary>Customers whose entries are mixed with one another: a customer's purchase does not lie beside the enrolment.</summary>
    private const int Window = 20_000;

    private StoredChain(string folder, SqliteJournal journal, SqliteSnapshotStore snapshots) => (Folder, Journal, Snapshots) = (folder, journal, snapshots);

    public string Folder { get; }
    public SqliteJournal Journal { get; }
    public SqliteSnapshotStore Snapshots { get; }

    /// <summary>Opens the folder; fills it first unless an earlier run did, to its end. What an interrupted run left is deleted.</summary>
    public static async Task<StoredChain> OpenAsync(string folder, Func<StoredChain, Task> fill)
    {
        var mark = Path.Combine(folder, Mark);
        var filled = File.Exists(mark);
        if (!filled && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Folder = folder });
        var chain = new StoredChain(folder, journal, await SqliteSnapshotStore.OpenAsync(folder, journal));
        if (filled) return chain;
        await fill(chain);
        await journal.FlushIndexAsync();
        await File.WriteAllTextAsync(mark, string.Create(CultureInfo.InvariantCulture, $"bench/Growth filled this folder with {journal.Head} entries\n"));
        return chain;
    }

    /// <summary>Customers with an enrolment and so many purchases each; only a window of them is in memory at a time.</summary>
    /// <returns>Bytes of payload of an entry.</returns>
    public static async Task<double> FillAsync(Journal.IJournal journal, string what, int customers, int purchases, int stores)
    {
        await using var filling = new Filling(journal, what, (long)customers * (1 + purchases));
        var at = new Domain.Timestamp(Sales.Now().UnixMs - (30L * 24 * 60 * 60 * 1_000));
        var window = new List<Activation>(Window);
        for (long first = 0; first < customers; first += Window)
        {
            window.Clear();
            for (var number = first; number < Math.Min(first + Window, customers); number++)
            {
                var customer = Sales.Customer(number);
                var activation = Filling.Activate(customer);
                await filling.AddAsync(activation, Sales.Enrol(customer, at, Sales.Store(Sales.Mixed(number, stores))));
                window.Add(activation);
            }

            for (var round = 1; round <= purchases; round++)
                for (var i = 0; i < window.Count; i++)
                    await filling.AddAsync(window[i], Sales.Purchase(Sales.Customer(first + i), at, Sales.Store(Sales.Mixed(filling.Entries, stores))));
        }

        return (double)filling.Bytes / filling.Entries;
    }

    /// <summary>An engine over this chain, started.</summary>
    public async Task<EmbeddedEngine> StartAsync(EngineOptions options, IProgrammes? programmes = null)
    {
        var engine = new EmbeddedEngine(Journal, Snapshots, programmes ?? new OneProgramme(), options, TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync();
        return engine;
    }

    /// <summary>Nothing of what came before is under way any more.</summary>
    public Task SettleAsync() => Journal.FlushIndexAsync();

    public async ValueTask DisposeAsync()
    {
        await Snapshots.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
