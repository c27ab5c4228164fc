using ChainCrm.Simulation;

// dotnet run --project tests/Simulation -- --seed 17            one seed again, as the failing test printed it
// dotnet run --project tests/Simulation -- --seeds 5000         a long run
// dotnet run --project tests/Simulation -- --break SkipDedupe   what it looks like when an invariant is broken
var seed = Option("--seed");
var how = Enum.Parse<Break>(Option("--break") ?? nameof(Break.None), ignoreCase: true);
var commands = int.Parse(Option("--commands") ?? "400", null);
var first = seed is null ? 1 : int.Parse(seed, null);
var count = seed is null ? int.Parse(Option("--seeds") ?? "500", null) : 1;
var failures = 0;
for (var next = first; next < first + count; next++)
{
    var run = World.Run(next, commands, how);
    if (count == 1)
        Console.WriteLine($"seed {next}: {run.Commands} commands, {run.Entries} entries, {run.Crashes} crashes, {run.FailedCommits} failed commits, {run.Repeats} repeats");
    if (run.Wrong.Count == 0)
        continue;
    failures++;
    Console.WriteLine($"replay: dotnet run --project tests/Simulation -- --seed {next}{(how == Break.None ? "" : $" --break {how}")}");
    foreach (var line in run.Wrong.Take(10))
        Console.WriteLine($"  {line}");
    if (how != Break.None)
        break;
}
Console.WriteLine(failures == 0 ? $"{count} seeds, nothing wrong" : $"{failures} seeds went wrong");
return failures == 0 ? 0 : 1;

string? Option(string name)
{
    var index = Array.IndexOf(args, name);
    return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
}
