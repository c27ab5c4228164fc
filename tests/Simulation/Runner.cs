using System.Diagnostics;
using System.Globalization;

namespace ChainCrm.Simulation;

/// <summary>
/// Runs seeds for a time, a number of commands or a number of seeds, a world on each thread, and says what came of it:
/// <c>--minutes M | --commands N | --seeds N [--first S] | --seed S</c>, with <c>--each N</c> commands a seed, <c>--threads N</c>, <c>--break NAME</c>.
/// </summary>
internal static class Runner
{
    private const string Usage =
        """
        tests/Simulation/run --minutes M | --commands N | --seeds N | --seed S [--trace] [--each N] [--first S] [--threads N] [--break NAME] [--crowd]
          --minutes M    fresh seeds for so long                --seed S    one seed again, as a failing run printed it
          --commands N   fresh seeds until so many commands     --trace     every entry of that seed's journal, in order
          --seeds N      so many seeds                          --first S   the first of them; derived from the time when it is left out
          --each N       commands of a seed                     --threads N worlds at a time; one for each processor when it is left out
          --crowd        hundreds of customers with few commands each
          --break NAME   what it looks like when an invariant is broken on purpose
        """;

    public static int Run(string[] args)
    {
        if (args.Contains("--help") || args.Length == 0)
        {
            Console.WriteLine(Usage);
            return args.Length == 0 ? 2 : 0;
        }

        var how = Enum.Parse<Break>(Option(args, "--break") ?? nameof(Break.None), ignoreCase: true);
        var each = (int)(Number(args, "--each") ?? SimulationLimits.CommandsPerSeed);
        var crowd = args.Contains("--crowd");
        return Number(args, "--seed") is { } seed ? One(seed, each, how, args.Contains("--trace"), crowd) : Many(args, each, how, crowd);
    }

    /// <summary>The line that runs a seed again.</summary>
    public static string Replay(long seed, int each, Break how = Break.None, bool crowd = false) => string.Create(
        CultureInfo.InvariantCulture, $"tests/Simulation/run --seed {seed}{(each == SimulationLimits.CommandsPerSeed ? "" : $" --each {each}")}{(how == Break.None ? "" : $" --break {how}")}{(crowd ? " --crowd" : "")}");

    /// <summary>A first seed that was never used before, derived from the time.</summary>
    public static long FreshSeed() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000;

    /// <summary>What a failing seed looks like in print.</summary>
    public static string Report(RunResult run, int each, Break how = Break.None, bool crowd = false) =>
        $"replay: {Replay(run.Seed, each, how, crowd)}\n  swarm: {run.Swarm}\n  {string.Join("\n  ", run.Wrong.Take(10))}";

    /// <summary>Runs seeds from a first one on until told to stop.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="each">Commands of each.</param>
    /// <param name="threads">Worlds at a time.</param>
    /// <param name="how">Broken on purpose, or not.</param>
    /// <param name="goesOn">Asked before each seed with how many were begun.</param>
    /// <param name="done">Called after each seed, one call at a time.</param>
    /// <param name="crowd">Many customers with few commands each.</param>
    public static void Seeds(long first, int each, int threads, Break how, Func<int, bool> goesOn, Action<RunResult> done, bool crowd = false) =>
        new Workers(seed => World.Run(seed, each, how, crowd: crowd), done, seed => $"replay: {Replay(seed, each, how, crowd)}")
            .Run(first, threads, goesOn, TimeSpan.FromMilliseconds(SimulationLimits.SeedLookEveryMs));

    private static int One(long seed, int each, Break how, bool trace, bool crowd)
    {
        var run = World.Run(seed, each, how, trace ? Console.WriteLine : null, crowd);
        Console.WriteLine($"swarm: {run.Swarm}");
        Console.WriteLine(
            $"seed {seed}: {run.Commands} commands, {run.Entries} entries, {run.Crashes} crashes, {run.Starts} starts, {run.FailedCommits} failed commits, {run.Repeats} repeats, {run.Counts}, trace {run.Hash:x16}");
        foreach (var wrong in run.Wrong)
            Console.WriteLine($"  {wrong}");
        Console.WriteLine(run.Wrong.Count == 0 ? "nothing wrong" : $"{run.Wrong.Count} findings");
        return run.Wrong.Count == 0 ? 0 : 1;
    }

    private static int Many(string[] args, int each, Break how, bool crowd)
    {
        var first = Number(args, "--first") ?? FreshSeed();
        var until = Option(args, "--minutes") is { } minutes ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) : TimeSpan.MaxValue;
        var commandsMax = Number(args, "--commands") ?? long.MaxValue;
        var seedsMax = Number(args, "--seeds") ?? int.MaxValue;
        var (commands, failed, seeds, histories) = (0L, 0, 0, 0L);
        var watch = Stopwatch.StartNew();
        var nextLine = TimeSpan.FromSeconds(10);
        Console.WriteLine($"seeds from {first}, {each} commands each");
        Seeds(first, each, (int)(Number(args, "--threads") ?? Environment.ProcessorCount), how,
            number => number < seedsMax && watch.Elapsed < until && Interlocked.Read(ref commands) < commandsMax,
            run =>
            {
                Interlocked.Add(ref commands, run.Commands);
                seeds++;
                histories += run.Counts.Histories;
                if (run.Wrong.Count > 0)
                {
                    failed++;
                    Console.WriteLine(Report(run, each, how, crowd));
                }

                if (watch.Elapsed < nextLine)
                    return;
                nextLine = watch.Elapsed + TimeSpan.FromSeconds(10);
                Console.WriteLine(Progress(watch.Elapsed, seeds, commands, histories, failed));
            }, crowd);
        Console.WriteLine(Progress(watch.Elapsed, seeds, commands, histories, failed));
        return failed == 0 ? 0 : 1;
    }

    private static string Progress(TimeSpan elapsed, int seeds, long commands, long histories, int failed) =>
        $"{elapsed.TotalSeconds,6:0} s  {seeds,6} seeds  {commands,10} commands  {histories,8} customer histories  {commands / elapsed.TotalMinutes,10:0} a minute  {(failed == 0 ? "nothing wrong" : $"{failed} seeds went wrong")}";

    private static long? Number(string[] args, string name) => Option(args, name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? Option(string[] args, string name)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
    }
}
