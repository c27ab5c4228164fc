using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>The last visits that a card shows (R3), and where a customer was before (R25): held against a plain list.</summary>
public class VisitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_newest_visits_are_those_of_a_plain_list_whatever_comes_in_which_order(int seed)
    {
        var random = new Random(seed);
        for (var customer = 0; customer < 200; customer++)
        {
            var state = Enrolled("S1");
            var plain = new List<Visit>();
            for (var i = 0; i < random.Next(1, 40); i++)
            {
                var visit = new Visit(
                    new StoreId(new string((char)('A' + random.Next(3)), random.Next(1, Limits.StoreIdLengthMax + 1))),
                    new string('~', random.Next(1, Limits.IdLengthMax + 1)) is var receipt && random.Next(2) == 0 ? receipt : $"R{i}",
                    new Timestamp(random.Next(20)), new Money(random.NextInt64(Limits.PointsMax)));
                Happened(state, visit);
                plain.Insert(plain.TakeWhile(known => known.OccurredAt > visit.OccurredAt).Count(), visit);
                if (plain.Count > Limits.VisitsKept) plain.RemoveAt(Limits.VisitsKept);
                state.Visits.ShouldBe(plain);
            }

            var again = CustomerState.Import(state.Export());
            again.Visits.ShouldBe(plain);
            Happened(again, new Visit(new StoreId("S9"), "last", new Timestamp(99), new Money(1)));
            again.Visits.ShouldBe([new Visit(new StoreId("S9"), "last", new Timestamp(99), new Money(1)), .. plain.Take(Limits.VisitsKept - 1)]);
        }
    }

    [Fact]
    public void A_text_that_is_no_ascii_comes_back_as_it_was()
    {
        // Today's checks refuse such a store and such a receipt; what an entry holds is folded all the same.
        var state = Enrolled("S1");
        var visit = new Visit(new StoreId(new string('店', Limits.StoreIdLengthMax)), new string('号', Limits.IdLengthMax), new Timestamp(1), new Money(2));
        Happened(state, visit);
        state.Visits.ShouldBe([visit]);
    }

    [Fact]
    public void The_store_before_is_that_of_the_last_visit_up_to_the_sale()
    {
        var story = CustomerStory.Given(Programme.BuiltIn, Buy("R1", 1_000, "S1"), Days(1), Buy("R2", 1_000, "S2"), Days(1), Buy("R3", 1_000, "S3"));
        StoreBefore(story.When(Buy("R4", 1_000, "S3"))).ShouldBe("S3");
        StoreBefore(story.When(Buy("R5", 1_000, "S2"))).ShouldBe("S3");
        StoreBefore(story.When(Buy("R6", 1_000, "S1"))).ShouldBe("S2");
        StoreBefore(story.When(Buy("R7", 1_000, "S4"))).ShouldBe("S1");
    }

    private static string? StoreBefore(CustomerStory story) => story.Events.OfType<PurchaseRecorded>().Last().PreviousStore?.Value;

    private static CustomerState Enrolled(string home)
    {
        var state = new CustomerState();
        CustomerDecider.Evolve(state, new CustomerEnrolled
        {
            At = default, Origin = default, HomeStore = new StoreId(home), Profile = new Sealed([1]), Identities = [], Tier = new TierId("member"),
        });
        return state;
    }

    private static void Happened(CustomerState state, Visit visit)
    {
        var sale = CustomerStory.Given(Programme.BuiltIn, Buy("R0", 1_000)).Events.OfType<PurchaseRecorded>().Single();
        CustomerDecider.Evolve(state, sale with { Store = visit.Store, Receipt = visit.Receipt, OccurredAt = visit.OccurredAt, Amount = visit.Amount, Lines = [] });
    }
}
