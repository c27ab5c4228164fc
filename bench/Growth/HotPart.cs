using ChainCrm.Engine;
using ChainCrm.Grains;

namespace ChainCrm.Growth;

/// <summary>Everything on one grain beside everything spread, at full load and without the read side.</summary>
internal static class HotPart
{
    private const string Part = "hot";
    private const int Customers = 10_000;
    private const int Stores = 50;

    public static async Task MeasureAsync(Options options, Workplace place, Figures figures)
    {
        await using var chain = await StoredChain.OpenAsync(place.Of("hot"), async chain =>
        {
            await StoresPart.OpenStoresAsync(chain.Journal, Stores);
            await StoredChain.FillAsync(chain.Journal, "hot", Customers, purchases: 1, Stores);
        });
        await using var engine = await chain.StartAsync(new EngineOptions { GrainMailboxMax = 2 * Options.Outstanding });
        var now = Sales.Now();
        (string Load, Func<long, GrainCommand> Make)[] loads =
        [
            ("purchases, 10,000 customers at 50 stores", number => Sales.Purchase(Someone(number), now, Sales.Store(Sales.Mixed(number, Stores)))),
            ("purchases, 10,000 customers at one store", number => Sales.Purchase(Someone(number), now, Sales.Store(0))),
            ("purchases, one customer", number => Sales.Purchase(Sales.Customer(0), now, Sales.Store(Sales.Mixed(number, Stores)))),
            ("walk-ins, 50 stores", number => Sales.WalkIn(Sales.Store(Sales.Mixed(number, Stores)), now)),
            ("walk-ins, one store", number => Sales.WalkIn(Sales.Store(0), now)),
        ];
        // Everybody is in memory before anything is measured, and the code has been compiled to its end.
        await ClosedLoop.RunAsync(engine, ClosedLoop.AsLongAsItTakes, 10 * Customers, number => Sales.Purchase(Sales.Customer(number % Customers), now, Sales.Store(0)));
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (load, make) in loads)
            {
                await chain.SettleAsync();
                figures.Add(Part, load, "all", await ClosedLoop.RunAsync(engine, TimeSpan.FromSeconds(options.Seconds), long.MaxValue, make));
            }
        }

        GrainId Someone(long number) => Sales.Customer(Sales.Mixed(number, Customers));
    }
}
