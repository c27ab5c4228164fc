using ChainCrm.Engine;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Growth;

/// <summary>What a purchase costs by how many stores there are, everything that follows the feed included. One store is the hottest there can be.</summary>
internal static class StoresPart
{
    private const string Part = "stores";
    private const int Customers = 10_000;

    public static async Task MeasureAsync(Options options, Workplace place, Figures figures)
    {
        var worlds = new List<World>();
        try
        {
            foreach (var stores in options.Stores.Prepend(1)) worlds.Add(await World.StartAsync(place, stores));
            await worlds[0].MeasureAsync(options, new Figures(silent: true));
            for (var round = 0; round < options.Rounds; round++)
                foreach (var world in worlds)
                    await world.MeasureAsync(options, figures);
        }
        finally
        {
            foreach (var world in worlds) await world.DisposeAsync();
        }
    }

    /// <summary>Opens the stores as the office would.</summary>
    public static async Task OpenStoresAsync(IJournal journal, int stores)
    {
        await using var filling = new Filling(journal, $"{stores:N0} stores", stores);
        for (var number = 0; number < stores; number++)
        {
            var command = Sales.Open(Sales.Store(number), Sales.Now());
            await filling.AddAsync(Filling.Activate(command.Grain), command);
        }
    }

    private sealed class World(int stores, StoredChain chain, ReadSideHost readSide, EmbeddedEngine engine) : IAsyncDisposable
    {
        public static async Task<World> StartAsync(Workplace place, int stores)
        {
            var chain = await StoredChain.OpenAsync(place.Of($"stores-{stores}"), async chain =>
            {
                await OpenStoresAsync(chain.Journal, stores);
                await StoredChain.FillAsync(chain.Journal, $"{Figures.Size(stores)} stores", Customers, purchases: 1, stores);
            });
            var readSide = await ReadSideHost.OpenAsync(new SqliteReadSide(chain.Folder), chain.Journal, TimeProvider.System, NullLogger.Instance);
            var engine = await chain.StartAsync(new EngineOptions(), readSide.Directories);
            await readSide.StartAsync(engine, new NoVault());
            await readSide.ReadModels.WaitForAsync(chain.Journal.Head);
            return new(stores, chain, readSide, engine);
        }

        public async Task MeasureAsync(Options options, Figures figures)
        {
            await chain.SettleAsync();
            var now = Sales.Now();
            await ClosedLoop.RunAsync(engine, ClosedLoop.AsLongAsItTakes, Customers, number => Sales.Purchase(Sales.Customer(number), now, Sales.Store(0)), FollowedAsync);
            var pace = await ClosedLoop.RunAsync(engine, TimeSpan.FromSeconds(options.Seconds), long.MaxValue, number => Sales.Purchase(
                Sales.Customer(Sales.Mixed(number, Customers)), now, Sales.Store(Sales.Mixed(number * 7, stores))), FollowedAsync);
            figures.Add(Part, Figures.Size(stores), "with the read side", pace);
        }

        public async ValueTask DisposeAsync()
        {
            await readSide.StopAsync();
            await engine.DisposeAsync();
            await readSide.DisposeAsync();
            await chain.DisposeAsync();
        }

        private Task FollowedAsync() => readSide.ReadModels.WaitForAsync(chain.Journal.Head).AsTask();
    }
}
