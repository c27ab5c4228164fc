namespace ChainCrm.Simulation;

/// <summary>
/// Threads that run seeds, each one at a time. A seed that throws or never ends stops all of them and is named: without its number nobody could look into it.
/// </summary>
/// <param name="run">Runs one seed.</param>
/// <param name="done">Told of each that ended, one call at a time.</param>
/// <param name="replay">The line that runs a seed again.</param>
internal sealed class Workers(Func<long, RunResult> run, Action<RunResult> done, Func<long, string> replay)
{
    private readonly Lock _gate = new();
    private int _begun = -1;
    private volatile InvalidOperationException? _failure;

    /// <summary>Runs seeds from a first one on until told to stop.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="threads">Seeds at a time.</param>
    /// <param name="goesOn">Asked before each seed with how many were begun.</param>
    /// <param name="lookEvery">Time between two looks at what runs. Looks are counted, not time: a machine that stood still meanwhile stood still for everybody.</param>
    public void Run(long first, int threads, Func<int, bool> goesOn, TimeSpan lookEvery)
    {
        var workers = Enumerable.Range(0, threads).Select(_ => new Worker(worker => Work(worker, first, goesOn))).ToList();
        foreach (var worker in workers)
        {
            while (!worker.HasEndedWithin(lookEvery))
            {
                if (workers.Find(static each => each.IsStuck()) is { } stuck)
                    throw new TimeoutException($"A run does not end. {replay(stuck.Seed)}");
            }
        }

        if (_failure is { } thrown)
            throw thrown;
    }

    private void Work(Worker worker, long first, Func<int, bool> goesOn)
    {
        while (Interlocked.Increment(ref _begun) is var number && _failure is null && goesOn(number))
        {
            worker.Seed = first + number;
            try
            {
                var result = run(worker.Seed);
                lock (_gate)
                    done(result);
            }
            catch (Exception failure)
            {
                _failure = new InvalidOperationException($"A run threw {failure.GetType().Name}: {failure.Message} {replay(worker.Seed)}", failure);
            }
        }
    }

    private sealed class Worker
    {
        private readonly Thread _thread;
        private long _seed = long.MinValue;
        private long _seen = long.MinValue;
        private int _looks;

        public Worker(Action<Worker> work)
        {
            // One that never ends must not keep the process.
            _thread = new Thread(() => work(this)) { IsBackground = true };
            _thread.Start();
        }

        /// <summary>The seed that runs, or ran last.</summary>
        public long Seed
        {
            get => Volatile.Read(ref _seed);
            set => Volatile.Write(ref _seed, value);
        }

        public bool HasEndedWithin(TimeSpan time) => _thread.Join(time);

        /// <summary>Looks at what runs; true when it was the same too often.</summary>
        public bool IsStuck()
        {
            var seed = Seed;
            _looks = seed == _seen && _thread.IsAlive ? _looks + 1 : 0;
            _seen = seed;
            return _looks > SimulationLimits.SeedLooksMax;
        }
    }
}
