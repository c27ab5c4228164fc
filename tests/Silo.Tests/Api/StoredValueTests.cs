using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Stored value over HTTP: paid in, spent once however many tills ask, given back, paid out, frozen (R26, R28, F26, F28).</summary>
public sealed class StoredValueTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        if (running.Json.GetProperty("document").TryGetProperty("storedValue", out _)) return;
        var document = JsonNode.Parse(running.Json.GetProperty("document").GetRawText())!;
        document["storedValue"] = JsonNode.Parse("""{"balanceMaxMinor":500000,"topUps":[{"atLeastMinor":50000,"giftMinor":6000}]}""");
        (await fixture.Office.PutAsync("/v1/programme", "stored-value", $$"""{"basedOnVersion":{{running.Number("version")}},"document":{{document.ToJsonString()}} }""")).Good();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Money_paid_in_at_one_store_pays_at_another_and_comes_back_as_it_was_paid()
    {
        var member = await fixture.MemberAsync();
        var paidIn = (await fixture.Till.PostAsync("/v1/stored-value/top-ups", member + "-in", TopUp(member, 50_000))).Good();
        Of(paidIn.Json.GetProperty("balance")).ShouldBe((50_000, 6_000));
        (await fixture.Till.PostAsync("/v1/stored-value/top-ups", member + "-in", TopUp(member, 50_000))).Bytes.ShouldBe(paidIn.Bytes);
        (await fixture.Till.PostAsync("/v1/stored-value/top-ups", member + "-in", TopUp(member, 50_001))).Refused(409, 902);

        var sold = (await fixture.Till2.SellAsync(member[..8], Sale(member, member[..8], 30_000, 28_000))).Good();
        (sold.Number("chargeMinor"), sold.Number("amountMinor")).ShouldBe((2_000, 30_000));
        Of(sold.Json.GetProperty("storedValue").GetProperty("moved")).ShouldBe((25_000, 3_000));
        Of(sold.Json.GetProperty("storedValue").GetProperty("balance")).ShouldBe((25_000, 3_000));

        var card = (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good().Json.GetProperty("storedValue");
        (Of(card), card.GetProperty("frozen").GetBoolean()).ShouldBe(((25_000, 3_000), false));

        var back = (await fixture.Till2.PostAsync("/v1/returns", member + "-back", $$"""{"customer":{"id":"{{member}}"},"purchaseReceipt":"{{member[..8]}}"}""")).Good();
        back.Number("payBackMinor").ShouldBe(2_000);
        Of(back.Json.GetProperty("storedValue").GetProperty("balance")).ShouldBe((50_000, 6_000));

        var lines = (await fixture.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines").EnumerateArray().ToList();
        lines.Select(line => line.GetProperty("kind").GetString()).ShouldBe(["return", "purchase", "topped-up", "enrolled"]);
        lines.Take(3).Select(line => Of(line.GetProperty("storedValue"))).ShouldBe([(25_000, 3_000), (-25_000, -3_000), (50_000, 6_000)]);
        var codes = new List<string?>();
        for (var version = 2; version <= 4; version++)
        {
            var why = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/{version}/why")).Good().Json;
            if (version == 3) why.GetProperty("agrees").GetBoolean().ShouldBeTrue();
            codes.AddRange(why.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString()).Where(code => code!.Contains("stored-value", StringComparison.Ordinal)));
        }

        codes.ShouldBe(["stored-value.topped-up", "stored-value.used", "return.stored-value"]);
    }

    [Fact]
    public async Task Twenty_tills_at_two_stores_spend_the_same_money_once()
    {
        var member = await fixture.MemberAsync();
        (await fixture.Till.PostAsync("/v1/stored-value/top-ups", member + "-in", TopUp(member, 10_000))).Good();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? fixture.Till : fixture.Till2).SellAsync($"{member[..6]}-{i}", Sale(member, $"{member[..6]}-{i}", 10_000, 10_000))));
        answers.Count(answer => (int)answer.Status == 200).ShouldBe(1);
        foreach (var refused in answers.Where(answer => (int)answer.Status != 200)) refused.Refused(422, 164).Word("titleZh").ShouldBe("储值余额不足。");
        (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good().Json.TryGetProperty("storedValue", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Twenty_tills_at_two_stores_spend_the_same_points_once()
    {
        var member = await fixture.MemberAsync();
        (await fixture.Office.PostAsync("/v1/adjustments", member + "-points", $$"""{"customer":{"id":"{{member}}"},"points":100,"reason":"测试"}""")).Good();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? fixture.Till : fixture.Till2).PostAsync(
            "/v1/redemptions", $"{member}-{i}", $$"""{"customer":{"id":"{{member}}"},"points":100,"reason":"礼品"}""")));
        answers.Count(answer => (int)answer.Status == 200).ShouldBe(1);
        foreach (var refused in answers.Where(answer => (int)answer.Status != 200)) refused.Refused(422, 141);
    }

    [Fact]
    public async Task Principal_is_paid_out_and_a_lost_card_is_frozen()
    {
        var member = await fixture.MemberAsync();
        (await fixture.Till.PostAsync("/v1/stored-value/top-ups", member + "-in", TopUp(member, 50_000))).Good();
        var paidOut = (await fixture.Till2.PostAsync("/v1/stored-value/refunds", member + "-out", $$"""{"customer":{"id":"{{member}}"},"amountMinor":25000,"reason":"搬家"}""")).Good();
        (Of(paidOut.Json.GetProperty("moved")), Of(paidOut.Json.GetProperty("balance"))).ShouldBe(((25_000, 3_000), (25_000, 3_000)));

        const string lost = "\"reason\":\"卡片遗失\"}";
        (await fixture.Till.PostAsync("/v1/stored-value/freezes", member + "-freeze", $$"""{"customer":{"id":"{{member}}"},"frozen":true,{{lost}}""")).Good();
        (await fixture.Till.SellAsync(member[..7], Sale(member, member[..7], 100, 100))).Refused(422, 163);
        (await fixture.Till.PostAsync("/v1/stored-value/freezes", member + "-again", $$"""{"customer":{"id":"{{member}}"},"frozen":true,{{lost}}""")).Good().Number("version").ShouldBe(0);
        (await fixture.Till.PostAsync("/v1/stored-value/freezes", member + "-release", $$"""{"customer":{"id":"{{member}}"},"frozen":false,{{lost}}""")).Good();
        (await fixture.Till.SellAsync(member[..7], Sale(member, member[..7], 100, 100))).Good().Number("chargeMinor").ShouldBe(0);
    }

    [Theory]
    [InlineData("/v1/stored-value/top-ups", """{"amountMinor":1}""", 400, 1007, "customer")]
    [InlineData("/v1/stored-value/top-ups", """{"customer":{"id":"MEMBER"},"amountMinor":0}""", 422, 161, "amountMinor")]
    [InlineData("/v1/stored-value/top-ups", """{"customer":{"id":"MEMBER"},"amountMinor":1.5}""", 400, 1009, "amountMinor")]
    [InlineData("/v1/stored-value/top-ups", """{"customer":{"id":"MEMBER"},"amountMinor":500001}""", 422, 162, "amountMinor")]
    [InlineData("/v1/stored-value/refunds", """{"customer":{"id":"MEMBER"},"amountMinor":1}""", 400, 1007, "reason")]
    [InlineData("/v1/stored-value/refunds", """{"customer":{"id":"MEMBER"},"amountMinor":1,"reason":"x"}""", 422, 167, "amountMinor")]
    [InlineData("/v1/stored-value/freezes", """{"customer":{"id":"MEMBER"},"reason":"x"}""", 400, 1007, "frozen")]
    [InlineData("/v1/stored-value/freezes", """{"customer":{"id":"nobody"},"frozen":true,"reason":"x"}""", 404, 130, null)]
    [InlineData("/v1/purchases", """{"receipt":"W","useStoredValueMinor":1,"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 422, 1055, "useStoredValueMinor")]
    public async Task What_is_wrong_is_refused_at_its_field(string path, string body, int status, int code, string? field)
    {
        var member = await fixture.MemberAsync();
        var refused = await fixture.Till.PostAsync(path, path.EndsWith("purchases", StringComparison.Ordinal) ? "W" : Guid.NewGuid().ToString("N"), body.Replace("MEMBER", member, StringComparison.Ordinal));
        refused.Refused(status, code).Word("field").ShouldBe(field);
    }

    private static string TopUp(string member, long amount) => $$"""{"customer":{"id":"{{member}}"},"amountMinor":{{amount}} }""";

    private static string Sale(string member, string receipt, long price, long fromCard) => ApiFixture.Sale(member, receipt, price, $"\"useStoredValueMinor\":{fromCard},");

    private static (long Principal, long Gift) Of(System.Text.Json.JsonElement view) => (view.GetProperty("principalMinor").GetInt64(), view.GetProperty("giftMinor").GetInt64());
}
