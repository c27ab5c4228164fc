using BenchmarkDotNet.Attributes;

namespace ChainCrm.Micro;

/// <summary>Time and bytes of each step, by BenchmarkDotNet.</summary>
[MemoryDiagnoser]
[InvocationCount(1)]
public class HotPathBenchmarks
{
    private const int Times = 6_400;
    private Prepared prepared = new(() => { });

    public static IEnumerable<string> Names => HotPath.All.Select(operation => operation.Name);

    [ParamsSource(nameof(Names))]
    public string Step { get; set; } = "";

    [IterationSetup]
    public void Prepare() => prepared = HotPath.All.Single(operation => operation.Name == Step).Prepare(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public void Run() => prepared.Run();

    [IterationCleanup]
    public void End() => prepared.Dispose();
}
