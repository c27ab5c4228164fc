using System.Diagnostics;
using System.Globalization;

namespace ChainCrm.Micro;

/// <summary>What one measured stretch cost: time, processor time and managed bytes of this thread, bytes the process wrote to disk.</summary>
internal sealed class Counters
{
    // In this order, so that taking the first two costs nothing that the last two would count.
    private readonly long startWritten = BytesWritten();
    private readonly long startThread = ThreadNanoseconds();
    private readonly long startAllocated = GC.GetAllocatedBytesForCurrentThread();
    private readonly long startTicks = Stopwatch.GetTimestamp();

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(startTicks);

    public long Allocated => GC.GetAllocatedBytesForCurrentThread() - startAllocated;

    public long Written => BytesWritten() - startWritten;

    /// <summary>Processor time of this thread, which a busy machine changes little; 0 where it can't be had.</summary>
    public double ThreadMicroseconds => (ThreadNanoseconds() - startThread) / 1_000.0;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static double Quantile(IReadOnlyList<double> values, double q) => values.Order().ElementAt((int)(q * (values.Count - 1)));

    private static long ThreadNanoseconds()
    {
        const string schedule = "/proc/thread-self/schedstat";
        return File.Exists(schedule) ? long.Parse(File.ReadAllText(schedule).Split(' ')[0], CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>As Linux counts it for this process; 0 on other systems.</summary>
    private static long BytesWritten()
    {
        const string counters = "/proc/self/io", line = "write_bytes:";
        if (!File.Exists(counters)) return 0;
        var found = File.ReadLines(counters).First(l => l.StartsWith(line, StringComparison.Ordinal));
        return long.Parse(found.AsSpan(line.Length), CultureInfo.InvariantCulture);
    }
}
