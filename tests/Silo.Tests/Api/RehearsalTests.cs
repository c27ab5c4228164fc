using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>A draft on the chain's own history, over HTTP.</summary>
public sealed class RehearsalTests : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private readonly ApiFixture _fixture;
    private static readonly SemaphoreSlim Once = new(1, 1);
    private static ApiFixture? s_sold;

    public RehearsalTests(ApiFixture fixture) => _fixture = fixture;

    public async Task InitializeAsync()
    {
        await Once.WaitAsync();
        try
        {
            if (ReferenceEquals(s_sold, _fixture)) return;
            s_sold = _fixture;
            var (ann, bob) = (await _fixture.MemberAsync(), await _fixture.MemberAsync());
            (await _fixture.Till.SellAsync("A-1", ApiFixture.Sale(ann, "A-1", 100_000))).Good();
            (await _fixture.Till2.SellAsync("A-2", ApiFixture.Sale(ann, "A-2", 50_000, "\"usePoints\":700,"))).Good();
            (await _fixture.Till2.SellAsync("B-1", ApiFixture.Sale(bob, "B-1", 20_000))).Good();
            (await _fixture.Till2.PostAsync("/v1/returns", "B-1-back", $$"""{"customer":{"id":"{{bob}}"},"purchaseReceipt":"B-1"}""")).Good();
            await _fixture.MemberAsync();
            await _fixture.Server.ReadModelsCaughtUpAsync();
        }
        finally
        {
            Once.Release();
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_rules_that_booked_give_what_was_booked()
    {
        var done = await RunAsync("""{"days":1}""");
        (done.GetProperty("hasDraft").GetBoolean(), done.GetProperty("different").GetInt64(), done.GetProperty("refused").GetInt64()).ShouldBe((false, 0, 0));
        // 1,000 and 493 with a fifth more away from home; 200 and 40 came and went.
        var points = done.GetProperty("bookedPoints").GetInt64();
        points.ShouldBe(1_000 + 493 + 98);
        done.GetProperty("livedPoints").GetInt64().ShouldBe(points);
        (done.GetProperty("costMinor").GetInt64(), done.GetProperty("liabilityMinor").GetInt64(), done.GetProperty("customers").GetInt64()).ShouldBe((0, 0, 3));
    }

    [Fact]
    public async Task A_draft_shows_the_difference_store_by_store_and_rule_by_rule()
    {
        var draft = await DraftAsync(document =>
        {
            document["earning"] = JsonNode.Parse(
                """{"rules":[{"id":"s1","nameZh":"一店加赠","nameEn":"S1 more","when":{"fact":"store","in":["S1"]},"give":{"kind":"fixed","points":50},"caps":[{"per":"month","points":30}]}]}""");
            document["crossStore"]!["bonusPercent"] = 0;
        });
        var done = await RunAsync($$"""{"document":{{draft}} }""");
        done.GetProperty("stores").EnumerateArray().Select(store =>
                (store.GetProperty("id").GetString(), store.GetProperty("sales").GetInt64(), store.GetProperty("bookedPoints").GetInt64(), store.GetProperty("livedPoints").GetInt64()))
            .ShouldBe([("S2", 2, 591, 493), ("S1", 1, 1_000, 1_030)]);
        var rule = done.GetProperty("rules").EnumerateArray().Single();
        (rule.GetProperty("id").GetString(), rule.GetProperty("livedPoints").GetInt64(), rule.GetProperty("withheld").GetInt64()).ShouldBe(("s1", 30, 20));
        rule.GetProperty("name").GetProperty("zh").GetString().ShouldBe("一店加赠");
        (done.GetProperty("gain").GetInt64(), done.GetProperty("lose").GetInt64(), done.GetProperty("costMinor").GetInt64()).ShouldBe((0, 1, -68));
        done.GetProperty("different").GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task Points_that_would_not_be_there_are_told()
    {
        var draft = await DraftAsync(document => document["points"]!["perUnit"] = 0.5);
        var done = await RunAsync($$"""{"document":{{draft}} }""");
        done.GetProperty("refused").GetInt64().ShouldBe(1);
        (await _fixture.Office.GetAsync($"/v1/programme/rehearsals/{done.GetProperty("id").GetString()}")).Good().Word("state").ShouldBe("done");
        (await _fixture.Office.DeleteAsync($"/v1/programme/rehearsals/{done.GetProperty("id").GetString()}", null)).Good().Word("state").ShouldBe("done");
    }

    [Fact]
    public async Task What_is_wrong_is_refused()
    {
        (await _fixture.Office.PostAsync("/v1/programme/rehearsals", null, """{"days":0}""")).Refused(400, 1009);
        (await _fixture.Office.PostAsync("/v1/programme/rehearsals", null, """{"document":{"nonsense":1}}""")).Refused(422, 1048);
        (await _fixture.Office.GetAsync("/v1/programme/rehearsals/none")).Refused(404, 1054);
        (await _fixture.Till.PostAsync("/v1/programme/rehearsals", null, "{}")).Refused(403, 1034);
    }

    private async Task<JsonElement> RunAsync(string request)
    {
        Answer begun;
        // Another test's may still run.
        while ((begun = await _fixture.Office.PostAsync("/v1/programme/rehearsals", null, request)).Code == 1053) await Task.Delay(20);
        var id = begun.Good().Word("id");
        while (true)
        {
            var view = (await _fixture.Office.GetAsync($"/v1/programme/rehearsals/{id}")).Good();
            if (view.Word("state") != "running")
            {
                view.Word("state").ShouldBe("done");
                view.Number("done").ShouldBe(view.Number("of"));
                return view.Json;
            }

            await Task.Delay(20);
        }
    }

    private async Task<string> DraftAsync(Action<JsonNode> change)
    {
        var document = JsonNode.Parse((await _fixture.Office.GetAsync("/v1/programme")).Good().Json.GetProperty("document").GetRawText())!;
        change(document);
        return document.ToJsonString();
    }
}
