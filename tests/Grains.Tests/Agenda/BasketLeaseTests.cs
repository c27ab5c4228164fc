using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Agenda;

/// <summary>Baskets over the real engine and its agenda: a lease runs out when it should, and each command counts once.</summary>
public sealed class BasketLeaseTests : IAsyncLifetime
{
    private const int Seeds = 12, Commands = 60;
    private static readonly Origin Till = new(new StoreId("s1"));
    private EngineWorld _world = null!;

    public async Task InitializeAsync() => _world = await EngineWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_lease_runs_out_to_the_second_though_the_customer_is_not_in_memory()
    {
        await MemberAsync("c-ann");
        var opened = await AskAsync("c-ann", "open", new OpenBasket { At = Trade.At(_world.Now), Origin = Till, Hold = new Hold(new Points(30), Money.Zero) });
        var end = _world.Now.AddMinutes(Programme.BuiltIn.BasketLeaseMinutes);
        opened.Entry!.WakeUp.AtMs.ShouldBe(end.ToUnixTimeMilliseconds());
        await _world.StopEngineAsync();
        _world.Clock.AdvanceTo(end.AddSeconds(-5));
        await _world.StartEngineAsync();
        await _world.AgendaSleepsUntilAsync(end);
        _world.Clock.AdvanceTo(end.AddMilliseconds(-1));
        _world.Clock.TimerAtAsync(end).IsCompleted.ShouldBeTrue("a millisecond before, the agenda still sleeps");
        var head = _world.Journal.Head;

        _world.Clock.AdvanceTo(end);
        var entry = await _world.EntryAsync(e => e.Position > head, "the lease ran out");
        entry.TimeMs.ShouldBe(end.ToUnixTimeMilliseconds());
        var over = entry.Events.ShouldHaveSingleItem().ShouldBeOfType<BasketsExpired>().Baskets.ShouldHaveSingleItem();
        (over.Number, over.Hold.Points, over.EndsAt).ShouldBe((3L, new Points(30), Trade.At(end)));
    }

    [Fact]
    public async Task Twice_changes_nothing()
    {
        var (accepted, refused) = (0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var (once, twice) = ($"once-{seed}", $"twice-{seed}");
            await MemberAsync(once);
            await MemberAsync(twice);
            var random = new Random(seed);
            var sent = new List<(string Id, CustomerCommand Command)>();
            for (var i = 0; i < Commands; i++)
            {
                var (id, command) = Next(random, i);
                var first = await AskAsync(once, id, command);
                var other = await AskAsync(twice, id, command);
                other.Kind.ShouldBe(first.Kind, $"seed {seed}, {id}");
                (other.Rejection?.Code).ShouldBe(first.Rejection?.Code);
                if (first.Kind == ReplyKind.Accepted)
                {
                    accepted++;
                    sent.Add((id, command));
                    var again = await AskAsync(twice, id, command);
                    (again.Kind, again.Entry!.Version).ShouldBe((ReplyKind.Repeated, other.Entry!.Version), $"seed {seed}, {id}");
                }
                else
                {
                    refused++;
                }

                if (sent.Count == 0) continue;
                // Any of those before, as a till does whose answer was lost long ago.
                var (oldId, old) = sent[random.Next(sent.Count)];
                (await AskAsync(twice, oldId, old)).Kind.ShouldBe(ReplyKind.Repeated);
            }

            (await PrintAsync(twice)).ShouldBe(await PrintAsync(once), $"seed {seed}");
        }

        Math.Min(accepted, refused).ShouldBeGreaterThan(Seeds * 10);
    }

    private (string Id, CustomerCommand Command) Next(Random random, int place)
    {
        var (at, basket) = (Trade.At(_world.Now), 3L + random.Next(place + 1));
        var hold = new Hold(new Points(random.Next(60)), Money.Zero);
        return random.Next(8) switch
        {
            0 or 1 or 2 => ($"open-{place}", new OpenBasket { At = at, Origin = Till, Hold = hold }),
            3 => ($"change-{place}", new ChangeBasket { At = at, Origin = Till, Basket = basket, Hold = hold }),
            4 => ($"cancel-{place}", new CancelBasket { At = at, Origin = Till, Basket = basket }),
            5 => ($"gift-{place}", new RedeemPoints { At = at, Origin = Till, Points = new Points(1 + random.Next(20)), Reason = "gift" }),
            _ => ($"s1/R{place}", new RecordPurchase
            {
                At = at, Origin = Till, Store = new StoreId("s1"), Receipt = $"R{place}", OccurredAt = at, BusinessDay = Trade.Day(_world.Now), UtcOffsetMinutes = 480,
                Lines = [CustomerActs.Line(1, 2_000)], UsePoints = new Points(random.Next(30)), Basket = random.Next(2) * basket,
            }),
        };
    }

    private async Task MemberAsync(string customer)
    {
        var at = Trade.At(_world.Now);
        (await AskAsync(customer, "enrol", new Enrol { At = at, Origin = Till, HomeStore = new StoreId("s1"), Profile = new Sealed([1]), Identities = [] })).Kind.ShouldBe(ReplyKind.Accepted);
        (await AskAsync(customer, "give", new AdjustPoints { At = at, Origin = Till, Points = new Points(100), Reason = "welcome", UtcOffsetMinutes = 480 })).Kind.ShouldBe(ReplyKind.Accepted);
    }

    private async Task<CommandReply> AskAsync(string customer, string id, CustomerCommand command) =>
        await _world.Engine.AskAsync(new GrainCommand(Trade.Customer(customer), id, 1, command));

    private async Task<string> PrintAsync(string customer) =>
        (await _world.Engine.ReadAsync<CustomerState, int, string>(Trade.Customer(customer), 0, static (state, _) => CustomerStory.Print(state))).Value!;
}
