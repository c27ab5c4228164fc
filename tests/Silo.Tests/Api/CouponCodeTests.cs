using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Printed codes of coupons over HTTP: unguessable, used once (docs/domain/coupons.md; R21).</summary>
public sealed class CouponCodeTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        if (running.Json.GetProperty("document").TryGetProperty("coupons", out _)) return;
        var document = JsonNode.Parse(running.Json.GetProperty("document").GetRawText())!;
        document["coupons"] = JsonNode.Parse("""
            { "kinds": [ { "id": "flyer", "nameZh": "传单券", "nameEn": "Flyer", "give": { "kind": "amount", "minor": 500 }, "codes": { "batch": 7, "count": 10000000 }, "perCustomer": { "count": 1 } },
                         { "id": "off", "nameZh": "停用", "nameEn": "Off", "enabled": false, "give": { "kind": "amount", "minor": 500 }, "codes": { "batch": 8, "count": 5 } } ] }
            """);
        (await fixture.Office.PutAsync("/v1/programme", "codes", $$"""{"basedOnVersion":{{running.Number("version")}},"document":{{document.ToJsonString()}} }""")).Good();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Codes_are_the_same_every_time_differ_from_each_other_and_end_with_the_batch()
    {
        var page = await CodesAsync(7, 0, 10_000);
        page.Codes.Distinct(StringComparer.Ordinal).Count().ShouldBe(10_000);
        page.Codes.ShouldAllBe(code => System.Text.RegularExpressions.Regex.IsMatch(code, "^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$"));
        page.Next.ShouldBe(10_000);
        (await CodesAsync(7, 0, 3)).Codes.ShouldBe(page.Codes.Take(3));
        var last = await CodesAsync(7, 9_999_999, 100);
        (last.Codes.Count, last.Next).ShouldBe((1, null));
        (await CodesAsync(8, 0, 100)).Codes.Count.ShouldBe(5);
        (await fixture.Office.GetAsync("/v1/coupons/codes?batch=9")).Refused(422, 190);
        (await fixture.Office.GetAsync("/v1/coupons/codes?batch=0")).Refused(400, 1015);
        (await fixture.Office.GetAsync("/v1/coupons/codes")).Refused(422, 190);
        (await fixture.Till.GetAsync("/v1/coupons/codes?batch=7")).Refused(403, 1034);
    }

    [Fact]
    public async Task A_code_brings_its_coupon_to_whoever_shows_it_first_however_it_is_typed()
    {
        var code = (await CodesAsync(7, 1_234_567, 1)).Codes[0];
        var (first, second) = (await fixture.MemberAsync(), await fixture.MemberAsync());
        var got = (await ClaimAsync(first, code.ToLowerInvariant().Replace('-', ' '))).Good();
        got.Json.GetProperty("coupons")[0].GetProperty("kind").GetString().ShouldBe("flyer");
        (await ClaimAsync(first, code)).Good().Number("version").ShouldBe(got.Number("version"));
        (await ClaimAsync(second, code)).Refused(422, 602).Word("titleZh").ShouldBe("该券码已被其他会员使用。");
        (await fixture.Till2.SellAsync(first[..8], $$"""{"customer":{"id":"{{first}}"},"receipt":"{{first[..8]}}","coupons":[1],"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":2000}]}""")).Good()
            .Number("chargeMinor").ShouldBe(1_500);
        // Used, and still this customer's: the code brings no second one.
        (await ClaimAsync(first, code)).Good().Number("version").ShouldBe(got.Number("version"));
        (await fixture.Till.GetAsync($"/v1/customers/{first}")).Good().Json.GetProperty("coupons").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_a_code_brought_is_told_as_claimed_and_not_as_given_by_hand()
    {
        var member = await fixture.MemberAsync();
        (await ClaimAsync(member, (await CodesAsync(7, 314, 1)).Codes[0])).Good();
        var reason = (await fixture.Till.GetAsync($"/v1/customers/{member}/entries/2/why")).Good().Json.GetProperty("reasons")[0];
        reason.GetProperty("code").GetString().ShouldBe("coupons.claimed");
        reason.GetProperty("zh").GetString().ShouldBe("凭券码领取「传单券」1 张，长期有效。");
        reason.GetProperty("en").GetString().ShouldBe("1 × “Flyer” claimed with a printed code; without end.");
        (await fixture.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines")[0].GetProperty("note").GetString().ShouldBe("7-314");
    }

    [Fact]
    public async Task A_claim_that_is_sent_again_gets_its_first_answer_also_when_the_kind_is_off_since()
    {
        var member = await fixture.MemberAsync();
        var page = await CodesAsync(7, 2_718, 2);
        var got = (await ClaimAsync(member, page.Codes[0])).Good();
        await SwitchAsync(false);
        try
        {
            (await ClaimAsync(member, page.Codes[0])).Good().Bytes.ShouldBe(got.Bytes);
            (await ClaimAsync(await fixture.MemberAsync(), page.Codes[1])).Refused(422, 190);
        }
        finally
        {
            await SwitchAsync(true);
        }
    }

    private async Task SwitchAsync(bool on)
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        var document = JsonNode.Parse(running.Json.GetProperty("document").GetRawText())!;
        document["coupons"]!["kinds"]![0]!["enabled"] = on;
        (await fixture.Office.PutAsync("/v1/programme", $"switch-{on}", $$"""{"basedOnVersion":{{running.Number("version")}},"document":{{document.ToJsonString()}} }""")).Good();
    }

    [Fact]
    public async Task Twenty_customers_show_the_same_code_and_one_gets_it()
    {
        var code = (await CodesAsync(7, 42, 1)).Codes[0];
        var members = new List<string>();
        for (var i = 0; i < 20; i++) members.Add(await fixture.MemberAsync());
        var answers = await Task.WhenAll(members.Select(member => ClaimAsync(member, code)));
        answers.Count(answer => (int)answer.Status == 200).ShouldBe(1);
        foreach (var refused in answers.Where(answer => (int)answer.Status != 200)) refused.Refused(422, 602);
    }

    [Fact]
    public async Task A_customer_who_may_have_no_more_leaves_the_code_to_others()
    {
        var page = await CodesAsync(7, 900, 2);
        var (first, second) = (await fixture.MemberAsync(), await fixture.MemberAsync());
        (await ClaimAsync(first, page.Codes[0])).Good();
        (await ClaimAsync(first, page.Codes[1])).Refused(422, 192).Word("field").ShouldBe("code");
        (await ClaimAsync(second, page.Codes[1])).Good();
    }

    [Fact]
    public async Task A_code_that_was_not_printed_is_refused_whatever_is_changed()
    {
        var member = await fixture.MemberAsync();
        var code = (await CodesAsync(7, 5, 1)).Codes[0];
        foreach (var place in Enumerable.Range(0, code.Length).Where(place => code[place] != '-'))
        {
            var wrong = code[..place] + (code[place] == '7' ? '8' : '7') + code[(place + 1)..];
            (await ClaimAsync(member, wrong)).Refused(422, 1063).Word("field").ShouldBe("code");
        }

        (await ClaimAsync(member, code[..^1])).Refused(422, 1063);
        (await ClaimAsync(member, code + "0")).Refused(422, 1063);
        (await ClaimAsync(member, "会员券码")).Refused(422, 1063);
        (await ClaimAsync(member, (await CodesAsync(8, 0, 1)).Codes[0])).Refused(422, 190);
        (await fixture.Till.PostAsync("/v1/coupons/codes/claims", member, $$"""{"customer":{"id":"{{member}}"},"store":null}""")).Refused(400, 1007).Word("field").ShouldBe("code");
        (await ClaimAsync(member, code)).Good();
    }

    private async Task<(List<string> Codes, long? Next)> CodesAsync(int batch, int from, int limit)
    {
        var page = (await fixture.Office.GetAsync($"/v1/coupons/codes?batch={batch}&from={from}&limit={limit}")).Good().Json;
        return ([.. page.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!)], page.TryGetProperty("nextFrom", out var next) && next.ValueKind == System.Text.Json.JsonValueKind.Number ? next.GetInt64() : null);
    }

    private Task<Answer> ClaimAsync(string member, string code) =>
        fixture.Till.PostAsync("/v1/coupons/codes/claims", Guid.NewGuid().ToString("N"), $$"""{"customer":{"id":"{{member}}"},"code":"{{code}}"}""");
}
