using ChainCrm.Domain.Customers;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.TestKit;
using Shouldly;
using Xunit;

namespace ChainCrm.Engine.Tests;

/// <summary>Limits, who leaves memory, the feed, and the end. Every engine passes this suite.</summary>
public abstract class HouseAndFeed : EngineFixture
{
    private protected override EngineOptions Options => new()
    {
        PartitionMailboxMax = 40,
        GrainMailboxMax = 10,
        FeedRingEntries = 16,
        IdleTime = TimeSpan.FromMinutes(5),
        SnapshotWorthEntries = 2,
        ActivationsMax = 50,
    };

    [Fact]
    public async Task A_full_mailbox_refuses_and_the_rest_is_answered()
    {
        await Enrolled("c1");
        var (held, go) = HoldNextCommit();
        var first = Engine.AskAsync(Shop.Sale("c1", "R0", Shop.Noon, 1_00)).AsTask();
        await Within(held, "the commit begins");

        var rest = Enumerable.Range(1, 60).Select(i => Engine.AskAsync(Shop.Of(Shop.Store($"S{i}"), "k", Shop.Open($"S{i}"))).AsTask()).ToList();
        var refusedAtOnce = rest.Count(t => t.IsCompleted);
        go.Set();

        refusedAtOnce.ShouldBe(21, "one is in the commit, 39 more have room");
        (await Within(first, "the first is answered")).Kind.ShouldBe(ReplyKind.Accepted);
        var replies = await Within(Task.WhenAll(rest), "all are answered");
        replies.Count(r => r.Kind == ReplyKind.Accepted).ShouldBe(39);
        replies.Where(r => r.Kind == ReplyKind.Refused).ShouldAllBe(r => r.Rejection == EngineRejections.Busy);
        await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 1_00));
    }

    [Fact]
    public async Task One_busy_grain_is_refused_before_it_takes_the_room_of_others()
    {
        await Enrolled("c1", "c2");
        var (held, go) = HoldNextCommit();
        var first = Engine.AskAsync(Shop.Sale("c2", "R0", Shop.Noon, 1_00)).AsTask();
        await Within(held, "the commit begins");

        var busy = Enumerable.Range(0, 25).Select(i => Engine.AskAsync(Shop.Sale("c1", $"R{i}", Shop.Noon, 1_00)).AsTask()).ToList();
        var other = Engine.AskAsync(Shop.Sale("c2", "R1", Shop.Noon, 1_00)).AsTask();
        go.Set();

        (await Within(other, "the other grain is answered")).Kind.ShouldBe(ReplyKind.Accepted);
        var replies = await Within(Task.WhenAll(busy), "all are answered");
        replies.Count(r => r.Kind == ReplyKind.Accepted).ShouldBe(10);
        replies.Count(r => r.Rejection == EngineRejections.Busy).ShouldBe(15);
        await Within(first, "the first is answered");
    }

    [Fact]
    public async Task A_grain_that_loads_slowly_delays_nobody_else()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Journal.BeforeStreamRead = (stream, _) => stream.EndsWith("/slow", StringComparison.Ordinal) ? slow.Task : Task.CompletedTask;

        var waiting = Engine.AskAsync(Shop.Of(Shop.Customer("slow"), "enrol", Shop.Enrol())).AsTask();
        await Enrolled("quick");
        waiting.IsCompleted.ShouldBeFalse();
        slow.SetResult();

        (await Within(waiting, "the slow grain is answered")).Kind.ShouldBe(ReplyKind.Accepted);
    }

    [Fact]
    public async Task A_look_up_of_a_repeat_does_not_hold_the_grain_up()
    {
        await Enrolled("c1");
        await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 1_00));
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Journal.BeforeFind = (_, _) => slow.Task;

        var repeat = Engine.AskAsync(Shop.Sale("c1", "R1", Shop.Noon, 1_00)).AsTask();
        await Accepted(Shop.Sale("c1", "R2", Shop.Noon, 1_00));
        repeat.IsCompleted.ShouldBeFalse();
        slow.SetResult();

        (await Within(repeat, "the repeat is answered")).Kind.ShouldBe(ReplyKind.Repeated);
        (await BalanceOf("c1")).ShouldBe(2);
    }

    [Fact]
    public async Task An_idle_grain_leaves_memory_and_comes_back_from_its_snapshot_with_all_it_knew()
    {
        await Enrolled("c1");
        var sale = await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 12_00));
        for (var i = 2; i < 30; i++)
            await Accepted(Shop.Sale("c1", $"R{i}", Shop.Noon, 1_00));

        await LeaveMemory("c1");
        var readFrom = new List<long>();
        Journal.BeforeStreamRead = (_, from) =>
        {
            readFrom.Add(from);
            return Task.CompletedTask;
        };

        (await BalanceOf("c1")).ShouldBe(40);
        readFrom.ShouldHaveSingleItem().ShouldBe(31, "only what came after the snapshot is read");
        var again = await Ask(Shop.Sale("c1", "R1", Shop.Noon, 12_00));
        (again.Kind, again.Entry!.Position).ShouldBe((ReplyKind.Repeated, sale.Entry!.Position));
        (await Accepted(Shop.Of(Shop.Customer("c1"), "back", Shop.Return("R1", Shop.Noon)))).Entry!.Version.ShouldBe(31);
        (await BalanceOf("c1")).ShouldBe(28);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 99, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 })]
    public async Task A_damaged_snapshot_is_passed_over(byte[] data)
    {
        await Enrolled("c1");
        await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 12_00));
        await LeaveMemory("c1");
        await Snapshots.SaveAsync([(Shop.Customer("c1").Stream, new Journal.Snapshot(99, data))]);

        (await BalanceOf("c1")).ShouldBe(12);
        (await Accepted(Shop.Sale("c1", "R2", Shop.Noon, 1_00))).Entry!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task Every_entry_passes_the_feed_once_in_order_however_slow_its_reader()
    {
        await Enrolled("c1");
        for (var i = 0; i < 100; i++)
            await Accepted(Shop.Sale("c1", $"R{i}", Shop.Noon, 1_00));

        var seen = new List<CommittedEntry>();
        while (seen.Count < 101)
            seen.AddRange(await Within(Engine.Feed.ReadAfterAsync(seen.Count, 7, CancellationToken.None).AsTask(), "the feed goes on"));

        seen.Select(e => e.Position).ShouldBe(Enumerable.Range(1, 101).Select(p => (long)p));
        seen.Select(e => e.Version).ShouldBe(seen.Select(e => e.Position));
        seen[^1].Events.ShouldHaveSingleItem().ShouldBeOfType<PurchaseRecorded>().Receipt.ShouldBe("R99");
    }

    [Fact]
    public async Task What_all_readers_have_taken_leaves_memory_and_still_comes_to_whoever_asks()
    {
        await Enrolled("c1");
        var sale = (await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 1_00))).Entry!;
        (await Read()).ShouldBeSameAs(sale, "it comes from memory");

        Engine.Feed.Release(1);
        (await Read()).ShouldBeSameAs(sale, "only what comes before it was released");
        Engine.Feed.Release(2);
        var again = await Read();
        Engine.Feed.Release(99);
        await Accepted(Shop.Sale("c1", "R2", Shop.Noon, 1_00));

        again.ShouldNotBeSameAs(sale, "it comes from the journal");
        again.Version.ShouldBe(sale.Version);
        again.Events.ShouldHaveSingleItem().ShouldBeOfType<PurchaseRecorded>().Receipt.ShouldBe("R1");
        (await Within(Engine.Feed.ReadAfterAsync(2, 10, CancellationToken.None).AsTask(), "the feed goes on")).ShouldHaveSingleItem().Position.ShouldBe(3);

        async Task<CommittedEntry> Read() => (await Within(Engine.Feed.ReadAfterAsync(1, 1, CancellationToken.None).AsTask(), "the feed goes on"))[0];
    }

    [Fact]
    public async Task A_reader_at_the_end_of_the_feed_waits_for_the_next_entry_or_its_cancellation()
    {
        await Enrolled("c1");
        using var patience = new CancellationTokenSource();
        var waiting = Engine.Feed.ReadAfterAsync(1, 10, CancellationToken.None).AsTask();
        var givesUp = Engine.Feed.ReadAfterAsync(2, 10, patience.Token).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 1_00));
        await patience.CancelAsync();

        (await Within(waiting, "the reader is woken")).ShouldHaveSingleItem().Position.ShouldBe(2);
        await Should.ThrowAsync<OperationCanceledException>(() => Within(givesUp, "the reader gives up"));
    }

    [Fact]
    public async Task An_entry_nobody_can_read_passes_the_feed_without_events()
    {
        await Journal.AppendForeignAsync(Shop.Customer("bad").Stream, 0, "x", "{}"u8.ToArray());
        await Enrolled("c1");

        var entries = await Within(Engine.Feed.ReadAfterAsync(0, 10, CancellationToken.None).AsTask(), "the feed goes on");

        entries[0].Events.ShouldBeEmpty();
        entries[0].Grain.ShouldBe(Shop.Customer("bad"));
    }

    [Fact]
    public async Task A_stopped_engine_has_answered_everything_kept_snapshots_and_refuses_the_rest()
    {
        var second = await StartAsync(Options);
        var engine = second.Engine;
        await Within(engine.AskAsync(Shop.Of(Shop.Customer("c9"), "enrol", Shop.Enrol())).AsTask(), "the customer is enrolled");
        var asked = Enumerable.Range(0, 8).Select(i => engine.AskAsync(Shop.Sale("c9", $"R{i}", Shop.Noon, 1_00)).AsTask()).ToList();

        await Within(second.StopAsync(), "the engine stops");

        asked.ShouldAllBe(t => t.IsCompletedSuccessfully && t.Result.Kind == ReplyKind.Accepted);
        (await Within(engine.AskAsync(Shop.Sale("c9", "late", Shop.Noon, 1_00)).AsTask(), "the late one is refused")).Rejection.ShouldBe(EngineRejections.Stopping);
        (await Snapshots.LoadAsync(Shop.Customer("c9").Stream))!.Version.ShouldBe(9);
        await Within(second.StopAsync(), "stopping again ends too");
    }

    private async Task LeaveMemory(string customer)
    {
        // A grain that is asked while time passes stays; the sweep takes the others, a step for every tick of the clock.
        for (var minute = 0; minute < 6; minute++)
            Time.Advance(TimeSpan.FromMinutes(1));
        await Within(Snapshots.Kept(Shop.Customer(customer).Stream), "the grain leaves memory with a snapshot");
    }

    private (Task Held, ManualResetEventSlim Go) HoldNextCommit()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new ManualResetEventSlim();
        Journal.BeforeAppend = _ =>
        {
            Journal.BeforeAppend = null;
            held.SetResult();
            go.Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue("the test lets the commit go on");
        };
        return (held.Task, go);
    }
}

public sealed class EmbeddedHouseAndFeed : HouseAndFeed;
