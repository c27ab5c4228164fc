using ChainCrm.Client.Wire;
using Shouldly;

namespace ChainCrm.Crash;

/// <summary>Holds what the server has against what the workers know was accepted.</summary>
internal static class Books
{
    public static async Task CheckAsync(Chain chain, IReadOnlyList<Worker> workers)
    {
        var sales = workers.SelectMany(worker => worker.Sales).ToList();
        CheckJournal(await chain.JournalAsync(), sales);
        await CheckBalancesAsync(chain, workers);

        var stats = await chain.StatsAsync();
        stats.Purchases.ShouldBe(sales.Count);
        stats.Returns.ShouldBe(sales.Count(sale => sale.IsReturned));
        stats.RevenueMinor.ShouldBe(sales.Where(sale => !sale.IsReturned).Sum(sale => sale.AmountMinor));
        stats.Members.ShouldBe(Chain.CustomerCount);
        using var client = chain.Client();
        foreach (var store in (await client.GetAsync<StoreList>("/v1/stores")).Stores)
            store.RevenueMinor.ShouldBe(sales.Where(sale => sale.Store == store.Id && !sale.IsReturned).Sum(sale => sale.AmountMinor), $"revenue of {store.Id}");
    }

    private static void CheckJournal(List<JournalEntryView> journal, List<Sold> sales)
    {
        foreach (var (before, after) in journal.Zip(journal.Skip(1))) after.Position.ShouldBeGreaterThan(before.Position);
        foreach (var stream in journal.GroupBy(entry => entry.Stream))
        {
            stream.Select(entry => entry.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(version => (long)version), $"versions of {stream.Key}");
            stream.Select(entry => entry.CommandId).Distinct().Count().ShouldBe(stream.Count(), $"command ids of {stream.Key}");
        }
        var recorded = journal.SelectMany(entry => entry.Events.Where(e => e.Type == StoredPurchase.Type)
            .Select(e => $"{entry.Stream} {e.Data.GetProperty("s").GetString()} {e.Data.GetProperty("r").GetString()} {StoredPurchase.AmountMinor(e.Data)}")).ToList();
        recorded.Order().ShouldBe(sales.Select(sale => $"main/customer/{sale.Customer} {sale.Store} {sale.Receipt} {sale.AmountMinor}").Order(),
            "every acknowledged purchase is in the journal once, and nothing else is");
    }

    private static async Task CheckBalancesAsync(Chain chain, IReadOnlyList<Worker> workers)
    {
        using var client = chain.Client();
        var figures = await client.AskAsync<CustomerFiguresReply>("/v1/audit/customers", new CustomerFiguresRequest { Ids = chain.Customers });
        foreach (var customer in figures.Customers)
        {
            customer.Balance.ShouldBe(workers.Sum(worker => worker.Points.GetValueOrDefault(customer.Id)), $"balance of {customer.Id}");
            customer.Balance.ShouldBe(customer.LotSum - customer.Debt);
            customer.PurchaseCount.ShouldBe(workers.Sum(worker => worker.Sales.Count(sale => sale.Customer == customer.Id)), $"purchases of {customer.Id}");
        }
    }
}
