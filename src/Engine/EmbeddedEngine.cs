using System.Diagnostics;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Runtime;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Engine;

/// <summary>
/// The engine inside one process: partitions by grain id, each with one loop that decides, commits and answers. Owns neither journal nor
/// snapshot store; both outlive it. Thread-safe.
/// </summary>
public sealed class EmbeddedEngine : IEngine, IAsyncDisposable
{
    private readonly IJournal _journal;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FeedRing _feed;
    private readonly EngineMetrics _metrics;
    private readonly SnapshotWriter _snapshotWriter;
    private readonly PartitionCore[] _cores;
    private readonly PartitionThread[] _threads;
    private readonly ITimer?[] _sweeps;
    private int _started;
    private Task? _stopped;
    private readonly Lock _stopping = new();

    public EmbeddedEngine(
        IJournal journal, ISnapshotStore snapshots, IProgrammes programmes, EngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _journal = journal;
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<EmbeddedEngine>();
        _feed = new FeedRing(journal, options.FeedRingEntries, _logger);
        _snapshotWriter = new SnapshotWriter(snapshots, _logger);
        _cores = new PartitionCore[options.Partitions];
        _threads = new PartitionThread[options.Partitions];
        _sweeps = new ITimer?[options.Partitions];
        _metrics = new EngineMetrics(() => _cores.Sum(c => c.Inside), () => _cores.Sum(c => c.Activations), _feed.TakeLag);
        var loader = new GrainLoader(journal, snapshots, GrainCatalog.Product);
        for (var i = 0; i < options.Partitions; i++)
        {
            _threads[i] = new PartitionThread(i, _snapshotWriter, _logger);
            _cores[i] = new PartitionCore(i, journal, loader, programmes, options, time, _threads[i], _feed, _metrics, _logger);
        }
    }

    /// <inheritdoc/>
    public IFeed Feed => _feed;

    /// <summary>Commands and reads inside: the length of all mailboxes.</summary>
    public int Inside => _cores.Sum(c => c.Inside);

    /// <summary>Grains in memory.</summary>
    public int Activations => _cores.Sum(c => c.Activations);

    /// <summary>Starts the loops. Grains are activated on demand, so this takes no time whatever the journal holds.</summary>
    public Task StartAsync(CancellationToken cancellation = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("The engine was started before.");
        _snapshotWriter.Start();
        for (var i = 0; i < _cores.Length; i++)
        {
            _threads[i].Start(_cores[i]);
            _sweeps[i] = _time.CreateTimer(static core => ((PartitionCore)core!).RequestSweep(), _cores[i], _options.SweepEvery, _options.SweepEvery);
        }
        EngineLog.Started(_logger, _cores.Length, _journal.Head);
        return Task.CompletedTask;
    }

    /// <summary>Refuses what is new, answers everything inside, writes snapshots, ends the loops. Calling it again waits for the same end.</summary>
    public Task StopAsync(CancellationToken cancellation = default)
    {
        lock (_stopping)
            _stopped ??= StopOnceAsync();
        return _stopped.WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<CommandReply> AskAsync(GrainCommand command)
    {
        ArgumentNullException.ThrowIfNull(command.Command);
        ArgumentOutOfRangeException.ThrowIfNotEqual(command.CommandId.Length is > 0 and <= JournalLimits.CommandIdLengthMax, true, nameof(command));
        ArgumentOutOfRangeException.ThrowIfNotEqual(command.Grain.Stream.Length is > 0 and <= JournalLimits.StreamLengthMax, true, nameof(command));
        if (!EngineMetrics.Activities.HasListeners())
            return Ask(command);
        return AskTracedAsync(command);
    }

    /// <inheritdoc/>
    public ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(read);
        var hash = StableHash.Of(grain.Stream);
        var core = CoreOf(hash);
        if (core.TryEnter() is { } refusal)
            return new ValueTask<ReadReply<TResult>>(new ReadReply<TResult>(default, refusal));
        var operation = ReadOperation<TState, TArgument, TResult>.Rent(grain, hash, argument, read);
        var task = operation.Task;
        core.Send(operation);
        return task;
    }

    /// <summary>Stops when nobody did.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _metrics.Dispose();
        foreach (var thread in _threads)
            thread.Dispose();
    }

    private ValueTask<CommandReply> Ask(in GrainCommand command)
    {
        var hash = StableHash.Of(command.Grain.Stream);
        var core = CoreOf(hash);
        if (core.TryEnter() is { } refusal)
            return new ValueTask<CommandReply>(new CommandReply(ReplyKind.Refused, null, refusal));
        var operation = AskOperation.Rent(command, hash);
        // Taken before sending: the operation may be answered and used again before this method returns.
        var task = operation.Task;
        core.Send(operation);
        return task;
    }

    private async ValueTask<CommandReply> AskTracedAsync(GrainCommand command)
    {
        using var activity = EngineMetrics.Activities.StartActivity("grain.ask", ActivityKind.Internal);
        activity?.SetTag("grain.kind", command.Grain.Kind.ToString());
        activity?.SetTag("grain.command", command.Command.GetType().Name);
        var reply = await Ask(command).ConfigureAwait(false);
        activity?.SetTag("grain.reply", reply.Kind.ToString());
        if (reply.Rejection is { } rejection)
            activity?.SetTag("grain.refusal", rejection.Code);
        return reply;
    }

    private PartitionCore CoreOf(ulong hash) => _cores.Length == 1 ? _cores[0] : _cores[(int)((hash >> 24) % (ulong)_cores.Length)];

    private async Task StopOnceAsync()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
            return;
        foreach (var sweep in _sweeps)
            if (sweep is not null)
                await sweep.DisposeAsync().ConfigureAwait(false);
        foreach (var core in _cores)
            core.Stop();
        foreach (var thread in _threads)
            await thread.Ended.ConfigureAwait(false);
        await _snapshotWriter.StopAsync().ConfigureAwait(false);
        EngineLog.Stopped(_logger, _journal.Head);
    }
}
