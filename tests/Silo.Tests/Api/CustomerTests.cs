using System.Net;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Members: enrol, find, change, list, look back.</summary>
public sealed class CustomerTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task An_enrolment_repeated_is_one_enrolment()
    {
        var body = $$"""{"name":"李雷","phone":"{{fixture.NewPhone()}}","card":"6200 0001","externalId":"wx-1"}""";
        var first = await fixture.Till.PostAsync("/v1/customers", "enrol-1", body);
        first.Good().Status.ShouldBe(HttpStatusCode.Created);
        first.Word("homeStore").ShouldBe("S1");
        first.Number("version").ShouldBe(1);
        var again = await fixture.Till.PostAsync("/v1/customers", "enrol-1", body);
        (again.Status, again.Text).ShouldBe((first.Status, first.Text));
        (await fixture.Till.PostAsync("/v1/customers", "enrol-1", body.Replace("李雷", "韩梅梅", StringComparison.Ordinal))).Refused(409, 902);
    }

    [Fact]
    public async Task Of_two_who_enrol_the_same_phone_at_once_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            var phone = fixture.NewPhone();
            var answers = await Task.WhenAll(
                Task.Run(() => fixture.Till.PostAsync("/v1/customers", $"race-a{round}", $$"""{"name":"A","phone":"{{phone}}"}""")),
                Task.Run(() => fixture.Till2.PostAsync("/v1/customers", $"race-b{round}", $$"""{"name":"B","phone":"{{phone}}"}""")));
            answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1, string.Join(" | ", answers.Select(a => a.Text)));
            var loser = answers.Single(a => a.Status != HttpStatusCode.Created);
            loser.Status.ShouldBe(HttpStatusCode.Conflict);
            loser.Code.ShouldBeOneOf(303, 304);
            var winner = answers.Single(a => a.Status == HttpStatusCode.Created).Word("id");
            (await fixture.Till.PostAsync("/v1/identify", null, $$"""{"phone":"{{phone}}"}""")).Good().Word("id").ShouldBe(winner);
        }
    }

    [Theory]
    [InlineData("13911110001", "139-1111-0001")]
    [InlineData("+86 139 1111 0002", "１３９１１１１０００２")]
    [InlineData("0086 13911110003", "(+86) 139.1111.0003")]
    [InlineData("+44 20 7946 0018", "0044 20 79460018")]
    public async Task A_member_is_found_by_phone_in_any_form(string enrolled, string typed)
    {
        var id = await fixture.MemberAsync(enrolled);
        (await fixture.Till2.PostAsync("/v1/identify", null, $$"""{"phone":"{{typed}}"}""")).Good().Word("id").ShouldBe(id);
    }

    [Fact]
    public async Task A_member_is_found_by_card_external_id_and_id()
    {
        var id = (await fixture.Till.PostAsync("/v1/customers", "enrol-card", """{"card":"vip-00 77","externalId":"Ext-77"}""")).Good().Word("id");
        foreach (var key in new[] { """{"card":"VIP0077"}""", """{"externalId":"Ext-77"}""", $$"""{"id":"{{id}}"}""" })
            (await fixture.Till.PostAsync("/v1/identify", null, key)).Good().Word("id").ShouldBe(id);
        (await fixture.Till.PostAsync("/v1/identify", null, """{"externalId":"ext-77"}""")).Refused(404, 1040);
    }

    [Fact]
    public async Task Personal_fields_are_masked_unless_the_key_may_see_them()
    {
        var id = (await fixture.Till.PostAsync("/v1/customers", "enrol-mask", """{"name":"王小明","phone":"13800991234","card":"88001234","birthday":"1990-05-17"}""")).Good().Word("id");
        var masked = (await fixture.Till.GetAsync("/v1/customers/" + id)).Good();
        masked.Json.GetProperty("masked").GetBoolean().ShouldBeTrue();
        (masked.Word("name"), masked.Word("phone"), masked.Word("card")).ShouldBe(("王**", "138****1234", "****1234"));
        masked.Text.ShouldNotContain("1990");

        var whole = (await fixture.Office.GetAsync("/v1/customers/" + id)).Good();
        whole.Json.GetProperty("masked").GetBoolean().ShouldBeFalse();
        (whole.Word("name"), whole.Word("phone"), whole.Word("birthday")).ShouldBe(("王小明", "+8613800991234", "1990-05-17"));
        fixture.Server.Log.ShouldAllBe(line => !line.Contains("13800991234", StringComparison.Ordinal) && !line.Contains("王小明", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_member_card_shows_tier_points_and_visits()
    {
        var id = await fixture.MemberAsync();
        for (var i = 0; i < 7; i++) (await fixture.Till.SellAsync($"card-{i}", ApiFixture.Sale(id, $"card-{i}", 10_000 + i))).Good();
        var card = (await fixture.Till.GetAsync("/v1/customers/" + id)).Good().Json;
        card.GetProperty("visits").GetArrayLength().ShouldBe(5);
        card.GetProperty("visits")[0].GetProperty("receipt").GetString().ShouldBe("card-6");
        card.GetProperty("visits")[0].GetProperty("storeName").GetString().ShouldBe("Store S1");
        card.GetProperty("purchaseCount").GetInt64().ShouldBe(7);
        card.GetProperty("version").GetInt64().ShouldBeGreaterThanOrEqualTo(8);
        card.GetProperty("tier").GetProperty("name").GetProperty("zh").GetString().ShouldNotBeNullOrEmpty();
        card.GetProperty("tier").GetProperty("qualifyingSpendMinor").GetInt64().ShouldBe(70_021);
        var points = card.GetProperty("points");
        points.GetProperty("expiring").EnumerateArray().Sum(e => e.GetProperty("points").GetInt64()).ShouldBe(points.GetProperty("balance").GetInt64());
    }

    [Fact]
    public async Task A_profile_changes_field_by_field_and_gives_up_the_old_phone()
    {
        var (old, next) = (fixture.NewPhone(), fixture.NewPhone());
        var id = await fixture.MemberAsync(old);
        var changed = (await fixture.Till.PatchAsync("/v1/customers/" + id, "change-1", $$"""{"phone":"{{next}}"}""")).Good();
        changed.Word("id").ShouldBe(id);
        (await fixture.Till.PatchAsync("/v1/customers/" + id, "change-1", $$"""{"phone":"{{next}}"}""")).Good().Bytes.ShouldBe(changed.Bytes);
        (await fixture.Till.PostAsync("/v1/identify", null, $$"""{"phone":"{{next}}"}""")).Good().Word("name").ShouldBe("王**");
        (await fixture.Till.PostAsync("/v1/identify", null, $$"""{"phone":"{{old}}"}""")).Refused(404, 1040);

        (await fixture.Office.PatchAsync("/v1/customers/" + id, "change-2", """{"birthday":"","homeStore":"S2"}""")).Good().Word("homeStore").ShouldBe("S2");
        var card = (await fixture.Office.GetAsync("/v1/customers/" + id)).Good();
        card.Word("birthday").ShouldBeNull();
        card.Word("homeStore").ShouldBe("S2");
        (await fixture.Till.PatchAsync("/v1/customers/" + id, "change-3", "{}")).Refused(400, 1022);
        (await fixture.Till.PatchAsync("/v1/customers/" + id, "change-4", """{"homeStore":"S2"}""")).Refused(403, 1035);
    }

    [Fact]
    public async Task Changes_of_different_fields_at_the_same_time_all_stay()
    {
        var id = await fixture.MemberAsync();
        for (var round = 0; round < 12; round++)
        {
            var (name, card, day) = ($"N{round}", $"88{round:D4}00", $"1991-01-{round + 1:D2}");
            var changes = new[] { $$"""{"name":"{{name}}"}""", $$"""{"card":"{{card}}"}""", $$"""{"birthday":"{{day}}"}""" };
            await Task.WhenAll(changes.Select(async (change, i) => (await fixture.Till.PatchAsync("/v1/customers/" + id, $"at-once-{round}-{i}", change)).Good()));
            var shown = (await fixture.Office.GetAsync("/v1/customers/" + id)).Good();
            (shown.Word("name"), shown.Word("card"), shown.Word("birthday")).ShouldBe((name, card, day));
        }
    }

    [Fact]
    public async Task A_statement_is_paged_without_gaps_or_repeats()
    {
        var id = await fixture.MemberAsync();
        for (var i = 0; i < 12; i++) (await fixture.Till.SellAsync($"st-{i}", ApiFixture.Sale(id, $"st-{i}", 1_000, "\"staff\":\"ann\","))).Good();
        (await fixture.Till.PostAsync("/v1/redemptions", "st-gift", $$"""{"customer":{"id":"{{id}}"},"points":5,"reason":"mug"}""")).Good();

        var versions = new List<long>();
        long? before = null;
        do
        {
            var page = (await fixture.Till.GetAsync($"/v1/customers/{id}/statement?limit=5" + (before is null ? "" : "&before=" + before))).Good().Json;
            versions.AddRange(page.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("version").GetInt64()));
            before = page.TryGetProperty("nextBefore", out var next) ? next.GetInt64() : null;
        }
        while (before is not null);
        versions.Distinct().ShouldBe(Enumerable.Range(1, 14).Select(v => (long)v).Reverse());

        var lines = (await fixture.Till.GetAsync($"/v1/customers/{id}/statement")).Good().Json.GetProperty("lines").EnumerateArray().ToList();
        (lines[0].GetProperty("kind").GetString(), lines[0].GetProperty("points").GetInt64(), lines[0].GetProperty("note").GetString()).ShouldBe(("redeemed", -5, "mug"));
        var sale = lines.First(l => l.GetProperty("kind").GetString() == "purchase");
        (sale.GetProperty("store").GetString(), sale.GetProperty("staff").GetString(), sale.GetProperty("till").GetString()).ShouldBe(("S1", "ann", "T1"));
        sale.GetProperty("receipt").GetString().ShouldBe("st-11");
        lines[^1].GetProperty("kind").GetString().ShouldBe("enrolled");
        lines.Sum(l => l.GetProperty("points").GetInt64()).ShouldBe(lines[0].GetProperty("balance").GetInt64());
    }

    [Fact]
    public async Task Headquarters_lists_every_member_page_by_page()
    {
        var ids = new HashSet<string>();
        for (var i = 0; i < 5; i++) ids.Add(await fixture.MemberAsync());
        await fixture.Server.ReadModelsCaughtUpAsync();
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await fixture.Office.GetAsync("/v1/customers?limit=3" + (after is null ? "" : "&after=" + after))).Good().Json;
            seen.AddRange(page.GetProperty("customers").EnumerateArray().Select(c => c.GetProperty("id").GetString()!));
            after = page.TryGetProperty("nextAfter", out var next) ? next.GetString() : null;
        }
        while (after is not null);
        seen.ShouldBe(seen.Distinct().Order(StringComparer.Ordinal));
        ids.IsSubsetOf(seen).ShouldBeTrue();
    }
}
