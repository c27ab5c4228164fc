using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Earning rules over HTTP: tried, published, at work, explained (R20, R30, F1, F8).</summary>
public sealed class RulesTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Skincare = """
        { "id": "skincare-weekend", "nameZh": "周末护肤双倍", "nameEn": "Double skincare", "group": null,
          "when": { "all": [ { "fact": "category", "in": ["护肤"] }, { "fact": "weekday", "in": ["sat", "sun"] }, { "fact": "region", "in": ["East"] } ] },
          "give": { "kind": "multiply", "percent": 200 }, "caps": [ { "per": "month", "points": 150 } ] }
        """;

    private const string Night = """
        { "id": "night", "nameZh": "夜场", "nameEn": "Night", "enabled": true, "when": { "fact": "time", "from": "22:00", "to": "02:00" }, "give": { "kind": "fixed", "points": 7 } }
        """;

    // A Saturday three weeks ago, at three in the afternoon: no month's end and no clock of a till is near.
    private static readonly DateTimeOffset Saturday = LastSaturday();
    private string _document = "";

    public async Task InitializeAsync()
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        _document = WithRules(running.Json.GetProperty("document").GetRawText(), Skincare, Night);
        if (running.Json.GetProperty("document").TryGetProperty("earning", out _)) return;
        (await fixture.Office.PutAsync("/v1/programme", "rules", $$"""{"basedOnVersion":{{running.Number("version")}},"document":{{_document}},"note":"会员日"}""")).Good();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_sale_earns_by_rules_its_reply_and_statement_say_so_and_why_works_it_out_again()
    {
        var member = await fixture.MemberAsync();
        var sold = (await fixture.Till.SellAsync("R-1", Basket(member, "R-1", Saturday))).Good();
        // 100 and 20 of skincare double the base of 170; the month's cap of 150 leaves all of 120.
        (sold.Number("pointsEarned"), sold.Number("balance")).ShouldBe((290, 290));
        var grant = sold.Json.GetProperty("grants").EnumerateArray().Single();
        (grant.GetProperty("rule").GetString(), grant.GetProperty("points").GetInt64(), grant.GetProperty("withheld").GetInt64()).ShouldBe(("skincare-weekend", 120, 0));
        grant.GetProperty("name").GetProperty("zh").GetString().ShouldBe("周末护肤双倍");
        (await fixture.Till.SellAsync("R-1", Basket(member, "R-1", Saturday))).Bytes.ShouldBe(sold.Bytes);

        var line = (await fixture.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines")[0];
        line.GetProperty("grants")[0].GetProperty("points").GetInt64().ShouldBe(120);

        var why = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/{sold.Number("version")}/why")).Good().Json;
        why.GetProperty("agrees").GetBoolean().ShouldBeTrue();
        var reasons = why.GetProperty("reasons").EnumerateArray().ToList();
        reasons.Select(reason => reason.GetProperty("code").GetString()).ShouldBe(["points.base", "rule.given", "rule.not-met", "points.life"]);
        reasons[0].GetProperty("zh").GetString().ShouldBe("基础积分：实付 ¥170.00 × 每元 1 分，舍去小数，得 170 分。");
        reasons[1].GetProperty("zh").GetString().ShouldBe("「周末护肤双倍」符合条件的商品 ¥120.00，积分 ×2，多得 120 分。");
        reasons[1].GetProperty("en").GetString().ShouldBe("“Double skincare”: ¥120.00 of matching goods, points ×2: 120 points more.");
        reasons[1].GetProperty("facts").EnumerateArray().Select(fact => $"{fact.GetProperty("name").GetString()}={fact.GetProperty("value").GetString()}")
            .ShouldBe(["matchingMinor=12000", "lines=1,2", "room=150"]);
        reasons[2].GetProperty("zh").GetString().ShouldBe("「夜场」未满足：在 22:00 至次日 02:00。");
        reasons.Where(reason => reason.TryGetProperty("points", out _)).Sum(reason => reason.GetProperty("points").GetInt64()).ShouldBe(290);
    }

    [Fact]
    public async Task A_cap_cuts_the_next_sale_and_a_return_frees_it_again()
    {
        var member = await fixture.MemberAsync();
        (await fixture.Till.SellAsync("C-1", Basket(member, "C-1", Saturday))).Good();
        var second = (await fixture.Till2.SellAsync("C-2", Basket(member, "C-2", Saturday))).Good();
        var cut = second.Json.GetProperty("grants")[0];
        (cut.GetProperty("points").GetInt64(), cut.GetProperty("withheld").GetInt64()).ShouldBe((30, 90));

        var back = (await fixture.Till.PostAsync("/v1/returns", "C-1-back", $$"""{"customer":{"id":"{{member}}"},"purchaseReceipt":"C-1","lines":[{"line":1,"quantity":1}]}""")).Good();
        // What stays (20 of skincare, 50 of food) would have earned 70 and 20.
        back.Number("pointsTakenBack").ShouldBe(200);
        var third = (await fixture.Till.SellAsync("C-3", Basket(member, "C-3", Saturday))).Good().Json.GetProperty("grants")[0];
        (third.GetProperty("points").GetInt64(), third.GetProperty("withheld").GetInt64()).ShouldBe((100, 20));

        var why = (await fixture.Office.GetAsync($"/v1/customers/{member}/entries/{back.Number("version")}/why")).Good().Json;
        why.TryGetProperty("agrees", out _).ShouldBeFalse();
        why.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString()).ShouldBe(["return.taken-back", "return.rule"]);
        var cutWhy = (await fixture.Office.GetAsync($"/v1/customers/{member}/entries/{second.Number("version")}/why")).Good().Json;
        cutWhy.GetProperty("agrees").GetBoolean().ShouldBeTrue();
        cutWhy.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString()).ShouldContain("rule.reduced");
    }

    [Fact]
    public async Task Two_tills_at_once_never_give_more_than_a_cap()
    {
        var member = await fixture.MemberAsync();
        var sales = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? fixture.Till : fixture.Till2).SellAsync($"P-{i}", Basket(member, $"P-{i}", Saturday))));
        sales.Sum(sale => sale.Good().Json.GetProperty("grants")[0].GetProperty("points").GetInt64()).ShouldBe(150);
    }

    [Fact]
    public async Task A_basket_is_tried_under_the_running_rules_and_a_draft()
    {
        var draft = WithRules(_document, Skincare.Replace("200", "300", StringComparison.Ordinal), Night.Replace("22:00", "14:00", StringComparison.Ordinal));
        var tried = (await fixture.Office.PostAsync("/v1/programme/try", null, $$"""{"document":{{draft}},"basket":{{TryBasket("gold")}} }""")).Good().Json;
        (tried.GetProperty("valid").GetBoolean(), tried.GetProperty("errors").GetArrayLength()).ShouldBe((true, 0));
        var (now, then) = (tried.GetProperty("running"), tried.GetProperty("draft"));
        // Gold earns 125 %: 212 of 170, and 150 more for 120.
        (now.GetProperty("pointsBase").GetInt64(), now.GetProperty("pointsEarned").GetInt64()).ShouldBe((212, 362));
        (then.GetProperty("pointsEarned").GetInt64(), then.GetProperty("version").GetInt64()).ShouldBe((369, 0));
        then.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("outcome").GetString()).ShouldBe(["reduced", "given"]);
        now.GetProperty("rules")[0].GetProperty("lines").EnumerateArray().Select(line => line.GetInt64()).ShouldBe([1, 2]);
        (await fixture.Office.PostAsync("/v1/programme/try", null, $$"""{"basket":{{TryBasket("nobody")}} }""")).Good().Json.TryGetProperty("draft", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_draft_with_mistakes_names_them_and_is_not_tried()
    {
        var draft = WithRules(_document, Skincare.Replace("\"percent\": 200", "\"percent\": 20", StringComparison.Ordinal).Replace("\"sat\"", "\"someday\"", StringComparison.Ordinal));
        var tried = (await fixture.Office.PostAsync("/v1/programme/try", null, $$"""{"document":{{draft}},"basket":{{TryBasket("gold")}} }""")).Good().Json;
        tried.GetProperty("valid").GetBoolean().ShouldBeFalse();
        tried.TryGetProperty("draft", out _).ShouldBeFalse();
        tried.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("code").GetInt32()} {error.GetProperty("field").GetString()}")
            .ShouldBe(["408 earning.rules[0].when.all[1].in[0]", "407 earning.rules[0].give.percent"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{}""", 400, 1007, "basket")]
    [InlineData("""{"basket":{}}""", 400, 1007, "basket.lines")]
    [InlineData("""{"basket":{"lines":[]}}""", 422, 110, "basket.lines")]
    [InlineData("""{"basket":{"store":"S9","lines":[]}}""", 404, 211, "basket.store")]
    [InlineData("""{"basket":{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":-1}]}}""", 422, 116, "basket.lines[0].priceMinor")]
    [InlineData("""{"coupons":[""],"basket":{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}}""", 400, 1010, "coupons[0]")]
    [InlineData("""{"coupons":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17","18","19","20","21"],"basket":{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}}""", 422, 180, "coupons")]
    [InlineData("""{"document":"text","basket":{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}}""", 400, 1008, "document")]
    public async Task What_is_wrong_with_a_basket_is_refused_at_its_field(string body, int status, int code, string field)
    {
        var refused = await fixture.Office.PostAsync("/v1/programme/try", null, body);
        refused.Word("field").ShouldBe(field, refused.Text);
        refused.Refused(status, code);
    }

    [Fact]
    public async Task Versions_are_listed_and_shown()
    {
        var listed = (await fixture.Office.GetAsync("/v1/programme/versions?limit=1")).Good().Json.GetProperty("versions").EnumerateArray().Single();
        listed.GetProperty("note").GetString().ShouldBe("会员日");
        var version = listed.GetProperty("version").GetInt64();
        var shown = (await fixture.Office.GetAsync($"/v1/programme/versions/{version}")).Good().Json;
        JsonNode.DeepEquals(JsonNode.Parse(shown.GetProperty("document").GetRawText()), JsonNode.Parse(_document)).ShouldBeTrue();
        (await fixture.Office.GetAsync($"/v1/programme/versions/{version + 1}")).Refused(404, 1049);
        (await fixture.Office.GetAsync("/v1/programme/versions/first")).Refused(400, 1015);
        (await fixture.Till.GetAsync("/v1/programme/versions")).Refused(403, 1034);
    }

    [Fact]
    public async Task Every_kind_of_entry_has_its_reasons_and_an_unknown_one_is_refused()
    {
        var member = await fixture.MemberAsync();
        (await fixture.Office.PostAsync("/v1/adjustments", "w-adjust", $$"""{"customer":{"id":"{{member}}"},"points":50,"reason":"补偿"}""")).Good();
        (await fixture.Till.PostAsync("/v1/redemptions", "w-redeem", $$"""{"customer":{"id":"{{member}}"},"points":20,"reason":"礼品"}""")).Good();
        (await fixture.Till.SellAsync("W-1", ApiFixture.Sale(member, "W-1", 1_200_000, $"\"usePoints\":30,\"occurredAt\":\"{Saturday:O}\","))).Good();
        (await fixture.Till.PostAsync("/v1/returns", "w-back", $$"""{"customer":{"id":"{{member}}"},"purchaseReceipt":"W-1"}""")).Good();
        var codes = new List<string>();
        for (var version = 1; version <= 5; version++)
        {
            foreach (var reason in (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/{version}/why")).Good().Json.GetProperty("reasons").EnumerateArray())
            {
                codes.Add(reason.GetProperty("code").GetString()!);
                reason.GetProperty("zh").GetString().ShouldNotBeNullOrEmpty();
                reason.GetProperty("en").GetString().ShouldEndWith(".");
            }
        }

        codes.ShouldBe([
            "enrolled", "points.adjusted", "points.redeemed", "points.base", "rule.no-line", "rule.not-met", "points.used", "points.life", "tier.spend-reached",
            "return.taken-back", "return.given-back", "tier.spend-returned",
        ]);
        (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/6/why")).Refused(404, 1043);
        (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/0/why")).Refused(400, 1015);
        (await fixture.Till.GetAsync("/v1/customers/nobody/entries/1/why")).Refused(404, 1043);
    }

    private static string Basket(string member, string receipt, DateTimeOffset at) => $$"""
        {"customer":{"id":"{{member}}"},"receipt":"{{receipt}}","occurredAt":"{{at.ToString("O", CultureInfo.InvariantCulture)}}","lines":[
        {"line":1,"product":"P-1","category":"护肤","quantity":1,"priceMinor":10000},{"line":2,"product":"P-2","category":"护肤","quantity":2,"priceMinor":2000},
        {"line":3,"product":"P-3","category":"食品","quantity":1,"priceMinor":5000}]}
        """;

    private static string TryBasket(string tier) => $$"""
        {"store":"S1","tier":"{{tier}}","occurredAt":"{{Saturday.ToString("O", CultureInfo.InvariantCulture)}}","lines":[
        {"line":1,"product":"P-1","category":"护肤","quantity":1,"priceMinor":10000},{"line":2,"product":"P-2","category":"护肤","quantity":2,"priceMinor":2000},
        {"line":3,"product":"P-3","category":"食品","quantity":1,"priceMinor":5000}]}
        """;

    private static string WithRules(string document, params string[] rules)
    {
        var node = JsonNode.Parse(document)!;
        node["earning"] = new JsonObject { ["rules"] = new JsonArray([.. rules.Select(rule => JsonNode.Parse(rule))]) };
        return node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static DateTimeOffset LastSaturday()
    {
        var noon = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(-21), TimeSpan.Zero).AddHours(7);
        while (noon.DayOfWeek != DayOfWeek.Saturday) noon = noon.AddDays(-1);
        return noon;
    }
}
