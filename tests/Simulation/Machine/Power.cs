using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>Starts the machine, takes it down, and does to its files what a crash may do to them.</summary>
internal sealed class Power(Surroundings around) : IDisposable
{
    private static readonly string[] Files = ["readmodels.db", "agenda.db"];
    private SimThread _thread = new(around.Chance);
    private SimStore? _store;
    private ReadSideHost? _readSide;
    private Task _starting = Task.CompletedTask;
    private int _failedStarts;

    /// <summary>The machine that runs; null while it starts or is off.</summary>
    public Machine? Machine { get; private set; }

    public SimThread Thread => _thread;

    public int Crashes { get; private set; }

    public int Starts { get; private set; }

    public void Start()
    {
        _thread = new SimThread(around.Chance);
        var thread = _thread;
        _starting = thread.Start(async () => Machine = await StartAsync(thread));
    }

    /// <summary>Notices a start that failed, as whoever looks after the server does, and starts again a little later. False when nothing helps.</summary>
    public bool LookAtStart()
    {
        if (!_starting.IsFaulted)
            return true;
        var failure = _starting.Exception!.InnerException!;
        if (failure is not JournalUnavailableException || ++_failedStarts > SimulationLimits.StartsMax)
        {
            around.Witness.Say($"the machine does not start: {failure.GetType().Name}: {failure.Message}\n{failure.StackTrace}");
            return false;
        }

        TurnOff();
        around.Clock.Advance(TimeSpan.FromMilliseconds(around.Chance.Next(1, 2_000)));
        Start();
        return true;
    }

    /// <summary>The machine goes down between two steps, and comes up again after a while.</summary>
    public void Crash()
    {
        Crashes++;
        around.Disk.Crashed = false;
        around.Disk.LosePromises();
        TurnOff();
        HarmFiles();
        Rest();
        Start();
    }

    /// <summary>After a clean stop the files are whole, and the next start follows.</summary>
    public void StartAfterStop()
    {
        Machine!.KeepLastSnapshots();
        TurnOff();
        Rest();
        Start();
    }

    /// <summary>Keeps the files as they are now: a later crash may bring them back.</summary>
    public void RememberFiles()
    {
        var saved = Directory.CreateDirectory(Path.Combine(around.Folder, "saved")).FullName;
        foreach (var name in Files)
        {
            foreach (var part in new[] { name, name + "-wal" })
            {
                var path = Path.Combine(around.Folder, part);
                if (File.Exists(path))
                    File.Copy(path, Path.Combine(saved, part), overwrite: true);
                else
                    File.Delete(Path.Combine(saved, part));
            }
        }
    }

    public void Dispose() => TurnOff();

    private async Task<Machine> StartAsync(SimThread thread)
    {
        _store = new SimStore(around.Folder);
        var machine = await Machine.StartAsync(around, thread, _store, opened => _readSide = opened);
        Starts++;
        _failedStarts = 0;
        around.Trouble.Note();
        return machine;
    }

    private void TurnOff()
    {
        around.Trouble.Note();
        _thread.TurnOff();
        around.Clock.ForgetTimers();
        Machine?.Dispose();
        Machine = null;
        // Its loops will never go on; closing the files is all that is left to do.
        _readSide?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _readSide = null;
        _store?.CloseFiles();
        _store = null;
    }

    /// <summary>The files of the read side are not flushed with each commit: a crash may take back their newest commits, or all.</summary>
    private void HarmFiles()
    {
        foreach (var name in Files)
        {
            if (around.Swarm.FilesLost && around.Chance.OneIn(4))
                Remove(name);
            else if (around.Swarm.FilesOld && around.Chance.OneIn(3) && File.Exists(Path.Combine(around.Folder, "saved", name)))
                BringBack(name);
        }
    }

    private void Remove(string name)
    {
        foreach (var part in new[] { name, name + "-wal", name + "-shm" })
            File.Delete(Path.Combine(around.Folder, part));
    }

    private void BringBack(string name)
    {
        Remove(name);
        foreach (var part in new[] { name, name + "-wal" })
        {
            var saved = Path.Combine(around.Folder, "saved", part);
            if (File.Exists(saved))
                File.Copy(saved, Path.Combine(around.Folder, part));
        }
    }

    private void Rest()
    {
        var chance = around.Chance;
        around.Clock.Advance(around.Swarm.LongDowntime && chance.OneIn(3)
            ? TimeSpan.FromMinutes(chance.Next(1, 60 * 24 * 20))
            : TimeSpan.FromMilliseconds(chance.Next(1, 5_000)));
    }
}
