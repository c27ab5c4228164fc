using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;
using ChainCrm.TestKit;
using Shouldly;
using Xunit;

namespace ChainCrm.Engine.Tests;

/// <summary>Failing commits, lost races, damaged streams, broken rules. Every engine passes this suite.</summary>
public abstract class Trouble : EngineFixture
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_failed_commit_the_same_key_counts_once(bool tookEffect)
    {
        await Enrolled("c1");
        FailOnce(tookEffect);

        var failed = await Ask(Shop.Sale("c1", "R1", Shop.Noon, 10_00));
        var again = await Ask(Shop.Sale("c1", "R1", Shop.Noon, 10_00));

        failed.Rejection.ShouldBe(EngineRejections.CommitFailed);
        again.Kind.ShouldBe(tookEffect ? ReplyKind.Repeated : ReplyKind.Accepted);
        (await BalanceOf("c1")).ShouldBe(10);
        (await Stream(Shop.Customer("c1"))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_goes_on_reading_and_recovers_by_itself()
    {
        await Enrolled("c1");
        Journal.BeforeAppend = _ => throw new JournalUnavailableException("full") { DiskFull = true };

        (await Ask(Shop.Sale("c1", "R1", Shop.Noon, 10_00))).Rejection.ShouldBe(EngineRejections.DiskFull);
        (await BalanceOf("c1")).ShouldBe(0);

        Journal.BeforeAppend = null;
        await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 10_00));
        (await BalanceOf("c1")).ShouldBe(10);
    }

    [Fact]
    public async Task An_answer_that_rests_on_a_failed_commit_is_not_given()
    {
        await Enrolled("c1");
        FailOnce(tookEffect: false);

        // All three stand in one batch: the second and third are right only if the first is recorded.
        var (sale, redeem, read) = await InOneBatch(
            () => Engine.AskAsync(Shop.Sale("c1", "R1", Shop.Noon, 10_00)).AsTask(),
            () => Engine.AskAsync(Shop.Of(Shop.Customer("c1"), "k", Shop.Redeem(11))).AsTask(),
            () => Engine.ReadAsync<CustomerState, int, long>(Shop.Customer("c1"), 0, static (s, _) => s.Balance.Count).AsTask());

        sale.Rejection.ShouldBe(EngineRejections.CommitFailed);
        redeem.Rejection.ShouldBe(EngineRejections.CommitFailed);
        read.Value.ShouldBe(0, "the read is made again on what is durable");
    }

    [Fact]
    public async Task A_lost_race_is_decided_again_on_what_the_winner_wrote()
    {
        await Enrolled("c1", "c2");
        await Journal.AppendForeignAsync(Shop.Customer("c1").Stream, 1, "foreign", await GiftEntry("c1"));

        var (lost, other) = (Engine.AskAsync(Shop.Sale("c1", "R1", Shop.Noon, 10_00)).AsTask(), Engine.AskAsync(Shop.Sale("c2", "R2", Shop.Noon, 10_00)).AsTask());

        (await Within(lost, "the loser is decided again")).Kind.ShouldBe(ReplyKind.Accepted);
        (await Within(other, "the other grain goes on")).Kind.ShouldBe(ReplyKind.Accepted);
        (await BalanceOf("c1")).ShouldBe(110);
        (await BalanceOf("c2")).ShouldBe(10);
    }

    [Fact]
    public async Task A_race_lost_again_and_again_ends_with_a_refusal_that_may_pass_later()
    {
        await Enrolled("c1");
        var data = await GiftEntry("c1");
        var version = 1L;
        Journal.BeforeAppend = batch =>
        {
            if (batch.Any(e => e.Stream == Shop.Customer("c1").Stream))
                Journal.AppendForeignAsync(Shop.Customer("c1").Stream, version++, $"foreign{version}", data).AsTask().GetAwaiter().GetResult();
        };

        var reply = await Ask(Shop.Sale("c1", "R1", Shop.Noon, 10_00));

        reply.Rejection.ShouldBe(EngineRejections.CommitFailed);
        version.ShouldBe(1 + 1 + GrainLimits.ConflictRetriesMax);
    }

    [Theory]
    [InlineData("""{"f":1,"p":0,"e":[{"t":"customer.from-the-future.1","d":{}}]}""")]
    [InlineData("""{"f":1,"p":0,"e":[{"t":"store.closed.1","d":{"at":1,"origin":{}}}]}""")]
    [InlineData("not even json")]
    public async Task A_stream_that_cannot_be_folded_is_set_aside_and_harms_nobody_else(string data)
    {
        await Journal.AppendForeignAsync(Shop.Customer("bad").Stream, 0, "x", System.Text.Encoding.UTF8.GetBytes(data));

        (await Ask(Shop.Sale("bad", "R1", Shop.Noon, 10_00))).Rejection.ShouldBe(EngineRejections.Quarantined);
        (await Ask(Shop.Sale("bad", "R2", Shop.Noon, 10_00))).Rejection.ShouldBe(EngineRejections.Quarantined);
        var read = await Engine.ReadAsync<CustomerState, int, long>(Shop.Customer("bad"), 0, static (s, _) => s.Balance.Count);
        read.Rejection.ShouldBe(EngineRejections.Quarantined);
        await Enrolled("good");
        (await Stream(Shop.Customer("bad"))).Count.ShouldBe(1, "nothing is written to a stream that is set aside");
    }

    [Fact]
    public async Task A_journal_that_cannot_read_now_refuses_and_recovers()
    {
        Journal.BeforeStreamRead = (_, _) => throw new JournalUnavailableException("no");
        (await Ask(Shop.Of(Shop.Store("S9"), "k", Shop.Open("S9")))).Rejection.ShouldBe(EngineRejections.Unreadable);

        Journal.BeforeStreamRead = null;
        await Accepted(Shop.Of(Shop.Store("S9"), "k", Shop.Open("S9")));
    }

    [Fact]
    public async Task A_command_that_breaks_the_rules_program_fails_alone()
    {
        await Enrolled("c1");
        await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 10_00));

        (await Ask(Shop.Of(Shop.Customer("c1"), "k", "no command of any grain"))).Rejection.ShouldBe(EngineRejections.Failed);
        var read = await Engine.ReadAsync<StoreState, int, long>(Shop.Customer("c1"), 0, static (s, _) => s.WalkInCount);

        read.Rejection.ShouldBe(EngineRejections.Failed);
        (await BalanceOf("c1")).ShouldBe(10);
    }

    private async Task<byte[]> GiftEntry(string customer)
    {
        await Enrolled("donor");
        var gift = await Accepted(Shop.Of(Shop.Customer("donor"), "gift-for-" + customer, Shop.Adjust(100)));
        return (await Stream(gift.Entry!.Grain)).Single(e => e.Version == gift.Entry.Version).Data.ToArray();
    }

    private void FailOnce(bool tookEffect)
    {
        void Fail()
        {
            Journal.BeforeAppend = null;
            Journal.AfterAppend = null;
            throw new JournalUnavailableException("the test says so");
        }
        if (tookEffect)
            Journal.AfterAppend = Fail;
        else
            Journal.BeforeAppend = _ => Fail();
    }

    /// <summary>Holds the loop in a commit of somebody else while three operations are sent, so that they come into one batch.</summary>
    private async Task<(T1, T2, T3)> InOneBatch<T1, T2, T3>(Func<Task<T1>> first, Func<Task<T2>> second, Func<Task<T3>> third)
    {
        var failing = Journal.BeforeAppend;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var go = new ManualResetEventSlim();
        Journal.BeforeAppend = _ =>
        {
            Journal.BeforeAppend = failing;
            held.SetResult();
            go.Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue("the test lets the commit go on");
        };
        var other = Engine.AskAsync(Shop.Of(Shop.Store("S9"), "k", Shop.Open("S9"))).AsTask();
        await Within(held.Task, "the other commit begins");
        var (one, two, three) = (first(), second(), third());
        go.Set();
        await Within(other, "the other commit ends");
        return (await Within(one, "the first is answered"), await Within(two, "the second is answered"), await Within(three, "the third is answered"));
    }
}

public sealed class EmbeddedTrouble : Trouble;
