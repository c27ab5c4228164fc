using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Points from one customer to another over HTTP (F9). The programme changes, so the server is this class's alone.</summary>
public sealed class TransferTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Path = "/v1/points/transfers";

    [Fact]
    public async Task Points_are_the_receivers_at_once_and_the_same_request_gives_them_once()
    {
        await AllowAsync();
        var (giver, receiver) = (await fixture.MemberAsync(), await fixture.MemberAsync());
        (await fixture.Till.SellAsync(giver[..8], ApiFixture.Sale(giver, giver[..8], 10_000, ""))).Good();
        var before = await PointsAsync(giver);

        var sent = (await fixture.Till.PostAsync(Path, giver + "-t", Transfer(giver, receiver, 60))).Good();
        (sent.Json.GetProperty("from").GetString(), sent.Json.GetProperty("to").GetString(), sent.Number("points"), sent.Number("balance"), sent.Number("transfer")).ShouldBe((giver, receiver, 60, before - 60, 1));
        (await fixture.Till.PostAsync(Path, giver + "-t", Transfer(giver, receiver, 60))).Bytes.ShouldBe(sent.Bytes);
        (await fixture.Till.PostAsync(Path, giver + "-t", Transfer(giver, receiver, 61))).Refused(409, 902);
        (await PointsAsync(giver), await PointsAsync(receiver)).ShouldBe((before - 60, 60));

        var line = await LineAsync(giver);
        (line.GetProperty("kind").GetString(), line.GetProperty("points").GetInt64(), line.GetProperty("otherCustomer").GetString(), line.GetProperty("note").GetString()).ShouldBe(("transfer-sent", -60, receiver, "birthday"));
        line = await LineAsync(receiver);
        (line.GetProperty("kind").GetString(), line.GetProperty("points").GetInt64(), line.GetProperty("otherCustomer").GetString(), line.GetProperty("store").GetString()).ShouldBe(("transfer-received", 60, giver, "S1"));
        var why = (await fixture.Till.GetAsync($"/v1/customers/{receiver}/entries/{line.GetProperty("version").GetInt64()}/why")).Good().Json.GetProperty("reasons")[0];
        why.GetProperty("code").GetString().ShouldBe("transfer.received");
        why.GetProperty("zh").GetString()!.ShouldContain("不计入等级");
        why.GetProperty("en").GetString()!.ShouldContain("birthday");
        // The giver's last entry says that they have arrived; the statement has no line for it.
        why = (await fixture.Till.GetAsync($"/v1/customers/{giver}/entries/{sent.Number("version") + 1}/why")).Good().Json.GetProperty("reasons")[0];
        why.GetProperty("code").GetString().ShouldBe("transfer.arrived");
    }

    [Fact]
    public async Task A_transfer_is_checked_field_by_field()
    {
        await AllowAsync();
        var (giver, receiver) = (await fixture.MemberAsync(), await fixture.MemberAsync());
        (await fixture.Till.SellAsync(giver[..8], ApiFixture.Sale(giver, giver[..8], 10_000, ""))).Good();
        (await fixture.Till.PostAsync(Path, null, Transfer(giver, receiver, 1))).Refused(400, 1016);
        (await fixture.Till.PostAsync(Path, giver + "-1", $$"""{"from":{"id":"{{giver}}"},"to":{"id":"{{receiver}}"},"points":1}""")).Refused(400, 1007);
        (await fixture.Till.PostAsync(Path, giver + "-2", $$"""{"from":{"id":"{{giver}}"},"points":1,"reason":"x"}""")).Refused(400, 1007);
        (await fixture.Till.PostAsync(Path, giver + "-3", Transfer(giver, giver, 1))).Refused(422, 129);
        (await fixture.Till.PostAsync(Path, giver + "-4", Transfer(giver, "nobody", 1))).Refused(404, 130);
        (await fixture.Till.PostAsync(Path, giver + "-5", Transfer("nobody", receiver, 1))).Refused(404, 130);
        (await fixture.Till.PostAsync(Path, giver + "-6", Transfer(giver, receiver, 0))).Refused(422, 120);
        (await fixture.Till.PostAsync(Path, giver + "-7", Transfer(giver, receiver, 100_000))).Refused(422, 141);
        (await fixture.Till.PostAsync(Path, giver + "-8", Transfer(giver, receiver, 201))).Refused(422, 141);
    }

    private async Task AllowAsync()
    {
        var current = (await fixture.Office.GetAsync("/v1/programme")).Good().Json;
        var document = System.Text.Json.Nodes.JsonNode.Parse(current.GetProperty("document").GetRawText())!;
        if (document["points"]!["transfer"] is not null) return;
        document["points"]!["transfer"] = new System.Text.Json.Nodes.JsonObject { ["to"] = "anybody" };
        (await fixture.Office.PutAsync("/v1/programme", $"transfer-{Guid.NewGuid():N}", $$"""{"basedOnVersion":{{current.GetProperty("version").GetInt32()}},"document":{{document.ToJsonString()}} }""")).Good();
    }

    private async Task<long> PointsAsync(string member) => (await fixture.Till.GetAsync($"/v1/customers/{member}")).Good().Json.GetProperty("points").GetProperty("balance").GetInt64();

    private async Task<System.Text.Json.JsonElement> LineAsync(string member) => (await fixture.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines")[0];

    private static string Transfer(string from, string to, long points) => $$"""{"from":{"id":"{{from}}"},"to":{"id":"{{to}}"},"points":{{points}},"reason":"birthday"}""";
}
