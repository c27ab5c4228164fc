using System.Text;
using System.Text.Json;
using ChainCrm.Silo.Api;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>The quick reader of purchases reads what the general one reads, or nothing.</summary>
public sealed class PurchaseReaderTests
{
    private const string Full =
        """{"customer":{"phone":"138 0013 8000"},"store":"S1","staff":"安娜","receipt":"R-1","occurredAt":"2026-03-01T10:00:00+08:00","channel":"app","lines":[{"line":1,"product":"P\u0031","category":"skin","brand":"青禾","quantity":0.35,"priceMinor":700,"discountMinor":100},{"priceMinor":1,"quantity":2e0,"product":"Q","line":2}],"usePoints":5,"useStoredValueMinor":7,"coupons":[3,12],"skipCoupons":true,"basket":"c1.7","memberPrices":true,"soldAlready":true}""";

    [Fact]
    public void An_ordinary_purchase_is_read_quickly_and_alike()
    {
        var body = Encoding.UTF8.GetBytes(Full);
        var quick = PurchaseReader.TryRead(body).ShouldNotBeNull();
        Text(quick).ShouldBe(Text(JsonSerializer.Deserialize(body, Wire.Json.PurchaseRequest)!));
        quick.Lines!.Count.ShouldBe(2);
        quick.Lines[0].Product.ShouldBe("P1");
        quick.Coupons.ShouldBe([3, 12]);
        (quick.SkipCoupons, quick.MemberPrices, quick.SoldAlready).ShouldBe((true, true, true));
        PurchaseReader.TryRead(Encoding.UTF8.GetBytes(" \n" + Full + "\t")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("\"coupons\":[]", true)]
    [InlineData("\"coupons\":[1]", true)]
    [InlineData("\"coupons\":[1,1]", true)]
    [InlineData("\"coupons\":[0,-1,2147483647]", true)]
    [InlineData("\"coupons\":[ 1 ,\t2 ]", true)]
    [InlineData("\"skipCoupons\":true", true)]
    [InlineData("\"skipCoupons\":false,\"coupons\":[1]", true)]
    [InlineData("\"coup\\u006fns\":[1]", false)]
    [InlineData("\"coupons\":[2147483648]", false)]
    [InlineData("\"coupons\":[1.5]", false)]
    [InlineData("\"coupons\":[1e1]", false)]
    [InlineData("\"coupons\":[\"1\"]", false)]
    [InlineData("\"coupons\":[null]", false)]
    [InlineData("\"coupons\":[[1]]", false)]
    [InlineData("\"coupons\":[1,]", false)]
    [InlineData("\"coupons\":1", false)]
    [InlineData("\"coupons\":{}", false)]
    [InlineData("\"coupons\":null", null)]
    [InlineData("\"coupons\":[1],\"coupons\":[2]", false)]
    [InlineData("\"Coupons\":[1]", null)]
    [InlineData("\"skipCoupons\":1", false)]
    [InlineData("\"skipCoupons\":\"true\"", false)]
    [InlineData("\"skipCoupons\":null", null)]
    [InlineData("\"skipCoupons\":true,\"skipCoupons\":true", false)]
    [InlineData("\"memberPrices\":true", true)]
    [InlineData("\"memberPrices\":0", false)]
    [InlineData("\"memberPrices\":null", null)]
    [InlineData("\"soldAlready\":true", true)]
    [InlineData("\"soldAlready\":\"yes\"", false)]
    [InlineData("\"soldAlready\":true,\"soldAlready\":false", false)]
    public void Coupons_are_read_quickly_and_alike_or_declined(string members, bool? quickly)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"store":"S1","receipt":"R-1","occurredAt":"2026-03-01T10:00:00+08:00","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":700}],{{members}}}""");
        if (quickly is { } expected) (PurchaseReader.TryRead(body) is not null).ShouldBe(expected);
        Alike(body);
    }

    [Fact]
    public void Whatever_the_general_reader_refuses_the_quick_one_declines()
    {
        foreach (var row in BadInputTests.Purchases)
        {
            var body = Encoding.UTF8.GetBytes((string)row[0]);
            if (PurchaseReader.TryRead(body) is { } quick) Text(quick).ShouldBe(Text(JsonSerializer.Deserialize(body, Wire.Json.PurchaseRequest)!), (string)row[0]);
        }
    }

    [Fact]
    public void Every_single_damage_of_a_purchase_is_declined_or_read_alike()
    {
        // Each byte in turn left out, and each in turn replaced by bytes that matter in JSON.
        var body = Encoding.UTF8.GetBytes(Full);
        for (var i = 0; i < body.Length; i++)
        {
            Alike([.. body.AsSpan(0, i), .. body.AsSpan(i + 1)]);
            foreach (var other in "\"{}[],:0-9.en\\ \u0001"u8)
            {
                var damaged = body.ToArray();
                damaged[i] = other;
                Alike(damaged);
            }
        }
    }

    private static void Alike(byte[] body)
    {
        if (PurchaseReader.TryRead(body) is not { } quick) return;
        var general = Should.NotThrow(() => JsonSerializer.Deserialize(body, Wire.Json.PurchaseRequest), Encoding.UTF8.GetString(body));
        Text(quick).ShouldBe(Text(general!), Encoding.UTF8.GetString(body));
    }

    private static string Text(Client.Wire.PurchaseRequest request) => JsonSerializer.Serialize(request, Wire.Json.PurchaseRequest);
}
