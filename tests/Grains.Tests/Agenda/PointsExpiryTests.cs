using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Runtime;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Agenda;

/// <summary>The agenda over the real engine: points expire when they should, whatever happened to the server meanwhile.</summary>
public sealed class PointsExpiryTests : IAsyncLifetime
{
    private EngineWorld _world = null!;

    public async Task InitializeAsync() => _world = await EngineWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Points_expire_to_the_second_though_the_customer_is_not_in_memory()
    {
        var due = await GiveAsync("c-ann", 100);
        await DownUntilAsync(due.AddSeconds(-5));
        await _world.AgendaSleepsUntilAsync(due);
        _world.Clock.AdvanceTo(due.AddMilliseconds(-1));
        _world.Clock.TimerAtAsync(due).IsCompleted.ShouldBeTrue("a millisecond before, the agenda still sleeps");
        var head = _world.Journal.Head;

        _world.Clock.AdvanceTo(due);
        var entry = await _world.EntryAsync(e => e.Position > head, "the points expired");
        entry.Grain.ShouldBe(Trade.Customer("c-ann"));
        entry.TimeMs.ShouldBe(due.ToUnixTimeMilliseconds());
        entry.Events.ShouldHaveSingleItem().ShouldBeOfType<PointsExpired>().Points.ShouldBe(new Points(100));
        (await BalanceAsync("c-ann")).ShouldBe(0);
    }

    [Fact]
    public async Task What_came_due_while_the_server_was_down_fires_after_the_start_once_each()
    {
        var last = DateTimeOffset.MinValue;
        for (var i = 0; i < 12; i++)
        {
            last = await GiveAsync($"c-{i}", 10 + i);
            if (i % 4 == 3) _world.Clock.Advance(TimeSpan.FromDays(31));
        }

        await DownUntilAsync(last.AddDays(40));
        for (var i = 0; i < 12; i++)
        {
            var grain = Trade.Customer($"c-{i}");
            await _world.EntryAsync(entry => entry.Grain == grain && entry.Events[0] is PointsExpired, $"the points of c-{i} expired");
        }

        await _world.RestartAsync();
        var expired = (await _world.AllEntriesAsync()).Where(entry => entry.Events.Any(e => e is PointsExpired)).ToList();
        expired.Count.ShouldBe(12);
        expired.Select(entry => entry.Grain.Stream).Distinct().Count().ShouldBe(12);
        expired.Sum(entry => entry.Events.OfType<PointsExpired>().Sum(e => e.Points.Count)).ShouldBe(Enumerable.Range(10, 12).Sum());
    }

    [Fact]
    public async Task A_deleted_agenda_is_rebuilt_from_the_journal_and_fires_nothing_that_has_fired()
    {
        var first = await GiveAsync("c-ann", 100);
        _world.Clock.Advance(TimeSpan.FromDays(31));
        await GiveAsync("c-ann", 7, enrol: false);
        await DownUntilAsync(first.AddSeconds(1));
        // This entry is the newest and announces the second time: whoever knows that time has read everything.
        await _world.EntryAsync(entry => entry.Events[0] is PointsExpired, "the first points expired");
        var second = (await NextExpiryAsync("c-ann"))!.Value;
        second.ShouldBeGreaterThan(first);
        var head = _world.Journal.Head;

        await _world.StopEngineAsync();
        foreach (var file in Directory.GetFiles(_world.Folder, "agenda.db*")) File.Delete(file);
        _world.Clock.AdvanceTo(second.AddSeconds(-5));
        await _world.StartEngineAsync();
        await _world.AgendaSleepsUntilAsync(second);
        _world.Journal.Head.ShouldBe(head, "what has fired does not fire again");

        _world.Clock.AdvanceTo(second);
        var entry = await _world.EntryAsync(e => e.Position > head, "the second points expired");
        entry.Events.ShouldHaveSingleItem().ShouldBeOfType<PointsExpired>().Points.ShouldBe(new Points(7));
    }

    [Fact]
    public async Task An_agenda_left_behind_by_a_crash_does_not_fire_what_the_journal_has_already()
    {
        var first = await GiveAsync("c-ann", 100);
        _world.Clock.Advance(TimeSpan.FromDays(31));
        await GiveAsync("c-ann", 7, enrol: false);
        await DownUntilAsync(first.AddSeconds(-5));
        await _world.AgendaSleepsUntilAsync(first);
        await _world.StopEngineAsync();
        var agenda = Path.Combine(_world.Folder, "agenda.db");
        File.Copy(agenda, agenda + ".before");

        await _world.StartEngineAsync();
        await _world.AgendaSleepsUntilAsync(first);
        _world.Clock.AdvanceTo(first);
        await _world.EntryAsync(entry => entry.Events[0] is PointsExpired, "the first points expired");
        var second = (await NextExpiryAsync("c-ann"))!.Value;
        var head = _world.Journal.Head;

        await _world.StopEngineAsync();
        foreach (var file in Directory.GetFiles(_world.Folder, "agenda.db-*")) File.Delete(file);
        File.Move(agenda + ".before", agenda, overwrite: true);
        _world.Clock.AdvanceTo(second.AddSeconds(-5));
        await _world.StartEngineAsync();
        await _world.AgendaSleepsUntilAsync(second);
        _world.Journal.Head.ShouldBe(head);
    }

    [Fact]
    public async Task Firing_twice_records_once()
    {
        var due = await GiveAsync("c-ann", 100);
        await _world.StopEngineAsync();
        _world.Clock.AdvanceTo(due.AddSeconds(1));
        // Without the read side's agenda: the firing itself is what is looked at.
        await using var engine = new Engine.EmbeddedEngine(
            _world.Journal, _world.Snapshots, new NoProgrammes(), new Engine.EngineOptions(), _world.Time, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        await engine.StartAsync();
        var wake = new GrainCommand(Trade.Customer("c-ann"), "wake/1/2", 0, new WakeGrain(Trade.At(_world.Now)));
        (await engine.AskAsync(wake)).Kind.ShouldBe(ReplyKind.Accepted);
        (await engine.AskAsync(wake)).Kind.ShouldBe(ReplyKind.Repeated);
        (await engine.AskAsync(wake with { CommandId = "wake/1/3" })).Kind.ShouldBe(ReplyKind.AlreadySo);
    }

    /// <summary>Gives points; the time at which the customer's next ones expire.</summary>
    private async Task<DateTimeOffset> GiveAsync(string customer, long points, bool enrol = true)
    {
        var (grain, at, origin) = (Trade.Customer(customer), Trade.At(_world.Now), new Origin(new StoreId("s1")));
        if (enrol)
        {
            var enrolled = await _world.Engine.AskAsync(new GrainCommand(grain, "enrol", 1,
                new Enrol { At = at, Origin = origin, HomeStore = new StoreId("s1"), Profile = new Sealed([1]), Identities = [] }));
            enrolled.Kind.ShouldBe(ReplyKind.Accepted, enrolled.Rejection?.Name);
        }

        var given = await _world.Engine.AskAsync(new GrainCommand(grain, $"give-{points}", 1,
            new AdjustPoints { At = at, Origin = origin, Points = new Points(points), Reason = "welcome", UtcOffsetMinutes = 480 }));
        given.Kind.ShouldBe(ReplyKind.Accepted, given.Rejection?.Name);
        return (await NextExpiryAsync(customer))!.Value;
    }

    /// <summary>Stops the server, lets time pass, and starts it again: no customer is in memory then.</summary>
    private async Task DownUntilAsync(DateTimeOffset time)
    {
        await _world.StopEngineAsync();
        _world.Clock.AdvanceTo(time);
        await _world.StartEngineAsync();
    }

    private async Task<DateTimeOffset?> NextExpiryAsync(string customer) =>
        (await _world.Engine.ReadAsync<CustomerState, int, long?>(Trade.Customer(customer), 0, static (state, _) => state.NextExpiry?.UnixMs)).Value is { } ms
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : null;

    private async Task<long> BalanceAsync(string customer) =>
        (await _world.Engine.ReadAsync<CustomerState, int, long>(Trade.Customer(customer), 0, static (state, _) => state.Balance.Count)).Value;

    private sealed class NoProgrammes : IProgrammes
    {
        public Domain.Programmes.Programme Current(ReadOnlySpan<char> chain) => Domain.Programmes.Programme.BuiltIn;
        public Domain.Programmes.Programme? ProgrammeVersion(string chain, int version) => Domain.Programmes.Programme.BuiltIn;
    }
}
