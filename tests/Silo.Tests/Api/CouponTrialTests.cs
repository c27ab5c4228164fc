using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>An example basket with coupons that nobody holds: POST /v1/programme/try (F21).</summary>
public sealed class CouponTrialTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Kinds = """
        { "categories": [ { "id": "first" }, { "id": "second", "perReceipt": 2 }, { "id": "third" } ],
          "kinds": [
            { "id": "tenth", "nameZh": "九折", "nameEn": "Tenth", "category": "second", "perReceipt": 2, "give": { "kind": "percent", "percent": 10 } },
            { "id": "fifty", "nameZh": "满300减50", "nameEn": "Fifty", "category": "first", "give": { "kind": "amount", "minor": 5000 }, "when": { "fact": "category", "in": ["护肤"] }, "minimum": { "amountMinor": 30000 } },
            { "id": "gold", "nameZh": "金卡券", "nameEn": "Gold", "category": "third", "give": { "kind": "amount", "minor": 100 }, "when": { "fact": "tier", "in": ["gold"] } },
            { "id": "later", "nameZh": "明天券", "nameEn": "Later", "category": "second", "give": { "kind": "amount", "minor": 100 }, "valid": { "afterDays": 1 } },
            { "id": "past", "nameZh": "旧券", "nameEn": "Past", "category": "second", "give": { "kind": "amount", "minor": 100 }, "valid": { "to": "2020-01-01" } },
            { "id": "thirty", "nameZh": "三十天券", "nameEn": "Thirty", "category": "second", "give": { "kind": "amount", "minor": 100 }, "valid": { "days": 30 } } ] }
        """;

    [Fact]
    public async Task Coupons_of_a_draft_take_off_in_their_order_and_points_are_earned_on_what_is_left()
    {
        var draft = await TryAsync("""["tenth","fifty"]""", 200_00, 200_00);
        draft.GetProperty("coupons").EnumerateArray().Select(Told).ShouldBe(["tenth 4000 1:1750,2:1750,3:500", "fifty 5000 1:2500,2:2500"]);
        (draft.GetProperty("amountMinor").GetInt64(), draft.GetProperty("pointsBase").GetInt64()).ShouldBe((36_000, 360));
    }

    [Fact]
    public async Task What_does_not_fit_says_why_by_number_and_what_is_missing()
    {
        var draft = await TryAsync("""["fifty","gold","later","past","none","tenth","tenth","tenth"]""", 100_00, 150_00);
        draft.GetProperty("coupons").EnumerateArray().Select(Told).ShouldBe(
            ["fifty 0 why 186 missing 5000", "gold 0 why 184", "later 0 why 182", "past 0 why 194", "none 0 why 183", "tenth 3000 1:1000,2:1500,3:500", "tenth 2700 1:900,2:1350,3:450", "tenth 0 why 188"]);
        draft.GetProperty("coupons")[0].GetProperty("why").GetProperty("zh").GetString()!.ShouldContain("门槛");
        draft.GetProperty("coupons")[0].GetProperty("name").GetProperty("zh").GetString().ShouldBe("满300减50");
        draft.GetProperty("coupons")[4].TryGetProperty("name", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_running_rules_are_asked_too_and_without_coupons_nothing_is_told_of_them()
    {
        var reply = await AskAsync("""["tenth"]""", 100_00, 100_00);
        reply.GetProperty("running").GetProperty("coupons").EnumerateArray().Select(Told).ShouldBe(["tenth 0 why 183"]);
        (await AskAsync("[]", 100_00, 100_00)).GetProperty("draft").TryGetProperty("coupons", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z", 422)]
    [InlineData("9999-12-20T00:00:00+08:00", 422)]
    [InlineData("0001-01-01T00:00:00Z", 200)]
    [InlineData("2027-01-01T00:00:00+08:00", 200)]
    public async Task A_time_too_far_ahead_is_refused_and_no_time_is_a_fault(string at, int status)
    {
        var answer = await PostAsync("""["thirty"]""", 100_00, 100_00, $",\"occurredAt\":\"{at}\"");
        if (status == 200) answer.Good();
        else answer.Refused(422, 1062).Word("field").ShouldBe("basket.occurredAt");
    }

    private static string Told(JsonElement coupon)
    {
        var told = $"{coupon.GetProperty("kind").GetString()} {coupon.GetProperty("discountMinor").GetInt64()}";
        if (coupon.TryGetProperty("why", out var why)) told += $" why {why.GetProperty("code").GetInt32()}";
        if (coupon.GetProperty("missingMinor").GetInt64() is > 0 and var missing) told += $" missing {missing}";
        var lines = coupon.GetProperty("lines").EnumerateArray().Select(line => $"{line.GetProperty("line").GetInt32()}:{line.GetProperty("discountMinor").GetInt64()}");
        return string.Join(' ', [told, .. (string[])[string.Join(',', lines)]]).TrimEnd();
    }

    private async Task<JsonElement> TryAsync(string coupons, long first, long second) => (await AskAsync(coupons, first, second)).GetProperty("draft");

    private async Task<JsonElement> AskAsync(string coupons, long first, long second)
    {
        var reply = (await PostAsync(coupons, first, second)).Good().Json;
        reply.GetProperty("valid").GetBoolean().ShouldBeTrue(reply.GetRawText());
        return reply;
    }

    private async Task<Answer> PostAsync(string coupons, long first, long second, string more = "")
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good().Json.GetProperty("document").GetRawText();
        var document = JsonNode.Parse(running)!.AsObject();
        document["coupons"] = JsonNode.Parse(Kinds);
        var lines = $$"""[{"line":1,"product":"A","category":"护肤","quantity":1,"priceMinor":{{first}}},{"line":2,"product":"B","category":"护肤","quantity":1,"priceMinor":{{second}}},{"line":3,"product":"C","category":"食品","quantity":1,"priceMinor":5000}]""";
        return await fixture.Office.PostAsync("/v1/programme/try", null, $$"""{"document":{{document.ToJsonString()}},"basket":{"lines":{{lines}}{{more}}},"coupons":{{coupons}}}""");
    }
}
