using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Runs alone: it counts bytes of the whole process.</summary>
[CollectionDefinition(nameof(CostTests), DisableParallelization = true)]
public class CostCollection;

/// <summary>What a customer costs. Bytes are counted, not time, so that a busy machine changes nothing.</summary>
[Collection(nameof(CostTests))]
public class CostTests
{
    private static readonly IdentityRef[] Phone = [new(IdentityKind.Phone, "AAECAwQFBgcICQoLDA0ODw")];

    [Theory]
    [InlineData(1, 540)]
    [InlineData(2, 615)]
    [InlineData(3, 705)]
    public void An_idle_customer_is_small(int purchases, int bytesMax)
    {
        const int Customers = 2_000;
        var events = Enumerable.Range(0, purchases).Select(i => Recorded(i, 9)).ToList();
        var kept = new CustomerState[Customers];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var c = 0; c < Customers; c++)
        {
            var state = new CustomerState();
            CustomerDecider.Evolve(state, new CustomerEnrolled
            {
                At = default, Origin = default, HomeStore = new StoreId("S1"), Profile = new Sealed(new byte[120]), Identities = Phone, Tier = new TierId("member"),
            });
            // Each customer has texts of its own, as when they are read from the journal.
            foreach (var e in events) CustomerDecider.Evolve(state, e with { Receipt = $"{e.Receipt}-{c:D6}", Store = new StoreId(new string(e.Store.Value)) });
            kept[c] = state;
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Customers;
        GC.KeepAlive(kept);
        bytes.ShouldBeLessThan(bytesMax);
    }

    [Fact]
    public void A_purchase_costs_the_same_after_ten_thousand_purchases_as_after_ten()
    {
        var story = CustomerStory.Given(Programme.BuiltIn);
        var early = Allocated(story, 10);
        for (var i = 0; i < 10_000; i++) story.When(Buy($"M{i}", 5_000, i % 3 == 0 ? "S2" : "S1")).When(Days(i % 40 == 0 ? 1 : 0));
        var late = Allocated(story, 20_000);
        late.ShouldBeLessThan(early * 2);
    }

    [Fact]
    public void A_purchase_of_one_line_allocates_little_beyond_its_events()
    {
        var story = CustomerStory.Given(Programme.BuiltIn, Buy("R0", 10_000));
        Allocated(story, 1).ShouldBeLessThan(900);
    }

    [Fact]
    public void Folding_costs_a_hot_customer_no_garbage()
    {
        var state = new CustomerState();
        for (var i = 1; i <= 600; i++) CustomerDecider.Evolve(state, Recorded(i, 1));
        var expired = new PointsExpired { At = default, Origin = default, Points = new Points(10), Lots = [new LotPart(state.Lots[0].Number, new Points(10))], Balance = default };
        var again = Recorded(601, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        CustomerDecider.Evolve(state, expired);
        CustomerDecider.Evolve(state, again);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static long Allocated(CustomerStory story, int place)
    {
        var command = Buy($"C{place}", 4_321, "S2")(story)!;
        var decision = CustomerDecider.Decide(story.State, command, story.Programme);
        var before = GC.GetAllocatedBytesForCurrentThread();
        decision = CustomerDecider.Decide(story.State, command, story.Programme);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        decision.Rejection.ShouldBeNull();
        return bytes;
    }

    private static PurchaseRecorded Recorded(int number, int lines) => new()
    {
        At = new Timestamp(number),
        Origin = Till,
        Store = new StoreId("S1"),
        Receipt = $"{number:D4}",
        OccurredAt = new Timestamp(number),
        BusinessDay = new BusinessDay(20_000 + number),
        Lines = [.. Enumerable.Range(1, lines).Select(line => new RecordedLine
        {
            Line = line, Product = new ProductId("P"), Quantity = new Quantity(1_000), Price = new Money(1_000), Lot = number + 1, LotPoints = new Points(10), Earned = new Points(10),
        })],
        Amount = new Money(1_000 * lines),
        PointsEarned = new Points(10 * lines),
        ActiveFrom = new Timestamp(number),
        ExpiresAt = new Timestamp(number + 1_000_000),
        Balance = default,
        QualifyingSpend = default,
        Tier = new TierId("member"),
    };
}
