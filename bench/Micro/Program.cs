using BenchmarkDotNet.Running;
using ChainCrm.Micro;

// dotnet run -c Release --project bench/Micro -- steps
// dotnet run -c Release --project bench/Micro -- journal [--entries N] [--streams N] [--restart N]
// dotnet run -c Release --project bench/Micro -- postgres --connection "Host=...;Database=...;Username=..." [--streams N] [--prefill N] [--seconds N] [--rounds N] [--sizes N,N] [--against FILE]
return args switch
{
    ["journal", .. var rest] => await JournalBench.RunAsync(rest),
    ["postgres", .. var rest] => await PostgresBench.RunAsync(rest),
    ["steps"] => Steps(),
    _ => Usage(),
};

static int Steps()
{
    BenchmarkRunner.Run<HotPathBenchmarks>();
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: Micro steps");
    Console.Error.WriteLine("       Micro journal [--entries N] [--streams N] [--restart N] [--folder PATH]");
    Console.Error.WriteLine("       Micro postgres --connection TEXT [--streams N] [--prefill N] [--seconds N] [--rounds N] [--sizes N,N] [--against FILE]");
    return 2;
}
