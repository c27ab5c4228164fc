using Shouldly;
using Xunit;

namespace ChainCrm.Simulation;

public sealed class WorkersTests : IDisposable
{
    private readonly ManualResetEventSlim _never = new();

    public void Dispose() => _never.Set();

    [Fact]
    public void Each_seed_is_run_once_and_told_of()
    {
        var told = new List<long>();

        new Workers(Clean, run => told.Add(run.Seed), Replay).Run(100, 2, static number => number < 50, TimeSpan.FromMilliseconds(1));

        told.Order().ShouldBe(Enumerable.Range(100, 50).Select(static seed => (long)seed));
    }

    [Fact]
    public void A_seed_that_throws_stops_the_others_and_says_how_to_run_it_again()
    {
        var workers = new Workers(static seed => seed == 107 ? throw new ArgumentException("no such thing") : Clean(seed), static _ => { }, Replay);

        var thrown = Should.Throw<InvalidOperationException>(() => workers.Run(100, 2, static _ => true, TimeSpan.FromMilliseconds(1)));

        thrown.Message.ShouldBe("A run threw ArgumentException: no such thing replay 107");
    }

    [Fact]
    public void A_seed_that_never_ends_says_how_to_run_it_again()
    {
        var workers = new Workers(Hang, static _ => { }, Replay);

        var thrown = Should.Throw<TimeoutException>(() => workers.Run(100, 2, static number => number < 10, TimeSpan.FromMilliseconds(1)));

        thrown.Message.ShouldBe("A run does not end. replay 107");
    }

    private RunResult Hang(long seed)
    {
        if (seed == 107)
            _never.Wait();
        return Clean(seed);
    }

    private static string Replay(long seed) => $"replay {seed}";

    private static RunResult Clean(long seed) => new(seed, new Swarm(), 1, 0, 0, 0, 0, 1, 0, default, []);
}
