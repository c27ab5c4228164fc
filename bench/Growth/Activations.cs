using System.Diagnostics;
using ChainCrm.Grains;
using ChainCrm.Grains.Runtime;

namespace ChainCrm.Growth;

/// <summary>What it costs to bring one grain into memory, one after another.</summary>
internal static class Activations
{
    /// <param name="chain">Where from.</param>
    /// <param name="grains">Which, each read once.</param>
    /// <param name="trustSnapshot">False to fold the whole stream.</param>
    public static async Task<(double Microseconds, double ProcessorMicroseconds)> MeasureAsync(StoredChain chain, IReadOnlyList<GrainId> grains, bool trustSnapshot)
    {
        var loader = new GrainLoader(chain.Journal, chain.Snapshots, GrainCatalog.Product);
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        foreach (var grain in grains)
            if ((await loader.LoadAsync(grain, trustSnapshot)).Version == 0)
                throw new InvalidOperationException($"{grain} is not stored.");
        return (clock.Elapsed.TotalMicroseconds / grains.Count, (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / grains.Count);
    }
}
