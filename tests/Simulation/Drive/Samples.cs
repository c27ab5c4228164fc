using ChainCrm.Domain;
using ChainCrm.Grains.ReadModels;
using ChainCrm.TestKit;

namespace ChainCrm.Simulation;

/// <summary>What the read models say of the stores in the end.</summary>
internal sealed record SeenStores(IReadOnlyList<StoreTotals> Totals, IReadOnlyList<StoreDay> Days);

/// <summary>Asks the read side what it shows, as the dashboard does, and writes it down for the auditor.</summary>
internal sealed class Samples(Witness witness, SimDisk disk)
{
    /// <summary>The stores in the end; null when the run did not come to one.</summary>
    public SeenStores? Stores { get; private set; }

    public void Take(Machine machine, bool readModels)
    {
        var wall = machine.ReadSide.Wall.Snapshot(Shop.Chain);
        var today = wall.Today;
        if (wall.Position > 0)
        {
            witness.Walls.Add(new SeenWall(
                wall.Position, BusinessDay.From(wall.Day).Number, today.SalesMinor, today.Visits, today.PointsGiven, today.PointsUsed, today.NewMembers,
                today.ActiveMembers, today.CrossStoreVisits, today.CrossStoreMinor, today.ReturnsMinor));
        }

        if (!readModels)
            return;
        // A query runs on a thread of its own; this one waits for it, so that it is a single step.
        var totals = machine.ReadSide.ReadModels.TotalsAsync(Shop.Chain).AsTask().GetAwaiter().GetResult();
        if (totals.Position > 0)
        {
            witness.Totals.Add(new SeenTotals(
                totals.Position, totals.Members, totals.Purchases, totals.WalkIns, totals.Returns, totals.RevenueMinor, totals.PointsGiven, totals.PointsUsed,
                totals.CrossStorePurchases, totals.CustomersAtTwoStores, totals.CustomersWithPurchase));
        }
    }

    /// <summary>When everything has come to rest: the read side must show all there is.</summary>
    public void TakeLast(Machine machine)
    {
        Take(machine, readModels: true);
        foreach (var follower in machine.ReadSide.Health)
        {
            if (follower.Position != disk.Entries.Count)
                witness.Say($"{follower.Name} stands at {follower.Position} in the end, the journal at {disk.Entries.Count}");
            if (follower.FailuresInARow != 0)
                witness.Say($"{follower.Name} still fails in the end");
        }

        var models = machine.ReadSide.ReadModels;
        var stores = models.StoresAsync(Shop.Chain).AsTask().GetAwaiter().GetResult();
        var days = new List<StoreDay>();
        foreach (var store in stores)
            days.AddRange(models.StoreDaysAsync(Shop.Chain, new StoreId(store.Store), new DateOnly(2000, 1, 1), new DateOnly(2100, 1, 1)).AsTask().GetAwaiter().GetResult());
        Stores = new SeenStores(stores, days);
    }
}
