using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Processes;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Processes;

/// <summary>Identities whose process a crash left open: the agenda brings them to the watch at the reservation's end, and the customer's word decides.</summary>
public sealed class OpenReservationTests : IAsyncLifetime
{
    private const string Phone = "+8613812341234";
    private const string OtherPhone = "+8613900000000";
    private const int TheCustomersDecision = 1;
    private EngineWorld _world = null!;

    public async Task InitializeAsync() => _world = await EngineWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_reservation_announces_its_end_and_a_confirmation_takes_that_back()
    {
        await _world.ReadSide.Enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone));
        var ofPhone = (await _world.AllEntriesAsync()).Where(entry => entry.Grain == GrainOf(Phone)).ToList();
        ofPhone.Select(entry => entry.Events.Single().GetType()).ShouldBe([typeof(IdentityReserved), typeof(IdentityConfirmed)]);
        ofPhone[0].WakeUp.ShouldBe(new WakeUp(true, _world.Now.ToUnixTimeMilliseconds() + GrainLimits.IdentityReservationMs));
        ofPhone[1].WakeUp.ShouldBe(new WakeUp(true, null));
    }

    [Theory]
    [InlineData(Stumble.CrashBefore, typeof(IdentityReleased))]
    [InlineData(Stumble.CrashAfter, typeof(IdentityConfirmed))]
    public async Task An_enrolment_that_crashed_around_the_customers_decision_is_settled_at_the_reservations_end(Stumble how, Type outcome)
    {
        await CrashAsync(process => process.EnrolAsync(Order("c-ann", "s1/1", Phone)), TheCustomersDecision, how);
        var end = _world.Now.AddMilliseconds(GrainLimits.IdentityReservationMs);
        await DownUntilAsync(end.AddSeconds(-5));
        await _world.AgendaSleepsUntilAsync(end);
        var head = _world.Journal.Head;
        _world.Clock.AdvanceTo(end);

        var settled = await _world.EntryAsync(entry => entry.Position > head, "the reservation was settled");
        settled.Grain.ShouldBe(GrainOf(Phone));
        settled.TimeMs.ShouldBe(end.ToUnixTimeMilliseconds());
        settled.Events.ShouldHaveSingleItem().ShouldBeOfType(outcome);
        var isConfirmed = outcome == typeof(IdentityConfirmed);
        (await FindAsync(Phone)).ShouldBe(isConfirmed ? "c-ann" : null);
        var bob = await _world.ReadSide.Enrolment.EnrolAsync(Order("c-bob", "s1/2", Phone));
        if (isConfirmed) bob.Rejection.ShouldBe(IdentityRejections.Taken);
        else bob.Kind.ShouldBe(ReplyKind.Accepted, bob.Rejection?.Name);
    }

    [Theory]
    [InlineData(Stumble.CrashBefore, typeof(IdentityReleased))]
    [InlineData(Stumble.CrashAfter, typeof(IdentityConfirmed))]
    public async Task A_reservation_whose_end_came_while_the_server_was_down_is_settled_after_the_start(Stumble how, Type outcome)
    {
        await CrashAsync(process => process.EnrolAsync(Order("c-ann", "s1/1", Phone)), TheCustomersDecision, how);
        var head = _world.Journal.Head;
        await DownUntilAsync(_world.Now.AddDays(3));
        var settled = await _world.EntryAsync(entry => entry.Position > head, "the reservation was settled");
        settled.Grain.ShouldBe(GrainOf(Phone));
        settled.Events.ShouldHaveSingleItem().ShouldBeOfType(outcome);
    }

    [Fact]
    public async Task An_identity_given_up_by_a_profile_change_that_crashed_is_released_by_the_watch()
    {
        await _world.ReadSide.Enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone));
        // Reserve the new one, decide, confirm the new one; the release of the former one never happens.
        await CrashAsync(process => process.ChangeProfileAsync(Order("c-ann", "s1/2", OtherPhone)), 3, Stumble.CrashBefore);
        (await FindAsync(OtherPhone)).ShouldBe("c-ann");
        var end = _world.Now.AddMilliseconds(GrainLimits.IdentityReservationMs);
        await DownUntilAsync(end.AddSeconds(-5));
        await _world.AgendaSleepsUntilAsync(end);
        var head = _world.Journal.Head;
        _world.Clock.AdvanceTo(end);

        var released = await _world.EntryAsync(entry => entry.Position > head, "the former phone was released");
        released.Grain.ShouldBe(GrainOf(Phone));
        released.Events.ShouldHaveSingleItem().ShouldBeOfType<IdentityReleased>();
        (await FindAsync(Phone)).ShouldBeNull();
        (await FindAsync(OtherPhone)).ShouldBe("c-ann");
    }

    [Fact]
    public async Task An_identity_given_up_before_it_was_confirmed_is_released_at_the_reservations_end_though_the_clock_went_back_in_between()
    {
        await CrashAsync(process => process.EnrolAsync(Order("c-ann", "s1/1", Phone)), TheCustomersDecision, Stumble.CrashAfter);
        var end = _world.Now.AddMilliseconds(GrainLimits.IdentityReservationMs);
        await DownUntilAsync(_world.Now.AddSeconds(-37));
        await CrashAsync(process => process.ChangeProfileAsync(Order("c-ann", "s1/2", OtherPhone)), 3, Stumble.CrashBefore);
        // The change asks for a look at what it gave up two minutes after itself: by this clock the reservation still stands then.
        await DownUntilAsync(end.AddSeconds(-5));
        await _world.AgendaSleepsUntilAsync(end);
        var head = _world.Journal.Head;
        _world.Clock.AdvanceTo(end);

        var released = await _world.EntryAsync(entry => entry.Position > head, "the former phone was released");
        released.Grain.ShouldBe(GrainOf(Phone));
        released.Events.ShouldHaveSingleItem().ShouldBeOfType<IdentityReleased>();
        (await FindAsync(OtherPhone)).ShouldBe("c-ann");
    }

    private static GrainId Grain(IdentityRef identity) => IdentityLookup.GrainOf("main", identity);

    private GrainId GrainOf(string phone) => Grain(_world.Vault.Index("main", IdentityKind.Phone, phone));

    private EnrolmentOrder Order(string customer, string commandId, string phone) => new(
        "main", new CustomerId(customer), commandId, 7, Trade.At(_world.Now), new Origin(new StoreId("s1")), new StoreId("s1"),
        new PersonalData { Name = "安妮", Phone = phone }, [(IdentityKind.Phone, phone)]);

    private async Task CrashAsync(Func<Enrolment, ValueTask<CommandReply>> run, int step, Stumble how)
    {
        using var locks = new CustomerLocks();
        var engine = new StumblingEngine(_world.Engine, step, how);
        var process = new Enrolment(engine, _world.Journal, _world.Vault, new IdentitySteps(engine, (IdentityLookup)_world.ReadSide.Identities, _world.Time), locks);
        await Should.ThrowAsync<CrashException>(async () => await run(process));
    }

    private async Task DownUntilAsync(DateTimeOffset time)
    {
        await _world.StopEngineAsync();
        _world.Clock.AdvanceTo(time);
        await _world.StartEngineAsync();
    }

    private async Task<string?> FindAsync(string phone)
    {
        var (customer, rejection) = await _world.ReadSide.Identities.FindAsync("main", _world.Vault.Index("main", IdentityKind.Phone, phone));
        rejection.ShouldBeNull();
        return customer?.Value;
    }
}
