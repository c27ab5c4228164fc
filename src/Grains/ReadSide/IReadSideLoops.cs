namespace ChainCrm.Grains.ReadSide;

/// <summary>
/// Where the loops of the read side run. The server answers with the thread pool, the simulation with its one thread: the loops are the same.
/// </summary>
internal interface IReadSideLoops
{
    /// <summary>Runs work that ends by itself, earlier when it is told to stop.</summary>
    Task Run(Func<CancellationToken, Task> work, CancellationToken stop);

    /// <summary>Runs a loop until it is told to stop.</summary>
    /// <param name="name">Which, as in <see cref="FollowerHealth"/>; for whoever watches the loops.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="stop">Tells it to stop.</param>
    Task Start(string name, Func<CancellationToken, Task> loop, CancellationToken stop);
}

/// <summary>Every loop on the thread pool.</summary>
internal sealed class PoolLoops : IReadSideLoops
{
    public Task Run(Func<CancellationToken, Task> work, CancellationToken stop) => Task.Run(() => work(stop), CancellationToken.None);

    public Task Start(string name, Func<CancellationToken, Task> loop, CancellationToken stop) => Task.Run(() => loop(stop), CancellationToken.None);
}
