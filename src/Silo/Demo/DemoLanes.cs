using System.Threading.Channels;

namespace ChainCrm.Silo.Demo;

/// <summary>
/// Plays acts side by side, those of one customer (or, for unknown ones, of one store) one after the other: a return must not overtake its
/// sale. Bounded, so that a slow engine slows the plan instead of filling the memory.
/// </summary>
internal sealed class DemoLanes : IAsyncDisposable
{
    private const int Waiting = 16;
    private readonly Channel<DemoAct>[] _lanes;
    private readonly Task[] _workers;

    public DemoLanes(int count, Func<DemoAct, CancellationToken, Task> play, CancellationToken cancellation)
    {
        _lanes = [.. Enumerable.Range(0, count).Select(_ => Channel.CreateBounded<DemoAct>(Waiting))];
        _workers = [.. _lanes.Select(lane => Task.Run(async () =>
        {
            await foreach (var act in lane.Reader.ReadAllAsync(cancellation)) await play(act, cancellation);
        }, CancellationToken.None))];
    }

    /// <summary>Hands an act over; waits while its lane is full.</summary>
    public ValueTask AddAsync(DemoAct act, CancellationToken cancellation)
    {
        var person = act switch { DemoSale sale => sale.Person, DemoReturn back => back.Sale.Person, DemoRedemption redemption => redemption.Person, _ => null };
        var hash = person is null ? act.Store : string.GetHashCode(person.CustomerId, StringComparison.Ordinal) & int.MaxValue;
        return _lanes[hash % _lanes.Length].Writer.WriteAsync(act, cancellation);
    }

    /// <summary>Completes when everything handed over has been played; nothing can be added after.</summary>
    public async Task FinishAsync()
    {
        foreach (var lane in _lanes) lane.Writer.TryComplete();
        await Task.WhenAll(_workers);
    }

    /// <summary>Ends the lanes; what still waits is played unless it was cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await FinishAsync();
        }
        catch (OperationCanceledException)
        {
            // Cancelled acts are in the plan and come again at the next start.
        }
    }
}
