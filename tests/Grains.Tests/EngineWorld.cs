using ChainCrm.Engine;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Grains.Tests;

/// <summary>The real engine over a journal in memory, with the real read side and vault in a folder of the test.</summary>
internal sealed class EngineWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private readonly TimeProvider _time;

    private bool _isRunning;

    private EngineWorld(TimeProvider time) => _time = time;

    public TimeProvider Time => _time;

    public DateTimeOffset Now => _time.GetUtcNow();

    public ManualClock Clock => (ManualClock)_time;

    public MemoryJournal Journal { get; } = new();

    public MemorySnapshotStore Snapshots { get; } = new();

    public PersonalVault Vault { get; private set; } = null!;

    public ReadSideHost ReadSide { get; private set; } = null!;

    public EmbeddedEngine Engine { get; private set; } = null!;

    public string Folder => _folder.Path;

    public static async Task<EngineWorld> StartAsync(TimeProvider? time = null)
    {
        var world = new EngineWorld(time ?? new ManualClock(Trade.Monday));
        world.Vault = PersonalVault.Open(world._folder.File("master.key"), world._folder.File("keys.db"));
        await world.StartEngineAsync();
        return world;
    }

    /// <summary>Stops engine and read side and starts them again over the same journal and files.</summary>
    public async Task RestartAsync()
    {
        await StopEngineAsync();
        await StartEngineAsync();
    }

    public async Task StopEngineAsync()
    {
        if (!_isRunning) return;
        _isRunning = false;
        await ReadSide.DisposeAsync();
        await Engine.DisposeAsync();
    }

    public async Task StartEngineAsync()
    {
        ReadSide = await ReadSideHost.OpenAsync(new SqliteReadSide(Folder), Journal, _time, NullLogger.Instance);
        Engine = new EmbeddedEngine(Journal, Snapshots, ReadSide.Directories, new EngineOptions(), _time, NullLoggerFactory.Instance);
        await Engine.StartAsync();
        await ReadSide.StartAsync(Engine, Vault);
        _isRunning = true;
    }

    /// <summary>The first entry after a position for which something holds; moves the clock meanwhile as far as the agenda's own waits need it.</summary>
    public async Task<CommittedEntry> EntryAsync(Func<CommittedEntry, bool> holds, string whatDidNotHappen, long after = 0)
    {
        using var giveUp = new CancellationTokenSource();
        var found = Task.Run(async () =>
        {
            while (true)
            {
                foreach (var entry in await Engine.Feed.ReadAfterAsync(after, 1_000, giveUp.Token))
                {
                    if (holds(entry)) return entry;
                    after = entry.Position;
                }
            }
        });
        try
        {
            while (!found.IsCompleted)
            {
                await Task.WhenAny(found, FlushTimerAsync()).OrSay(whatDidNotHappen);
                if (!found.IsCompleted) Clock.Advance(TimeSpan.FromMilliseconds(GrainLimits.AgendaFlushMs));
            }

            return await found;
        }
        finally
        {
            await giveUp.CancelAsync();
        }
    }

    /// <summary>Completes when the agenda sleeps until a time, which must be less than <see cref="GrainLimits.AgendaLookEveryMs"/> away.</summary>
    public async Task AgendaSleepsUntilAsync(DateTimeOffset due)
    {
        var sleeping = Clock.TimerAtAsync(due);
        while (!sleeping.IsCompleted)
        {
            await Task.WhenAny(sleeping, FlushTimerAsync()).OrSay($"the agenda slept until {due:O}, it is {Now:O}");
            if (!sleeping.IsCompleted) Clock.Advance(TimeSpan.FromMilliseconds(GrainLimits.AgendaFlushMs));
        }
    }

    public async Task<List<CommittedEntry>> AllEntriesAsync()
    {
        var all = new List<CommittedEntry>();
        while (all.Count < Engine.Feed.Head) all.AddRange(await Engine.Feed.ReadAfterAsync(all.Count, 1_000, CancellationToken.None));
        return all;
    }

    /// <summary>The agenda lets changes gather for a moment before it writes them: it sleeps on this clock, and nobody else sleeps that long.</summary>
    private Task FlushTimerAsync() => Clock.TimerAtAsync(Now.AddMilliseconds(GrainLimits.AgendaFlushMs));

    public async ValueTask DisposeAsync()
    {
        await StopEngineAsync();
        await Vault.DisposeAsync();
        await Snapshots.DisposeAsync();
        await Journal.DisposeAsync();
        _folder.Dispose();
    }
}
