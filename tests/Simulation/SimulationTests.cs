using System.Diagnostics;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ChainCrm.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void No_invariant_breaks_in_two_hundred_thousand_commands_over_five_hundred_seeds()
    {
        // The same seeds every time, so that the same ground is covered every time.
        var runs = new List<RunResult>();
        Runner.Seeds(1, SimulationLimits.RegressionCommands, Environment.ProcessorCount, Break.None, number => number < SimulationLimits.RegressionSeeds, runs.Add);

        output.WriteLine(Sums(runs));
        Failures(runs, SimulationLimits.RegressionCommands).ShouldBeEmpty();
        runs.Sum(r => r.Commands).ShouldBeGreaterThanOrEqualTo(SimulationLimits.RegressionSeeds * SimulationLimits.RegressionCommands);
        // Without having met what it is about, a green run would say nothing.
        runs.Sum(r => r.Crashes).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 2);
        runs.Sum(r => r.FailedCommits).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Repeats).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.WokenExpiries).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Releases).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Programmes).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Samples).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Grants).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Withheld).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.TopUps).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.CardSales).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.CardReturns).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 2);
        runs.Sum(r => r.Counts.Refunds).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 2);
        runs.Sum(r => r.Counts.Freezes).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 2);
        runs.Sum(r => r.Counts.Baskets).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.PaidBaskets).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 2);
        runs.Sum(r => r.Counts.CancelledBaskets).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 2);
        runs.Sum(r => r.Counts.WokenLeases).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 2);
        runs.Sum(r => r.Counts.Coupons.Issued).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Coupons.ByRules).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Coupons.Used).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Coupons.Skipped).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Coupons.Back).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Coupons.Withdrawn).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Coupons.Woken).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Tiers.Kept).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Tiers.Lost).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Tiers.Forecasts).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Tiers.Woken).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Points.Moved).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Points.Extensions).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Deliveries.Sent).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Deliveries.GivenBack).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 16);
        runs.Sum(r => r.Counts.Deliveries.Late).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 16);
        runs.Sum(r => r.Counts.Points.Freezes).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds / 4);
        runs.Sum(r => r.Counts.Points.MemberPrices).ShouldBeGreaterThan(10 * SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Tags.Changes).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
        runs.Sum(r => r.Counts.Tags.Asked).ShouldBeGreaterThan(SimulationLimits.RegressionSeeds);
    }

    [Fact]
    public void No_invariant_breaks_in_fresh_seeds()
    {
        var first = Runner.FreshSeed();
        output.WriteLine($"seeds from {first}");
        var runs = new List<RunResult>();
        var watch = Stopwatch.StartNew();
        Runner.Seeds(first, SimulationLimits.CommandsPerSeed, Environment.ProcessorCount, Break.None,
            _ => watch.Elapsed.TotalSeconds < SimulationLimits.FreshSeconds, runs.Add);

        output.WriteLine(Sums(runs));
        output.WriteLine($"{runs.Sum(r => (long)r.Commands) / watch.Elapsed.TotalMinutes:0} commands a minute");
        Failures(runs, SimulationLimits.CommandsPerSeed).ShouldBeEmpty();
        runs.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void No_invariant_breaks_in_a_hundred_thousand_customer_histories()
    {
        var first = Runner.FreshSeed();
        output.WriteLine($"seeds with a crowd from {first}");
        var runs = new List<RunResult>();
        var histories = 0L;
        Runner.Seeds(first, SimulationLimits.CommandsPerSeed, Environment.ProcessorCount, Break.None, _ => Interlocked.Read(ref histories) < SimulationLimits.CrowdHistories,
            run =>
            {
                runs.Add(run);
                Interlocked.Add(ref histories, run.Counts.Histories);
            }, crowd: true);

        output.WriteLine(Sums(runs));
        Failures(runs, SimulationLimits.CommandsPerSeed, crowd: true).ShouldBeEmpty();
        histories.ShouldBeGreaterThanOrEqualTo(SimulationLimits.CrowdHistories);
        // The faults hit them as they hit the few.
        runs.Sum(r => r.Crashes).ShouldBeGreaterThan(runs.Count / 2);
        runs.Sum(r => r.FailedCommits).ShouldBeGreaterThan(runs.Count);
        runs.Sum(r => r.Repeats).ShouldBeGreaterThan(runs.Count);
        runs.Sum(r => r.Counts.Coupons.Used).ShouldBeGreaterThan(runs.Count);
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        // Those with everything in them and those with little.
        for (var seed = 1; seed <= 12; seed++)
        {
            var (one, two) = (World.Run(seed, SimulationLimits.RegressionCommands), World.Run(seed, SimulationLimits.RegressionCommands));

            one.Hash.ShouldBe(two.Hash, $"seed {seed}");
            one.Counts.ShouldBe(two.Counts, $"seed {seed}");
        }
    }

    [Fact]
    public async Task The_same_seed_is_the_same_run_in_another_process()
    {
        var here = World.Run(42, SimulationLimits.RegressionCommands);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in new[] { "exec", typeof(World).Assembly.Location, "--seed", "42", "--each", $"{SimulationLimits.RegressionCommands}" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;

        var printed = await process.StandardOutput.ReadToEndAsync();

        printed.ShouldContain($"trace {here.Hash:x16}");
    }

    [Theory]
    [InlineData(Break.AnswerBeforeCommit, "not on the disk")]
    [InlineData(Break.KeepAfterFailedCommit, "")]
    [InlineData(Break.KeepOnTop, "")]
    [InlineData(Break.SkipDedupe, "")]
    [InlineData(Break.SkipFeedEntry, "the feed handed position")]
    [InlineData(Break.DropWakeUp, "nothing has woken it")]
    [InlineData(Break.WakeEarly, "by the clock of whoever woke")]
    [InlineData(Break.WakeLate, "ms later")]
    [InlineData(Break.ForgetRelease, "neither confirmed nor released")]
    [InlineData(Break.ForgetConfirm, "neither confirmed nor released")]
    [InlineData(Break.ReserveAnyway, "which is held by")]
    [InlineData(Break.CountTwice, "the read models show")]
    [InlineData(Break.WallMissesEntry, "the wall shows")]
    [InlineData(Break.OldProgramme, "was decided by")]
    [InlineData(Break.GivePastCap, "of its cap")]
    [InlineData(Break.GiveGroupTwice, "both give")]
    [InlineData(Break.SpendTwice, "it is spent twice")]
    [InlineData(Break.SpendHeld, "held by others")]
    [InlineData(Break.UseCouponTwice, "is used twice")]
    [InlineData(Break.ForgetSpend, "its days add up to")]
    [InlineData(Break.ForgetPrices, "that everybody has takes more")]
    public void A_broken_invariant_is_noticed(Break how, string bySaying)
    {
        var notices = new List<string>();
        Runner.Seeds(1, SimulationLimits.CommandsPerSeed, Environment.ProcessorCount, how,
            number => number < SimulationLimits.BreakSeeds && notices.Count == 0,
            run => notices.AddRange(run.Wrong.Where(wrong => wrong.Contains(bySaying, StringComparison.Ordinal))));

        notices.ShouldNotBeEmpty($"the auditor does not notice {how} within {SimulationLimits.BreakSeeds} seeds");
    }

    private static List<string> Failures(List<RunResult> runs, int each, bool crowd = false) =>
        [.. runs.Where(run => run.Wrong.Count > 0).OrderBy(run => run.Seed).Take(3).Select(run => Runner.Report(run, each, crowd: crowd))];

    private static string Sums(List<RunResult> runs) =>
        $"{runs.Count} seeds, {runs.Sum(r => r.Commands)} commands, {runs.Sum(r => r.Entries)} entries, {runs.Sum(r => r.Crashes)} crashes, {runs.Sum(r => r.Starts)} starts, "
        + $"{runs.Sum(r => r.FailedCommits)} failed commits, {runs.Sum(r => r.Repeats)} repeats, {runs.Sum(r => r.Counts.Expiries)} expiries ({runs.Sum(r => r.Counts.WokenExpiries)} woken), "
        + $"{runs.Sum(r => r.Counts.Reservations)} reservations, {runs.Sum(r => r.Counts.Releases)} releases, {runs.Sum(r => r.Counts.Programmes)} programmes, "
        + $"{runs.Sum(r => r.Counts.Grants)} grants of rules ({runs.Sum(r => r.Counts.Withheld)} cut by caps), "
        + $"{runs.Sum(r => r.Counts.TopUps)} top-ups, {runs.Sum(r => r.Counts.CardSales)} sales and {runs.Sum(r => r.Counts.CardReturns)} returns with stored value, "
        + $"{runs.Sum(r => r.Counts.Refunds)} refunds, {runs.Sum(r => r.Counts.Freezes)} freezes, {runs.Sum(r => r.Counts.Baskets)} baskets ({runs.Sum(r => r.Counts.PaidBaskets)} paid, {runs.Sum(r => r.Counts.CancelledBaskets)} cancelled, {runs.Sum(r => r.Counts.WokenLeases)} run out), {Coupons(runs)}, {runs.Sum(r => r.Counts.Tiers.Kept)} tiers kept, {runs.Sum(r => r.Counts.Tiers.Lost)} lost and {runs.Sum(r => r.Counts.Tiers.Forecasts)} looked at ahead, {runs.Sum(r => r.Counts.Points.MemberPrices)} lines with a member price, {runs.Sum(r => r.Counts.Tags.Changes)} changes of tags and {runs.Sum(r => r.Counts.Tags.Asked)} sales that name one, {runs.Sum(r => r.Counts.Deliveries.Sent)} deliveries sent ({runs.Sum(r => r.Counts.Deliveries.GivenBack)} given back, {runs.Sum(r => r.Counts.Deliveries.Late)} carried through by the agenda), {runs.Sum(r => r.Counts.Histories)} customer histories audited, {runs.Sum(r => r.Counts.Reads)} reads, {runs.Sum(r => r.Counts.Samples)} looks at wall and read models";

    private static string Coupons(List<RunResult> runs)
    {
        int Sum(Func<CouponCounts, int> of) => runs.Sum(run => of(run.Counts.Coupons));
        return $"{Sum(c => c.Issued)} coupons ({Sum(c => c.ByRules)} by rules), {Sum(c => c.Used)} used, {Sum(c => c.Skipped)} skipped, {Sum(c => c.Back)} back, {Sum(c => c.Withdrawn)} withdrawn, "
            + $"{Sum(c => c.Ended)} ended ({Sum(c => c.Woken)} woken)";
    }
}
