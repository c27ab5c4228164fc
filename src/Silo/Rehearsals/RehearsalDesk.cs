using System.Security.Cryptography;
using ChainCrm.Domain;
using ChainCrm.Grains.Rehearsals;

namespace ChainCrm.Silo.Rehearsals;

/// <summary>How a rehearsal stands.</summary>
internal enum RehearsalState
{
    Running,
    Done,
    Cancelled,
    Failed,
}

/// <summary>Rehearsals of the chains: one at a time each, on threads of the pool, the newest kept until the server stops.</summary>
internal sealed class RehearsalDesk(TimeProvider time, ILogger<RehearsalDesk> log, IHostApplicationLifetime lifetime)
{
    private const int IdBytes = 9;
    private readonly Lock _lock = new();
    private readonly List<Running> _all = [];

    /// <summary>Begins one; null while another one of the chain runs.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="hasDraft">It has a draft, and is not of the rules that were booked.</param>
    /// <param name="window">Its first and last instant.</param>
    /// <param name="make">Makes it.</param>
    public Running? Begin(string chain, bool hasDraft, (Timestamp From, Timestamp Until) window, Func<Rehearsal> make)
    {
        Running running;
        lock (_lock)
        {
            if (_all.Exists(other => other.Chain == chain && other.State == RehearsalState.Running)) return null;
            while (_all.Count(other => other.Chain == chain) >= HostLimits.RehearsalsKept) _all.RemoveAt(_all.FindIndex(other => other.Chain == chain));
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
            _all.Add(running = new Running(id, chain, hasDraft, window, make(), time, CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping)));
        }

        _ = Task.Run(() => running.RunAsync(failure => RehearsalLog.Failed(log, failure, chain)));
        return running;
    }

    /// <summary>A rehearsal of a chain.</summary>
    public Running? Find(string chain, string? id)
    {
        lock (_lock) return _all.Find(running => running.Chain == chain && running.Id == id);
    }

    /// <summary>One rehearsal.</summary>
    internal sealed class Running(
        string id, string chain, bool hasDraft, (Timestamp From, Timestamp Until) window, Rehearsal rehearsal, TimeProvider time, CancellationTokenSource cancellation)
    {
        private readonly Lock _ending = new();
        private readonly long _began = time.GetTimestamp();
        private (RehearsalState State, TimeSpan Took) _end;

        public string Id => id;
        public string Chain => chain;
        public bool HasDraft => hasDraft;
        public (Timestamp From, Timestamp Until) Window => window;
        public Rehearsal Rehearsal => rehearsal;
        public RehearsalState State => Standing.State;
        public TimeSpan Took => Standing.Took;

        /// <summary>Ends it, unless it has ended.</summary>
        public void Cancel()
        {
            lock (_ending)
            {
                if (_end.State == RehearsalState.Running) cancellation.Cancel();
            }
        }

        public async Task RunAsync(Action<Exception> failed)
        {
            try
            {
                await rehearsal.RunAsync(cancellation.Token);
                End(RehearsalState.Done);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                End(RehearsalState.Cancelled);
            }
            catch (Exception failure)
            {
                // Whatever it was: one that were still told to run would keep every other one of the chain from beginning.
                End(RehearsalState.Failed);
                failed(failure);
            }
        }

        private (RehearsalState State, TimeSpan Took) Standing
        {
            get
            {
                lock (_ending) return _end.State == RehearsalState.Running ? (RehearsalState.Running, time.GetElapsedTime(_began)) : _end;
            }
        }

        private void End(RehearsalState state)
        {
            lock (_ending)
            {
                _end = (state, time.GetElapsedTime(_began));
                // Held until the server stops, otherwise: it is linked to that.
                cancellation.Dispose();
            }
        }
    }
}

internal static partial class RehearsalLog
{
    [LoggerMessage(1, LogLevel.Error, "A rehearsal of chain {Chain} failed.")]
    public static partial void Failed(ILogger log, Exception failure, string chain);
}
