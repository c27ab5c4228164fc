using BenchmarkDotNet.Running;
using ChainCrm.Micro;

// dotnet run -c Release --project bench/Micro -- steps
// dotnet run -c Release --project bench/Micro -- journal [--entries N] [--streams N] [--restart N]
return args switch
{
    ["journal", .. var rest] => await JournalBench.RunAsync(rest),
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
    Console.Error.WriteLine("usage: Micro steps | journal [--entries N] [--streams N] [--restart N] [--folder PATH]");
    return 2;
}
