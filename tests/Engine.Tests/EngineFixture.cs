using System.Runtime.CompilerServices;
using ChainCrm.Domain.Customers;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Journal;
using ChainCrm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Engine.Tests;

/// <summary>An engine under test. The suites speak to <see cref="IEngine"/>; who makes it is up to the subclass of the suite.</summary>
internal interface IEngineUnderTest : IAsyncDisposable
{
    IEngine Engine { get; }
    Task StopAsync();
}

/// <summary>What every suite needs: a journal with handles, a clock, engines over them, and waits that say what did not happen.</summary>
public abstract class EngineFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly List<IEngineUnderTest> _engines = [];

    internal TestJournal Journal { get; private set; } = null!;
    internal TestSnapshots Snapshots { get; private set; } = null!;
    internal ManualTime Time { get; } = new();
    internal IEngine Engine { get; private set; } = null!;

    private protected virtual EngineOptions Options => new();

    /// <summary>What the engine stands on; in memory unless a subclass of the suite says otherwise.</summary>
    private protected virtual Task<(IJournal Journal, ISnapshotStore Snapshots)> OpenStoreAsync() =>
        Task.FromResult<(IJournal, ISnapshotStore)>((new MemoryJournal(), new MemorySnapshotStore()));

    public virtual async Task InitializeAsync()
    {
        var (journal, snapshots) = await OpenStoreAsync();
        (Journal, Snapshots) = (new(journal), new(snapshots));
        Engine = (await StartAsync(Options)).Engine;
    }

    public async Task DisposeAsync()
    {
        foreach (var engine in _engines)
            await Within(engine.DisposeAsync().AsTask(), "the engine stops");
        await Snapshots.DisposeAsync();
        await Journal.DisposeAsync();
    }

    internal virtual async Task<IEngineUnderTest> StartAsync(EngineOptions options)
    {
        var engine = new EmbeddedEngine(Journal, Snapshots, new OneProgramme(), options, Time, NullLoggerFactory.Instance);
        await engine.StartAsync();
        return Kept(new Embedded(engine));
    }

    /// <summary>Is stopped with the test.</summary>
    internal IEngineUnderTest Kept(IEngineUnderTest engine)
    {
        _engines.Add(engine);
        return engine;
    }

    internal static async Task<T> Within<T>(Task<T> task, string whatShouldHappen, [CallerArgumentExpression(nameof(task))] string? expression = null)
    {
        await Within((Task)task, whatShouldHappen, expression);
        return await task;
    }

    internal static async Task Within(Task task, string whatShouldHappen, [CallerArgumentExpression(nameof(task))] string? expression = null)
    {
        using var over = new CancellationTokenSource();
        if (await Task.WhenAny(task, Task.Delay(Patience, over.Token)) != task)
            throw new TimeoutException($"It did not happen within {Patience.TotalSeconds} s that {whatShouldHappen} ({expression}).");
        await over.CancelAsync();
        await task;
    }

    internal Task<CommandReply> Ask(GrainCommand command) => Within(Engine.AskAsync(command).AsTask(), $"{command.CommandId} is answered");

    internal async Task<CommandReply> Accepted(GrainCommand command)
    {
        var reply = await Ask(command);
        reply.Kind.ShouldBe(ReplyKind.Accepted, reply.Rejection?.English);
        return reply;
    }

    internal async Task Enrolled(params string[] customers)
    {
        foreach (var customer in customers)
            await Accepted(Shop.Of(Shop.Customer(customer), "enrol", Shop.Enrol()));
    }

    internal async Task<long> BalanceOf(string customer)
    {
        var read = await Within(
            Engine.ReadAsync<CustomerState, int, long>(Shop.Customer(customer), 0, static (state, _) => state.Balance.Count).AsTask(), "the balance is read");
        read.Rejection.ShouldBeNull();
        return read.Value;
    }

    internal async Task<IReadOnlyList<JournalEntry>> Stream(GrainId grain) => await Journal.ReadStreamAsync(grain.Stream, 1, 10_000);

    private protected sealed class Embedded(EmbeddedEngine engine) : IEngineUnderTest
    {
        public IEngine Engine => engine;
        public Task StopAsync() => engine.StopAsync();
        public ValueTask DisposeAsync() => engine.DisposeAsync();
    }
}
