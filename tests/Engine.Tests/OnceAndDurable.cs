using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;
using ChainCrm.TestKit;
using Shouldly;
using Xunit;

namespace ChainCrm.Engine.Tests;

/// <summary>Acknowledged means durable, once means for ever. Every engine passes this suite.</summary>
public abstract class OnceAndDurable : EngineFixture
{
    [Fact]
    public async Task An_accepted_command_is_in_the_journal_when_it_is_answered()
    {
        await Enrolled("c1");

        var reply = await Accepted(Shop.Of(Shop.Customer("c1"), "S1/R1", Shop.Purchase("R1", Shop.Noon, 12_00), fingerprint: 77));

        var stored = (await Stream(Shop.Customer("c1")))[1];
        var decoded = EntryCodec.Decode(stored);
        decoded.ShouldBeEquivalentTo(reply.Entry! with { Events = decoded.Events });
        decoded.Events.ShouldHaveSingleItem().ShouldBeOfType<PurchaseRecorded>().Balance.ShouldBe(new Points(12));
        reply.Entry!.Fingerprint.ShouldBe(77UL);
        (await BalanceOf("c1")).ShouldBe(12);
    }

    [Fact]
    public async Task Nothing_is_answered_before_its_commit()
    {
        await Enrolled("c1");
        var tasks = new List<Task>();
        var answeredTooEarly = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var go = new ManualResetEventSlim();
        Journal.BeforeAppend = _ =>
        {
            begun.TrySetResult();
            go.Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue("the test lets the commit go on");
            lock (tasks)
                answeredTooEarly += tasks.Count(t => t.IsCompleted);
        };

        lock (tasks)
        {
            tasks.Add(Engine.AskAsync(Shop.Sale("c1", "R1", Shop.Noon, 100)).AsTask());
            tasks.Add(Engine.AskAsync(Shop.Of(Shop.Customer("c1"), "too-much", Shop.Redeem(1_000))).AsTask());
            tasks.Add(Engine.ReadAsync<CustomerState, int, long>(Shop.Customer("c1"), 0, static (s, _) => s.Balance.Count).AsTask());
        }
        await Within(begun.Task, "a commit begins");
        go.Set();

        await Within(Task.WhenAll(tasks), "everything is answered after the commit");
        answeredTooEarly.ShouldBe(0);
    }

    [Fact]
    public async Task A_repeated_command_gets_the_same_answer_and_counts_once()
    {
        await Enrolled("c1");
        var first = await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 12_00));
        for (var i = 2; i < 200; i++)
            await Accepted(Shop.Sale("c1", $"R{i}", Shop.Noon, 1_00));

        foreach (var receipt in new[] { "R1", "R2", "R100", "R199" })
        {
            var again = await Ask(Shop.Sale("c1", receipt, Shop.Noon, 12_00));
            again.Kind.ShouldBe(ReplyKind.Repeated);
            again.Entry!.CommandId.ShouldBe($"S1/{receipt}");
        }
        var repeated = await Ask(Shop.Sale("c1", "R1", Shop.Noon, 12_00));

        EventText(repeated).ShouldBe(EventText(first));
        (repeated.Entry! with { Events = first.Entry!.Events }).ShouldBe(first.Entry);
        (await Stream(Shop.Customer("c1"))).Count.ShouldBe(200);
    }

    [Fact]
    public async Task A_key_used_again_for_something_else_is_refused()
    {
        var store = Shop.Store("S9");
        await Accepted(Shop.Of(store, "k1", Shop.Open("S9"), fingerprint: 1));

        (await Ask(Shop.Of(store, "k1", Shop.WalkIn("R1", 5), fingerprint: 2))).Rejection.ShouldBe(EngineRejections.KeyReused);
        (await Ask(Shop.Of(store, "k1", Shop.Open("S9"), fingerprint: 1))).Kind.ShouldBe(ReplyKind.Repeated);
        (await Ask(Shop.Of(store, "k1", Shop.Open("S9"), fingerprint: 0))).Kind.ShouldBe(ReplyKind.Repeated);
    }

    [Fact]
    public async Task The_same_command_twice_at_once_is_recorded_once()
    {
        await Enrolled("c1");
        var asked = Enumerable.Range(0, 20).Select(_ => Engine.AskAsync(Shop.Sale("c1", "R1", Shop.Noon, 10_00)).AsTask()).ToList();

        var replies = await Within(Task.WhenAll(asked), "all twenty are answered");

        replies.Count(r => r.Kind == ReplyKind.Accepted).ShouldBe(1);
        replies.Count(r => r.Kind == ReplyKind.Repeated).ShouldBe(19);
        replies.Select(EventText).Distinct().ShouldHaveSingleItem();
        (await BalanceOf("c1")).ShouldBe(10);
    }

    [Fact]
    public async Task A_refusal_and_an_already_so_leave_no_trace()
    {
        var store = Shop.Store("S9");
        await Accepted(Shop.Of(store, "k1", Shop.Open("S9")));

        (await Ask(Shop.Of(Shop.Customer("c1"), "k2", Shop.Redeem(5)))).Rejection.ShouldBe(CustomerRejections.NotEnrolled);
        (await Ask(Shop.Of(store, "k3", Shop.Open("S9")))).Kind.ShouldBe(ReplyKind.AlreadySo);

        (await Stream(store)).Count.ShouldBe(1);
        (await Stream(Shop.Customer("c1"))).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_hundred_purchases_and_redemptions_of_one_customer_at_once_add_up()
    {
        await Enrolled("c1");
        await Accepted(Shop.Of(Shop.Customer("c1"), "gift", Shop.Adjust(10_000)));
        var asked = new List<Task<CommandReply>>();
        for (var i = 0; i < 100; i++)
        {
            asked.Add(Engine.AskAsync(Shop.Sale("c1", $"R{i}", Shop.Noon, 10_00)).AsTask());
            asked.Add(Engine.AskAsync(Shop.Of(Shop.Customer("c1"), $"T{i % 10}/{i}", Shop.Redeem(10))).AsTask());
        }

        var replies = await Within(Task.WhenAll(asked), "all two hundred are answered");

        replies.ShouldAllBe(r => r.Kind == ReplyKind.Accepted);
        (await BalanceOf("c1")).ShouldBe(10_000);
        (await Stream(Shop.Customer("c1"))).Select(e => e.Version).ShouldBe(Enumerable.Range(1, 202).Select(v => (long)v));
    }

    [Fact]
    public async Task A_return_finds_its_purchase_and_what_came_back_before()
    {
        await Enrolled("c1");
        await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 10_00, 20_00, 30_00));
        for (var i = 0; i < 20; i++)
            await Accepted(Shop.Sale("c1", $"X{i}", Shop.Noon, 1_00));

        var both = await Within(
            Task.WhenAll(
                Engine.AskAsync(Shop.Of(Shop.Customer("c1"), "back1", Shop.Return("R1", Shop.Noon, new ReturnLine(1, new Quantity(1000))))).AsTask(),
                Engine.AskAsync(Shop.Of(Shop.Customer("c1"), "back2", Shop.Return("R1", Shop.Noon, new ReturnLine(1, new Quantity(1000))))).AsTask()),
            "both returns are answered");
        var rest = await Accepted(Shop.Of(Shop.Customer("c1"), "back3", Shop.Return("R1", Shop.Noon)));
        var nothing = await Ask(Shop.Of(Shop.Customer("c1"), "back4", Shop.Return("R9", Shop.Noon)));

        both.Count(r => r.Kind == ReplyKind.Accepted).ShouldBe(1, "the same line came back twice");
        rest.Entry!.Events.OfType<LinesReturned>().Single().Amount.ShouldBe(new Money(50_00));
        nothing.Kind.ShouldBe(ReplyKind.Refused);
        (await BalanceOf("c1")).ShouldBe(20);
    }

    [Fact]
    public async Task A_return_in_the_same_moment_as_its_purchase_is_decided_on_it()
    {
        await Enrolled("c1");
        var sale = Engine.AskAsync(Shop.Sale("c1", "R1", Shop.Noon, 10_00)).AsTask();
        var back = Engine.AskAsync(Shop.Of(Shop.Customer("c1"), "back", Shop.Return("R1", Shop.Noon))).AsTask();

        (await Within(sale, "the sale is answered")).Kind.ShouldBe(ReplyKind.Accepted);
        (await Within(back, "the return is answered")).Kind.ShouldBe(ReplyKind.Accepted);
        (await BalanceOf("c1")).ShouldBe(0);
    }

    [Fact]
    public async Task An_entry_says_when_the_grain_wants_to_be_woken_and_only_when_that_changed()
    {
        await Enrolled("c1");
        var first = await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 10_00));
        var second = await Accepted(Shop.Sale("c1", "R2", Shop.Noon, 10_00));
        var spent = await Accepted(Shop.Of(Shop.Customer("c1"), "k", Shop.Redeem(20)));

        first.Entry!.WakeUp.Changed.ShouldBeTrue();
        first.Entry.WakeUp.AtMs!.Value.ShouldBeGreaterThan(Shop.Noon.UnixMs);
        second.Entry!.WakeUp.Changed.ShouldBeFalse();
        spent.Entry!.WakeUp.ShouldBe(new WakeUp(true, null));
    }

    [Fact]
    public async Task A_woken_customer_loses_the_points_whose_time_is_over()
    {
        await Enrolled("c1");
        var sale = await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 10_00));
        var due = sale.Entry!.WakeUp.AtMs!.Value;

        var tooEarly = await Ask(Shop.Of(Shop.Customer("c1"), "wake1", new Grains.Runtime.WakeGrain(new Timestamp(due - 1))));
        var woken = await Accepted(Shop.Of(Shop.Customer("c1"), "wake2", new Grains.Runtime.WakeGrain(new Timestamp(due))));

        tooEarly.Kind.ShouldBe(ReplyKind.AlreadySo);
        woken.Entry!.Events.ShouldHaveSingleItem().ShouldBeOfType<PointsExpired>().Points.ShouldBe(new Points(10));
        woken.Entry.WakeUp.ShouldBe(new WakeUp(true, null));
    }

    private static string EventText(CommandReply reply)
    {
        using var writer = new EntryWriter();
        var length = writer.Write(0, 0, default, reply.Entry!.Events);
        return System.Text.Encoding.UTF8.GetString(writer.Slice(0, length).Span);
    }
}

public sealed class EmbeddedOnceAndDurable : OnceAndDurable;
