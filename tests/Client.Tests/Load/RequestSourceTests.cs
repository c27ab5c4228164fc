using System.Globalization;
using System.Text;
using System.Text.Json;
using ChainCrm.Client.Load;
using ChainCrm.Client.Wire;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Load;

public sealed class RequestSourceTests
{
    private static readonly LoadShape Shape = new() { Server = new Uri("http://127.0.0.1:5080"), AccessKey = "ck_test", Customers = 1_000, Stores = 7 };

    [Fact]
    public void A_purchase_request_is_whole_and_its_key_is_its_receipt()
    {
        var requests = Write(new PurchaseSource(Shape, "/v1/purchases", 123), 50);

        foreach (var (head, body) in requests)
        {
            head.ShouldStartWith("POST /v1/purchases HTTP/1.1\r\n");
            head.ShouldContain("Authorization: Bearer ck_test\r\n");
            head.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"));
            var request = JsonSerializer.Deserialize(body, WireJson.Default.PurchaseRequest)!;
            head.ShouldContain($"Idempotency-Key: {request.Receipt}\r\n");
            request.Lines!.Count.ShouldBe(3);
            request.Customer!.Card!.Length.ShouldBe(12);
            int.Parse(request.Store!["load-".Length..], CultureInfo.InvariantCulture).ShouldBeInRange(0, 6);
        }

        requests.Select(request => request.Body).Distinct().Count().ShouldBe(50);
    }

    [Fact]
    public void Each_purchase_uses_the_next_coupons_of_its_customer()
    {
        var shape = Shape with { Coupons = 2 };
        var next = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (_, body) in Write(new PurchaseSource(shape, "/v1/purchases", 123, new CustomerCoupons([.. Enumerable.Repeat(7, shape.Customers)], 2)), 3_000))
        {
            var request = JsonSerializer.Deserialize(body, WireJson.Default.PurchaseRequest)!;
            var first = next.GetValueOrDefault(request.Customer!.Card!, 7);
            request.Coupons.ShouldBe([first, first + 1]);
            request.SkipCoupons.ShouldBeTrue();
            next[request.Customer.Card!] = first + 2;
        }

        next.Values.Max().ShouldBeGreaterThan(9);
    }

    [Fact]
    public void Receipts_of_two_runs_differ()
    {
        var first = Write(new PurchaseSource(Shape, "/v1/purchases", 1), 1)[0].Head;
        var second = Write(new PurchaseSource(Shape, "/v1/purchases", 2), 1)[0].Head;

        first.ShouldNotBe(second);
    }

    [Fact]
    public void Every_customer_is_enrolled_once_and_with_the_same_key_each_time()
    {
        var first = Write(new EnrolSource(Shape), 2_000);
        var second = Write(new EnrolSource(Shape), 2_000);

        first.Count.ShouldBe(Shape.Customers);
        first.Select(request => request.Head).Distinct().Count().ShouldBe(Shape.Customers);
        second.ShouldBe(first);
        var last = JsonSerializer.Deserialize(first[^1].Body, WireJson.Default.EnrolRequest)!;
        last.Card.ShouldBe(LoadShape.Card(Shape.Customers - 1));
    }

    private static List<(string Head, string Body)> Write(RequestSource source, int most)
    {
        var random = new FastRandom(1);
        var buffer = new byte[source.Length];
        source.Prepare(buffer);
        var written = new List<(string, string)>();
        while (written.Count < most && source.TryWrite(buffer, ref random))
        {
            var text = Encoding.UTF8.GetString(buffer);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            written.Add((text[..(end + 2)], text[(end + 4)..]));
        }

        return written;
    }
}
