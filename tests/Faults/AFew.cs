using ChainCrm.Faults.Kinds;
using Shouldly;
using Xunit.Abstractions;

namespace ChainCrm.Faults;

/// <summary>The short campaign of a test.</summary>
internal static class AFew
{
    private const int Count = 2;

    /// <param name="kind">The kind.</param>
    /// <param name="output">Where seed and figures go.</param>
    /// <param name="known">A seed that once found something; drawn anew when left out.</param>
    public static async Task OfAsync(string kind, ITestOutputHelper output, int? known = null)
    {
        var seed = known ?? Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}");
        var result = await new Run(AllKinds.Named(kind), Count, seed, new Turns(null, lanes: 1)).RunAsync();
        output.WriteLine(Report.Row(result));
        result.Differences.ShouldBeEmpty($"{result.Replay}; what it left: {result.Folder}");
        (result.Faults + result.Missed).ShouldBe(Count);
        result.Acknowledged.ShouldBeGreaterThan(Count * FaultsLimits.CommandsMin);
        result.Audits.ShouldBeGreaterThan(1);
    }
}
