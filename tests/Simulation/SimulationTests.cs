using System.Collections.Concurrent;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ChainCrm.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 500;
    private const int CommandsPerSeed = 400;

    [Fact]
    public void No_invariant_breaks_in_two_hundred_thousand_commands_over_five_hundred_seeds()
    {
        // A fixed base, so that the same ground is covered every time, and one fresh seed for new ground.
        var fresh = Random.Shared.Next(1_000_000, int.MaxValue);
        var runs = new ConcurrentBag<RunResult>();

        Parallel.ForEach(Enumerable.Range(1, Seeds - 1).Append(fresh), seed => runs.Add(World.Run(seed, CommandsPerSeed)));

        output.WriteLine(
            $"fresh seed {fresh}: {runs.Sum(r => r.Commands)} commands, {runs.Sum(r => r.Entries)} entries, {runs.Sum(r => r.Crashes)} crashes, "
            + $"{runs.Sum(r => r.FailedCommits)} failed commits, {runs.Sum(r => r.Repeats)} repeats");
        runs.Where(r => r.Wrong.Count > 0).OrderBy(r => r.Seed).Take(3)
            .Select(r => $"replay: dotnet run --project tests/Simulation -- --seed {r.Seed}\n  {string.Join("\n  ", r.Wrong.Take(5))}")
            .ShouldBeEmpty();
        runs.Sum(r => r.Commands).ShouldBeGreaterThanOrEqualTo(Seeds * CommandsPerSeed);
        // Without faults met, a green run would say nothing.
        runs.Sum(r => r.Crashes).ShouldBeGreaterThan(Seeds / 2);
        runs.Sum(r => r.FailedCommits).ShouldBeGreaterThan(Seeds);
        runs.Sum(r => r.Repeats).ShouldBeGreaterThan(Seeds);
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        var (one, two) = (World.Run(42, CommandsPerSeed), World.Run(42, CommandsPerSeed));

        (one with { Wrong = [] }).ShouldBe(two with { Wrong = one.Wrong.Count == two.Wrong.Count ? [] : two.Wrong });
    }

    [Theory]
    [InlineData(Break.AnswerBeforeCommit)]
    [InlineData(Break.KeepAfterFailedCommit)]
    [InlineData(Break.KeepOnTop)]
    [InlineData(Break.SkipDedupe)]
    [InlineData(Break.SkipFeedEntry)]
    public void A_broken_invariant_is_noticed(Break how) =>
        Enumerable.Range(1, 20).Sum(seed => World.Run(seed, CommandsPerSeed, how).Wrong.Count).ShouldBeGreaterThan(0, $"the auditor does not notice {how}");
}
