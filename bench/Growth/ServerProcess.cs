using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChainCrm.Growth;

/// <summary>The real server over a folder, and what it answers. Ends only the process that it started.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process process;
    private readonly long startedAt;
    private readonly HttpClient http = new() { Timeout = Patience };

    private ServerProcess(Process process, long startedAt, Uri address, string folder)
    {
        (this.process, this.startedAt, Address) = (process, startedAt, address);
        http.BaseAddress = address;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(KeyFileIn(folder)).Trim());
    }

    public Uri Address { get; }

    public static string KeyFileIn(string folder) => Path.Combine(folder, "office.key");

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<ServerProcess> StartAsync(string folder)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo("dotnet", [Paths.Server, "--empty", "--port", "0", "--data", folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start.");
        // What it says must not fill a pipe.
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        var said = new StringBuilder();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                said.AppendLine(line);
                if (ListensOn().Match(line) is not { Success: true } found) continue;
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new(process, startedAt, new Uri(found.Value), folder);
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new InvalidOperationException($"The server did not listen within {Patience.TotalMinutes} minutes: {said}");
        }

        throw new InvalidOperationException($"The server ended before it listened: {said}{await errors}");
    }

    /// <summary>Records one sale to a customer, and answers after how many seconds from the start of the process it was durable.</summary>
    public async Task<double> BuyAsync(string customer, string store, string receipt)
    {
        var body = JsonSerializer.Serialize(new
        {
            customer = new { id = customer },
            store,
            receipt,
            lines = new[] { new { line = 1, product = "P1001", quantity = 1, priceMinor = 1250 } },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/purchases") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", receipt);
        using var reply = await http.SendAsync(request);
        if (!reply.IsSuccessStatusCode) throw new InvalidOperationException($"A sale was answered {reply.StatusCode}: {await reply.Content.ReadAsStringAsync()}");
        return Seconds();
    }

    /// <summary>Waits until /health/ready says so, and answers after how many seconds from the start of the process it did.</summary>
    public async Task<double> ReadyAsync()
    {
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Seconds() < Patience.TotalSeconds)
        {
            using var reply = await http.GetAsync("health/ready");
            if (reply.StatusCode == HttpStatusCode.OK) return Seconds();
            await often.WaitForNextTickAsync();
        }

        throw new InvalidOperationException($"The server was not ready after {Patience.TotalMinutes} minutes.");
    }

    /// <summary>Position of the last entry of its journal.</summary>
    public async Task<long> HeadAsync()
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync("health/ready"));
        return json.RootElement.GetProperty("figures").GetProperty("head").GetInt64();
    }

    /// <summary>SIGTERM, and its end.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
    }

    /// <summary>SIGKILL, if it still runs.</summary>
    public void Kill()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
        http.Dispose();
    }

    private double Seconds() => Stopwatch.GetElapsedTime(startedAt).TotalSeconds;

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex ListensOn();
}
