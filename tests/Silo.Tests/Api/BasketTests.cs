using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Baskets over HTTP: quoted, opened, changed, paid, cancelled, run out; and two stores that would like the same points (3.1, 3.4, F19 to F21).</summary>
public sealed class BasketTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        if (running.Json.GetProperty("document").TryGetProperty("storedValue", out _)) return;
        var document = JsonNode.Parse(running.Json.GetProperty("document").GetRawText())!;
        document["storedValue"] = new JsonObject();
        document["baskets"] = new JsonObject { ["leaseMinutes"] = 5 };
        document["earning"] = JsonNode.Parse("""{"rules":[{"id":"skin","nameZh":"护肤加赠","nameEn":"Skin care","when":{"fact":"category","in":["skin"]},"give":{"kind":"fixed","points":7}}]}""");
        (await fixture.Office.PutAsync("/v1/programme", "baskets", $$"""{"basedOnVersion":{{running.Number("version")}},"document":{{document.ToJsonString()}} }""")).Good();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_basket_is_opened_read_changed_and_paid_at_another_store()
    {
        var member = await MemberAsync(points: 500, money: 5_000);
        var opened = (await OpenAsync(fixture.Till, member, 300, 2_000, "-a")).Good();
        ((int)opened.Status, opened.Number("points"), opened.Number("storedValueMinor"), opened.Number("version")).ShouldBe((201, 300, 2_000, 4));
        var id = opened.Word("id")!;
        id.ShouldBe(member + ".4");
        (opened.Json.GetProperty("endsAt").GetDateTimeOffset() - DateTimeOffset.UtcNow).TotalMinutes.ShouldBeInRange(4, 5);
        (await OpenAsync(fixture.Till, member, 300, 2_000, "-a")).Bytes.ShouldBe(opened.Bytes);
        (await OpenAsync(fixture.Till, member, 301, 2_000, "-a")).Refused(409, 902);

        var card = (await fixture.Till2.GetAsync($"/v1/customers/{member}")).Good().Json;
        var points = card.GetProperty("points");
        (points.GetProperty("balance").GetInt64(), points.GetProperty("spendable").GetInt64(), points.GetProperty("held").GetInt64()).ShouldBe((500, 200, 300));
        card.GetProperty("storedValue").GetProperty("heldMinor").GetInt64().ShouldBe(2_000);

        var changed = (await fixture.Till2.PatchAsync($"/v1/baskets/{id}", member + "-c", """{"points":400,"storedValueMinor":2500}""")).Good();
        (await fixture.Till2.PatchAsync($"/v1/baskets/{id}", member + "-c", """{"points":400,"storedValueMinor":2500}""")).Bytes.ShouldBe(changed.Bytes);
        var read = (await fixture.Till.GetAsync($"/v1/baskets/{id}")).Good();
        (read.Number("points"), read.Number("storedValueMinor"), read.Word("endsAt")).ShouldBe((400, 2_500, changed.Word("endsAt")));

        var receipt = "p" + member[..8];
        var sale = ApiFixture.Sale(member, receipt, 10_000, $"\"basket\":\"{id}\",\"usePoints\":400,\"useStoredValueMinor\":2500,");
        var paid = (await fixture.Till2.SellAsync(receipt, sale)).Good();
        (paid.Number("pointsUsed"), paid.Number("chargeMinor")).ShouldBe((400, 10_000 - 400 - 2_500));
        (await fixture.Till2.SellAsync(receipt, sale)).Bytes.ShouldBe(paid.Bytes);
        // The same receipt without the basket is another content.
        (await fixture.Till2.SellAsync(receipt, ApiFixture.Sale(member, receipt, 10_000, "\"usePoints\":400,\"useStoredValueMinor\":2500,"))).Refused(409, 902);
        var other = "q" + member[..8];
        (await fixture.Till2.SellAsync(other, ApiFixture.Sale(member, other, 100, $"\"basket\":\"{id}\","))).Refused(409, 171).Word("field").ShouldBe("basket");
        (await fixture.Till.GetAsync($"/v1/baskets/{id}")).Refused(404, 1061);
        (await fixture.Till.DeleteAsync($"/v1/baskets/{id}", member + "-d")).Refused(409, 171).Word("field").ShouldBe("id");
        (await fixture.Till.PatchAsync($"/v1/baskets/{id}", member + "-e", """{"points":1,"storedValueMinor":0}""")).Refused(409, 171);

        var lines = (await fixture.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines").EnumerateArray().ToList();
        lines.Select(line => line.GetProperty("kind").GetString()).ShouldBe(["basket-paid", "purchase", "basket-changed", "basket-opened", "topped-up", "adjusted", "enrolled"]);
        lines.Where(line => line.TryGetProperty("held", out _)).Select(line => (line.GetProperty("held").GetProperty("points").GetInt64(), line.GetProperty("held").GetProperty("storedValueMinor").GetInt64()))
            .ShouldBe([(-400, -2_500), (100, 500), (300, 2_000)]);
        await ExplainsAsync(member, 4, "basket.opened", 5, "basket.changed", 6, "basket.paid");
    }

    [Fact]
    public async Task A_cancelled_basket_and_one_that_ran_out_leave_the_points_free()
    {
        var member = await MemberAsync(points: 100);
        var first = (await OpenAsync(fixture.Till, member, 100, 0, "-a")).Good().Word("id")!;
        (await OpenAsync(fixture.Till2, member, 1, 0, "-b")).Refused(422, 173).Word("titleZh")!.ShouldContain("预占");
        var cancelled = (await fixture.Till.DeleteAsync($"/v1/baskets/{first}", member + "-x")).Good();
        (cancelled.Number("points"), cancelled.Word("endsAt")).ShouldBe((100, null));
        (await fixture.Till.DeleteAsync($"/v1/baskets/{first}", member + "-x")).Bytes.ShouldBe(cancelled.Bytes);
        var second = (await OpenAsync(fixture.Till2, member, 100, 0, "-c")).Good().Word("id")!;
        using (fixture.Server.Later(TimeSpan.FromMinutes(5)))
        {
            (await fixture.Till2.GetAsync($"/v1/baskets/{second}")).Refused(404, 1061);
            var receipt = "l" + member[..8];
            (await fixture.Till2.SellAsync(receipt, ApiFixture.Sale(member, receipt, 1_000, $"\"basket\":\"{second}\",\"usePoints\":100,"))).Refused(409, 171);
            // Nobody came yet to say that it ran out, and the points are free all the same.
            (await OpenAsync(fixture.Till, member, 60, 0, "-d")).Good();
            (await fixture.Till2.SellAsync(receipt, ApiFixture.Sale(member, receipt, 1_000, "\"usePoints\":40,"))).Good().Number("pointsUsed").ShouldBe(40);
        }

        await ExplainsAsync(member, 4, "basket.cancelled", 6, "basket.expired");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Twenty_tills_at_two_stores_spend_the_same_sum_once(bool fromCard)
    {
        var member = fromCard ? await MemberAsync(money: 100) : await MemberAsync(points: 100);
        var use = fromCard ? "\"useStoredValueMinor\":100," : "\"usePoints\":100,";
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            var (till, receipt) = (i % 2 == 0 ? fixture.Till : fixture.Till2, $"{member[..6]}-{(fromCard ? "m" : "p")}{i}");
            if (i < 10) return await till.SellAsync(receipt, ApiFixture.Sale(member, receipt, 100, use));
            var opened = await OpenAsync(till, member, fromCard ? 0 : 100, fromCard ? 100 : 0, "-" + receipt);
            return opened.Code != 0 ? opened : await till.SellAsync(receipt, ApiFixture.Sale(member, receipt, 100, $"\"basket\":\"{opened.Word("id")}\"," + use));
        }));
        answers.Count(answer => (int)answer.Status == 200).ShouldBe(1);
        foreach (var refused in answers.Where(answer => (int)answer.Status != 200))
        {
            refused.Code.ShouldBeOneOf(fromCard ? [164, 174] : [141, 173]);
            refused.Word("title").ShouldNotBeNullOrEmpty();
            refused.Word("titleZh")!.ShouldMatch("(不足|预占)");
        }

        var card = (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good().Json;
        card.TryGetProperty("storedValue", out _).ShouldBeFalse();
        // What the sale earned is all there is.
        (card.GetProperty("points").GetProperty("balance").GetInt64(), card.GetProperty("points").GetProperty("held").GetInt64()).ShouldBe((fromCard ? 1 : 0, 0));
    }

    [Fact]
    public async Task A_quote_says_what_the_purchase_then_answers_and_records_nothing()
    {
        var member = await MemberAsync(points: 500, money: 5_000);
        var id = (await OpenAsync(fixture.Till2, member, 200, 1_000, "-a")).Good().Word("id")!;
        var before = (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good();
        var head = (await fixture.Office.GetAsync("/v1/stats")).Good().Number("head");
        const string goods = "\"lines\":[{\"line\":1,\"product\":\"P\",\"category\":\"skin\",\"quantity\":1,\"priceMinor\":250000}]";
        var body = $$"""{"customer":{"id":"{{member}}"},"usePoints":300,"useStoredValueMinor":4000,{{goods}} }""";
        var quote = (await fixture.Till.PostAsync("/v1/baskets/quote", null, body)).Good();
        (quote.Number("usablePoints"), quote.Number("usablePointsValueMinor"), quote.Number("usableStoredValueMinor")).ShouldBe((300, 300, 4_000));
        (quote.Json.GetProperty("held").GetProperty("points").GetInt64(), quote.Json.GetProperty("held").GetProperty("storedValueMinor").GetInt64()).ShouldBe((200, 1_000));
        quote.Json.GetProperty("reasons").GetArrayLength().ShouldBeGreaterThan(3);
        (quote.Json.GetProperty("tierChanged").GetProperty("to").GetString(), quote.Json.GetProperty("grants")[0].GetProperty("points").GetInt64()).ShouldBe(("silver", 7));
        // The other basket's hold is free for itself alone.
        var own = (await fixture.Till.PostAsync("/v1/baskets/quote", null, body.Replace("\"usePoints\":300", $"\"basket\":\"{id}\",\"usePoints\":500", StringComparison.Ordinal))).Good();
        (own.Number("pointsUsed"), own.Number("usablePoints"), own.Json.GetProperty("held").GetProperty("points").GetInt64()).ShouldBe((500, 500, 0));
        (await fixture.Till.PostAsync("/v1/baskets/quote", null, body.Replace("300,", "301,", StringComparison.Ordinal))).Refused(422, 173).Word("field").ShouldBe("usePoints");
        (await fixture.Till.PostAsync("/v1/baskets/quote", null, body.Replace("300,", "501,", StringComparison.Ordinal))).Refused(422, 141);
        (await fixture.Till.GetAsync($"/v1/customers/{member}")).Bytes.ShouldBe(before.Bytes);
        (await fixture.Office.GetAsync("/v1/stats")).Good().Number("head").ShouldBe(head);

        var receipt = "r" + member[..8];
        var sold = (await fixture.Till.SellAsync(receipt, body.Insert(1, $"\"receipt\":\"{receipt}\","))).Good();
        foreach (var same in sold.Json.EnumerateObject().Where(field => field.Name is not ("receipt" or "version")))
            quote.Json.GetProperty(same.Name).GetRawText().ShouldBe(same.Value.GetRawText(), same.Name);
    }

    [Fact]
    public async Task A_quote_of_another_time_sees_leases_points_and_rules_of_then()
    {
        var member = await MemberAsync(points: 500);
        (await OpenAsync(fixture.Till2, member, 200, 0, "-a")).Good();
        var body = $$"""{"customer":{"id":"{{member}}"},"asOf":"AT","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":10000}]}""";
        Task<Answer> At(DateTimeOffset time) => fixture.Till.PostAsync("/v1/baskets/quote", null, body.Replace("AT", time.ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var now = DateTimeOffset.UtcNow;
        (await At(now)).Good().Number("usablePoints").ShouldBe(300);
        (await At(now.AddMinutes(6))).Good().Number("usablePoints").ShouldBe(500);
        // A year on and a month rounded up: the points given by hand have ended.
        (await At(now.AddDays(400))).Good().Number("usablePoints").ShouldBe(0);
        (await At(now.AddDays(-40))).Good().Number("usablePoints").ShouldBe(300);
        (await At(now.AddDays(3_661))).Refused(422, 1062).Word("field").ShouldBe("asOf");
        (await At(new DateTimeOffset(1999, 1, 1, 0, 0, 0, TimeSpan.Zero))).Refused(422, 107);
        (await At(DateTimeOffset.MaxValue)).Refused(422, 1062);
        (await At(DateTimeOffset.MinValue)).Refused(422, 107);
    }

    [Fact]
    public async Task Held_stored_value_is_not_refunded_and_held_points_are_not_redeemed_or_taken()
    {
        var member = await MemberAsync(points: 100, money: 1_000);
        (await OpenAsync(fixture.Till, member, 100, 1_000, "-a")).Good();
        var who = $"\"customer\":{{\"id\":\"{member}\"}}";
        (await fixture.Till.PostAsync("/v1/stored-value/refunds", member + "-r", $$"""{ {{who}},"amountMinor":1,"reason":"x"}""")).Refused(422, 174).Word("field").ShouldBe("amountMinor");
        (await fixture.Till.PostAsync("/v1/redemptions", member + "-g", $$"""{ {{who}},"points":1,"reason":"x"}""")).Refused(422, 173).Word("field").ShouldBe("points");
        (await fixture.Till.PostAsync("/v1/adjustments", member + "-m", $$"""{ {{who}},"points":-1,"reason":"x"}""")).Refused(422, 173).Word("field").ShouldBe("points");
    }

    [Theory]
    [InlineData("POST", "/v1/baskets", """{"points":1}""", 400, 1007, "customer")]
    [InlineData("POST", "/v1/baskets", """{"customer":{"id":"MEMBER"}}""", 422, 170, null)]
    [InlineData("POST", "/v1/baskets", """{"customer":{"id":"MEMBER"},"points":-1}""", 422, 120, "points")]
    [InlineData("POST", "/v1/baskets", """{"customer":{"id":"MEMBER"},"storedValueMinor":-1}""", 422, 161, "storedValueMinor")]
    [InlineData("POST", "/v1/baskets", """{"customer":{"id":"MEMBER"},"points":"1"}""", 400, 1008, "points")]
    [InlineData("POST", "/v1/baskets", """{"customer":{"id":"MEMBER"},"points":1.5}""", 400, 1009, "points")]
    [InlineData("POST", "/v1/baskets", """{"customer":{"id":"MEMBER"},"points":1,"colour":2}""", 400, 1006, "colour")]
    [InlineData("POST", "/v1/baskets", """{"customer":{"id":"MEMBER"},"points":1,"store":"S2"}""", 403, 1035, "store")]
    [InlineData("POST", "/v1/baskets", """{"customer":{"id":"MEMBER"},"points":1}""", 422, 141, "points")]
    [InlineData("POST", "/v1/baskets", """{"customer":{"id":"nobody"},"points":1}""", 404, 130, null)]
    [InlineData("PATCH", "/v1/baskets/MEMBER.9", """{"points":1}""", 400, 1007, "storedValueMinor")]
    [InlineData("PATCH", "/v1/baskets/MEMBER.9", """{"points":1,"storedValueMinor":0}""", 409, 171, "id")]
    [InlineData("PATCH", "/v1/baskets/MEMBER.09", """{"points":1,"storedValueMinor":0}""", 409, 171, "id")]
    [InlineData("PATCH", "/v1/baskets/MEMBER", """{"points":1,"storedValueMinor":0}""", 409, 171, "id")]
    [InlineData("PATCH", "/v1/baskets/nobody.1", """{"points":1,"storedValueMinor":0}""", 404, 130, null)]
    [InlineData("PATCH", "/v1/baskets/.1", """{"points":1,"storedValueMinor":0}""", 409, 171, "id")]
    [InlineData("PATCH", "/v1/baskets/MEMBER.99999999999999999999", """{"points":1,"storedValueMinor":0}""", 409, 171, "id")]
    [InlineData("POST", "/v1/baskets/quote", """{"customer":{"id":"MEMBER"}}""", 400, 1007, "lines")]
    [InlineData("POST", "/v1/baskets/quote", """{"customer":{"id":"MEMBER"},"lines":[]}""", 422, 110, "lines")]
    [InlineData("POST", "/v1/baskets/quote", """{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 400, 1007, "customer")]
    [InlineData("POST", "/v1/baskets/quote", """{"customer":{"id":"nobody"},"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 404, 130, null)]
    [InlineData("POST", "/v1/baskets/quote", """{"customer":{"id":"MEMBER"},"basket":"MEMBER.9","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 409, 171, "basket")]
    [InlineData("POST", "/v1/baskets/quote", """{"customer":{"id":"MEMBER"},"asOf":"2026-01-01","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 400, 1012, "asOf")]
    [InlineData("POST", "/v1/purchases", """{"receipt":"W","basket":"MEMBER.9","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 422, 1060, "basket")]
    [InlineData("POST", "/v1/purchases", """{"receipt":"W","customer":{"id":"MEMBER"},"basket":"x","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 409, 171, "basket")]
    [InlineData("POST", "/v1/purchases", """{"receipt":"W","customer":{"id":"MEMBER"},"basket":"other.1","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 409, 171, "basket")]
    [InlineData("POST", "/v1/purchases", """{"receipt":"W","customer":{"id":"MEMBER"},"basket":7,"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 400, 1008, "basket")]
    public async Task What_is_wrong_is_refused_at_its_field(string method, string path, string body, int status, int code, string? field)
    {
        var member = await fixture.MemberAsync();
        var key = path.EndsWith("purchases", StringComparison.Ordinal) ? "W" : Guid.NewGuid().ToString("N");
        var refused = await fixture.Till.SendAsync(
            new HttpMethod(method), path.Replace("MEMBER", member, StringComparison.Ordinal), key, ApiCaller.Body(body.Replace("MEMBER", member, StringComparison.Ordinal)));
        refused.Refused(status, code).Word("field").ShouldBe(field);
    }

    [Fact]
    public async Task A_customer_has_sixteen_open_baskets_and_only_counters_open_them()
    {
        var member = await MemberAsync(points: 100);
        for (var i = 0; i < 16; i++) (await OpenAsync(fixture.Till, member, 1, 0, $"-{i}")).Good();
        (await OpenAsync(fixture.Till, member, 1, 0, "-16")).Refused(422, 172);
        (await OpenAsync(fixture.Viewer, member, 1, 0, "-v")).Refused(403, 1034);
        (await fixture.Till.PostAsync("/v1/baskets", null, $$"""{"customer":{"id":"{{member}}"},"points":1}""")).Refused(400, 1016);
        (await fixture.Till.DeleteAsync($"/v1/baskets/{member}.3", null)).Refused(400, 1016);
        (await fixture.Till.GetAsync("/v1/baskets/nothing")).Refused(404, 1061);
    }

    private async Task<string> MemberAsync(long points = 0, long money = 0)
    {
        var member = await fixture.MemberAsync();
        if (points > 0) (await fixture.Office.PostAsync("/v1/adjustments", member + "-points", $$"""{"customer":{"id":"{{member}}"},"points":{{points}},"reason":"测试"}""")).Good();
        if (money > 0) (await fixture.Till.PostAsync("/v1/stored-value/top-ups", member + "-money", $$"""{"customer":{"id":"{{member}}"},"amountMinor":{{money}} }""")).Good();
        return member;
    }

    private static Task<Answer> OpenAsync(ApiCaller till, string member, long points, long money, string key) =>
        till.PostAsync("/v1/baskets", member[..12] + key, $$"""{"customer":{"id":"{{member}}"},"points":{{points}},"storedValueMinor":{{money}} }""");

    // Version and code by turns; each has a sentence in both languages.
    private async Task ExplainsAsync(string member, params object[] versionsAndCodes)
    {
        for (var i = 0; i < versionsAndCodes.Length; i += 2)
        {
            var why = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/{versionsAndCodes[i]}/why")).Good().Json;
            var reason = why.GetProperty("reasons").EnumerateArray().FirstOrDefault(each => each.GetProperty("code").GetString() == (string)versionsAndCodes[i + 1]);
            reason.ValueKind.ShouldBe(JsonValueKind.Object, why.GetRawText());
            reason.GetProperty("zh").GetString()!.ShouldContain("购物篮");
            reason.GetProperty("en").GetString()!.ShouldContain("basket");
            reason.GetProperty("facts").GetArrayLength().ShouldBeGreaterThan(0);
        }
    }
}
