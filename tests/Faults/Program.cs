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
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, end) =>
{
    // What was done so far is audited and told; a second Ctrl-C ends at once.
    end.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
var results = new Dictionary<string, Result>(StringComparer.Ordinal);
var left = new ConcurrentQueue<FaultKind>(options.Kinds);
var turns = new Turns(options.TurnsFile, options.Lanes);
await turns.TakeAsync();
await Task.WhenAll(Enumerable.Range(0, options.Lanes).Select(_ => LaneAsync()));
turns.Give();
Console.WriteLine($"written to {options.JsonFile}");
return results.Values.All(result => result.Fine) ? 0 : 1;

async Task LaneAsync()
{
    while (!stop.IsCancellationRequested && left.TryDequeue(out var kind)) Tell(await new Run(kind, options.Count, options.Seed, turns, Note).RunAsync(stop.Token));
    await turns.LeaveAsync();
}

// A long campaign that is broken off leaves what its last audits said.
void Note(Result result)
{
    lock (results)
    {
        results[result.Kind] = result;
        Report.Write(options.JsonFile, results.Values);
    }
}

void Tell(Result result)
{
    Note(result);
    lock (results)
    {
        Console.WriteLine(Report.Row(result));
        if (result.Fine) return;
        foreach (var line in result.Differences) Console.WriteLine($"  {line}");
        Console.WriteLine($"  replay: {result.Replay}   what it left: {result.Folder}");
    }
}
