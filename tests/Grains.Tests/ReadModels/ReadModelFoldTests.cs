using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Grains.Storage;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadModels;

public sealed class ReadModelFoldTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ListFeed _feed = new();
    private readonly ReadModelFold _fold = new(new ChainCalendars([]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folding_the_purchases_of_the_same_customers_again_allocates_nothing()
    {
        var entries = Purchases(customers: 500, each: 8);
        for (var run = 0; run < 3; run++) Fold(entries);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fold(entries);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void What_a_write_allocates_does_not_grow_with_the_customers_written()
    {
        using var connection = SqliteFile.OpenWriter(_folder.File("readmodels.db"), durable: false);
        SqliteFile.Execute(connection, ReadModelSchema.Tables);
        using var writer = new SqliteReadModelWriter(connection);
        var (few, many) = (Purchases(customers: 10, each: 2), Purchases(customers: 2_000, each: 2));
        long Write(IReadOnlyList<CommittedEntry> entries)
        {
            foreach (var entry in entries) _fold.Add(entry);
            var before = GC.GetAllocatedBytesForCurrentThread();
            writer.Write(_fold);
            _fold.Clear();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        for (var run = 0; run < 3; run++) _ = Write(few) + Write(many);
        // The position and the mark are written as text with as many digits as they have; a customer written with one string would be 48,000 bytes more.
        Math.Abs(Write(many) - Write(few)).ShouldBeLessThan(256);
    }

    [Fact]
    public void A_chain_without_entries_since_the_last_write_is_not_written()
    {
        _fold.Add(_feed.Commit(Trade.Customer("c1", "one"), Trade.Purchase("s1", 1, Trade.Monday)));
        _fold.Add(_feed.Commit(Trade.Customer("c1", "two"), Trade.Purchase("s1", 1, Trade.Monday)));
        _fold.Chains.Select(chain => chain.Chain).ShouldBe(["one", "two"]);
        _fold.Clear();
        _fold.Chains.ShouldBeEmpty();
        _fold.Add(_feed.Commit(Trade.Customer("c1", "two"), Trade.Purchase("s1", 5, Trade.Monday)));
        var (name, fold) = _fold.Chains.ShouldHaveSingleItem();
        name.ShouldBe("two");
        fold.Totals.Sums.Sales.ShouldBe(5);
        fold.Stores["s1"].Sales.ShouldBe(5);
        fold.Customers.InKeyOrder().ShouldBe(["two/customer/c1"]);
        fold.Customers.Of("two/customer/c1").Purchases.ShouldBe(1);
    }

    [Fact]
    public void Of_a_customer_the_stores_and_days_are_kept_in_the_order_met()
    {
        var changes = new CustomerChanges();
        (string Store, int Day, int Slot)[] visits = [("s1", 7, 3), ("s2", 7, 4), ("s1", 7, 5), ("s1", 6, 9), ("s3", 5, 1), ("s2", 5, 2), ("s1", 7, 1)];
        foreach (var (store, day, slot) in visits)
        {
            changes.Buy("a/customer/x", store, day, slot);
            changes.Buy("a/customer/y", "s9", 1, 1);
        }

        var change = changes.Of("a/customer/x");
        change.Purchases.ShouldBe(visits.Length);
        var met = new List<(string, int, int)>();
        for (var number = change.FirstVisit; number != 0; number = changes.Visit(number).Next)
        {
            var visit = changes.Visit(number);
            met.Add((visit.Store, visit.Day, visit.Slot));
        }

        met.ShouldBe([("s1", 7, 3), ("s2", 7, 4), ("s1", 6, 9), ("s3", 5, 1)]);
    }

    private void Fold(IReadOnlyList<CommittedEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++) _fold.Add(entries[i]);
        _fold.Clear();
    }

    /// <summary>Every customer buys this often, now and then in the other store or on the next day.</summary>
    private List<CommittedEntry> Purchases(int customers, int each)
    {
        var entries = new List<CommittedEntry>();
        for (var i = 0; i < customers * each; i++)
        {
            var (store, other) = (i % 3 == 0 ? "s1" : "s2", i % 3 == 0 ? "s2" : "s1");
            var time = Trade.Monday.AddDays(i % 7 == 0 ? 1 : 0).AddMinutes(i % 30);
            entries.Add(_feed.Commit(Trade.Customer($"c{i % customers}"), Trade.Purchase(store, 100 + i, time, 1, 0, i % 5 == 0 ? other : null, i % 5 == 0)));
        }

        return entries;
    }
}
