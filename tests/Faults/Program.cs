using System.Collections.Concurrent;
using ChainCrm.Faults;
using ChainCrm.Faults.Kinds;

// ./tests/Faults/run --kind server-kill --count 200 --seed 7      see --help
var (options, fault) = Options.Parse(args);
if (options is null)
{
    Console.WriteLine(fault ?? Options.Help);
    return fault is null ? 0 : 2;
}

Console.WriteLine($"seed {options.Seed}, {options.Lanes} kinds at once, {Report.Machine()}");
Console.WriteLine(Report.Head);
var results = new List<Result>();
var left = new ConcurrentQueue<FaultKind>(options.Kinds);
var turns = new Turns(options.TurnsFile, options.Lanes);
await turns.TakeAsync();
await Task.WhenAll(Enumerable.Range(0, options.Lanes).Select(_ => LaneAsync()));
turns.Give();
Console.WriteLine($"written to {options.JsonFile}");
return results.TrueForAll(result => result.Fine) ? 0 : 1;

async Task LaneAsync()
{
    while (left.TryDequeue(out var kind)) Tell(await new Run(kind, options.Count, options.Seed, turns).RunAsync());
    await turns.LeaveAsync();
}

void Tell(Result result)
{
    lock (results)
    {
        results.Add(result);
        Console.WriteLine(Report.Row(result));
        Report.Write(options.JsonFile, results);
        if (result.Fine) return;
        foreach (var line in result.Differences) Console.WriteLine($"  {line}");
        Console.WriteLine($"  replay: {result.Replay}   what it left: {result.Folder}");
    }
}
