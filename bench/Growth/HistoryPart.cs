using ChainCrm.Domain;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Runtime;
using ChainCrm.Journal;

namespace ChainCrm.Growth;

/// <summary>What a purchase, an activation and a snapshot cost by how long the customers' histories are.</summary>
internal static class HistoryPart
{
    private const string Part = "history";
    private const int Stores = 50;
    private const long EntriesOfSize = 1_000_000;
    private const int CustomersLeast = 10, CustomersMost = 20_000;

    /// <summary>So many that no history grows by much: two thousand for each of ten customers of 100,000.</summary>
    private const int PurchasesARound = 20_000;
    private const int ActivationsRead = 500;

    public static async Task MeasureAsync(Options options, Workplace place, Figures figures)
    {
        var chains = new List<(int History, int Customers, StoredChain Chain)>();
        try
        {
            foreach (var history in options.History)
            {
                var customers = (int)Math.Clamp(EntriesOfSize / history, CustomersLeast, CustomersMost);
                place.AskForRoom($"histories of {Figures.Size(history)}", (long)history * customers, 700);
                chains.Add((history, customers, await StoredChain.OpenAsync(place.Of($"history-{history}"), chain => FillAsync(chain, history, customers))));
            }

            var (least, some, first) = chains[0];
            await OnceAsync(new Figures(silent: true), least, some, first, options.Rounds);
            for (var round = 0; round < options.Rounds; round++)
                foreach (var (history, customers, chain) in chains)
                    await OnceAsync(figures, history, customers, chain, round);
        }
        finally
        {
            foreach (var (_, _, chain) in chains) await chain.DisposeAsync();
        }
    }

    private static async Task OnceAsync(Figures figures, int history, int customers, StoredChain chain, int round)
    {
        var size = Figures.Size(history);
        await chain.SettleAsync();
        var grains = Enumerable.Range(0, Math.Min(customers, ActivationsRead)).Select(i => Sales.Customer(Sales.Mixed(((long)round << 32) + i, customers))).ToList();
        var (wall, processor) = await Activations.MeasureAsync(chain, grains, trustSnapshot: true);
        figures.Add(Part, size, "one activation (snapshot + tail), µs", wall);
        figures.Add(Part, size, "one activation (snapshot + tail), processor µs", processor);
        // A stream is read whole only when its snapshot is lost; a few say enough.
        (wall, _) = await Activations.MeasureAsync(chain, grains[..Math.Min(grains.Count, Math.Max(1, 200_000 / history))], trustSnapshot: false);
        figures.Add(Part, size, "one activation without snapshot, µs", wall);
        figures.Add(Part, size, "one activation without snapshot, µs an entry", wall / history);
        var snapshot = await chain.Snapshots.LoadAsync(Sales.Customer(round % customers).Stream);
        figures.Add(Part, size, "snapshot, bytes", snapshot?.Data.Length ?? 0);

        await using var engine = await chain.StartAsync(new EngineOptions { GrainMailboxMax = 2 * Options.Outstanding });
        var now = Sales.Now();
        await ClosedLoop.RunAsync(engine, ClosedLoop.AsLongAsItTakes, customers, number => Sales.Purchase(Sales.Customer(number), now, Sales.Store(0)));
        var pace = await ClosedLoop.RunAsync(engine, ClosedLoop.AsLongAsItTakes, PurchasesARound, number => Sales.Purchase(
            Sales.Customer(number % customers), now, Sales.Store(Sales.Mixed(number, Stores))));
        figures.Add(Part, size, "a further purchase", pace);
    }

    /// <summary>Purchases over most of a year, one customer after the other, with the snapshots that the engine would have taken on the way.</summary>
    private static async Task FillAsync(StoredChain chain, int history, int customers)
    {
        await using (var filling = new Filling(chain.Journal, $"{customers:N0} customers with {Figures.Size(history)} entries", (long)history * customers))
        {
            const long span = 300L * 24 * 60 * 60 * 1_000;
            var start = Sales.Now().UnixMs - span;
            for (var number = 0; number < customers; number++)
            {
                // Where a history ends between two snapshots differs from customer to customer.
                var entries = history > GrainLimits.SnapshotEveryEntries ? history - (number * 37 % GrainLimits.SnapshotEveryEntries) : history;
                var customer = Sales.Customer(number);
                var activation = Filling.Activate(customer);
                Snapshot? snapshot = null;
                await filling.AddAsync(activation, Sales.Enrol(customer, new Timestamp(start), Sales.Store(0)));
                for (var entry = 1; entry < entries; entry++)
                {
                    var at = new Timestamp(start + (span / entries * entry));
                    await filling.AddAsync(activation, Sales.Purchase(customer, at, Sales.Store(Sales.Mixed(entry, Stores))));
                    if (activation.Version % GrainLimits.SnapshotEveryEntries == 0) snapshot = activation.TakeSnapshot();
                }

                if (snapshot is not null) await SaveAsync(chain, filling, customer, snapshot);
            }
        }
    }

    /// <summary>Kept once what it shows is in the journal, as the engine does.</summary>
    private static async Task SaveAsync(StoredChain chain, Filling filling, GrainId grain, Snapshot snapshot)
    {
        await filling.FlushAsync();
        await chain.Snapshots.SaveAsync([(grain.Stream, snapshot)]);
    }
}
