using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>How a run ended.</summary>
internal sealed record RunResult(
    long Seed, Swarm Swarm, int Commands, int Crashes, int Starts, int FailedCommits, int Repeats, int Entries, ulong Hash, AuditCounts Counts, IReadOnlyList<string> Wrong);

/// <summary>
/// One simulated machine with its callers, its disks and its clock: the real engine, the real feed, the real read side with agenda and processes, on
/// one thread, every step decided by the seed.
/// </summary>
internal sealed class World : IDisposable
{
    private static long s_worlds;
    private readonly Chance _chance;
    private readonly Swarm _swarm;
    private readonly SimClock _clock = new();
    private readonly Trouble _trouble;
    private readonly SimDisk _disk;
    private readonly Witness _witness = new();
    private readonly Callers _callers;
    private readonly Samples _samples;
    private readonly Power _power;
    private readonly string _folder;
    private bool _isLost;

    private World(long seed, Break how, bool crowd)
    {
        _chance = new Chance((ulong)seed);
        _swarm = Swarm.Draw(_chance, crowd);
        _trouble = new Trouble(_clock);
        _disk = new SimDisk(_chance, _swarm, _clock, _trouble, how == Break.AnswerBeforeCommit);
        _witness.Disk = _disk;
        _folder = Directory.CreateDirectory(Path.Combine(
            Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"chaincrm-sim-{Environment.ProcessId}-{Interlocked.Increment(ref s_worlds)}")).FullName;
        _callers = new Callers(_chance, _swarm, new Workload(_chance, _swarm, _clock), _witness);
        _samples = new Samples(_witness, _disk);
        _power = new Power(new Surroundings(
            _chance, _swarm, _clock, _disk, _trouble, new MemorySnapshotStore(), new SimVault(_chance, _swarm, _disk), _witness, _folder, how));
    }

    /// <summary>Runs one seed and audits what came of it.</summary>
    public static RunResult Run(long seed, int commands, Break how = Break.None, Action<string>? trace = null, bool crowd = false)
    {
        // What a test runner sets for its own async tests would take the machine's awaits to other threads.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            using var world = new World(seed, how, crowd);
            world._disk.Trace = trace;
            return world.Run(seed, commands);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Dispose()
    {
        _power.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private RunResult Run(long seed, int commands)
    {
        _power.Start();
        var sent = Live(commands);
        Settle();
        if (!_isLost)
            _samples.TakeLast(_power.Machine!);
        var auditor = new Auditor(_disk, _witness, _trouble, _clock, _swarm);
        auditor.Check(_samples.Stores, isSettled: !_isLost);
        return new RunResult(
            seed, _swarm, sent, _power.Crashes, _power.Starts, _callers.FailedCommits, _witness.Repeats, _disk.Entries.Count,
            _disk.Hash ^ (ulong)_clock.Steady ^ ((ulong)_witness.Answers << 32), auditor.Counts, _witness.Wrong);
    }

    private int Live(int commands)
    {
        var sent = 0;
        var isOpen = false;
        for (var step = 0L; sent < commands && !_isLost; step++)
        {
            if (step > (long)commands * SimulationLimits.StepsPerCommand)
            {
                Lose($"{sent} of {commands} commands were sent in {step} steps");
                break;
            }

            if (_power.Machine is { } machine && _callers.UnderWay < _swarm.OutstandingMax && _chance.OneIn(4))
            {
                if (!isOpen)
                    _callers.Open(machine);
                isOpen = true;
                _callers.SendOne(machine);
                sent++;
            }

            Step();
            if (_chance.OneIn(256))
                Something();
            if (_disk.Crashed)
                Crash();
            _isLost |= !_power.LookAtStart();
        }

        return sent;
    }

    private void Step()
    {
        var dice = _chance.Next(100);
        if (IsIdle())
        {
            PassTime(_chance.OneIn(4) ? 10_000 : 20);
            return;
        }

        if (dice < 62)
            _power.Thread.RunOne();
        else if (dice < 92)
            _power.Machine?.Turn();
        else if (dice < 98)
            _clock.Advance(TimeSpan.FromMicroseconds(_chance.Next(10, 3_000)));
        else
            PassTime(50);
    }

    private bool IsIdle() => _power.Thread.Ready == 0 && _power.Machine is not { HasWork: true };

    /// <summary>Up to the next timer, or a while when there is none.</summary>
    private void PassTime(int msMax)
    {
        var most = _clock.Steady + (_chance.Next(1, msMax + 1) * TimeSpan.TicksPerMillisecond);
        _clock.AdvanceTo(_clock.NextDue is { } due ? Math.Min(due, most) : most);
    }

    /// <summary>Something out of the ordinary.</summary>
    private void Something()
    {
        switch (_chance.Next(24))
        {
            case 0 or 1 when _swarm.CrashesAnywhere && _chance.OneIn(2):
                Crash();
                break;
            case 2 when _swarm.CleanStops && _chance.OneIn(2) && _power.Machine is { } machine:
                StopCleanly(machine);
                break;
            case 3 when _swarm.ClockForward:
                SetClock(TimeSpan.FromSeconds(_chance.OneIn(3) ? _chance.Next(1, 60 * 86_400) : _chance.Next(1, 300)));
                break;
            case 4 when _swarm.ClockBack:
                SetClock(-TimeSpan.FromSeconds(_chance.OneIn(5) ? _chance.Next(1, 40_000) : _chance.Next(1, 100)));
                break;
            case 5:
                Quiet(_chance.Next(1, 20_000));
                break;
            case 6 when _chance.OneIn(2):
                Quiet(_chance.Next(60_000, 200_000));
                break;
            case 7 when _swarm.FilesOld && _power.Machine is not null:
                _power.RememberFiles();
                break;
            case < 14 when _power.Machine is { } machine:
                machine.Sweep();
                break;
            case < 20 when _power.Machine is { } machine:
                _samples.Take(machine, _chance.OneIn(3));
                break;
            case >= 20 when _swarm.TiersEnd:
                NightFalls();
                break;
            default:
                // An ordinary moment.
                break;
        }
    }

    /// <summary>Up to six weeks later, moments before a local midnight: tiers end with the days.</summary>
    private void NightFalls()
    {
        var (day, offset) = ((long)TimeSpan.FromDays(1).TotalMilliseconds, Workload.OffsetMinutes * 60_000L);
        var now = _clock.NowMs;
        var midnight = ((((now + offset) / day) + _chance.Next(1, 43)) * day) - offset;
        SetClock(TimeSpan.FromMilliseconds(Math.Max(0, midnight - _chance.Next(1, 20_000) - now)));
    }

    private void SetClock(TimeSpan by)
    {
        _clock.Set(by);
        _trouble.Note();
    }

    /// <summary>The machine goes down: whoever waits never hears, and the next one knows the disk alone.</summary>
    private void Crash()
    {
        _callers.MachineWentDown();
        _power.Crash();
    }

    private void StopCleanly(Machine machine)
    {
        machine.Stop();
        // Faults go on meanwhile, so the end may not come: then the machine is switched off.
        for (var turn = 0; turn < 20_000 && !machine.IsDrained && !_disk.Crashed; turn++)
        {
            machine.TurnAll();
            if (!_power.Thread.RunOne())
                PassTime(20);
        }

        if (_disk.Crashed || !machine.IsDrained)
        {
            Crash();
            return;
        }

        _callers.MachineWentDown();
        _power.StartAfterStop();
    }

    /// <summary>Nobody asks for anything while time passes; timers, retries and whatever is under way go on.</summary>
    private void Quiet(long ms)
    {
        var end = _clock.Steady + (ms * TimeSpan.TicksPerMillisecond);
        for (var turns = 0; _clock.Steady < end && !_isLost; turns++)
        {
            if (turns > (_witness.Wrong.Count > 0 ? SimulationLimits.QuietTurnsAfterWrongMax : SimulationLimits.QuietTurnsMax))
            {
                Lose("the machine goes round in circles without anybody asking for anything");
                return;
            }

            if (_disk.Crashed)
                Crash();
            _isLost |= !_power.LookAtStart();
            if (IsIdle())
                _clock.AdvanceTo(Math.Min(_clock.NextDue ?? end, end));
            else if (_chance.OneIn(3))
                _power.Machine?.TurnAll();
            else
                _power.Thread.RunOne();
        }
    }

    /// <summary>The faults end. Every caller tries again with the same key until it is answered; then everything that is open must end by itself.</summary>
    private void Settle()
    {
        _disk.FaultsOn = false;
        _trouble.Note();
        for (var round = 0; round < SimulationLimits.SettleRoundsMax && !_isLost; round++)
        {
            if (_power.Machine is { } machine)
            {
                _callers.SendUnanswered(machine);
                if (_callers.AreDone)
                    break;
            }

            Quiet(1_000);
        }

        foreach (var waiting in _callers.Waiting.Take(5))
            _witness.Say($"{waiting} is never answered");
        Quiet(SimulationLimits.SettleMs);
        Rest();
        if (_power.Machine is null && !_isLost)
            Lose("the machine never came up");
    }

    /// <summary>
    /// Points end and reservations run out at any moment, also at this one, and the read models may show it a flush later: what they show is held against the journal once nothing
    /// has been written for longer than that.
    /// </summary>
    private void Rest()
    {
        for (var round = 0; !_isLost && _disk.LastWrittenMs > _clock.SteadyMs - SimulationLimits.RestMs; round++)
        {
            if (round == SimulationLimits.RestRoundsMax)
                Lose("the journal never comes to rest though nobody asks for anything");
            else
                Quiet(SimulationLimits.RestMs);
        }
    }

    private void Lose(string why)
    {
        _witness.Say(why);
        _isLost = true;
    }
}
