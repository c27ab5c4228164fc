using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Points over HTTP: extended by headquarters, frozen and released at the counter (R37, F3).</summary>
public sealed class PointTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Headquarters_lets_points_end_later_once_whatever_is_sent_again()
    {
        var member = await fixture.MemberAsync();
        (await fixture.Till.SellAsync(member[..8], Sale(member, member[..8], 10_000))).Good();
        var path = $"/v1/customers/{member}/points/extensions";
        var day = DateTime.UtcNow.AddYears(3).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        var extended = (await fixture.Office.PostAsync(path, member + "-x", $$"""{"lastDay":"{{day}}","reason":"late parcel"}""")).Good();
        extended.Number("points").ShouldBeGreaterThan(0);
        extended.Json.GetProperty("endsAt").GetDateTimeOffset().ShouldBe(new DateTimeOffset(DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture).AddDays(1), TimeSpan.FromHours(8)));
        (await fixture.Office.PostAsync(path, member + "-x", $$"""{"lastDay":"{{day}}","reason":"late parcel"}""")).Bytes.ShouldBe(extended.Bytes);
        (await fixture.Office.PostAsync(path, member + "-x", $$"""{"lastDay":"{{day}}","reason":"another"}""")).Refused(409, 902);
        (await fixture.Office.PostAsync(path, member + "-y", $$"""{"lastDay":"{{day}}","reason":"again"}""")).Refused(422, 145);

        var card = (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good().Json.GetProperty("points");
        card.GetProperty("expiring")[0].GetProperty("at").GetDateTimeOffset().ShouldBe(extended.Json.GetProperty("endsAt").GetDateTimeOffset());
        var line = (await fixture.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines")[0];
        (line.GetProperty("kind").GetString(), line.GetProperty("note").GetString(), line.GetProperty("points").GetInt64()).ShouldBe(("points-extended", "late parcel", 0));
        var why = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/{extended.Number("version")}/why")).Good().Json.GetProperty("reasons")[0];
        why.GetProperty("code").GetString().ShouldBe("points.extended");
        why.GetProperty("zh").GetString()!.ShouldContain(day);
        why.GetProperty("en").GetString()!.ShouldContain("late parcel");
    }

    [Fact]
    public async Task An_extension_is_checked_field_by_field_and_only_headquarters_may()
    {
        var member = await fixture.MemberAsync();
        var path = $"/v1/customers/{member}/points/extensions";
        (await fixture.Till.PostAsync(path, member + "-1", """{"lastDay":"2099-01-01","reason":"x"}""")).Refused(403, 1034);
        (await fixture.Office.PostAsync(path, member + "-2", """{"reason":"x"}""")).Refused(400, 1007);
        (await fixture.Office.PostAsync(path, member + "-3", """{"lastDay":"31.12.2027","reason":"x"}""")).Refused(422, 124);
        (await fixture.Office.PostAsync(path, member + "-4", """{"lastDay":"2000-01-01","reason":"x"}""")).Refused(422, 124);
        (await fixture.Office.PostAsync(path, member + "-5", """{"lastDay":"2027-06-30","endingBefore":"soon","reason":"x"}""")).Refused(422, 124);
        (await fixture.Office.PostAsync("/v1/customers/nobody/points/extensions", member + "-6", """{"lastDay":"2027-06-30","reason":"x"}""")).Refused(404, 130);
    }

    [Fact]
    public async Task Frozen_points_pay_for_nothing_at_any_till_until_they_are_released()
    {
        var member = await fixture.MemberAsync();
        (await fixture.Till.SellAsync(member[..8], Sale(member, member[..8], 10_000))).Good();
        var frozen = (await fixture.Till.PostAsync("/v1/points/freezes", member + "-f", Freeze(member, true))).Good();
        frozen.Json.GetProperty("frozen").GetBoolean().ShouldBeTrue();
        (await fixture.Till.PostAsync("/v1/points/freezes", member + "-f", Freeze(member, true))).Bytes.ShouldBe(frozen.Bytes);
        (await fixture.Till.PostAsync("/v1/points/freezes", member + "-g", Freeze(member, true))).Good().Number("version").ShouldBe(0);

        (await fixture.Till2.SellAsync(member[..7] + "b", Sale(member, member[..7] + "b", 5_000, use: 10))).Refused(422, 144);
        (await fixture.Till2.PostAsync("/v1/redemptions", member + "-r", $$"""{"customer":{"id":"{{member}}"},"points":1,"reason":"mug"}""")).Refused(422, 144);
        (await fixture.Till2.PostAsync("/v1/baskets", member + "-b", $$"""{"customer":{"id":"{{member}}"},"points":1}""")).Refused(422, 144);
        var quote = (await fixture.Till2.PostAsync("/v1/baskets/quote", null, $$"""{"customer":{"id":"{{member}}"},"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":5000}]}""")).Good();
        (quote.Json.GetProperty("pointsFrozen").GetBoolean(), quote.Number("usablePoints")).ShouldBe((true, 0));
        var card = (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good().Json.GetProperty("points");
        (card.GetProperty("frozen").GetBoolean(), card.GetProperty("spendable").GetInt64(), card.GetProperty("balance").GetInt64() > 0).ShouldBe((true, 0, true));

        (await fixture.Till.PostAsync("/v1/points/freezes", member + "-u", Freeze(member, false))).Good();
        (await fixture.Till2.SellAsync(member[..7] + "b", Sale(member, member[..7] + "b", 5_000, use: 10))).Good();
        var lines = (await fixture.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("kind").GetString());
        lines.ShouldBe(["purchase", "points-released", "points-frozen", "purchase", "enrolled"]);
        var why = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/{frozen.Number("version")}/why")).Good().Json.GetProperty("reasons")[0];
        (why.GetProperty("code").GetString(), why.GetProperty("zh").GetString()!.Contains("冻结", StringComparison.Ordinal)).ShouldBe(("points.frozen", true));
    }

    private static string Freeze(string member, bool frozen) => $$"""{"customer":{"id":"{{member}}"},"frozen":{{(frozen ? "true" : "false")}},"reason":"dispute"}""";

    private static string Sale(string member, string receipt, long amount, long use = 0) => ApiFixture.Sale(member, receipt, amount, $"\"usePoints\":{use},");
}
