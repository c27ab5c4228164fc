using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Coupons over HTTP: issued, used once however many tills ask, worked out again, explained (docs/domain/coupons.md; R21, F18 to F21).</summary>
public sealed class CouponTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Section = """
        {
          "categories": [ { "id": "goods" }, { "id": "basket", "perReceipt": 2 } ],
          "kinds": [
            { "id": "off50", "nameZh": "满300减50", "nameEn": "50 off 300", "category": "basket", "minimum": { "amountMinor": 30000 }, "give": { "kind": "amount", "minor": 5000 }, "bearer": "issuer", "valid": { "days": 30 } },
            { "id": "tenth", "nameZh": "九折券", "nameEn": "10 % off", "category": "goods", "give": { "kind": "percent", "percent": 10, "mostMinor": 10000 } },
            { "id": "gold-only", "nameZh": "金卡专享", "nameEn": "Gold only", "give": { "kind": "amount", "minor": 1 }, "when": { "fact": "tier", "in": ["gold"] } },
            { "id": "stopped", "nameZh": "停发券", "nameEn": "Stopped", "enabled": false, "give": { "kind": "amount", "minor": 1 } }
          ],
          "issue": [ { "id": "big", "nameZh": "满千赠券", "nameEn": "A coupon for 1,000", "on": "purchase", "minimumMinor": 100000, "kind": "tenth" } ]
        }
        """;

    public async Task InitializeAsync()
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        if (running.Json.GetProperty("document").TryGetProperty("coupons", out _)) return;
        var document = JsonNode.Parse(running.Json.GetProperty("document").GetRawText())!;
        document["coupons"] = JsonNode.Parse(Section);
        (await fixture.Office.PutAsync("/v1/programme", "coupons", $$"""{"basedOnVersion":{{running.Number("version")}},"document":{{document.ToJsonString()}} }""")).Good();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Coupons_of_one_store_are_used_at_another_come_back_and_are_explained()
    {
        var member = await fixture.MemberAsync();
        var issued = (await IssueAsync(member, "off50")).Good();
        var coupon = issued.Json.GetProperty("coupons")[0];
        (coupon.GetProperty("coupon").GetInt32(), coupon.GetProperty("name").GetProperty("zh").GetString()).ShouldBe((1, "满300减50"));
        (await IssueAsync(member, "off50")).Bytes.ShouldBe(issued.Bytes);
        (await IssueAsync(member, "tenth")).Good();
        (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good().Json.GetProperty("coupons").EnumerateArray().Select(held => held.GetProperty("coupon").GetInt32()).ShouldBe([1, 2]);

        var receipt = member[..8];
        var sold = (await fixture.Till2.SellAsync(receipt, Sale(member, receipt, [20_000, 10_000], "[1,2]"))).Good();
        // A tenth of 300.00 first, then 50.00.
        (sold.Number("amountMinor"), sold.Number("chargeMinor")).ShouldBe((22_000, 22_000));
        var coupons = sold.Json.GetProperty("coupons");
        coupons.GetProperty("used").EnumerateArray().Select(use => (use.GetProperty("coupon").GetInt32(), use.GetProperty("discountMinor").GetInt64(), use.GetProperty("bearer").GetString()))
            .ShouldBe([(2, 3_000L, "headquarters"), (1, 5_000L, "issuer")]);
        coupons.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("discountMinor").GetInt64()).ShouldBe([5_333L, 2_667L]);
        (await fixture.Till2.SellAsync(receipt, Sale(member, receipt, [20_000, 10_000], "[1,2]"))).Bytes.ShouldBe(sold.Bytes);
        (await fixture.Till2.SellAsync(receipt, Sale(member, receipt, [20_000, 10_000], "[1]"))).Refused(409, 902);

        var back = (await fixture.Till.PostAsync("/v1/returns", member + "-back", $$"""{"customer":{"id":"{{member}}"},"purchaseStore":"{{sold.Word("store")}}","purchaseReceipt":"{{receipt}}","lines":[{"line":1,"quantity":1}]}""")).Good();
        // 100.00 are kept and cost 90.00 with the tenth: 130.00 go back, and the coupon of 50.00.
        back.Number("payBackMinor").ShouldBe(13_000);
        back.Json.GetProperty("coupons").GetProperty("back")[0].GetProperty("coupon").GetInt32().ShouldBe(1);
        back.Json.GetProperty("coupons").GetProperty("adjustmentMinor").GetInt64().ShouldBe(13_000 - 14_667);

        var kinds = (await fixture.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines").EnumerateArray().ToList();
        kinds.Select(line => line.GetProperty("kind").GetString()).ShouldBe(["return", "purchase", "coupons-issued", "coupons-issued", "enrolled"]);
        kinds[1].GetProperty("coupons").EnumerateArray().Select(name => name.GetProperty("zh").GetString()).ShouldBe(["九折券", "满300减50"]);
        (await CodesAsync(member, 4)).Take(3).ShouldBe(["coupon.used", "coupon.used", "points.base"]);
        (await CodesAsync(member, 5)).ShouldBe(["return.taken-back", "return.coupon-back", "return.coupon-adjustment"], ignoreOrder: true);
        (await CodesAsync(member, 2)).ShouldBe(["coupons.issued"]);
    }

    [Fact]
    public async Task Twenty_tills_at_two_stores_use_the_same_coupon_once()
    {
        var member = await fixture.MemberAsync();
        (await IssueAsync(member, "off50")).Good();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? fixture.Till : fixture.Till2).SellAsync($"{member[..6]}-{i}", Sale(member, $"{member[..6]}-{i}", [30_000], "[1]"))));
        answers.Count(answer => (int)answer.Status == 200).ShouldBe(1);
        foreach (var refused in answers.Where(answer => (int)answer.Status != 200))
        {
            refused.Refused(422, 181).Word("titleZh").ShouldBe("该会员没有这张优惠券：已使用、已过期或不存在。");
            refused.Word("field").ShouldBe("coupons[0]");
        }
    }

    [Fact]
    public async Task A_basket_holds_a_coupon_and_a_quote_tells_what_it_would_do()
    {
        var member = await fixture.MemberAsync();
        (await IssueAsync(member, "off50")).Good();
        var quote = (await fixture.Till.PostAsync("/v1/baskets/quote", null, $$"""{"customer":{"id":"{{member}}"},"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":25000}]}""")).Good();
        var offer = quote.Json.GetProperty("offers")[0];
        (offer.GetProperty("missingMinor").GetInt64(), offer.GetProperty("why").GetProperty("code").GetInt32()).ShouldBe((5_000, 186));
        quote = (await fixture.Till.PostAsync("/v1/baskets/quote", null, $$"""{"customer":{"id":"{{member}}"},"coupons":[1],"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":30000}]}""")).Good();
        (quote.Number("chargeMinor"), quote.Json.GetProperty("coupons").GetProperty("discountMinor").GetInt64()).ShouldBe((25_000, 5_000));

        var basket = (await fixture.Till.PostAsync("/v1/baskets", member + "-open", $$"""{"customer":{"id":"{{member}}"},"coupons":[1]}""")).Good();
        basket.Json.GetProperty("coupons")[0].GetInt32().ShouldBe(1);
        (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good().Json.GetProperty("coupons")[0].GetProperty("held").GetBoolean().ShouldBeTrue();
        var receipt = member[..8];
        (await fixture.Till2.SellAsync(receipt, Sale(member, receipt, [30_000], "[1]"))).Refused(422, 175).Word("field").ShouldBe("coupons[0]");
        var paid = Sale(member, receipt, [30_000], "[1]").Replace("\"receipt\"", $"\"basket\":\"{basket.Word("id")}\",\"receipt\"", StringComparison.Ordinal);
        (await fixture.Till2.SellAsync(receipt, paid)).Good().Number("chargeMinor").ShouldBe(25_000);
    }

    [Fact]
    public async Task A_basket_of_coupons_alone_names_them()
    {
        var member = await fixture.MemberAsync();
        (await IssueAsync(member, "off50")).Good();
        (await IssueAsync(member, "tenth")).Good();
        var basket = (await fixture.Till.PostAsync("/v1/baskets", member + "-open", $$"""{"customer":{"id":"{{member}}"},"coupons":[1,2]}""")).Good();
        var opened = await SaidAsync(member, 4);
        opened.Zh.ShouldStartWith("购物篮预占优惠券 1 号、2 号，至 ");
        opened.En.ShouldStartWith("A basket holds coupons 1, 2 until ");
        var line = (await fixture.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines")[0];
        line.GetProperty("held").GetProperty("coupons").EnumerateArray().Select(number => number.GetInt32()).ShouldBe([1, 2]);

        (await fixture.Till.DeleteAsync($"/v1/baskets/{basket.Word("id")}", member + "-cancel")).Good();
        (await SaidAsync(member, 5)).ShouldBe(("购物篮已取消，释放优惠券。", "The basket was cancelled; coupons are free again."));
    }

    private async Task<(string Zh, string En)> SaidAsync(string member, int version)
    {
        var reason = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/{version}/why")).Good().Json.GetProperty("reasons")[0];
        return (reason.GetProperty("zh").GetString()!, reason.GetProperty("en").GetString()!);
    }

    [Fact]
    public async Task What_does_not_fit_is_left_alone_when_the_till_says_so_and_told_with_its_reason()
    {
        var member = await fixture.MemberAsync();
        (await IssueAsync(member, "off50")).Good();
        (await IssueAsync(member, "gold-only")).Good();
        var receipt = member[..8];
        (await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100], "[2]"))).Refused(422, 184).Word("field").ShouldBe("coupons[0]");
        (await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100], "[1]"))).Refused(422, 186);
        var sold = (await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100_000], "[2,1,9]", skip: true))).Good();
        sold.Number("amountMinor").ShouldBe(95_000);
        sold.Json.GetProperty("coupons").GetProperty("skipped").EnumerateArray().Select(skipped => (skipped.GetProperty("coupon").GetInt32(), skipped.GetProperty("code").GetInt32()))
            .ShouldBe([(9, 181), (2, 184)]);
        sold.Json.GetProperty("coupons").GetProperty("skipped")[1].GetProperty("zh").GetString()!.ShouldContain("不适用");
        (await CodesAsync(member, 4)).ShouldContain("coupon.skipped");
    }

    [Fact]
    public async Task A_sale_brings_a_coupon_that_pays_in_the_next_request()
    {
        var member = await fixture.MemberAsync();
        var sold = (await fixture.Till.SellAsync(member[..7] + "a", Sale(member, member[..7] + "a", [100_000], null))).Good();
        var coupon = sold.Json.GetProperty("couponsIssued")[0].GetProperty("coupon").GetInt32();
        sold.Json.GetProperty("instructions").EnumerateArray().Select(told => $"{told.GetProperty("do").GetString()} {told.GetProperty("zh").GetString()}").ShouldContain("print 赠送「九折券」1 张，下次消费可用");
        var next = (await fixture.Till2.SellAsync(member[..7] + "b", Sale(member, member[..7] + "b", [1_000], $"[{coupon}]"))).Good();
        next.Number("chargeMinor").ShouldBe(900);
    }

    [Fact]
    public async Task A_coupon_is_taken_away_with_a_reason()
    {
        var member = await fixture.MemberAsync();
        (await IssueAsync(member, "tenth")).Good();
        var gone = (await RevokeAsync(member, "a", """ "coupon":1,"reason":"发错券" """)).Good();
        gone.Number("coupon").ShouldBe(1);
        (await RevokeAsync(member, "a", """ "coupon":1,"reason":"发错券" """)).Bytes.ShouldBe(gone.Bytes);
        (await RevokeAsync(member, "b", """ "coupon":1,"reason":"发错券" """)).Refused(422, 181);
        (await CodesAsync(member, 3)).ShouldBe(["coupon.revoked"]);
    }

    [Fact]
    public async Task Bad_input_gets_its_number_and_its_field()
    {
        var member = await fixture.MemberAsync();
        var receipt = member[..8];
        (await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100], "[1,1]"))).Refused(422, 180).Word("field").ShouldBe("coupons");
        (await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100], $"[{string.Join(',', Enumerable.Range(1, 21))}]"))).Refused(422, 180);
        (await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100], "[-1]"))).Refused(422, 181);
        ((int)(await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100], "[1.5]"))).Status).ShouldBe(400);
        ((int)(await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100], "[null]"))).Status).ShouldBe(400);
        ((int)(await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100], "\"1\""))).Status).ShouldBe(400);
        ((int)(await fixture.Till.SellAsync(receipt, Sale(member, receipt, [100], "[99999999999]"))).Status).ShouldBe(400);
        (await fixture.Till.SellAsync(receipt, $$"""{"receipt":"{{receipt}}","coupons":[1],"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":100}]}""")).Refused(422, 1056);
        (await IssueAsync(member, "none")).Refused(422, 190).Word("field").ShouldBe("kind");
        (await IssueAsync(member, "stopped")).Refused(422, 190);
        (await IssueAsync(member, "tenth", 0)).Refused(422, 191).Word("field").ShouldBe("count");
        (await fixture.Till.PostAsync("/v1/coupons", member + "-x", $$"""{"customer":{"id":"{{member}}"},"reason":"x"}""")).Refused(400, 1007).Word("field").ShouldBe("kind");
        (await fixture.Till.PostAsync("/v1/coupons", member + "-x", $$"""{"customer":{"id":"{{member}}"},"kind":"tenth"}""")).Refused(400, 1007).Word("field").ShouldBe("reason");
        (await RevokeAsync(member, "c", """ "reason":"x" """)).Status.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    private Task<Answer> IssueAsync(string member, string kind, int count = 1) => fixture.Till.PostAsync(
        "/v1/coupons", $"{member}-{kind}", $$"""{"customer":{"id":"{{member}}"},"kind":"{{kind}}","count":{{count}},"reason":"客诉补偿"}""");

    private Task<Answer> RevokeAsync(string member, string key, string rest) =>
        fixture.Till.PostAsync("/v1/coupons/revocations", $"{member}-revoke-{key}", $$"""{"customer":{"id":"{{member}}"},{{rest}}}""");

    private async Task<List<string?>> CodesAsync(string member, int version)
    {
        var why = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/{version}/why")).Good().Json;
        if (why.TryGetProperty("agrees", out var agrees) && agrees.ValueKind != JsonValueKind.Null) agrees.GetBoolean().ShouldBeTrue();
        foreach (var reason in why.GetProperty("reasons").EnumerateArray())
        {
            reason.GetProperty("zh").GetString().ShouldNotBeNullOrWhiteSpace();
            reason.GetProperty("en").GetString().ShouldNotBeNullOrWhiteSpace();
        }

        return [.. why.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString())];
    }

    private static string Sale(string member, string receipt, long[] prices, string? coupons, bool skip = false) => $$"""
        {"customer":{"id":"{{member}}"},"receipt":"{{receipt}}"{{(coupons is null ? "" : $",\"coupons\":{coupons}")}}{{(skip ? ",\"skipCoupons\":true" : "")}},
         "lines":[{{string.Join(',', prices.Select((price, place) => $$"""{"line":{{place + 1}},"product":"P{{place + 1}}","quantity":1,"priceMinor":{{price}}}"""))}}]}
        """;
}
