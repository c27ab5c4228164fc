using System.Text.Json.Nodes;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.Processes;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Processes;

/// <summary>The reward of a referral on its way from the friend's purchase to the referrer, and back when the goods come back (docs/domain/referral.md).</summary>
public sealed class ReferralTests : IAsyncLifetime
{
    private static readonly GrainId Ann = Trade.Customer("c-ann");
    private static readonly GrainId Bob = Trade.Customer("c-bob");
    private EngineWorld _world = null!;

    public static TheoryData<int, Stumble> EveryStep()
    {
        var data = new TheoryData<int, Stumble>();
        // The referrer gets it, the friend settles it.
        for (var step = 0; step < 2; step++)
        {
            foreach (var how in Enum.GetValues<Stumble>()) data.Add(step, how);
        }

        return data;
    }

    public async Task InitializeAsync()
    {
        _world = await EngineWorld.StartAsync();
        await PublishAsync(0, """{"referrerPoints":200,"friendPoints":50,"leastMinor":10000,"mostPerYear":1}""");
        await AskAsync(Ann, "enrol", Enrol(null));
        await AskAsync(Bob, "enrol", Enrol("c-ann"));
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_purchase_brings_points_to_both_and_its_return_takes_them_from_both()
    {
        var sold = await BuyAsync(Bob, "R1");
        await _world.ReadSide.Deliveries.CarryThroughAsync(sold);
        (await BalanceAsync(Ann), await BalanceAsync(Bob), await OpenAsync(Bob)).ShouldBe((200, 150, 0));
        await _world.ReadSide.Deliveries.CarryThroughAsync(await ReturnAsync(Bob, "R1"));
        (await BalanceAsync(Ann), await BalanceAsync(Bob), await OpenAsync(Bob)).ShouldBe((0, 0, 0));
        // As if it had never been bought.
        await _world.ReadSide.Deliveries.CarryThroughAsync(await BuyAsync(Bob, "R2"));
        (await BalanceAsync(Ann), await BalanceAsync(Bob)).ShouldBe((200, 150));
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public async Task Whatever_goes_wrong_on_the_way_each_comes_exactly_once(int step, Stumble how)
    {
        await TryAsync(await BuyAsync(Bob, "R1"), step, how);
        await _world.RestartAsync();
        await SettledAsync(1);
        (await BalanceAsync(Ann), await BalanceAsync(Bob), await OpenAsync(Bob)).ShouldBe((200, 150, 0));
        await TryAsync(await ReturnAsync(Bob, "R1"), step, how);
        await _world.RestartAsync();
        await SettledAsync(2);
        (await BalanceAsync(Ann), await BalanceAsync(Bob), await OpenAsync(Bob)).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task What_is_taken_back_comes_after_what_it_takes_back_though_nobody_carried_that()
    {
        await BuyAsync(Bob, "R1");
        await _world.ReadSide.Deliveries.CarryThroughAsync(await ReturnAsync(Bob, "R1"));
        (await BalanceAsync(Ann), await OpenAsync(Bob)).ShouldBe((0, 0));
        var got = (await _world.AllEntriesAsync()).SelectMany(entry => entry.Events).OfType<DeliveryReceived>().ToList();
        got.Select(e => (e.Kind, e.Points.Count)).ShouldBe([(DeliveryKinds.Referral, 200), (DeliveryKinds.ReferralBack, -200)]);
    }

    [Fact]
    public async Task What_the_years_limit_kept_from_the_referrer_is_not_taken_back()
    {
        var cid = Trade.Customer("c-cid");
        await AskAsync(cid, "enrol", Enrol("c-ann"));
        await _world.ReadSide.Deliveries.CarryThroughAsync(await BuyAsync(Bob, "R1"));
        // Nobody carried it before the goods came back: the friend does not know yet that it can't be had.
        await BuyAsync(cid, "R2");
        await _world.ReadSide.Deliveries.CarryThroughAsync(await ReturnAsync(cid, "R2"));
        (await BalanceAsync(Ann), await BalanceAsync(cid), await OpenAsync(cid)).ShouldBe((200, 0, 0));
        (await _world.AllEntriesAsync()).SelectMany(entry => entry.Events).OfType<DeliveryGivenBack>().Select(e => e.Refusal)
            .ShouldBe([CustomerRejections.ReferralLimitReached.Code, CustomerRejections.ReferralNotReceived.Code]);
    }

    private Timestamp Now => Trade.At(_world.Now);

    private Enrol Enrol(string? by) => new()
    {
        At = Now, Origin = Trade.Office, HomeStore = new StoreId("s1"), Profile = new Sealed([1]), Identities = [], UtcOffsetMinutes = 480, ReferredBy = by is null ? null : new CustomerId(by),
    };

    private async Task PublishAsync(int basedOn, string referral)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["referral"] = JsonNode.Parse(referral);
        var published = await AskAsync(
            new GrainId("main", GrainKinds.Programme, "main"), $"programme-{basedOn}", new PublishProgramme { At = Now, Origin = Trade.Office, Document = document.ToJsonString(), BasedOnVersion = basedOn });
        await _world.ReadSide.Directories.WaitForAsync(published.Position);
    }

    private Task<CommittedEntry> BuyAsync(GrainId who, string receipt) => AskAsync(who, $"s1/{receipt}", new RecordPurchase
    {
        At = Now, Origin = new Origin(new StoreId("s1")), Store = new StoreId("s1"), Receipt = receipt, OccurredAt = Now, BusinessDay = Today, UtcOffsetMinutes = 480,
        Lines = [new PurchaseLine { Line = 1, Product = new ProductId("P"), Quantity = new Quantity(1_000), Price = new Money(10_000) }],
    });

    private Task<CommittedEntry> ReturnAsync(GrainId who, string receipt) => AskAsync(who, $"back-{receipt}", new ReturnLines
    {
        At = Now, Origin = new Origin(new StoreId("s1")), PurchaseStore = new StoreId("s1"), PurchaseReceipt = receipt, OccurredAt = Now, BusinessDay = Today, Lines = [],
    });

    private BusinessDay Today => new((int)((Now.UnixMs + (480 * 60_000L)) / 86_400_000));

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
    private async Task SettledAsync(int delivery)
    {
        _world.Clock.AdvanceTo(_world.Now.AddMilliseconds(Limits.DeliveryDueMs));
        await _world.EntryAsync(entry => entry.Events.Any(happened => happened is DeliveryArrived e && e.Delivery == delivery), "the delivery was settled");
    }

    private async Task<long> BalanceAsync(GrainId customer) =>
        (await _world.Engine.ReadAsync<CustomerState, int, long>(customer, 0, static (state, _) => state.Balance.Count)).Value;

    private async Task<int> OpenAsync(GrainId customer) =>
        (await _world.Engine.ReadAsync<CustomerState, int, int>(customer, 0, static (state, _) => state.Deliveries.Length)).Value;
}
