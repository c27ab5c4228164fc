using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Member prices and goods that come to some first, over HTTP (docs/domain/member-prices.md, docs/domain/early-access.md; R36, R44).</summary>
public sealed class MemberPriceTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Prices = """
        [ { "id": "tenth", "nameZh": "会员九折", "nameEn": "10 % off for members", "give": { "kind": "percent", "percent": 10 }, "when": { "fact": "product", "in": ["P1"] } } ]
        """;

    private const string Early = """
        [ { "id": "serum", "nameZh": "新品精华", "nameEn": "The new serum", "goods": { "fact": "product", "in": ["P2"] }, "who": { "fact": "tier", "in": ["gold"] }, "publicFrom": "2999-01-01" } ]
        """;

    public async Task InitializeAsync()
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        if (running.Json.GetProperty("document").TryGetProperty("memberPrices", out _)) return;
        var document = JsonNode.Parse(running.Json.GetProperty("document").GetRawText())!;
        (document["memberPrices"], document["earlyAccess"]) = (JsonNode.Parse(Prices), JsonNode.Parse(Early));
        (await fixture.Office.PutAsync("/v1/programme", "prices", $$"""{"basedOnVersion":{{running.Number("version")}},"document":{{document.ToJsonString()}} }""")).Good();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_quote_tells_what_the_sale_then_charges_and_why_says_it()
    {
        var member = await fixture.MemberAsync();
        var quote = (await fixture.Till.PostAsync("/v1/baskets/quote", null, $$"""{"customer":{"id":"{{member}}"},"lines":[{{Line(1, "P1", 9_999)}},{{Line(2, "P3", 500)}}],"memberPrices":true}""")).Good();
        quote.Number("chargeMinor").ShouldBe(9_500);
        var price = quote.Json.GetProperty("memberPrices")[0];
        (price.GetProperty("line").GetInt32(), price.GetProperty("price").GetString(), price.GetProperty("name").GetProperty("zh").GetString(), price.GetProperty("offMinor").GetInt64(), price.GetProperty("amountMinor").GetInt64())
            .ShouldBe((1, "tenth", "会员九折", 999L, 9_000L));

        var receipt = member[..8];
        var sold = (await fixture.Till.SellAsync(receipt, Sale(member, receipt, true))).Good();
        (sold.Number("chargeMinor"), sold.Number("pointsEarned")).ShouldBe((9_500, 95));
        sold.Json.GetProperty("memberPrices").ToString().ShouldBe(quote.Json.GetProperty("memberPrices").ToString());
        sold.Json.GetProperty("instructions").EnumerateArray().Select(told => (told.GetProperty("do").GetString(), told.GetProperty("code").GetString(), told.GetProperty("zh").GetString()))
            .ShouldBe([("print", "price.saved", "会员价为您节省 ¥9.99")]);
        (await fixture.Till.SellAsync(receipt, Sale(member, receipt, true))).Bytes.ShouldBe(sold.Bytes);
        // The same receipt at other prices is another sale.
        (await fixture.Till.SellAsync(receipt, Sale(member, receipt, false))).Refused(409, 902);

        var why = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/2/why")).Good().Json;
        why.GetProperty("reasons")[0].GetProperty("code").GetString().ShouldBe("price.member");
        why.GetProperty("reasons")[0].GetProperty("zh").GetString().ShouldBe("第 1 行享会员价「会员九折」，减 ¥9.99。");
    }

    [Fact]
    public async Task A_till_that_does_not_ask_is_told_of_none()
    {
        var member = await fixture.MemberAsync();
        var sold = (await fixture.Till.SellAsync(member[..8], Sale(member, member[..8], false))).Good();
        sold.Number("chargeMinor").ShouldBe(10_499);
        sold.Json.TryGetProperty("memberPrices", out _).ShouldBeFalse();
        sold.Json.TryGetProperty("instructions", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_sale_to_nobody_has_none()
    {
        var receipt = Guid.NewGuid().ToString("N")[..8];
        (await fixture.Till.SellAsync(receipt, $$"""{"receipt":"{{receipt}}","lines":[{{Line(1, "P1", 9_999)}}],"memberPrices":true}""")).Good().Number("chargeMinor").ShouldBe(9_999);
    }

    [Fact]
    public async Task Goods_that_come_to_others_first_are_refused_and_recorded_when_they_are_sold_already()
    {
        var (member, receipt) = (await fixture.MemberAsync(), Guid.NewGuid().ToString("N")[..8]);
        string Sale(string more) => $$"""{"customer":{"id":"{{member}}"},"receipt":"{{receipt}}","lines":[{{Line(1, "P1", 100)}},{{Line(2, "P2", 100)}}]{{more}}}""";
        (await fixture.Till.SellAsync(receipt, Sale(""))).Refused(422, 199).Word("field").ShouldBe("lines[1].product");
        (await fixture.Till.PostAsync("/v1/baskets/quote", null, $$"""{"customer":{"id":"{{member}}"},"lines":[{{Line(1, "P2", 100)}}]}""")).Refused(422, 199).Word("field").ShouldBe("lines[0].product");
        var sold = (await fixture.Till.SellAsync(receipt, Sale(""","soldAlready":true"""))).Good();
        sold.Json.GetProperty("earlySales").EnumerateArray().Select(line => line.GetInt32()).ShouldBe([2]);
        sold.Json.GetProperty("instructions")[0].GetProperty("do").GetString().ShouldBe("show");
        var why = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/2/why")).Good().Json;
        why.GetProperty("reasons")[0].GetProperty("en").GetString().ShouldBe("Line 2 (The new serum) was not on sale for this customer yet; the store had sold it already.");
    }

    [Fact]
    public async Task An_example_basket_has_them_where_it_asks_and_earns_points_on_what_is_left()
    {
        async Task<JsonElement> TryAsync(string more) =>
            (await fixture.Office.PostAsync("/v1/programme/try", null, $$"""{"basket":{"lines":[{{Line(1, "P1", 9_999)}},{{Line(2, "P2", 500)}}]{{more}} } }""")).Good().Json.GetProperty("running");
        var asked = await TryAsync(""","memberPrices":true""");
        (asked.GetProperty("amountMinor").GetInt64(), asked.GetProperty("pointsBase").GetInt64()).ShouldBe((9_500, 95));
        var price = asked.GetProperty("memberPrices")[0];
        (price.GetProperty("line").GetInt32(), price.GetProperty("offMinor").GetInt64(), price.GetProperty("amountMinor").GetInt64()).ShouldBe((1, 999, 9_000));
        asked.GetProperty("notOnSale").EnumerateArray().Select(line => line.GetInt32()).ShouldBe([2]);
        (await TryAsync(""","memberPrices":true,"tier":"gold" """)).TryGetProperty("notOnSale", out _).ShouldBeFalse();
        var silent = await TryAsync("");
        (silent.GetProperty("amountMinor").GetInt64(), silent.TryGetProperty("memberPrices", out _), silent.TryGetProperty("notOnSale", out _)).ShouldBe((10_499, false, false));
    }

    private static string Line(int line, string product, long price) => $$"""{"line":{{line}},"product":"{{product}}","quantity":1,"priceMinor":{{price}} }""";

    private static string Sale(string member, string receipt, bool asks) =>
        $$"""{"customer":{"id":"{{member}}"},"receipt":"{{receipt}}","lines":[{{Line(1, "P1", 9_999)}},{{Line(2, "P3", 500)}}],"memberPrices":{{(asks ? "true" : "false")}} }""";
}
