using System.Net;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Headquarters: stores, rules, keys, totals, the journal.</summary>
public sealed class OfficeTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_store_is_opened_changed_and_shown()
    {
        const string body = """{"id":"S10","name":"人民广场店","region":"华东","city":"上海"}""";
        var opened = await fixture.Office.PostAsync("/v1/stores", "open-S10", body);
        opened.Good().Status.ShouldBe(HttpStatusCode.Created);
        (await fixture.Office.PostAsync("/v1/stores", "open-S10", body)).Bytes.ShouldBe(opened.Bytes);
        (await fixture.Office.PostAsync("/v1/stores", "open-S10-again", body.Replace("上海", "杭州", StringComparison.Ordinal))).Refused(409, 212);

        var changed = (await fixture.Office.PatchAsync("/v1/stores/S10", "change-S10", """{"name":"南京路店"}""")).Good();
        (changed.Word("name"), changed.Word("city")).ShouldBe(("南京路店", "上海"));
        (await fixture.Office.PatchAsync("/v1/stores/S10", "change-S10", """{"name":"南京路店"}""")).Bytes.ShouldBe(changed.Bytes);
        (await fixture.Office.PatchAsync("/v1/stores/S10", "change-S10", """{"name":"又一家店"}""")).Refused(409, 902);

        var sale = (await fixture.Office.PostAsync("/v1/purchases", "S10-1", """{"store":"S10","receipt":"S10-1","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":990}]}""")).Good();
        sale.Number("amountMinor").ShouldBe(990);
        await fixture.Server.ReadModelsCaughtUpAsync();
        var shown = (await fixture.Viewer.GetAsync("/v1/stores/S10")).Good().Json;
        shown.GetProperty("store").GetProperty("name").GetString().ShouldBe("南京路店");
        shown.GetProperty("store").GetProperty("revenueMinor").GetInt64().ShouldBe(990);
        shown.GetProperty("store").GetProperty("walkIns").GetInt64().ShouldBe(1);
        shown.GetProperty("days").EnumerateArray().Sum(d => d.GetProperty("revenueMinor").GetInt64()).ShouldBe(990);
        (await fixture.Till.GetAsync("/v1/stores")).Good().Json.GetProperty("stores").EnumerateArray().Select(s => s.GetProperty("id").GetString()).ShouldContain("S10");
    }

    [Fact]
    public async Task Changes_of_different_fields_of_a_store_at_the_same_time_all_stay()
    {
        (await fixture.Office.PostAsync("/v1/stores", "open-S11", """{"id":"S11","name":"n","region":"r","city":"c"}""")).Good();
        for (var round = 0; round < 12; round++)
        {
            var changes = new[] { $$"""{"name":"n{{round}}"}""", $$"""{"region":"r{{round}}"}""", $$"""{"city":"c{{round}}"}""" };
            await Task.WhenAll(changes.Select(async (change, i) => (await fixture.Office.PatchAsync("/v1/stores/S11", $"S11-{round}-{i}", change)).Good()));
            var shown = (await fixture.Office.GetAsync("/v1/stores/S11")).Good().Json.GetProperty("store");
            (shown.GetProperty("name").GetString(), shown.GetProperty("region").GetString(), shown.GetProperty("city").GetString())
                .ShouldBe(($"n{round}", $"r{round}", $"c{round}"));
        }

        // What changes nothing is answered from the store as it stands.
        var same = (await fixture.Office.PatchAsync("/v1/stores/S11", "S11-same", """{"name":"n11"}""")).Good();
        (same.Word("name"), same.Word("region"), same.Word("city")).ShouldBe(("n11", "r11", "c11"));
    }

    [Fact]
    public async Task A_programme_is_checked_published_and_named_by_later_entries()
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        var version = running.Number("version");
        var document = running.Json.GetProperty("document").GetRawText();
        (await fixture.Office.PostAsync("/v1/programme/validate", null, $$"""{"document":{{document}}}""")).Good().Json.GetProperty("valid").GetBoolean().ShouldBeTrue();
        var checkedBad = (await fixture.Office.PostAsync("/v1/programme/validate", null, """{"document":{"nonsense":1}}""")).Good().Json;
        checkedBad.GetProperty("valid").GetBoolean().ShouldBeFalse();
        checkedBad.GetProperty("errors").GetArrayLength().ShouldBeGreaterThan(0);

        var request = $$"""{"basedOnVersion":{{version}},"document":{{document}},"note":"first"}""";
        var published = (await fixture.Office.PutAsync("/v1/programme", "programme-1", request)).Good();
        published.Number("version").ShouldBe(version + 1);
        (await fixture.Office.PutAsync("/v1/programme", "programme-1", request)).Bytes.ShouldBe(published.Bytes);
        var another = request.Replace("\"perUnit\"", " \"perUnit\"", StringComparison.Ordinal);
        (await fixture.Office.PutAsync("/v1/programme", "programme-2", another)).Refused(409, 421);
        var refused = (await fixture.Office.PutAsync("/v1/programme", "programme-3", $$"""{"basedOnVersion":{{version + 1}},"document":{"nonsense":1} }""")).Refused(422, 1048);
        refused.Json.GetProperty("errors").GetArrayLength().ShouldBeGreaterThan(0);
        (await fixture.Office.PutAsync("/v1/programme", "programme-4", """{"basedOnVersion":1,"document":"text"}""")).Refused(400, 1008);
        var zone = System.Text.RegularExpressions.Regex.Replace(document, "\"timeZone\":\\s*\"[^\"]*\"", "\"timeZone\":\"Moon/Crater\"");
        (await fixture.Office.PutAsync("/v1/programme", "programme-5", $$"""{"basedOnVersion":{{version + 1}},"document":{{zone}}}"""))
            .Refused(422, 1048).Json.GetProperty("errors")[0].GetProperty("code").GetInt32().ShouldBe(1047);

        var customer = await fixture.MemberAsync();
        var line = (await fixture.Till.GetAsync($"/v1/customers/{customer}/statement")).Good().Json.GetProperty("lines")[0];
        line.GetProperty("programmeVersion").GetInt64().ShouldBe(version + 1);
    }

    [Fact]
    public async Task A_key_issued_twice_with_one_idempotency_key_is_one_key()
    {
        const string body = """{"role":"till","store":"S1","till":"T9","label":"by the door"}""";
        var first = await fixture.Office.PostAsync("/v1/keys", "issue-1", body);
        first.Good().Status.ShouldBe(HttpStatusCode.Created);
        (await fixture.Office.PostAsync("/v1/keys", "issue-1", body)).Bytes.ShouldBe(first.Bytes);
        (await fixture.Office.PostAsync("/v1/keys", "issue-1", body.Replace("T9", "T8", StringComparison.Ordinal))).Refused(409, 902);
        (await fixture.Server.As(first.Word("key")).GetAsync("/v1/session")).Good().Word("till").ShouldBe("T9");

        var listed = (await fixture.Office.GetAsync("/v1/keys")).Good();
        listed.Json.GetProperty("keys").EnumerateArray().Count(k => k.GetProperty("id").GetString() == first.Word("id")).ShouldBe(1);
        listed.Text.ShouldNotContain(first.Word("key")!.Split('_', 3)[2]);
    }

    [Fact]
    public async Task The_journal_is_read_page_by_page_and_keeps_persons_sealed()
    {
        var customer = await fixture.MemberAsync("13877776666");
        await fixture.Till.SellAsync("J-1", ApiFixture.Sale(customer, "J-1", 100));
        var entries = new List<(long Position, string Stream, string Type)>();
        long after = 0;
        while (true)
        {
            var page = (await fixture.Office.GetAsync($"/v1/journal?after={after}&limit=7")).Good();
            page.Text.ShouldNotContain("13877776666");
            page.Text.ShouldNotContain("王小明");
            var read = page.Json.GetProperty("entries").EnumerateArray().ToList();
            if (read.Count == 0) break;
            entries.AddRange(read.Select(e => (e.GetProperty("position").GetInt64(), e.GetProperty("stream").GetString()!, e.GetProperty("events")[0].GetProperty("type").GetString()!)));
            after = entries[^1].Position;
        }

        entries.Select(e => e.Position).ShouldBe(Enumerable.Range(1, entries.Count).Select(p => (long)p));
        entries.ShouldContain(e => e.Stream == $"main/customer/{customer}" && e.Type == "customer.purchase-recorded.2");
    }

    [Fact]
    public async Task Auditors_see_what_the_engine_holds()
    {
        var customer = await fixture.MemberAsync();
        var balance = (await fixture.Till.SellAsync("U-1", ApiFixture.Sale(customer, "U-1", 12_300))).Good().Number("balance");
        var figures = (await fixture.Office.PostAsync("/v1/audit/customers", null, $$"""{"ids":["{{customer}}","nobody"]}""")).Good().Json.GetProperty("customers");
        figures[0].GetProperty("balance").GetInt64().ShouldBe(balance);
        figures[0].GetProperty("lotSum").GetInt64().ShouldBe(balance);
        figures[0].GetProperty("lifetimeSpendMinor").GetInt64().ShouldBe(12_300);
        figures[0].GetProperty("version").GetInt64().ShouldBe(2);
        figures[1].GetProperty("version").GetInt64().ShouldBe(0);
        (await fixture.Office.PostAsync("/v1/audit/customers", null, """{"ids":["a/b"]}""")).Refused(400, 1010);
        var many = string.Join(',', Enumerable.Repeat("\"x\"", 1_001));
        (await fixture.Office.PostAsync("/v1/audit/customers", null, $$"""{"ids":[{{many}}]}""")).Refused(400, 1014);
    }

    [Fact]
    public async Task Totals_say_which_position_they_show()
    {
        var customer = await fixture.MemberAsync();
        (await fixture.Till.SellAsync("T-1", ApiFixture.Sale(customer, "T-1", 500))).Good();
        await fixture.Server.ReadModelsCaughtUpAsync();
        var stats = (await fixture.Viewer.GetAsync("/v1/stats")).Good();
        stats.Number("position").ShouldBe(stats.Number("head"));
        stats.Number("members").ShouldBeGreaterThan(0);
        stats.Number("stores").ShouldBeGreaterThanOrEqualTo(3);
        stats.Number("revenueMinor").ShouldBeGreaterThanOrEqualTo(500);
    }
}
