using ChainCrm.Micro;

// dotnet run -c Release --project bench/Micro -- journal [--entries N] [--streams N] [--restart N]
return args switch
{
    ["journal", .. var rest] => await JournalBench.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Micro journal [--entries N] [--streams N] [--restart N] [--folder PATH]");
    return 2;
}
