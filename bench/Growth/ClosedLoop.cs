using System.Diagnostics;
using ChainCrm.Grains;

namespace ChainCrm.Growth;

/// <summary>What a closed loop came to.</summary>
/// <param name="Commands">Commands answered.</param>
/// <param name="Time">From the first to the last.</param>
/// <param name="Processor">Of the whole process, callers included.</param>
/// <param name="P50Ms">Median latency.</param>
/// <param name="P99Ms">Latency that one in a hundred exceeded.</param>
/// <param name="DiskRead">Bytes that came from the disk and not from the page cache.</param>
internal sealed record Pace(long Commands, TimeSpan Time, TimeSpan Processor, double P50Ms, double P99Ms, long DiskRead)
{
    public double PerSecond => Commands / Time.TotalSeconds;
    public double ProcessorMicroseconds => Processor.TotalMicroseconds / Commands;
}

/// <summary>Callers that each send their next command when the last is answered.</summary>
internal static class ClosedLoop
{
    /// <summary>For loops that end by their number of commands.</summary>
    public static readonly TimeSpan AsLongAsItTakes = TimeSpan.FromHours(1);

    /// <param name="engine">Who is asked.</param>
    /// <param name="time">How long at most.</param>
    /// <param name="most">Commands at most.</param>
    /// <param name="make">The command of a number, 0, 1, 2 ...</param>
    /// <param name="afterwards">What belongs to the work and comes after the last answer; its processor time is counted, its wall time is not.</param>
    public static async Task<Pace> RunAsync(IEngine engine, TimeSpan time, long most, Func<long, GrainCommand> make, Func<Task>? afterwards = null)
    {
        GC.Collect();
        var latencies = new Latencies();
        var read = DiskReadBytes();
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var until = started + (long)(time.TotalSeconds * Stopwatch.Frequency);
        long next = -1;
        long done = 0;
        var callers = new Task[Options.Outstanding];
        for (var i = 0; i < callers.Length; i++) callers[i] = Caller();
        await Task.WhenAll(callers);
        var took = Stopwatch.GetElapsedTime(started);
        if (afterwards is not null) await afterwards();
        return new(done, took, Environment.CpuUsage.TotalTime - processor, latencies.Quantile(0.5), latencies.Quantile(0.99), DiskReadBytes() - read);

        async Task Caller()
        {
            await Task.Yield();
            while (Stopwatch.GetTimestamp() is var sent && sent < until)
            {
                var number = Interlocked.Increment(ref next);
                if (number >= most) return;
                var reply = await engine.AskAsync(make(number));
                if (reply.Kind != ReplyKind.Accepted) throw new InvalidOperationException($"A command was answered {reply.Kind} {reply.Rejection?.Name}.");
                latencies.Add(Stopwatch.GetElapsedTime(sent));
                Interlocked.Increment(ref done);
            }
        }
    }

    private static long DiskReadBytes() =>
        File.Exists("/proc/self/io") ? long.Parse(File.ReadLines("/proc/self/io").First(line => line.StartsWith("read_bytes:", StringComparison.Ordinal))[11..], null) : 0;

    /// <summary>A histogram in steps of three percent. Thread-safe.</summary>
    private sealed class Latencies
    {
        private const double Step = 1.03;
        private readonly int[] counts = new int[1_024];

        public void Add(TimeSpan latency) =>
            Interlocked.Increment(ref counts[(int)Math.Clamp(Math.Log(latency.TotalMicroseconds, Step), 0, counts.Length - 1)]);

        public double Quantile(double share)
        {
            var left = (long)Math.Ceiling(share * counts.Sum(count => (long)count));
            var step = 0;
            while (step < counts.Length - 1 && (left -= counts[step]) > 0) step++;
            return Math.Pow(Step, step + 1) / 1_000;
        }
    }
}
