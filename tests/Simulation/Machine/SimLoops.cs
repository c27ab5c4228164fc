using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Simulation;

/// <summary>The loops of the read side on the machine's one thread. They are never told to stop: a machine that goes down takes them with it.</summary>
internal sealed class SimLoops(SimThread thread) : IReadSideLoops
{
    private static readonly AsyncLocal<string?> Name = new();

    /// <summary>Name of the loop that runs now.</summary>
    public static string Running => Name.Value ?? "nobody";

    public Task Run(Func<CancellationToken, Task> work, CancellationToken stop) => thread.Start(() => work(CancellationToken.None));

    public Task Start(string name, Func<CancellationToken, Task> loop, CancellationToken stop)
    {
        _ = thread.Start(() =>
        {
            Name.Value = name;
            return loop(CancellationToken.None);
        });
        // Whoever waits for the end of the loops need not wait for those of a machine that is off.
        return Task.CompletedTask;
    }
}
