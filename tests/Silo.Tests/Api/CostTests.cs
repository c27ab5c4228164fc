using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Tests that count what the whole process does, so that nothing else may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>What a purchase costs in allocated bytes, from the socket to the journal and back, with everything that follows the feed.</summary>
[Collection(Alone.Name)]
public sealed class CostTests(ApiFixture fixture, ITestOutputHelper output) : IClassFixture<ApiFixture>
{
    private const int Tills = 32;
    private const int WarmEach = 30;
    private const int MeasuredEach = 120;

    /// <summary>
    /// Bytes of a purchase in a debug build, where every state machine is an object; a release build allocates less. The bound catches a
    /// purchase that has become much dearer, not a few bytes.
    /// </summary>
    private const long BytesMax = 12_000;

    [Fact]
    public async Task A_purchase_allocates_little()
    {
        var key = await fixture.KeyAsync("""{"role":"till","store":"S1","till":"T7"}""");
        var customers = new List<string>();
        for (var i = 0; i < Tills; i++) customers.Add(await fixture.MemberAsync());
        var echo = await MeasureAsync("/v1/bench/echo", customers, key);
        var purchase = await MeasureAsync("/v1/purchases", customers, key);
        output.WriteLine($"allocated per request: echo {echo} B, purchase {purchase} B");
        purchase.ShouldBeLessThan(BytesMax);
    }

    private async Task<long> MeasureAsync(string path, List<string> customers, string key)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var requests = customers.Select((customer, till) => Enumerable.Range(0, WarmEach + MeasuredEach)
            .Select(i => Request(path, customer, key, string.Create(CultureInfo.InvariantCulture, $"cost-{till}-{i:D6}"))).ToArray()).ToList();
        var tills = requests.Select(_ => new TcpClient { NoDelay = true }).ToList();
        foreach (var till in tills) await till.ConnectAsync(fixture.Server.Address.Host, fixture.Server.Address.Port, patience.Token);
        try
        {
            await Task.WhenAll(tills.Select((till, i) => SendAsync(till, requests[i].AsMemory(0, WarmEach), patience.Token)));
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await Task.WhenAll(tills.Select((till, i) => SendAsync(till, requests[i].AsMemory(WarmEach), patience.Token)));
            return (GC.GetTotalAllocatedBytes(precise: true) - before) / (Tills * MeasuredEach);
        }
        finally
        {
            foreach (var till in tills) till.Dispose();
        }
    }

    private static async Task SendAsync(TcpClient till, ReadOnlyMemory<byte[]> requests, CancellationToken patience)
    {
        var stream = till.GetStream();
        var buffer = new byte[4 * 1024];
        for (var i = 0; i < requests.Length; i++)
        {
            await stream.WriteAsync(requests.Span[i], patience);
            var read = await stream.ReadAsync(buffer, patience);
            buffer.AsSpan(0, read).StartsWith("HTTP/1.1 200"u8).ShouldBeTrue(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    private static byte[] Request(string path, string customer, string key, string receipt)
    {
        var body = ApiFixture.Sale(customer, receipt, 25_800);
        return Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: till\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: {receipt}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
