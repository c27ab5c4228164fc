using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Processes;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Processes;

public sealed class EnrolmentTests : IAsyncLifetime
{
    private const string Phone = "+8613812341234";
    private const string OtherPhone = "+8613900000000";
    private EngineWorld _world = null!;

    public static TheoryData<int, Stumble> EveryStep()
    {
        var data = new TheoryData<int, Stumble>();
        // Two identities: two reservations, the customer, two confirmations (and for a change, a release).
        for (var step = 0; step < 6; step++)
        {
            foreach (var how in Enum.GetValues<Stumble>()) data.Add(step, how);
        }

        return data;
    }

    public async Task InitializeAsync() => _world = await EngineWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task An_enrolled_customer_is_found_by_every_identity()
    {
        var reply = await _world.ReadSide.Enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone, card: "8800123456"));
        reply.Kind.ShouldBe(ReplyKind.Accepted, reply.Rejection?.Name);
        (await FindAsync(Phone)).ShouldBe("c-ann");
        (await FindAsync("8800123456", IdentityKind.Card)).ShouldBe("c-ann");
        (await FindAsync(OtherPhone)).ShouldBeNull();
    }

    [Fact]
    public async Task The_same_order_again_gets_the_same_answer_and_changes_nothing()
    {
        var first = await _world.ReadSide.Enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone));
        var head = _world.Journal.Head;
        var second = await _world.ReadSide.Enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone));
        second.Kind.ShouldBe(ReplyKind.Repeated);
        second.Entry!.Position.ShouldBe(first.Entry!.Position);
        _world.Journal.Head.ShouldBe(head);
    }

    [Fact]
    public async Task Of_two_who_enrol_one_phone_at_the_same_instant_exactly_one_wins()
    {
        // Losers wait a moment for the winner to finish, so this world's clock is the real one.
        await _world.DisposeAsync();
        _world = await EngineWorld.StartAsync(TimeProvider.System);
        for (var round = 0; round < 20; round++)
        {
            var phone = $"+86138{round:00000000}";
            var orders = Enumerable.Range(0, 4).Select(i => Order($"c-{round}-{i}", $"s{i}/{round}", phone, card: $"card-{round}-{i}")).ToList();
            var replies = await Task.WhenAll(orders.Select(order => Task.Run(async () => await _world.ReadSide.Enrolment.EnrolAsync(order)))).OrSay("all enrolments were answered");
            replies.Count(reply => reply.IsOk).ShouldBe(1, $"round {round}");
            foreach (var reply in replies.Where(reply => !reply.IsOk)) (reply.Rejection!.Code / 100).ShouldBe(3, reply.Rejection.Name);
            var winner = orders[Array.FindIndex(replies, reply => reply.IsOk)];
            (await FindAsync(phone)).ShouldBe(winner.Customer.Value);

            // What a loser had reserved is free at once: its card can be another's.
            foreach (var loser in orders.Where(order => order != winner))
            {
                var again = await _world.ReadSide.Enrolment.EnrolAsync(loser);
                again.Rejection?.Name.ShouldBe("identity.taken");
                (await HolderAsync(IdentityKind.Card, loser.Identities[1].Value)).ShouldBeNull();
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public async Task Enrolling_again_after_trouble_at_any_step_comes_to_the_same_end(int step, Stumble how)
    {
        var order = Order("c-ann", "s1/1", Phone, card: "8800123456");
        await TryAsync(process => process.EnrolAsync(order), step, how);

        var reply = await _world.ReadSide.Enrolment.EnrolAsync(order with { At = new Timestamp(order.At.UnixMs + 5_000) });
        reply.IsOk.ShouldBeTrue(reply.Rejection?.Name);
        (await FindAsync(Phone)).ShouldBe("c-ann");
        (await FindAsync("8800123456", IdentityKind.Card)).ShouldBe("c-ann");
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public async Task What_is_left_open_when_nobody_comes_again_is_settled_by_the_watch(int step, Stumble how)
    {
        var order = Order("c-ann", "s1/1", Phone, card: "8800123456");
        await TryAsync(process => process.EnrolAsync(order), step, how);
        _world.Clock.Advance(TimeSpan.FromMilliseconds(GrainLimits.IdentityReservationMs + 1_000));
        await WatchAsync(IdentityKind.Phone, Phone);
        await WatchAsync(IdentityKind.Card, "8800123456");

        var enrolled = (await _world.Engine.ReadAsync<CustomerState, int, bool>(Trade.Customer("c-ann"), 0, static (state, _) => state.IsEnrolled)).Value;
        (await FindAsync(Phone)).ShouldBe(enrolled ? "c-ann" : null);
        (await FindAsync("8800123456", IdentityKind.Card)).ShouldBe(enrolled ? "c-ann" : null);
        if (!enrolled) (await HolderAsync(IdentityKind.Phone, Phone)).ShouldBeNull("the phone is free for others");
    }

    [Fact]
    public async Task An_order_whose_reservation_was_given_up_meanwhile_reserves_anew()
    {
        var order = Order("c-ann", "s1/1", Phone);
        await TryAsync(process => process.EnrolAsync(order), 1, Stumble.CrashBefore);
        _world.Clock.Advance(TimeSpan.FromMilliseconds(GrainLimits.IdentityReservationMs + 1_000));
        await WatchAsync(IdentityKind.Phone, Phone);
        (await HolderAsync(IdentityKind.Phone, Phone)).ShouldBeNull();

        (await _world.ReadSide.Enrolment.EnrolAsync(order)).IsOk.ShouldBeTrue();
        (await FindAsync(Phone)).ShouldBe("c-ann");
    }

    [Fact]
    public async Task A_changed_phone_is_found_and_the_former_one_is_free_for_others()
    {
        await _world.ReadSide.Enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone));
        (await FindAsync(Phone)).ShouldBe("c-ann");
        var reply = await _world.ReadSide.Enrolment.ChangeProfileAsync(Order("c-ann", "s1/2", OtherPhone));
        reply.Kind.ShouldBe(ReplyKind.Accepted, reply.Rejection?.Name);

        (await FindAsync(Phone)).ShouldBeNull("the answer came after the release, so no cache may hold the former holder");
        (await FindAsync(OtherPhone)).ShouldBe("c-ann");
        (await _world.ReadSide.Enrolment.EnrolAsync(Order("c-bob", "s1/3", Phone))).IsOk.ShouldBeTrue();
        (await FindAsync(Phone)).ShouldBe("c-bob");
    }

    [Fact]
    public async Task An_old_change_sent_again_takes_nothing_from_anybody()
    {
        await _world.ReadSide.Enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone));
        await _world.ReadSide.Enrolment.ChangeProfileAsync(Order("c-ann", "s1/2", OtherPhone));
        await _world.ReadSide.Enrolment.ChangeProfileAsync(Order("c-ann", "s1/3", Phone));
        await _world.ReadSide.Enrolment.EnrolAsync(Order("c-bob", "s1/4", OtherPhone));

        (await _world.ReadSide.Enrolment.ChangeProfileAsync(Order("c-ann", "s1/2", OtherPhone))).Kind.ShouldBe(ReplyKind.Repeated);
        (await FindAsync(Phone)).ShouldBe("c-ann");
        (await FindAsync(OtherPhone)).ShouldBe("c-bob");
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public async Task Changing_again_after_trouble_at_any_step_comes_to_the_same_end(int step, Stumble how)
    {
        await _world.ReadSide.Enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone));
        var change = Order("c-ann", "s1/2", OtherPhone, card: "8800123456");
        await TryAsync(process => process.ChangeProfileAsync(change), step, how);

        var reply = await _world.ReadSide.Enrolment.ChangeProfileAsync(change);
        reply.IsOk.ShouldBeTrue(reply.Rejection?.Name);
        (await FindAsync(Phone)).ShouldBeNull();
        (await HolderAsync(IdentityKind.Phone, Phone)).ShouldBeNull();
        (await FindAsync(OtherPhone)).ShouldBe("c-ann");
        (await FindAsync("8800123456", IdentityKind.Card)).ShouldBe("c-ann");
    }

    [Fact]
    public async Task A_change_of_somebody_unknown_is_refused_by_the_customer_and_reserves_nothing()
    {
        var reply = await _world.ReadSide.Enrolment.ChangeProfileAsync(Order("c-nobody", "s1/1", Phone));
        (reply.Rejection!.Code / 100).ShouldBe(1, reply.Rejection.Name);
        (await HolderAsync(IdentityKind.Phone, Phone)).ShouldBeNull();
    }

    [Fact]
    public async Task A_change_that_comes_while_another_is_under_way_is_made_of_what_that_one_leaves()
    {
        var (enrolment, ann) = (_world.ReadSide.Enrolment, new CustomerId("c-ann"));
        await enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone));
        Task<CommandReply>? second = null;
        var first = await enrolment.ChangeProfileAsync("main", ann, _ =>
        {
            second = enrolment.ChangeProfileAsync("main", ann, current =>
                Order("c-ann", "s1/3", current.Personal.Phone!) with { Personal = current.Personal with { Name = "安娜" } }).AsTask();
            return Order("c-ann", "s1/2", OtherPhone);
        });
        first.IsOk.ShouldBeTrue(first.Rejection?.Name);
        var later = await second!.WaitAsync(TimeSpan.FromSeconds(20));
        later.IsOk.ShouldBeTrue(later.Rejection?.Name);

        (await FindAsync(OtherPhone)).ShouldBe("c-ann");
        var profile = (await _world.Engine.ReadAsync<CustomerState, int, Sealed>(
            new GrainId("main", GrainKinds.Customer, "c-ann"), 0, static (state, _) => state.Profile!)).Value!;
        var personal = await _world.Vault.OpenAsync("main", ann, profile);
        (personal!.Name, personal.Phone).ShouldBe(("安娜", OtherPhone));
    }

    [Fact]
    public async Task An_identity_is_confirmed_for_a_second_customer_whose_change_has_the_same_idempotency_key()
    {
        await _world.ReadSide.Enrolment.EnrolAsync(Order("c-ann", "s1/1", Phone));
        await _world.ReadSide.Enrolment.EnrolAsync(Order("c-bea", "s1/2", "+8613900000077"));
        (await _world.ReadSide.Enrolment.ChangeProfileAsync(Order("c-ann", "s1/9", OtherPhone))).IsOk.ShouldBeTrue();
        (await _world.ReadSide.Enrolment.ChangeProfileAsync(Order("c-ann", "s1/10", Phone))).IsOk.ShouldBeTrue();
        var moving = _world.ReadSide.Enrolment.ChangeProfileAsync(Order("c-bea", "s1/9", OtherPhone)).AsTask();
        (await moving.WaitAsync(TimeSpan.FromSeconds(20))).IsOk.ShouldBeTrue();
        (await FindAsync(OtherPhone)).ShouldBe("c-bea");
    }

    private EnrolmentOrder Order(string customer, string commandId, string phone, string? card = null)
    {
        var identities = new List<(IdentityKind, string)> { (IdentityKind.Phone, phone) };
        if (card is not null) identities.Add((IdentityKind.Card, card));
        return new EnrolmentOrder(
            "main", new CustomerId(customer), commandId, 7, Trade.At(_world.Now), new Origin(new StoreId("s1")), new StoreId("s1"),
            new PersonalData { Name = "安妮", Phone = phone, Card = card }, identities);
    }

    /// <summary>Runs a process on an engine that goes wrong at one step; how it ends does not matter.</summary>
    private async Task TryAsync(Func<Enrolment, ValueTask<CommandReply>> run, int step, Stumble how)
    {
        using var locks = new CustomerLocks();
        var engine = new StumblingEngine(_world.Engine, step, how);
        var process = new Enrolment(engine, _world.Journal, _world.Vault, new IdentitySteps(engine, (IdentityLookup)_world.ReadSide.Identities, _world.Time), locks);
        try
        {
            await run(process);
        }
        catch (CrashException)
        {
            engine.Steps.ShouldBeGreaterThan(step);
        }
    }

    private async Task WatchAsync(IdentityKind kind, string value)
    {
        using var locks = new CustomerLocks();
        var lookup = (IdentityLookup)_world.ReadSide.Identities;
        var watch = new IdentityWatch(_world.Engine, new IdentitySteps(_world.Engine, lookup, _world.Time), lookup, locks);
        var outcome = await watch.WakeAsync(IdentityLookup.GrainOf("main", _world.Vault.Index("main", kind, value)), "wake/1/1", Trade.At(_world.Now), CancellationToken.None);
        outcome.Reply.IsOk.ShouldBeTrue(outcome.Reply.Rejection?.Name);
    }

    private async Task<string?> FindAsync(string value, IdentityKind kind = IdentityKind.Phone)
    {
        var (customer, rejection) = await _world.ReadSide.Identities.FindAsync("main", _world.Vault.Index("main", kind, value));
        rejection.ShouldBeNull();
        return customer?.Value;
    }

    private async Task<string?> HolderAsync(IdentityKind kind, string value) =>
        (await _world.Engine.ReadAsync<IdentityState, int, string?>(
            IdentityLookup.GrainOf("main", _world.Vault.Index("main", kind, value)), 0, static (state, _) => state.Customer?.Value)).Value;
}
