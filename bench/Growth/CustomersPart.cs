using ChainCrm.Engine;
using ChainCrm.Journal;

namespace ChainCrm.Growth;

/// <summary>What a purchase costs by how many customers are stored: uniform over all of them, each read from the disk first, and over a warm set.</summary>
internal static class CustomersPart
{
    private const string Part = "customers";
    private const int WarmCustomers = 10_000;
    private const int Stores = 50;
    private const int ActivationsRead = 1_000;

    public static async Task MeasureAsync(Options options, Workplace place, Figures figures)
    {
        var bytesEach = await SampleAsync(purchases: 1);
        var chains = new List<(int Customers, StoredChain Chain)>();
        try
        {
            foreach (var customers in options.Customers)
            {
                var name = $"{Figures.Size(customers)} customers";
                chains.Add((customers, await StoredChain.OpenAsync(place.Of($"customers-{customers}"), chain =>
                {
                    place.AskForRoom(name, 2L * customers, bytesEach);
                    return StoredChain.FillAsync(chain.Journal, name, customers, purchases: 1, Stores);
                })));
            }

            using var counter = new LoadCounter();
            var (least, first) = chains[0];
            await ColdAsync(options, new Figures(silent: true), least, first, counter, options.Rounds);
            await WarmAsync(options, new Figures(silent: true), least, first);
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var (customers, chain) in chains) await ColdAsync(options, figures, customers, chain, counter, round);
                foreach (var (customers, chain) in chains) await WarmAsync(options, figures, customers, chain);
            }
        }
        finally
        {
            foreach (var (_, chain) in chains) await chain.DisposeAsync();
        }
    }

    /// <summary>Bytes of payload of an entry, from a thousand customers in memory.</summary>
    public static async Task<double> SampleAsync(int purchases)
    {
        await using var journal = new MemoryJournal();
        return await StoredChain.FillAsync(journal, "sample", 1_000, purchases, Stores);
    }

    private static async Task ColdAsync(Options options, Figures figures, int customers, StoredChain chain, LoadCounter counter, int round)
    {
        var size = Figures.Size(customers);
        await chain.SettleAsync();
        var read = Enumerable.Range(0, Math.Min(ActivationsRead, customers)).Select(i => Sales.Customer(Sales.Mixed(((long)round << 32) + i, customers))).ToList();
        var (wall, processor) = await Activations.MeasureAsync(chain, read, trustSnapshot: true);
        figures.Add(Part, size, "one activation, µs", wall);
        figures.Add(Part, size, "one activation, processor µs", processor);

        // Whoever is not asked at this moment leaves memory at once.
        await using var engine = await chain.StartAsync(new EngineOptions { ActivationsMax = 1 });
        var loads = counter.Loads;
        var now = Sales.Now();
        // Twice round at most: in a small chain the tails would grow, which is not what is measured here.
        var pace = await ClosedLoop.RunAsync(engine, TimeSpan.FromSeconds(options.Seconds), 2L * customers, number => Sales.Purchase(
            Sales.Customer(Sales.Mixed(((long)(round + 1_000) << 32) + number, customers)), now, Sales.Store(Sales.Mixed(number, Stores))));
        figures.Add(Part, size, "cold", pace);
        figures.Add(Part, size, "cold, activations a purchase", (counter.Loads - loads) / (double)pace.Commands);
        figures.Add(Part, size, "cold, bytes read from the disk a purchase", pace.DiskRead / (double)pace.Commands);
    }

    private static async Task WarmAsync(Options options, Figures figures, int customers, StoredChain chain)
    {
        var warm = Math.Min(WarmCustomers, customers);
        var step = customers / warm;
        await using var engine = await chain.StartAsync(new EngineOptions());
        var now = Sales.Now();
        await ClosedLoop.RunAsync(engine, ClosedLoop.AsLongAsItTakes, warm, number => Sales.Purchase(Sales.Customer(number * step), now, Sales.Store(0)));
        await chain.SettleAsync();
        var pace = await ClosedLoop.RunAsync(engine, TimeSpan.FromSeconds(options.Seconds), long.MaxValue, number => Sales.Purchase(
            Sales.Customer((long)Sales.Mixed(number, warm) * step), now, Sales.Store(Sales.Mixed(number, Stores))));
        figures.Add(Part, Figures.Size(customers), "warm", pace);
    }
}
