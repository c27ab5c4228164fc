using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Journal;
using ChainCrm.Journal.Sqlite;
using ChainCrm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.InProcess;

/// <summary>An engine over a journal in a folder of its own, gone afterwards.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly string _folder;
    private readonly IJournal _journal;
    private readonly ISnapshotStore _snapshots;

    private Bench(string folder, IJournal journal, ISnapshotStore snapshots, EngineOptions options, Programme? programme)
    {
        _folder = folder;
        _journal = journal;
        _snapshots = snapshots;
        Engine = new EmbeddedEngine(journal, snapshots, new OneProgramme(programme), options, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public EmbeddedEngine Engine { get; }

    public static async Task<Bench> StartAsync(string journal, EngineOptions? options = null, Programme? programme = null)
    {
        var folder = Directory.CreateTempSubdirectory("chaincrm-bench").FullName;
        var bench = journal switch
        {
            "memory" => new Bench(folder, new MemoryJournal(), new MemorySnapshotStore(), options ?? new EngineOptions(), programme),
            "sqlite" => await OnDiskAsync(folder, options ?? new EngineOptions(), programme),
            _ => throw new ArgumentException($"There is no journal called {journal}."),
        };
        await bench.Engine.StartAsync();
        return bench;
    }

    private static async Task<Bench> OnDiskAsync(string folder, EngineOptions options, Programme? programme)
    {
        var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Folder = folder });
        return new Bench(folder, journal, await SqliteSnapshotStore.OpenAsync(folder, journal), options, programme);
    }

    /// <summary>Callers that each send their next command when the last is answered.</summary>
    public async Task CallAsync(int callers, int commands, Func<int, GrainCommand> make)
    {
        var next = -1;
        var tasks = new Task[callers];
        for (var i = 0; i < callers; i++)
            tasks[i] = Caller();
        await Task.WhenAll(tasks);

        async Task Caller()
        {
            await Task.Yield();
            for (var number = Interlocked.Increment(ref next); number < commands; number = Interlocked.Increment(ref next))
                Check(await Engine.AskAsync(make(number)));
        }
    }

    public static void Check(CommandReply reply)
    {
        if (reply.Kind != ReplyKind.Accepted)
            throw new InvalidOperationException($"A command was answered {reply.Kind} {reply.Rejection?.Name}.");
    }

    public static GrainId[] Customers(int count)
    {
        var grains = new GrainId[count];
        for (var i = 0; i < count; i++)
            grains[i] = new GrainId(Shop.Chain, GrainKinds.Customer, $"c{i:x16}");
        return grains;
    }

    public static GrainCommand Enrol(GrainId grain, Timestamp now) => new(grain, "enrol", 0, Shop.Enrol(now) with
    {
        // As large as the vault makes a profile with name, phone and birthday.
        Profile = new Sealed(new byte[120]),
    });

    public static GrainCommand Sale(GrainId grain, int number, Timestamp now, BusinessDay day, PurchaseLine[] lines)
    {
        var receipt = $"R{number}";
        return new GrainCommand(grain, "S1/" + receipt, 0, new RecordPurchase
        {
            At = now,
            Origin = Shop.Till,
            Store = Shop.Home,
            Receipt = receipt,
            OccurredAt = now,
            BusinessDay = day,
            Lines = lines,
        });
    }

    public static Timestamp Now() => new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _snapshots.DisposeAsync();
        await _journal.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
