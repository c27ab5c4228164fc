using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>The lines of a sale over HTTP: what was bought, and what of it came back.</summary>
public sealed class ReceiptTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Lines = """
        "lines":[{"line":1,"product":"P-1","category":"skin care","brand":"青禾","quantity":3,"priceMinor":30000,"discountMinor":1500},
                 {"line":2,"product":"P-2","quantity":0.5,"priceMinor":2000},{"line":7,"product":"wrapping","quantity":0,"priceMinor":500}]
        """;

    [Fact]
    public async Task A_counter_sees_what_was_bought_and_what_came_back_of_each_line()
    {
        var member = await fixture.MemberAsync();
        var sold = (await fixture.Till.SellAsync("L-1", $$"""{"customer":{"id":"{{member}}"},"receipt":"L-1",{{Lines}} }""")).Good();
        var path = $"/v1/customers/{member}/entries/{sold.Number("version")}/receipt";

        var whole = (await fixture.Till2.GetAsync(path)).Good();
        (whole.Word("store"), whole.Word("storeName"), whole.Word("receipt"), whole.Number("amountMinor")).ShouldBe(("S1", "Store S1", "L-1", 31_000));
        whole.Json.GetProperty("lines")[0].GetProperty("category").GetString().ShouldBe("skin care");
        whole.Json.GetProperty("lines")[0].GetProperty("brand").GetString().ShouldBe("青禾");
        Of(whole).ShouldBe([(1, 3m, 28_500, 0m, 0, false), (2, 0.5m, 2_000, 0m, 0, false), (7, 0m, 500, 0m, 0, false)]);

        // One of three comes back in one store and the fee in another: the second return knows of both.
        await BackAsync(fixture.Till, member, "back-1", """{"line":1,"quantity":1}""");
        await BackAsync(fixture.Till2, member, "back-2", """{"line":7,"quantity":0}""", ",\"purchaseStore\":\"S1\"");
        Of((await fixture.Till.GetAsync(path)).Good()).ShouldBe([(1, 3m, 28_500, 1m, 9_500, false), (2, 0.5m, 2_000, 0m, 0, false), (7, 0m, 500, 0m, 500, true)]);

        await BackAsync(fixture.Till, member, "back-3", """{"line":1,"quantity":2}""");
        Of((await fixture.Till.GetAsync(path)).Good())[0].ShouldBe((1, 3m, 28_500, 3m, 28_500, true));
    }

    [Fact]
    public async Task What_is_no_sale_has_no_receipt_and_a_viewer_sees_none()
    {
        var member = await fixture.MemberAsync();
        (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/1/receipt")).Refused(404, 1043);
        (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/9/receipt")).Refused(404, 1043);
        (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/x/receipt")).Refused(400, 1015);
        (await fixture.Viewer.GetAsync($"/v1/customers/{member}/entries/1/receipt")).Refused(403, 1034);
    }

    private static async Task BackAsync(ApiCaller till, string member, string key, string line, string more = "") =>
        (await till.PostAsync("/v1/returns", key, $$"""{"customer":{"id":"{{member}}"},"purchaseReceipt":"L-1"{{more}},"lines":[{{line}}]}""")).Good();

    private static List<(int Line, decimal Quantity, long Amount, decimal BackQuantity, long BackAmount, bool Back)> Of(Answer answer) =>
        [.. answer.Json.GetProperty("lines").EnumerateArray().Select(line => (
            line.GetProperty("line").GetInt32(), line.GetProperty("quantity").GetDecimal(), line.GetProperty("amountMinor").GetInt64(),
            line.GetProperty("backQuantity").GetDecimal(), line.GetProperty("backMinor").GetInt64(), line.GetProperty("back").GetBoolean()))];
}
