using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;
using ChainCrm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Engine.Tests;

/// <summary>What the embedded engine does while a batch is on its way to the disk: it decides the next one, on top of what may still fail.</summary>
public sealed class DuringCommitTests : EngineFixture
{
    private const int Sales = 3 * EngineLimits.DecideDuringCommitMin;
    private readonly CountingProgrammes _programmes = new();
    private readonly ManualResetEventSlim _go = new();
    private long _versionsAfter;

    private protected override EngineOptions Options => new() { SnapshotEveryEntries = 20 };

    internal override async Task<IEngineUnderTest> StartAsync(EngineOptions options)
    {
        var engine = new EmbeddedEngine(Journal, Snapshots, _programmes, options, Time, NullLoggerFactory.Instance);
        await engine.StartAsync();
        return Kept(new Embedded(engine));
    }

    [Fact]
    public async Task The_next_batch_is_decided_meanwhile_and_committed_as_one()
    {
        await Enrolled("c1");
        var (first, others) = await WhileItIsCommitted(then: null);
        var batches = 0;
        Journal.BeforeAppend = _ => batches++;
        _go.Set();

        (await Within(first, "the first sale is answered")).Kind.ShouldBe(ReplyKind.Accepted);
        (await Within(others, "the others are answered")).ShouldAllBe(reply => reply.Kind == ReplyKind.Accepted);
        batches.ShouldBeLessThanOrEqualTo(2, "those that were decided, and those that came too late for that");
        (await BalanceOf("c1")).ShouldBe(10 * (1 + Sales));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_stood_on_a_commit_that_failed_is_decided_again_on_what_is_true(bool tookEffect)
    {
        await Enrolled("c1");
        var (first, others) = await WhileItIsCommitted(then: () =>
        {
            if (!tookEffect)
                throw new JournalUnavailableException("the test says so");
            Journal.AfterAppend = () =>
            {
                Journal.AfterAppend = null;
                throw new JournalUnavailableException("the test says so");
            };
        });
        ExpectsAfter();
        _go.Set();

        (await Within(first, "the first sale is answered")).Rejection.ShouldBe(EngineRejections.CommitFailed);
        (await Within(others, "the others are answered")).ShouldAllBe(reply => reply.Kind == ReplyKind.Accepted);
        _versionsAfter.ShouldBe(tookEffect ? 2 : 1, "what was decided on top of the failure is not sent as it was");
        var recorded = Sales + (tookEffect ? 1 : 0);
        (await BalanceOf("c1")).ShouldBe(10 * recorded);
        (await Stream(Shop.Customer("c1"))).Count.ShouldBe(1 + recorded);
        (await Ask(Shop.Sale("c1", "first", Shop.Noon, 10_00))).Kind.ShouldBe(tookEffect ? ReplyKind.Repeated : ReplyKind.Accepted);
    }

    [Fact]
    public async Task What_stood_on_a_lost_race_is_decided_again_on_what_the_winner_wrote()
    {
        await Enrolled("c1", "donor");
        var gift = await Accepted(Shop.Of(Shop.Customer("donor"), "gift", Shop.Adjust(100)));
        var data = (await Stream(gift.Entry!.Grain))[1].Data;
        var (first, others) = await WhileItIsCommitted(then: () =>
            Journal.AppendForeignAsync(Shop.Customer("c1").Stream, 1, "foreign", data).AsTask().GetAwaiter().GetResult());
        _go.Set();

        (await Within(first, "the loser is decided again")).Kind.ShouldBe(ReplyKind.Accepted);
        (await Within(others, "the others are answered")).ShouldAllBe(reply => reply.Kind == ReplyKind.Accepted);
        (await BalanceOf("c1")).ShouldBe(100 + (10 * (1 + Sales)));
        var balance = 100L;
        foreach (var entry in (await Stream(Shop.Customer("c1"))).Skip(2))
            EntryCodec.Decode(entry).Events.ShouldHaveSingleItem().ShouldBeOfType<PurchaseRecorded>().Balance.Count.ShouldBe(balance += 10, "every sale stands on the gift and all sales before it");
    }

    [Fact]
    public async Task A_repeat_of_what_is_being_committed_is_answered_after_it_with_its_entry()
    {
        await Enrolled("c1");
        var (first, others) = await WhileItIsCommitted(then: null);
        var repeat = Ask(Shop.Sale("c1", "first", Shop.Noon, 10_00));
        var repeatOfNext = Ask(Shop.Sale("c1", "R0", Shop.Noon, 10_00));
        _go.Set();

        var original = await Within(first, "the first sale is answered");
        (await repeat).ShouldSatisfyAllConditions(r => r.Kind.ShouldBe(ReplyKind.Repeated), r => r.Entry!.Position.ShouldBe(original.Entry!.Position));
        await Within(others, "the others are answered");
        (await repeatOfNext).Kind.ShouldBe(ReplyKind.Repeated);
        (await BalanceOf("c1")).ShouldBe(10 * (1 + Sales));
    }

    [Fact]
    public async Task A_grain_that_is_never_at_rest_has_snapshots_too()
    {
        await Enrolled("c1");
        var (first, others) = await WhileItIsCommitted(then: null);
        _go.Set();

        await Within(Task.WhenAll(first, others), "all are answered");
        await Within(Snapshots.Kept(Shop.Customer("c1").Stream), "a snapshot is kept");
        (await Snapshots.LoadAsync(Shop.Customer("c1").Stream))!.Version.ShouldBeLessThan(2 + Sales, "it was taken while more was decided on top of it");
    }

    /// <summary>Remembers which version the first append after the one that fails expects of the customer's stream.</summary>
    private void ExpectsAfter()
    {
        Journal.BeforeAppend = batch =>
        {
            Journal.BeforeAppend = null;
            _versionsAfter = batch.First(entry => entry.Stream == Shop.Customer("c1").Stream).ExpectedVersion;
        };
    }

    /// <summary>Holds the commit of a first sale until the test says go, and comes back when further sales of the customer were decided on top of it.</summary>
    private async Task<(Task<CommandReply> First, Task<CommandReply[]> Others)> WhileItIsCommitted(Action? then)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Journal.BeforeAppend = _ =>
        {
            Journal.BeforeAppend = null;
            begun.SetResult();
            _go.Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue("the test lets the commit go on");
            then?.Invoke();
        };
        var first = Engine.AskAsync(Shop.Sale("c1", "first", Shop.Noon, 10_00)).AsTask();
        await Within(begun.Task, "the commit begins");
        var enough = _programmes.Reached(_programmes.Count + EngineLimits.DecideDuringCommitMin);
        var others = Enumerable.Range(0, Sales).Select(i => Engine.AskAsync(Shop.Sale("c1", $"R{i}", Shop.Noon, 10_00)).AsTask()).ToList();
        await Within(enough, "the next sales are decided during the commit");
        first.IsCompleted.ShouldBeFalse();
        others.ShouldAllBe(other => !other.IsCompleted, "nothing is answered that is not durable");
        return (first, Task.WhenAll(others));
    }

    /// <summary>Counts decisions: each asks once for the programme.</summary>
    private sealed class CountingProgrammes : IProgrammes
    {
        private readonly Lock _gate = new();
        private (int Count, TaskCompletionSource Signal)? _awaited;

        public int Count { get; private set; }

        public Programme Current(ReadOnlySpan<char> chain)
        {
            lock (_gate)
            {
                Count++;
                if (_awaited is { } awaited && Count >= awaited.Count)
                    awaited.Signal.TrySetResult();
            }
            return Programme.BuiltIn;
        }

        public Programme? ProgrammeVersion(string chain, int version) => Programme.BuiltIn;

        public Task Reached(int count)
        {
            lock (_gate)
            {
                var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _awaited = (count, signal);
                return signal.Task;
            }
        }
    }
}
