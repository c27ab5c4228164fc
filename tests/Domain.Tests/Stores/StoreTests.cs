using ChainCrm.Domain.Stores;
using Shouldly;

namespace ChainCrm.Domain.Tests.Stores;

public class StoreTests
{
    private static readonly Timestamp At = new(1_700_000_000_000);
    private static readonly BusinessDay Day = new(19_675);

    private static OpenStore Open(string id = "S1", string name = "南京路店") => new()
    {
        At = At, Origin = default, Store = new StoreId(id), Name = name, Region = "华东", City = "上海",
    };

    private static RecordWalkIn Sale(long at = 0) => new()
    {
        At = new Timestamp(At.UnixMs + 1_000_000),
        Origin = default,
        Receipt = "R1",
        OccurredAt = new Timestamp(At.UnixMs + at),
        BusinessDay = Day,
        LineCount = 2,
        Amount = new Money(1_500),
    };

    private static StoreState Opened(params StoreCommand[] commands)
    {
        var state = new StoreState();
        foreach (var command in commands.Prepend(Open()))
        {
            var decision = StoreDecider.Decide(state, command);
            decision.Rejection.ShouldBeNull();
            foreach (var happened in decision.Events) StoreDecider.Evolve(state, happened);
        }

        return state;
    }

    private static void Refused(StoreState state, StoreCommand command, Rejection expected)
    {
        var decision = StoreDecider.Decide(state, command);
        decision.Rejection?.Code.ShouldBe(expected.Code);
        decision.Rejection.ShouldNotBeNull();
        decision.Events.ShouldBeEmpty();
    }

    private static CloseStore Close() => new() { At = new Timestamp(At.UnixMs + 500), Origin = default };

    private static ReopenStore Reopen() => new() { At = At, Origin = default };

    [Fact]
    public void A_store_opens()
    {
        var state = Opened();
        (state.Exists, state.IsOpen, state.Name, state.City).ShouldBe((true, true, "南京路店", "上海"));
    }

    [Fact]
    public void Every_command_twice_changes_nothing_the_second_time()
    {
        StoreDecider.Decide(Opened(), Open()).ShouldBe(Decision<StoreEvent>.AlreadyDone);
        StoreDecider.Decide(Opened(Close()), Close()).ShouldBe(Decision<StoreEvent>.AlreadyDone);
        StoreDecider.Decide(Opened(), Reopen()).ShouldBe(Decision<StoreEvent>.AlreadyDone);
        StoreDecider.Decide(Opened(), new ChangeStore { At = At, Origin = default, Name = "南京路店", Region = "华东", City = "上海" })
            .ShouldBe(Decision<StoreEvent>.AlreadyDone);
    }

    [Fact]
    public void An_id_in_use_is_refused_for_another_store() => Refused(Opened(), Open(name: "Other"), StoreRejections.Exists);

    [Fact]
    public void What_is_wrong_is_refused()
    {
        Refused(new StoreState(), Open(id: "S/1"), StoreRejections.IdInvalid);
        Refused(new StoreState(), Open(name: ""), StoreRejections.NameInvalid);
        Refused(new StoreState(), Open() with { Region = " " }, StoreRejections.RegionInvalid);
        Refused(new StoreState(), Open() with { City = new string('x', 201) }, StoreRejections.CityInvalid);
        Refused(new StoreState(), Open() with { Origin = new Origin(new StoreId("")) }, StoreRejections.OriginInvalid);
        Refused(Opened(), Sale() with { Receipt = "" }, StoreRejections.ReceiptInvalid);
        Refused(Opened(), Sale(1_600_001), StoreRejections.SaleInFuture);
        Refused(Opened(), Sale() with { BusinessDay = new BusinessDay(Day.Number + 2) }, StoreRejections.BusinessDayInvalid);
        Refused(Opened(), Sale() with { OccurredAt = new Timestamp(0), BusinessDay = new BusinessDay(0) }, StoreRejections.SaleTooEarly);
        Refused(Opened(), Sale() with { LineCount = 0 }, StoreRejections.LineCountInvalid);
        Refused(Opened(), Sale() with { Amount = new Money(-1) }, StoreRejections.AmountInvalid);
        Refused(Opened(), Sale() with { Amount = new Money(long.MaxValue) }, StoreRejections.AmountInvalid);
    }

    [Fact]
    public void A_store_that_never_opened_does_nothing()
    {
        Refused(new StoreState(), Close(), StoreRejections.Unknown);
        Refused(new StoreState(), Reopen(), StoreRejections.Unknown);
        Refused(new StoreState(), Sale(), StoreRejections.Unknown);
        Refused(new StoreState(), new ChangeStore { At = At, Origin = default, Name = "a", Region = "b", City = "c" }, StoreRejections.Unknown);
    }

    [Fact]
    public void Sales_to_nobody_known_are_counted()
    {
        var state = Opened(Sale(), Sale());
        (state.WalkInCount, state.WalkInAmount).ShouldBe((2, new Money(3_000)));
    }

    [Fact]
    public void A_closed_store_takes_what_was_sold_before_it_closed_and_nothing_after()
    {
        var state = Opened(Close());
        StoreDecider.Decide(state, Sale(499)).Rejection.ShouldBeNull();
        Refused(state, Sale(500), StoreRejections.Closed);
        StoreDecider.Decide(Opened(Close(), Reopen()), Sale(500)).Rejection.ShouldBeNull();
    }

    [Fact]
    public void A_snapshot_keeps_everything()
    {
        var state = Opened(Sale(), Close());
        StoreState.Import(state.Export()).Export().ShouldBe(state.Export());
    }
}
