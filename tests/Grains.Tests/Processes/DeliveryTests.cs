using System.Text.Json.Nodes;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.Processes;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Processes;

/// <summary>What one customer sends to another (docs/domain/transfers.md).</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private static readonly GrainId Ann = Trade.Customer("c-ann");
    private static readonly GrainId Bob = Trade.Customer("c-bob");
    private EngineWorld _world = null!;

    public static TheoryData<int, Stumble> EveryStep()
    {
        var data = new TheoryData<int, Stumble>();
        // The receiver takes it, the sender settles it.
        for (var step = 0; step < 2; step++)
        {
            foreach (var how in Enum.GetValues<Stumble>()) data.Add(step, how);
        }

        return data;
    }

    public async Task InitializeAsync()
    {
        _world = await EngineWorld.StartAsync();
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["points"]!["transfer"] = new JsonObject { ["to"] = "anybody" };
        var published = await AskAsync(
            new GrainId("main", GrainKinds.Programme, "main"), "programme", new PublishProgramme { At = Now, Origin = Trade.Office, Document = document.ToJsonString(), BasedOnVersion = 0 });
        await _world.ReadSide.Directories.WaitForAsync(published.Position);
        foreach (var customer in new[] { Ann, Bob })
            await AskAsync(customer, "enrol", new Enrol { At = Now, Origin = Trade.Office, HomeStore = new StoreId("s1"), Profile = new Sealed([1]), Identities = [] });
        await AskAsync(Ann, "gift", new AdjustPoints { At = Now, Origin = Trade.Office, Points = new Points(100), Reason = "sorry", UtcOffsetMinutes = 480 });
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task What_is_sent_arrives_within_the_call_and_both_sides_say_so()
    {
        var sent = await SendAsync(60);
        await _world.ReadSide.Deliveries.CarryThroughAsync(sent);
        (await BalanceAsync(Ann), await BalanceAsync(Bob), await OpenAsync(Ann)).ShouldBe((40, 60, 0));
        var all = await _world.AllEntriesAsync();
        var received = all.Single(entry => entry.Events is [DeliveryReceived]);
        received.Grain.ShouldBe(Bob);
        var taken = (DeliveryReceived)received.Events[0];
        (taken.From.Value, taken.Delivery, taken.Kind, taken.Reason, taken.Origin).ShouldBe(("c-ann", 1, "transfer", "birthday", new Origin(new StoreId("s1"))));
        taken.LotsGranted.ShouldHaveSingleItem().ExpiresAt.ShouldBe(((DeliverySent)sent.Events[0]).Lots[0].ExpiresAt);
        all[^1].Events.ShouldHaveSingleItem().ShouldBeOfType<DeliveryArrived>();
        all[^1].Grain.ShouldBe(Ann);
    }

    [Fact]
    public async Task The_same_entry_again_changes_nothing()
    {
        var sent = await SendAsync(60);
        await _world.ReadSide.Deliveries.CarryThroughAsync(sent);
        var head = _world.Journal.Head;
        await _world.ReadSide.Deliveries.CarryThroughAsync(sent);
        _world.Journal.Head.ShouldBe(head);
    }

    [Fact]
    public async Task What_nobody_carried_through_the_agenda_does()
    {
        await SendAsync(60);
        await SettledByTheAgendaAsync();
        (await BalanceAsync(Ann), await BalanceAsync(Bob)).ShouldBe((40, 60));
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public async Task Whatever_goes_wrong_on_the_way_it_arrives_exactly_once(int step, Stumble how)
    {
        var sent = await SendAsync(60);
        await TryAsync(sent, step, how);
        // The server comes back with what the journal holds.
        await _world.RestartAsync();
        await SettledByTheAgendaAsync();
        (await BalanceAsync(Ann), await BalanceAsync(Bob), await OpenAsync(Ann)).ShouldBe((40, 60, 0));
        (await _world.AllEntriesAsync()).SelectMany(entry => entry.Events).Count(happened => happened is DeliveryReceived).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public async Task What_nobody_is_there_to_take_comes_back_whatever_goes_wrong(int step, Stumble how)
    {
        (await _world.ReadSide.Deliveries.IsThereAsync("main", new CustomerId("c-nobody"))).Value.ShouldBeFalse();
        (await _world.ReadSide.Deliveries.IsThereAsync("main", new CustomerId("c-bob"))).Value.ShouldBeTrue();
        var sent = await SendAsync(60, "c-nobody");
        (await BalanceAsync(Ann)).ShouldBe(40);
        await TryAsync(sent, step, how);
        await SettledByTheAgendaAsync();
        (await BalanceAsync(Ann), await OpenAsync(Ann)).ShouldBe((100, 0));
        var back = (await _world.AllEntriesAsync()).SelectMany(entry => entry.Events).OfType<DeliveryGivenBack>().ShouldHaveSingleItem();
        (back.Points, back.Refusal).ShouldBe((new Points(60), CustomerRejections.NotEnrolled.Code));
    }

    [Fact]
    public async Task While_one_is_stuck_whatever_else_is_due_goes_on()
    {
        var sent = await SendAsync(60);
        using var locks = new CustomerLocks();
        // Nothing ever reaches the receiver; the customer itself can be asked.
        var engine = new DeafEngine(_world.Engine, Bob);
        var watch = new CustomerWatch(engine, new Deliveries(engine, _world.ReadSide.Directories, _world.Time, locks));
        // The points end a year later and more: that is due with the delivery, and done once.
        var years = Now.UnixMs + (800L * 86_400_000);
        (await watch.WakeAsync(Ann, "wake/1/1", new Timestamp(years), CancellationToken.None)).Reply.Rejection.ShouldBe(EngineRejections.CommitFailed);
        (await BalanceAsync(Ann), await OpenAsync(Ann)).ShouldBe((0, 1));
        // More points come, and end in their turn; the same firing, tried again, writes them off.
        await AskAsync(Ann, "more", new AdjustPoints { At = new Timestamp(years), Origin = Trade.Office, Points = new Points(30), Reason = "sorry", UtcOffsetMinutes = 480 });
        (await watch.WakeAsync(Ann, "wake/1/1", new Timestamp(2 * years), CancellationToken.None)).Reply.IsOk.ShouldBeFalse();
        (await BalanceAsync(Ann), await OpenAsync(Ann)).ShouldBe((0, 1));
        await _world.ReadSide.Deliveries.CarryThroughAsync(sent);
        (await BalanceAsync(Bob), await OpenAsync(Ann)).ShouldBe((60, 0));
    }

    [Fact]
    public async Task A_customer_with_nothing_due_is_asked_again_before_the_agenda_forgets_it()
    {
        using var locks = new CustomerLocks();
        var watch = new CustomerWatch(_world.Engine, new Deliveries(_world.Engine, _world.ReadSide.Directories, _world.Time, locks));
        (await watch.WakeAsync(Ann, "wake/1/1", Now, CancellationToken.None)).IsNothingDue.ShouldBeTrue();
    }

    private Timestamp Now => Trade.At(_world.Now);

    private Task<CommittedEntry> SendAsync(long points, string to = "c-bob") => AskAsync(Ann, $"send-{to}", new TransferPoints
    {
        At = Now, Origin = new Origin(new StoreId("s1")), From = new CustomerId("c-ann"), To = new CustomerId(to), Points = new Points(points), Reason = "birthday", UtcOffsetMinutes = 480,
    });

    private async Task<CommittedEntry> AskAsync(GrainId grain, string commandId, object command)
    {
        var reply = await _world.Engine.AskAsync(new GrainCommand(grain, commandId, 0, command));
        reply.Kind.ShouldBe(ReplyKind.Accepted, reply.Rejection?.Name);
        return reply.Entry!;
    }

    /// <summary>Carries an entry through on an engine that goes wrong at one step; how it ends does not matter.</summary>
    private async Task TryAsync(CommittedEntry sent, int step, Stumble how)
    {
        using var locks = new CustomerLocks();
        var engine = new StumblingEngine(_world.Engine, step, how);
        try
        {
            await new Deliveries(engine, _world.ReadSide.Directories, _world.Time, locks).CarryThroughAsync(sent);
        }
        catch (CrashException)
        {
            engine.Steps.ShouldBeGreaterThan(step);
        }
    }

    /// <summary>Ten seconds pass; where nobody has done it yet, the agenda does.</summary>
    private async Task SettledByTheAgendaAsync()
    {
        _world.Clock.AdvanceTo(_world.Now.AddMilliseconds(Limits.DeliveryDueMs));
        await _world.EntryAsync(static entry => entry.Events.Any(happened => happened is DeliveryArrived or DeliveryGivenBack), "the delivery was settled");
    }

    private async Task<long> BalanceAsync(GrainId customer) =>
        (await _world.Engine.ReadAsync<CustomerState, int, long>(customer, 0, static (state, _) => state.Balance.Count)).Value;

    private async Task<int> OpenAsync(GrainId customer) =>
        (await _world.Engine.ReadAsync<CustomerState, int, int>(customer, 0, static (state, _) => state.Deliveries.Length)).Value;

    /// <summary>An engine through which one grain can't be asked.</summary>
    private sealed class DeafEngine(IEngine engine, GrainId deaf) : IEngine
    {
        public IFeed Feed => engine.Feed;

        public ValueTask<CommandReply> AskAsync(GrainCommand command) =>
            command.Grain == deaf ? new(new CommandReply(ReplyKind.Refused, null, EngineRejections.CommitFailed)) : engine.AskAsync(command);

        public ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
            where TState : class => engine.ReadAsync(grain, argument, read);
    }
}
