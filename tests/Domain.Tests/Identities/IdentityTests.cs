using ChainCrm.Domain.Identities;
using Shouldly;

namespace ChainCrm.Domain.Tests.Identities;

public class IdentityTests
{
    private static ReserveIdentity Reserve(string customer, long at = 0, long until = 1_000) =>
        new() { At = new Timestamp(at), Origin = default, Customer = new CustomerId(customer), Until = new Timestamp(until) };

    private static ConfirmIdentity Confirm(string customer) => new() { At = default, Origin = default, Customer = new CustomerId(customer) };

    private static ReleaseIdentity Release(string customer) => new() { At = default, Origin = default, Customer = new CustomerId(customer) };

    private static IdentityState After(params IdentityCommand[] commands)
    {
        var state = new IdentityState();
        foreach (var command in commands)
        {
            var decision = IdentityDecider.Decide(state, command);
            decision.Rejection.ShouldBeNull();
            foreach (var happened in decision.Events) IdentityDecider.Evolve(state, happened);
        }

        return state;
    }

    private static void Refused(IdentityState state, IdentityCommand command, Rejection expected)
    {
        var decision = IdentityDecider.Decide(state, command);
        decision.Rejection.ShouldBe(expected);
        decision.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Of_two_customers_who_want_a_number_at_the_same_instant_one_wins()
    {
        var state = After(Reserve("a"));
        Refused(state, Reserve("b"), IdentityRejections.Reserved);
        IdentityRejections.Reserved.MayPassLater.ShouldBeTrue();
        state.Customer.ShouldBe(new CustomerId("a"));
    }

    [Fact]
    public void A_confirmed_number_is_taken()
    {
        Refused(After(Reserve("a"), Confirm("a")), Reserve("b"), IdentityRejections.Taken);
        Refused(After(Reserve("a"), Confirm("a")), Confirm("b"), IdentityRejections.Taken);
    }

    [Fact]
    public void A_reservation_whose_time_is_over_still_stands_until_it_is_released()
    {
        var state = After(Reserve("a"));
        Refused(state, Reserve("b", at: 5_000, until: 6_000), IdentityRejections.Reserved);
        IdentityDecider.Decide(After(Reserve("a"), Release("a")), Reserve("b", at: 5_000, until: 6_000)).Events.Count.ShouldBe(1);
    }

    [Fact]
    public void The_holder_may_reserve_again_after_the_time_is_over() =>
        IdentityDecider.Decide(After(Reserve("a")), Reserve("a", at: 1_000, until: 2_000)).Events.Count.ShouldBe(1);

    [Fact]
    public void Every_command_twice_changes_nothing_the_second_time()
    {
        IdentityDecider.Decide(After(Reserve("a")), Reserve("a", at: 5)).ShouldBe(Decision<IdentityEvent>.AlreadyDone);
        IdentityDecider.Decide(After(Reserve("a"), Confirm("a")), Confirm("a")).ShouldBe(Decision<IdentityEvent>.AlreadyDone);
        IdentityDecider.Decide(After(Reserve("a"), Confirm("a")), Reserve("a")).ShouldBe(Decision<IdentityEvent>.AlreadyDone);
        IdentityDecider.Decide(After(Reserve("a"), Release("a")), Release("a")).ShouldBe(Decision<IdentityEvent>.AlreadyDone);
    }

    [Fact]
    public void Releasing_what_another_holds_changes_nothing() =>
        IdentityDecider.Decide(After(Reserve("a"), Confirm("a")), Release("b")).ShouldBe(Decision<IdentityEvent>.AlreadyDone);

    [Fact]
    public void Nothing_is_confirmed_that_was_not_reserved()
    {
        Refused(After(), Confirm("a"), IdentityRejections.NotReserved);
        Refused(After(Reserve("a")), Confirm("b"), IdentityRejections.Reserved);
    }

    [Fact]
    public void What_is_wrong_is_refused()
    {
        Refused(After(), Reserve(""), IdentityRejections.CustomerInvalid);
        Refused(After(), Reserve("a", at: 1_000), IdentityRejections.UntilInvalid);
        Refused(After(), Reserve("a") with { Origin = new Origin(new StoreId("/")) }, IdentityRejections.OriginInvalid);
    }

    [Fact]
    public void A_snapshot_keeps_everything()
    {
        var state = After(Reserve("a"));
        IdentityState.Import(state.Export()).Export().ShouldBe(state.Export());
    }
}
