using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>What a return would pay back: exactly what it pays then, and nothing is recorded (docs/domain/returns.md, docs/domain/coupons.md).</summary>
public sealed class ReturnQuoteTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        if (running.Json.GetProperty("document").TryGetProperty("coupons", out _)) return;
        var document = JsonNode.Parse(running.Json.GetProperty("document").GetRawText())!;
        document["coupons"] = JsonNode.Parse("""
            { "kinds": [ { "id": "off50", "nameZh": "满300减50", "nameEn": "50 off 300", "minimum": { "amountMinor": 30000 }, "give": { "kind": "amount", "minor": 5000 } } ] }
            """);
        (await fixture.Office.PutAsync("/v1/programme", "quotes", $$"""{"basedOnVersion":{{running.Number("version")}},"document":{{document.ToJsonString()}} }""")).Good();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_coupon_that_falls_away_is_in_the_amount_before_anybody_agrees_to_it()
    {
        // Given 200.00 and 100.00 with 50.00 off: 250.00 paid.
        var (member, receipt) = await SoldAsync([20_000, 10_000]);
        // When it is asked what the 200.00 would pay back,
        var quote = (await QuoteAsync(fixture.Till2, member, receipt, """{"line":1,"quantity":1}""")).Good();
        // then 100.00 are kept and cost 100.00: 150.00, not the 166.67 that the goods had cost, and the coupon comes back.
        quote.Number("payBackMinor").ShouldBe(15_000);
        quote.Json.GetProperty("coupons").GetProperty("adjustmentMinor").GetInt64().ShouldBe(15_000 - 16_667);
        quote.Json.GetProperty("coupons").GetProperty("back")[0].GetProperty("coupon").GetInt32().ShouldBe(1);
        quote.Json.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString()).ShouldContain("return.coupon-adjustment");

        // And nothing is recorded: the coupon is not back, and the return itself answers the same.
        (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good().Json.GetProperty("coupons").GetArrayLength().ShouldBe(0);
        var back = (await BackAsync(fixture.Till2, member, receipt, "a", """{"line":1,"quantity":1}""")).Good();
        foreach (var field in new[] { "amountMinor", "payBackMinor", "pointsTakenBack", "pointsGivenBack", "balance" }) quote.Number(field).ShouldBe(back.Number(field), field);
        quote.Json.GetProperty("coupons").GetRawText().ShouldBe(back.Json.GetProperty("coupons").GetRawText());
        back.Number("version").ShouldBe(quote.Number("version") + 1);
    }

    [Fact]
    public async Task A_quote_knows_what_came_back_before_and_is_refused_as_the_return_would_be()
    {
        var (member, receipt) = await SoldAsync([20_000, 10_000, 5_000]);
        (await BackAsync(fixture.Till, member, receipt, "b1", """{"line":3,"quantity":1}""", "S1")).Good();
        var rest = (await QuoteAsync(fixture.Till, member, receipt, "")).Good();
        rest.Number("payBackMinor").ShouldBe((await BackAsync(fixture.Till, member, receipt, "b2", "", "S1")).Good().Number("payBackMinor"));
        (await QuoteAsync(fixture.Till, member, receipt, """{"line":1,"quantity":1}""")).Refused(422, 155).Word("field").ShouldBe("lines[0].line");
        (await QuoteAsync(fixture.Till, member, "no-such", "")).Refused(422, 150).Word("field").ShouldBe("purchaseReceipt");
        (await QuoteAsync(fixture.Till, member, receipt, """{"line":1,"quantity":-1}""")).Status.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        (await fixture.Viewer.PostAsync("/v1/returns/quote", null, $$"""{"customer":{"id":"{{member}}"},"store":"S1","purchaseReceipt":"{{receipt}}"}""")).Refused(403, 1034);
        (await fixture.Till.PostAsync("/v1/returns/quote", null, $$"""{"purchaseReceipt":"{{receipt}}"}""")).Refused(422, 1045);
    }

    [Fact]
    public async Task Quotes_and_returns_of_one_receipt_at_the_same_time_are_all_answered()
    {
        var (member, receipt) = await SoldAsync([.. Enumerable.Repeat(10_000L, 12)]);
        var returns = Enumerable.Range(1, 12).Select(line => BackAsync(fixture.Till2, member, receipt, $"c{line}", $$"""{"line":{{line}},"quantity":1}"""));
        var quotes = Enumerable.Range(0, 24).Select(_ => QuoteAsync(fixture.Till, member, receipt, ""));
        var answers = await Task.WhenAll(returns.Concat(quotes));
        // Each saw what was there then, or was told that too much changed meanwhile (429); none is a fault, and something came back.
        foreach (var answer in answers) ((int)answer.Status).ShouldBeOneOf(200, 422, 429);
        answers.Take(12).Count(answer => (int)answer.Status == 200).ShouldBeGreaterThan(0);
    }

    private async Task<(string Member, string Receipt)> SoldAsync(long[] prices)
    {
        var member = await fixture.MemberAsync();
        (await fixture.Till.PostAsync("/v1/coupons", member, $$"""{"customer":{"id":"{{member}}"},"kind":"off50","count":1,"reason":"客诉补偿"}""")).Good();
        var lines = string.Join(',', prices.Select((price, place) => $$"""{"line":{{place + 1}},"product":"P{{place + 1}}","quantity":1,"priceMinor":{{price}}}"""));
        (await fixture.Till.SellAsync(member[..9], $$"""{"customer":{"id":"{{member}}"},"receipt":"{{member[..9]}}","coupons":[1],"lines":[{{lines}}]}""")).Good();
        return (member, member[..9]);
    }

    private static Task<Answer> QuoteAsync(ApiCaller till, string member, string receipt, string lines) => till.PostAsync("/v1/returns/quote", null, Body(member, receipt, lines));

    private static Task<Answer> BackAsync(ApiCaller till, string member, string receipt, string key, string lines, string store = "S1") =>
        till.PostAsync("/v1/returns", $"{member}-{key}", Body(member, receipt, lines, store));

    private static string Body(string member, string receipt, string lines, string store = "S1") =>
        $$"""{"customer":{"id":"{{member}}"},"purchaseStore":"{{store}}","purchaseReceipt":"{{receipt}}","lines":[{{lines}}]}""";
}
