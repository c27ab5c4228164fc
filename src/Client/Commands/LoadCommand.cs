using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using ChainCrm.Client.Load;

namespace ChainCrm.Client.Commands;

/// <summary><c>chaincrm load</c>: closed and open loop load, and one target against another.</summary>
internal static class LoadCommand
{
    private sealed record Job(
        LoadShape Shape, string Target, IReadOnlyList<int> Connections, double? Rate, TimeSpan Duration, TimeSpan Warmup, bool Prepare,
        string? Compare, int Rounds, string? Json, ChainCrmClientOptions Connection);

    public static Command Create(ConnectionOptions connection)
    {
        var target = new Option<string>("--target") { Description = "What is asked: purchase, echo or identify.", DefaultValueFactory = _ => "purchase" };
        var connections = new Option<string>("--connections", "-c") { Description = "Connections, each with one request on its way; several numbers with commas run one after the other.", DefaultValueFactory = _ => "128" };
        var rate = new Option<double?>("--rate") { Description = "Open loop: requests a second, sent when due whether or not answers come. Latency counts from when a request was due." };
        var customers = new Option<int>("--customers") { Description = "Customers, found by card number.", DefaultValueFactory = _ => 10_000 };
        var stores = new Option<int>("--stores") { Description = "Stores.", DefaultValueFactory = _ => 50 };
        var lines = new Option<int>("--lines") { Description = "Lines of a receipt.", DefaultValueFactory = _ => 3 };
        var coupons = new Option<int>("--coupons") { Description = "Coupons on each receipt; the programme must bring them with the enrolment, or as many with each purchase." };
        var zipf = new Option<double?>("--zipf") { Description = "Choose customers by Zipf's law with this exponent, such as 1.1; without it all alike." };
        var duration = new Option<double>("--duration") { Description = "Seconds measured.", DefaultValueFactory = _ => 10 };
        var warmup = new Option<double>("--warmup") { Description = "Seconds before measuring.", DefaultValueFactory = _ => 2 };
        var prepare = new Option<bool>("--prepare") { Description = "First open the stores and enrol the customers; repeating it changes nothing." };
        var compare = new Option<string?>("--compare") { Description = "Alternate with this target (echo) round by round and print the ratio." };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of a comparison.", DefaultValueFactory = _ => 5 };
        var json = JsonOption.Create();
        var command = new Command("load", "Makes load and prints throughput, percentiles of latency, and errors by number.")
        {
            target, connections, rate, customers, stores, lines, coupons, zipf, duration, warmup, prepare, compare, rounds, json,
        };
        command.SetAction((arguments, cancellation) =>
        {
            var options = connection.Read(arguments);
            var job = new Job(
                new LoadShape
                {
                    Server = options.Server,
                    AccessKey = options.AccessKey,
                    Customers = InRange(arguments.GetValue(customers), 1, 100_000_000, "--customers"),
                    Stores = InRange(arguments.GetValue(stores), 1, 10_000, "--stores"),
                    LinesPerReceipt = InRange(arguments.GetValue(lines), 1, 500, "--lines"),
                    Coupons = InRange(arguments.GetValue(coupons), 0, 20, "--coupons"),
                    Zipf = arguments.GetValue(zipf) is { } exponent ? Positive(exponent, "--zipf") : null,
                },
                Target(arguments.GetRequiredValue(target)),
                ReadConnections(arguments.GetRequiredValue(connections)),
                arguments.GetValue(rate) is { } perSecond ? Positive(perSecond, "--rate") : null,
                TimeSpan.FromSeconds(Positive(arguments.GetValue(duration), "--duration")),
                TimeSpan.FromSeconds(Math.Max(0, arguments.GetValue(warmup))),
                arguments.GetValue(prepare),
                arguments.GetValue(compare) is { } baseline ? Target(baseline) : null,
                InRange(arguments.GetValue(rounds), 1, 1_000, "--rounds"),
                JsonOption.Path(arguments, json),
                options);
            return RunAsync(job, new Screen(arguments.InvocationConfiguration.Output), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(Job job, Screen screen, CancellationToken cancellation)
    {
        UseFewThreads();
        var words = job.Json == "-" ? new Screen(TextWriter.Null) : screen;
        var server = await Preparation.ResolveAsync(job.Shape.Server, cancellation);
        using var client = new ChainCrmClient(job.Connection);
        if (job.Prepare)
        {
            await Preparation.OpenStoresAsync(client, job.Shape, cancellation);
            words.Line(string.Create(CultureInfo.InvariantCulture, $"Enrolling {job.Shape.Customers:N0} customers ..."));
            WriteResults(words, [await Preparation.EnrolAsync(job.Shape, server, cancellation)]);
        }

        await Preparation.CheckAsync(client, job.Shape, cancellation);
        var report = new LoadReport
        {
            Machine = $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}",
            Cores = Environment.ProcessorCount,
            Customers = job.Shape.Customers,
            Stores = job.Shape.Stores,
            Zipf = job.Shape.Zipf,
        };
        report = job.Compare is null
            ? report with { Results = await MeasureAsync(job, words, server, cancellation) }
            : report with { Comparisons = await CompareAsync(job, job.Compare, words, server, cancellation) };
        if (job.Json is { } path) await screen.WriteJsonAsync(path, JsonSerializer.SerializeToUtf8Bytes(report, IndentedJson.Default.LoadReport), cancellation);
        return ExitCodes.Done;
    }

    private static async Task<List<LoadResult>> MeasureAsync(Job job, Screen words, EndPoint server, CancellationToken cancellation)
    {
        var results = new List<LoadResult>();
        foreach (var connections in job.Connections) results.Add(await OnceAsync(job, job.Target, connections, job.Warmup, server, cancellation));
        WriteResults(words, results);
        return results;
    }

    private static async Task<List<LoadComparison>> CompareAsync(Job job, string baseline, Screen words, EndPoint server, CancellationToken cancellation)
    {
        var comparisons = new List<LoadComparison>();
        foreach (var connections in job.Connections)
        {
            var (ofBaseline, ofTarget) = (new List<LoadResult>(), new List<LoadResult>());
            for (var round = 0; round < job.Rounds; round++)
            {
                ofBaseline.Add(await OnceAsync(job, baseline, connections, job.Warmup, server, cancellation));
                ofTarget.Add(await OnceAsync(job, job.Target, connections, job.Warmup, server, cancellation));
                words.Line(string.Create(CultureInfo.InvariantCulture,
                    $"{connections} connections, round {round + 1} of {job.Rounds}: {baseline} {ofBaseline[^1].PerSecond:N0}/s, {job.Target} {ofTarget[^1].PerSecond:N0}/s"));
            }

            comparisons.Add(LoadComparison.From(connections, ofBaseline, ofTarget));
            WriteResults(words, comparisons[^1].Rounds.Where(round => round.Errors.Count > 0 || round.BrokenConnections > 0).ToList());
        }

        WriteComparisons(words, comparisons);
        return comparisons;
    }

    private static async Task<LoadResult> OnceAsync(Job job, string target, int connections, TimeSpan warmup, EndPoint server, CancellationToken cancellation)
    {
        var coupons = job.Shape.Coupons == 0 || target != "purchase" ? null : await ReadCouponsAsync(job, cancellation);
        RequestSource source = target switch
        {
            "identify" => new IdentifySource(job.Shape),
            "echo" => new PurchaseSource(job.Shape, "/v1/bench/echo", RunNumber()),
            _ => new PurchaseSource(job.Shape, "/v1/purchases", RunNumber(), coupons),
        };
        // What the run before left behind is cleaned up before the clock runs, not while it does.
        GC.Collect();
        using var run = new LoadRun(source, server, new RunPlan { Connections = connections, Rate = job.Rate, Warmup = warmup, Duration = job.Duration });
        return await run.RunAsync(target, cancellation);
    }

    private static async Task<CustomerCoupons> ReadCouponsAsync(Job job, CancellationToken cancellation)
    {
        using var client = new ChainCrmClient(job.Connection);
        return await CustomerCoupons.ReadAsync(client, job.Shape, cancellation);
    }

    /// <summary>
    /// One thread waits for all sockets and runs everything that follows an arrival itself: the generator shares its cores with the server.
    /// The runtime reads these two settings when the first socket is made, so this must come before it.
    /// </summary>
    private static void UseFewThreads()
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", Math.Max(1, Environment.ProcessorCount / 4).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Milliseconds since 1970: no two runs of one machine have the same receipts.</summary>
    private static long RunNumber() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private static void WriteResults(Screen screen, IReadOnlyList<LoadResult> results)
    {
        if (results.Count == 0) return;
        screen.Table("Load", ["target", "connections", "answers", "per second", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms", "errors"],
            results.Select(result => new[]
            {
                result.Target, Number(result.Connections), Number(result.Answers), Number(result.PerSecond), Ms(result.P50Ms), Ms(result.P90Ms),
                Ms(result.P99Ms), Ms(result.P999Ms), Ms(result.MaxMs), Number(result.Errors.Sum(error => error.Count) + result.BrokenConnections),
            }));
        foreach (var result in results)
        {
            foreach (var error in result.Errors)
                screen.Line(string.Create(CultureInfo.InvariantCulture, $"{result.Target}: {error.Count:N0} times HTTP {error.Status}, refusal {error.Code}"));
            if (result.NotSent > 0)
                screen.Line(string.Create(CultureInfo.InvariantCulture, $"{result.Target}: {result.NotSent:N0} requests were due and had no turn; more connections, or the server is slower than that"));
            if (result.BrokenConnections > 0)
                screen.Line(string.Create(CultureInfo.InvariantCulture, $"{result.Target}: {result.BrokenConnections:N0} connections broke, {result.LostConnections:N0} for good"));
        }
    }

    private static void WriteComparisons(Screen screen, List<LoadComparison> comparisons) =>
        screen.Table("Comparison", ["connections", "target", "per second", "p99 ms", "baseline", "per second", "p99 ms", "ratio", "least", "most"],
            comparisons.Select(c => new[]
            {
                Number(c.Connections), c.Target, Number(c.TargetPerSecondMedian), Ms(c.TargetP99MsMedian), c.Baseline, Number(c.BaselinePerSecondMedian),
                Ms(c.BaselineP99MsMedian), Ratio(c.RatioMedian), Ratio(c.RatioMin), Ratio(c.RatioMax),
            }));

    private static string Target(string text) =>
        text is "purchase" or "echo" or "identify" ? text : throw new UsageException($"There is no target {text}: purchase, echo or identify.");

    private static List<int> ReadConnections(string text) =>
        text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? InRange(number, 1, ClientLimits.LoadConnectionsMax, "--connections")
            : throw new UsageException("--connections is a number, or several with commas such as 32,128,512.")).ToList();

    private static double Positive(double value, string option) =>
        value > 0 && double.IsFinite(value) ? value : throw new UsageException($"{option} is a number above 0.");

    private static int InRange(int value, int least, int most, string option) => value >= least && value <= most
        ? value
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} is {least:N0} to {most:N0}."));

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
    private static string Ms(double value) => value.ToString("N3", CultureInfo.InvariantCulture);
    private static string Ratio(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
