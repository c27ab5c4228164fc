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
        await ReadSide.DisposeAsync();
        await Engine.DisposeAsync();
    }

    public async Task StartEngineAsync()
    {
        ReadSide = await ReadSideHost.OpenAsync(Folder, Journal, _time, NullLogger.Instance);
        Engine = new EmbeddedEngine(Journal, Snapshots, ReadSide.Directories, new EngineOptions(), _time, NullLoggerFactory.Instance);
        await Engine.StartAsync();
        await ReadSide.StartAsync(Engine, Vault);
    }

    public async ValueTask DisposeAsync()
    {
        await StopEngineAsync();
        await Vault.DisposeAsync();
        await Snapshots.DisposeAsync();
        await Journal.DisposeAsync();
        _folder.Dispose();
    }
}
