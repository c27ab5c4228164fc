using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ChainCrm.Grains.Agenda;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Processes;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.Wall;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.ReadSide;

/// <summary>
/// Everything that follows the feed, put together: directories, identity look-up, read models, the wall, the agenda and the processes. Open it, make
/// the engine with its <see cref="Directories"/>, start the engine, then start this; stop it before the engine.
/// </summary>
public sealed class ReadSideHost : IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly IJournal _journal;
    private readonly ChainDirectories _directories;
    private readonly IdentityLookup _identities = new();
    private readonly ReadSideStore _store;
    private readonly ReadModelFollower _readModels;
    private readonly WallProjection _wall;
    private readonly GrainAgenda _agenda;
    private readonly CustomerLocks _locks = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadSideLoops _threads;
    private ImmutableArray<FeedFollower> _followers = [];
    private readonly List<Task> _loops = [];
    private IEnrolment? _enrolment;
    private Deliveries? _deliveries;

    private ReadSideHost(
        IJournal journal, ReadSideStore store, ReadModelFollower readModels, GrainAgenda agenda, DirectoryRows rows, bool followData, TimeProvider clock, ILogger logger, IReadSideLoops threads)
    {
        (_journal, _store, _readModels, _agenda, _clock, _logger, _threads) = (journal, store, readModels, agenda, clock, logger, threads);
        _directories = new ChainDirectories(rows, logger);
        _wall = new WallProjection(followData, clock);
    }

    /// <summary>The programme, stores and keys; also what the engine takes its rules from.</summary>
    public IDirectories Directories => _directories;

    public IIdentityLookup Identities => _identities;

    public IReadModels ReadModels => _readModels;

    public IWallFigures Wall => _wall;

    /// <summary>The processes of enrolment; after <see cref="StartAsync"/>.</summary>
    public IEnrolment Enrolment => _enrolment ?? throw new InvalidOperationException("The read side has not been started.");

    /// <summary>What customers send to each other; after <see cref="StartAsync"/>.</summary>
    public IDeliveries Deliveries => _deliveries ?? throw new InvalidOperationException("The read side has not been started.");

    /// <summary>How far each part is and whether it fails.</summary>
    public IReadOnlyList<FollowerHealth> Health => [.. _followers.Select(follower => follower.Health), _readModels.Health, _agenda.Health with { Name = "agenda-firing" }];

    /// <summary>Opens (or makes) what the read side is kept in.</summary>
    /// <param name="store">Where that is; disposed of with this, or when the opening fails.</param>
    /// <param name="journal">The open journal.</param>
    /// <param name="clock">The server's clock.</param>
    /// <param name="logger">Event ids 3000 to 3099.</param>
    /// <param name="followData">The wall's "today" is the newest business day with a sale, for replays of history; else the day of the clock.</param>
    /// <param name="cancellation">Ends the opening.</param>
    public static Task<ReadSideHost> OpenAsync(
        ReadSideStore store, IJournal journal, TimeProvider clock, ILogger logger, bool followData = false, CancellationToken cancellation = default) =>
        OpenAsync(store, journal, clock, logger, followData, new PoolLoops(), cancellation);

    /// <summary>The same on threads of the caller's choice.</summary>
    internal static async Task<ReadSideHost> OpenAsync(
        ReadSideStore store, IJournal journal, TimeProvider clock, ILogger logger, bool followData, IReadSideLoops threads, CancellationToken cancellation)
    {
        ReadModelFollower? readModels = null;
        GrainAgenda? agenda = null;
        try
        {
            readModels = await ReadModelFollower.StartAsync(await store.OpenReadModelsAsync(journal, logger, cancellation), clock, logger, cancellation);
            agenda = await GrainAgenda.StartAsync(await store.OpenAgendaAsync(journal, logger, cancellation), clock, logger, cancellation);
            return new ReadSideHost(journal, store, readModels, agenda, await readModels.DirectoryRowsAsync(cancellation), followData, clock, logger, threads);
        }
        catch
        {
            if (agenda is not null) await agenda.DisposeAsync();
            if (readModels is not null) await readModels.DisposeAsync();
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts to follow. Completes when the directories show everything the journal holds now, so that the first sale already finds the running
    /// programme, every store and every revoked key; read models and wall catch up behind it.
    /// </summary>
    public async Task StartAsync(IEngine engine, IPersonalVault vault, CancellationToken cancellation = default)
    {
        var started = _clock.GetTimestamp();
        var head = engine.Feed.Head;
        _identities.Start(engine);
        var steps = new IdentitySteps(engine, _identities, _clock);
        _enrolment = new Enrolment(engine, _journal, vault, steps, _locks);
        _deliveries = new Deliveries(engine, _directories, _clock, _locks);
        IWakeUpHandler[] handlers = [new IdentityWatch(engine, steps, _identities, _locks), new CustomerWatch(engine, _deliveries)];

        Follow(_directories, engine.Feed);
        Follow(_identities, engine.Feed);
        var wallStart = _threads.Run(PrimeWallAsync, _stop.Token);
        _loops.Add(_threads.Start("read-models", stop => _readModels.RunAsync(engine.Feed, () => Release(engine.Feed), stop), _stop.Token));
        Follow(_agenda, engine.Feed);
        _loops.Add(_threads.Start("agenda-firing", stop => _agenda.RunAsync(engine, handlers, head, stop), _stop.Token));

        await wallStart.WaitAsync(cancellation);
        Follow(_wall, engine.Feed);
        await _directories.WaitForAsync(head, cancellation);
        ReadSideLog.CaughtUp(_logger, _readModels.Position, head, (long)_clock.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>Stops following; what is folded is written. The engine must still be there.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _loops.Clear();
        var ended = new OperationCanceledException("The read side has stopped.");
        _directories.End(ended);
        _readModels.End(ended);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _readModels.DisposeAsync();
        await _agenda.DisposeAsync();
        await _store.DisposeAsync();
        _locks.Dispose();
        _stop.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "A wall that could not be primed is as right as another.")] // The reason is the justification.
    private async Task PrimeWallAsync(CancellationToken stop)
    {
        try
        {
            await _readModels.ReadAsync(async moment =>
            {
                await _wall.PrimeAsync(moment);
                return true;
            }, stop);
        }
        catch (Exception failure)
        {
            // The wall then starts from nothing and reads the whole journal: slower, and right.
            ReadSideLog.ProjectionFailed(_logger, failure, _wall.Name, 0, 1);
        }
    }

    /// <summary>What all have taken in need not stay in the feed's memory.</summary>
    private void Release(IFeed feed)
    {
        var taken = _readModels.Folded;
        foreach (var follower in _followers) taken = Math.Min(taken, follower.Position);
        feed.Release(taken);
    }

    private void Follow(IProjection projection, IFeed feed)
    {
        var follower = new FeedFollower(projection, feed, _clock, _logger, () => Release(feed));
        // A new array each time: health is asked for while the start is under way.
        _followers = _followers.Add(follower);
        _loops.Add(_threads.Start(projection.Name, follower.RunAsync, _stop.Token));
    }
}
