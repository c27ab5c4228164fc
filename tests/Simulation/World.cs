using System.Text;
using ChainCrm.Domain.Customers;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;
using ChainCrm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Simulation;

/// <summary>How a run ended.</summary>
internal sealed record RunResult(int Seed, int Commands, int Crashes, int FailedCommits, int Repeats, int Entries, IReadOnlyList<string> Wrong);

/// <summary>
/// One simulated machine with its callers: the real engine core and the real rules over a journal that fails, on one thread, every step
/// decided by the seed. A second core on the same journal plays the other writer that makes commits lose races.
/// </summary>
internal sealed class World : IPartitionHost
{
    private const int OutstandingMax = 48;
    private const int StepsPerCommand = 60;

    private readonly Random _chance;
    private readonly Break _how;
    private readonly ManualTime _time = new();
    private readonly FaultyJournal _journal;
    private readonly MemorySnapshotStore _snapshots = new();
    private readonly Workload _workload;
    private readonly List<IThreadPoolWorkItem> _work = [];
    private readonly List<(GrainCommand Command, Task<CommandReply> Task)> _asked = [];
    private readonly List<Task<ReadReply<SeenRead>>> _reading = [];
    private readonly List<GrainCommand> _unanswered = [];
    private readonly List<GrainCommand> _answered = [];
    private readonly List<SeenReply> _replies = [];
    private readonly List<SeenRead> _reads = [];
    private readonly List<(long Position, string Stream, long Version)> _fed = [];
    private readonly EntryWriter _writer = new();
    private PartitionCore[] _cores = [];
    private FeedRing _feed = null!;
    private EngineMetrics? _metrics;
    private int _crashes;
    private int _failedCommits;
    private int _repeats;

    private World(int seed, Break how)
    {
        _chance = new Random(seed);
        _how = how;
        _journal = new FaultyJournal(_chance, how == Break.AnswerBeforeCommit);
        _workload = new Workload(_chance, _time);
    }

    /// <summary>Runs one seed and audits what came of it.</summary>
    public static RunResult Run(int seed, int commands, Break how = Break.None)
    {
        var world = new World(seed, how);
        world.Boot();
        var sent = world.Live(commands);
        var wrong = world.Settle();
        var disk = world.ReadDisk();
        var auditor = new Auditor(disk);
        wrong.AddRange(auditor.Check(world._replies, world._reads, world._fed));
        return new RunResult(seed, sent, world._crashes, world._failedCommits, world._repeats, disk.Count, wrong);
    }

    public void Queue(IThreadPoolWorkItem work) => _work.Add(work);

    public void Commit(Batch batch) => _work.Add(new CommitStep(batch));

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
        if (_chance.Next(4) > 0)
            _snapshots.SaveAsync([(stream, snapshot)]).GetAwaiter().GetResult();
        return true;
    }

    private void Boot()
    {
        _metrics?.Dispose();
        _work.Clear();
        _feed = new FeedRing(_journal, 64, NullLogger.Instance);
        var options = new EngineOptions
        {
            BatchMax = _chance.Next(1, 12),
            SnapshotEveryEntries = _chance.Next(2, 20),
            SnapshotWorthEntries = 1,
            ActivationsMax = _chance.Next(2, 12),
            LoadsInFlightMax = _chance.Next(1, 5),
            IdleTime = TimeSpan.FromSeconds(5),
        };
        _metrics = new EngineMetrics(() => 0, () => 0, () => 0);
        var parts = new CoreParts(_journal, _snapshots, new OneProgramme(), options, _time, this, _feed, _metrics);
        _cores = [parts.Make(_how), parts.Make(_how)];
    }

    private int Live(int commands)
    {
        var sent = 0;
        foreach (var command in _workload.Opening())
            Ask(command);
        for (var step = 0; sent < commands && step < commands * StepsPerCommand; step++)
        {
            if (_asked.Count < OutstandingMax && _chance.Next(3) == 0)
                sent += Send();
            Step();
            if (_journal.Crashed || _chance.Next(3_000) == 0)
                Crash();
        }
        return sent;
    }

    /// <summary>Sends something new, or something sent before: by an impatient caller, or after its answer came.</summary>
    private int Send()
    {
        var dice = _chance.Next(100);
        if (dice < 12 && _asked.Count > 0)
            Ask(_asked[_chance.Next(_asked.Count)].Command);
        else if (dice < 22 && _answered.Count > 0)
            Ask(_answered[_chance.Next(_answered.Count)]);
        else if (dice < 32 && _unanswered.Count > 0)
            Ask(TakeUnanswered());
        else
            Ask(_workload.Next());
        if (_chance.Next(6) == 0)
            Read();
        return 1;
    }

    private void Step()
    {
        switch (_chance.Next(20))
        {
            case 0:
                _time.Advance(TimeSpan.FromMilliseconds(_chance.Next(1, 4_000)));
                _cores[_chance.Next(2)].RequestSweep();
                break;
            case 1 when _chance.Next(10) == 0:
                // The clock is set: forward by months, so that points expire, or back by a moment.
                _time.Jump(_chance.Next(4) == 0 ? -TimeSpan.FromSeconds(_chance.Next(1, 100)) : TimeSpan.FromDays(_chance.Next(1, 90)));
                break;
            case < 9:
                _cores[_chance.Next(8) == 0 ? 1 : 0].RunOnce();
                break;
            default:
                RunSomeWork();
                break;
        }
        Collect();
        ReadFeed();
    }

    private void RunSomeWork()
    {
        if (_work.Count == 0)
            return;
        var index = _chance.Next(_work.Count);
        var work = _work[index];
        _work.RemoveAt(index);
        work.Execute();
    }

    private void Ask(GrainCommand command)
    {
        var core = _cores[_chance.Next(8) == 0 ? 1 : 0];
        if (core.TryEnter() is not null)
        {
            _unanswered.Add(command);
            return;
        }
        var operation = AskOperation.Rent(command, StableHash.Of(command.Grain.Stream));
        _asked.Add((command, operation.Task.AsTask()));
        core.Send(operation);
    }

    private void Read()
    {
        var grain = Shop.Customer(Workload.AnyCustomer(_chance));
        var core = _cores[0];
        if (core.TryEnter() is not null)
            return;
        var operation = ReadOperation<CustomerState, string, SeenRead>.Rent(grain, StableHash.Of(grain.Stream), grain.Stream,
            static (state, stream) => new SeenRead(stream, state.Version, state.Balance.Count, state.LotSum.Count, state.Debt.Count));
        _reading.Add(operation.Task.AsTask());
        core.Send(operation);
    }

    private void Collect()
    {
        for (var i = _asked.Count - 1; i >= 0; i--)
        {
            if (!_asked[i].Task.IsCompleted)
                continue;
            Note(_asked[i].Command, _asked[i].Task.Result);
            _asked.RemoveAt(i);
        }
        for (var i = _reading.Count - 1; i >= 0; i--)
        {
            if (!_reading[i].IsCompleted)
                continue;
            if (_reading[i].Result.Value is { } seen)
                _reads.Add(seen);
            _reading.RemoveAt(i);
        }
    }

    private void Note(GrainCommand command, CommandReply reply)
    {
        if (reply.Rejection is { MayPassLater: true, Code: >= 900 })
        {
            _failedCommits += reply.Rejection.Code == EngineRejections.CommitFailed.Code ? 1 : 0;
            _unanswered.Add(command);
            return;
        }
        _answered.Add(command);
        if (reply.Entry is not { } entry)
            return;
        _repeats += reply.Kind == ReplyKind.Repeated ? 1 : 0;
        _writer.Clear();
        var length = _writer.Write(0, 0, default, entry.Events);
        _replies.Add(new SeenReply(
            command.Grain.Stream, command.CommandId, reply.Kind.ToString(), entry.Position, entry.Version, Auditor.EventsText(_writer.Slice(0, length).ToArray())));
    }

    private void ReadFeed()
    {
        var after = _fed.Count == 0 ? 0 : _fed[^1].Position;
        while (_feed.Head > after && _journal.Disk.Head > after)
        {
            // Complete at once: there is something to read, and everything below is synchronous here.
            var entries = _feed.ReadAfterAsync(after, _chance.Next(1, 50), CancellationToken.None).GetAwaiter().GetResult();
            foreach (var entry in entries)
                _fed.Add((entry.Position, entry.Grain.Stream, entry.Version));
            if (_how == Break.SkipFeedEntry && _fed.Count == 50)
                _fed.RemoveAt(25);
            after = entries[^1].Position;
            // Whatever the reader says it has taken, rightly or too early, it must not miss an entry for it.
            if (_chance.Next(4) == 0)
                _feed.Release(after + _chance.Next(-20, 20));
        }
    }

    /// <summary>The machine goes down: whoever waits never hears, and the next engine knows the disk alone.</summary>
    private void Crash()
    {
        _crashes++;
        _journal.Crashed = false;
        _journal.LosePromises();
        _unanswered.AddRange(_asked.Select(a => a.Command));
        _asked.Clear();
        _reading.Clear();
        Boot();
    }

    /// <summary>The faults end. Every caller tries again with the same key until it is answered.</summary>
    private List<string> Settle()
    {
        _journal.FaultsOn = false;
        for (var round = 0; round < 60; round++)
        {
            while (_asked.Count < OutstandingMax && _unanswered.Count > 0)
                Ask(TakeUnanswered());
            for (var step = 0; step < 40; step++)
            {
                _cores[0].RunOnce();
                _cores[1].RunOnce();
                while (_work.Count > 0)
                    RunSomeWork();
            }
            Collect();
            ReadFeed();
            if (_asked.Count == 0 && _unanswered.Count == 0 && _reading.Count == 0)
                break;
        }
        var wrong = new List<string>();
        foreach (var command in _asked.Select(a => a.Command).Concat(_unanswered).Take(5))
            wrong.Add($"{command.Grain.Stream} {command.CommandId} is never answered");
        return wrong;
    }

    private GrainCommand TakeUnanswered()
    {
        var index = _chance.Next(_unanswered.Count);
        var command = _unanswered[index];
        _unanswered.RemoveAt(index);
        return command;
    }

    /// <summary>A commit ends at a moment of its own; until then its partition decides on.</summary>
    private sealed class CommitStep(Batch batch) : IThreadPoolWorkItem
    {
        public void Execute() => batch.Commit();
    }

    private IReadOnlyList<JournalEntry> ReadDisk()
    {
        var all = new List<JournalEntry>();
        while (true)
        {
            var page = _journal.Disk.ReadAfterAsync(all.Count, 1_000).GetAwaiter().GetResult();
            if (page.Count == 0)
                return all;
            all.AddRange(page);
        }
    }
}
