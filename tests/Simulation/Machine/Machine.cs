using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Simulation;

/// <summary>What outlives a machine: its disks, its clock, and who watches it.</summary>
internal sealed record Surroundings(
    Chance Chance, Swarm Swarm, SimClock Clock, SimDisk Disk, Trouble Trouble, ISnapshotStore Snapshots, IPersonalVault Vault, Witness Witness, string Folder, Break How);

/// <summary>
/// One start of the product on a simulated machine: the real engine cores over the real feed ring, and the real read side with directories, read
/// models, wall, agenda and the processes, all of them on one thread whose every step chance decides. A second core on the same journal plays the
/// other writer that makes commits lose races.
/// </summary>
internal sealed class Machine : IPartitionHost, IEngine
{
    private readonly Surroundings _around;
    private readonly PartitionCore[] _cores;
    private readonly FeedRing _ring;
    private readonly EngineMetrics _metrics = new(() => 0, () => 0, () => 0);
    private readonly ReadSideHost _readSide;

    private Machine(Surroundings around, SimThread thread, ReadSideHost readSide)
    {
        (_around, Thread, _readSide) = (around, thread, readSide);
        _ring = new FeedRing(around.Disk, around.Swarm.RingEntries, NullLogger.Instance);
        Feed = new SimFeed(_ring, around.Witness, around.How);
        var swarm = around.Swarm;
        var options = new EngineOptions
        {
            BatchMax = swarm.BatchMax,
            BatchBufferStartBytes = SimulationLimits.BufferStartBytes,
            SnapshotEveryEntries = swarm.SnapshotEvery,
            SnapshotWorthEntries = swarm.SnapshotWorth,
            ActivationsMax = swarm.ActivationsMax,
            LoadsInFlightMax = swarm.LoadsMax,
            PartitionMailboxMax = swarm.MailboxMax,
            GrainMailboxMax = swarm.GrainMailboxMax,
            IdleTime = TimeSpan.FromSeconds(5),
        };
        var programmes = LooseProgrammes.Of(readSide.Directories, around.How);
        var parts = new CoreParts(around.Disk, around.Snapshots, programmes, options, around.Clock, this, _ring, _metrics, around.How);
        _cores = swarm.Rival ? [parts.Make(), parts.Make()] : [parts.Make()];
    }

    public SimThread Thread { get; }

    public ReadSideHost ReadSide => _readSide;

    public IFeed Feed { get; }

    public bool HasWork => Array.Exists(_cores, static core => core.HasWork);

    public bool IsDrained => Array.TrueForAll(_cores, static core => core.IsDrained);

    /// <summary>Starts the product as the server does: the files of the read side, the engine, the read side.</summary>
    public static async Task<Machine> StartAsync(Surroundings around, SimThread thread, ReadSideStore store, Action<ReadSideHost> opened)
    {
        var readSide = await ReadSideHost.OpenAsync(
            store, around.Disk, BrokenHosts.Clock(around.Clock, around.How), NullLogger.Instance, followData: false, new SimLoops(thread), CancellationToken.None);
        opened(readSide);
        var machine = new Machine(around, thread, readSide);
        await readSide.StartAsync(machine, around.Vault);
        return machine;
    }

    public void Turn() => _cores[Core()].RunOnce();

    public void TurnAll()
    {
        foreach (var core in _cores)
            core.RunOnce();
    }

    public void Sweep() => _cores[Core()].RequestSweep();

    /// <summary>Refuses what is new from now on.</summary>
    public void Stop()
    {
        foreach (var core in _cores)
            core.Stop();
    }

    /// <summary>What a clean stop keeps.</summary>
    public void KeepLastSnapshots()
    {
        foreach (var core in _cores)
            _around.Snapshots.SaveAsync([.. core.LastSnapshots()]).GetAwaiter().GetResult();
    }

    public void Dispose() => _metrics.Dispose();

    /// <summary>What the processes and the agenda ask goes to this machine's own core.</summary>
    public ValueTask<CommandReply> AskAsync(GrainCommand command) => AskAsync(_cores[0], command);

    /// <summary>What a till asks may meet the other writer.</summary>
    public ValueTask<CommandReply> AskAnyAsync(GrainCommand command) => AskAsync(_cores[Core()], command);

    private async ValueTask<CommandReply> AskAsync(PartitionCore core, GrainCommand command)
    {
        if (BrokenHosts.Pretend(_around.How, command.Command) is { } pretended)
            return pretended;
        var operation = core.TryEnter() is { } refusal ? null : AskOperation.Rent(command, StableHash.Of(command.Grain.Stream));
        if (operation is null)
        {
            _around.Trouble.Note();
            return new CommandReply(ReplyKind.Refused, null, EngineRejections.Busy);
        }

        var answer = operation.Task;
        core.Send(operation);
        var reply = await answer;
        if (reply.Rejection is { Code: >= 900 })
            _around.Trouble.Note();
        return BrokenHosts.Overhear(_around.How, command.Command, reply);
    }

    public ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
        where TState : class
    {
        // What the other writer remembers may be old: whoever reads, reads here.
        var core = _cores[0];
        if (core.TryEnter() is { } refusal)
            return new(new ReadReply<TResult>(default, refusal));
        var operation = ReadOperation<TState, TArgument, TResult>.Rent(grain, StableHash.Of(grain.Stream), argument, read);
        var answer = operation.Task;
        core.Send(operation);
        return answer;
    }

    public void Queue(IThreadPoolWorkItem work) => Thread.Add(work);

    /// <summary>A commit ends at a moment of its own; until then its partition decides on.</summary>
    public void Commit(Batch batch)
    {
        var step = new CommitStep(batch);
        if (_around.Disk.FaultsOn && _around.Swarm.SlowCommits && _around.Chance.OneIn(20))
        {
            _around.Trouble.Note();
            _around.Clock.After(TimeSpan.FromMilliseconds(_around.Chance.Next(1, 4_000)), () =>
            {
                _around.Trouble.Note();
                Thread.Add(step);
            });
        }
        else
        {
            Thread.Add(step);
        }
    }

    public void Posted(int waiting)
    {
        // The driver turns the loops anyway.
    }

    public void Wake()
    {
        // As above.
    }

    public bool TryKeep(string stream, Snapshot snapshot)
    {
        if (!_around.Swarm.SnapshotsLost || !_around.Chance.OneIn(4))
            _around.Snapshots.SaveAsync([(stream, snapshot)]).GetAwaiter().GetResult();
        return true;
    }

    private int Core() => _cores.Length == 1 ? 0 : _around.Chance.OneIn(8) ? 1 : 0;

    private sealed class CommitStep(Batch batch) : IThreadPoolWorkItem
    {
        public void Execute() => batch.Commit();
    }
}
