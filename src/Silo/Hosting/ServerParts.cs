using ChainCrm.Engine;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using ChainCrm.Journal.Sqlite;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Demo;
using ChainCrm.Silo.Operation;

namespace ChainCrm.Silo.Hosting;

/// <summary>
/// Everything below the web server, opened in the order of dependence: journal (the folder is locked against a second process before it),
/// vault, snapshots, read side, engine. Closed in the opposite order.
/// </summary>
internal sealed class ServerParts : IAsyncDisposable
{
    private const int ManyCores = 8;
    private readonly Stack<(string Name, Func<ValueTask> Close)> _open = new();
    private readonly ILogger _logger;
    private WatchedJournal? _journal;
    private PersonalVault? _vault;
    private EmbeddedEngine? _engine;
    private ReadSideHost? _readSide;

    private ServerParts(ILogger logger) => _logger = logger;

    public WatchedJournal Journal => _journal ?? throw NotOpen();
    public PersonalVault Vault => _vault ?? throw NotOpen();
    public EmbeddedEngine Engine => _engine ?? throw NotOpen();
    public ReadSideHost ReadSide => _readSide ?? throw NotOpen();

    /// <summary>The mark of a generated chain that the folder held at the start; null when it holds none.</summary>
    public DemoMark? DemoMark { get; private set; }

    /// <summary>Opens everything and starts the engine; when something fails, what was opened is closed again.</summary>
    /// <exception cref="JournalUnusableException">The data can't be used; nothing was touched.</exception>
    /// <exception cref="JournalUnavailableException">The journal's server can't be reached now.</exception>
    /// <exception cref="VaultUnusableException">The keys can't be used, or do not belong to the journal.</exception>
    /// <exception cref="VaultUnavailableException">The keys can't be read or written now.</exception>
    /// <exception cref="WrongConfigurationException">The folder holds another chain than the settings ask for.</exception>
    public static async Task<ServerParts> OpenAsync(ServerSettings settings, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var parts = new ServerParts(loggers.CreateLogger("ChainCrm.Server"));
        try
        {
            await parts.OpenAllAsync(settings, clock, loggers, cancellation);
            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes all that was opened, the last one first; one that fails does not keep the others from closing.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_open.TryPop(out var part)) await Quietly.RunAsync(_logger, part.Name, part.Close);
    }

    private async Task OpenAllAsync(ServerSettings settings, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(settings.Data.Folder);
        RestoreMark.Refuse(folder);
        var hasFile = File.Exists(Path.Combine(folder, "journal.db"));
        if (JournalStore.IsPostgres(settings))
        {
            // Keys and agenda beside it would be those of the chain in the file.
            if (hasFile) throw new WrongConfigurationException($"journal.store is postgres, but {folder} holds the journal of a chain on SQLite. Choose another folder (--data).");
        }
        else
        {
            // A journal on SQLite is made before the keys: a folder with keys alone belongs to a chain whose entries are elsewhere, and an empty one must not begin with them.
            if (!hasFile && new KeyFiles(folder).HoldsAny)
                throw new WrongConfigurationException($"{folder} holds the keys of a chain but no journal.db: its chain is on PostgreSQL (set journal.store=postgres), a move has not ended (run it again), or journal.db was lost (restore it from its copy).");
            DemoMark = DemoMark.Check(folder, settings.Demo, hasFile);
        }
        var folderLock = FolderLock.Take(folder);
        _open.Push(("data folder", () => Closed(folderLock)));
        // What was looked at above may have been half a second before a restore or a move took the folder, or let it go.
        RestoreMark.Refuse(folder);
        if (File.Exists(Path.Combine(folder, "journal.db")) != hasFile) throw new JournalUnusableException($"{folder} was changed while the server started. Start it again.");
        _journal = new WatchedJournal(await JournalStore.OpenJournalAsync(settings, folder, folderLock, cancellation), clock);
        _open.Push(("journal", _journal.DisposeAsync));
        if (JournalStore.IsPostgres(settings)) DemoMark = DemoMark.Check(folder, settings.Demo, _journal.Head > 0);

        _vault = await JournalStore.OpenVaultAsync(settings, folder, _journal, _logger, cancellation);
        _open.Push(("vault", _vault.DisposeAsync));

        var snapshots = await JournalStore.OpenSnapshotsAsync(settings, folder, _journal, cancellation);
        _open.Push(("snapshots", snapshots.DisposeAsync));

        _readSide = await ReadSideHost.OpenAsync(
            await JournalStore.OpenReadSideAsync(settings, folder, cancellation), _journal, clock, loggers.CreateLogger("ChainCrm.ReadSide"), settings.Wall.FollowData, cancellation);
        _open.Push(("read side", _readSide.DisposeAsync));
        _engine = new EmbeddedEngine(_journal, snapshots, _readSide.Directories, new EngineOptions
        {
            Partitions = settings.Engine.Partitions > 0 ? settings.Engine.Partitions : Environment.ProcessorCount < ManyCores ? 1 : 2,
            IdleTime = TimeSpan.FromSeconds(settings.Engine.IdleSeconds),
        }, clock, loggers);
        _open.Push(("engine", _engine.DisposeAsync));
        await _engine.StartAsync(cancellation);
        // Stopped before the engine, because it asks the engine to wake grains; its files are closed after.
        _open.Push(("following the feed", () => new ValueTask(_readSide.StopAsync())));
        await _readSide.StartAsync(_engine, _vault, cancellation);
    }

    private static ValueTask Closed(FolderLock folderLock)
    {
        folderLock.Dispose();
        return ValueTask.CompletedTask;
    }

    private static InvalidOperationException NotOpen() => new("The server's parts are not open.");
}
