using ChainCrm.Grains.Codecs;

namespace ChainCrm.Grains.Processes;

/// <summary>
/// Lets the processes of one customer run one after the other: an enrolment, a profile change and the agenda's look at what became of them would
/// otherwise read each other's half-way states. A fixed number of locks, so two customers may share one; no process holds two.
/// </summary>
internal sealed class CustomerLocks : IDisposable
{
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, GrainLimits.ProcessLocks).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the customer's turn; dispose of the result to end it.</summary>
    public async ValueTask<Turn> EnterAsync(string chain, string customer, CancellationToken cancellation)
    {
        // The same in every process, so that a run of the simulation can be repeated in another one.
        var turn = _locks[(StableHash.Of(chain) ^ StableHash.Of(customer)) % (ulong)_locks.Length];
        await turn.WaitAsync(cancellation);
        return new Turn(turn);
    }

    public void Dispose()
    {
        foreach (var turn in _locks) turn.Dispose();
    }

    public readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
