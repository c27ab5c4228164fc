using System.Globalization;
using System.Text.Json.Nodes;
using ChainCrm.Domain.Programmes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Tags over HTTP: put on and taken off by headquarters, seen at every till, asked for by a rule (R2, R17, R48).</summary>
public sealed class TagTests(TagTests.Chain chain) : IClassFixture<TagTests.Chain>
{
    [Fact]
    public async Task Headquarters_puts_a_tag_on_once_whatever_is_sent_again()
    {
        var member = await chain.MemberAsync();
        var path = $"/v1/customers/{member}/tags";
        var day = DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var put = (await chain.Office.PostAsync(path, member + "-1", $$"""{"tag":"vip","lastDay":"{{day}}","staff":"anna"}""")).Good();
        put.Number("version").ShouldBe(2);
        (await chain.Office.PostAsync(path, member + "-1", $$"""{"tag":"vip","lastDay":"{{day}}","staff":"anna"}""")).Bytes.ShouldBe(put.Bytes);
        (await chain.Office.PostAsync(path, member + "-1", """{"tag":"vip","staff":"anna"}""")).Refused(409, 902);
        (await chain.Office.PostAsync(path, member + "-2", $$"""{"tag":"vip","lastDay":"{{day}}"}""")).Good().Number("version").ShouldBe(0);

        foreach (var till in new[] { chain.Till, chain.Till2 })
        {
            var tag = (await till.GetAsync($"/v1/customers/{member}")).Good().Json.GetProperty("tags").EnumerateArray().ShouldHaveSingleItem();
            (tag.GetProperty("id").GetString(), tag.GetProperty("name").GetProperty("zh").GetString(), tag.GetProperty("name").GetProperty("en").GetString()).ShouldBe(("vip", "贵宾", "VIP"));
            tag.GetProperty("until").GetDateTimeOffset().ShouldBe(new DateTimeOffset(DateTime.Parse(day, CultureInfo.InvariantCulture).AddDays(1), TimeSpan.FromHours(8)));
        }

        var line = (await chain.Till.GetAsync($"/v1/customers/{member}/statement")).Good().Json.GetProperty("lines")[0];
        (line.GetProperty("kind").GetString(), line.GetProperty("tag").GetProperty("zh").GetString(), line.GetProperty("staff").GetString(), line.GetProperty("points").GetInt64()).ShouldBe(("tag-added", "贵宾", "anna", 0));
        var why = (await chain.Till.GetAsync($"/v1/customers/{member}/entries/2/why")).Good().Json.GetProperty("reasons")[0];
        (why.GetProperty("code").GetString(), why.GetProperty("zh").GetString(), why.GetProperty("en").GetString()).ShouldBe(("tag.added", $"打上标签“贵宾”，至 {day} 有效。", $"The tag VIP was put on; its last day is {day}."));
    }

    [Fact]
    public async Task A_tag_is_taken_off_and_the_rule_that_asks_for_it_gives_no_more()
    {
        var member = await chain.MemberAsync();
        var (path, receipt) = ($"/v1/customers/{member}/tags", member[..8]);
        (await chain.Office.PostAsync(path, member + "-1", """{"tag":"vip"}""")).Good();
        (await chain.Till.SellAsync(receipt + "1", ApiFixture.Sale(member, receipt + "1", 1_000))).Good().Number("pointsEarned").ShouldBe(30);
        var why = (await chain.Till.GetAsync($"/v1/customers/{member}/entries/3/why")).Good().Json;
        why.GetProperty("agrees").GetBoolean().ShouldBeTrue();
        (await chain.Office.PostAsync(path + "/removals", member + "-2", """{"tag":"vip","staff":"bob"}""")).Good().Number("version").ShouldBe(4);
        var sold = (await chain.Till.SellAsync(receipt + "2", ApiFixture.Sale(member, receipt + "2", 1_000))).Good();
        sold.Number("pointsEarned").ShouldBe(10);
        var reasons = (await chain.Till.GetAsync($"/v1/customers/{member}/entries/5/why")).Good().Json.GetProperty("reasons").EnumerateArray().ToList();
        reasons.ShouldContain(reason => reason.GetProperty("code").GetString() == "rule.not-met" && reason.GetProperty("zh").GetString()!.Contains("会员带有标签 贵宾", StringComparison.Ordinal)
            && reason.GetProperty("en").GetString()!.Contains("the member carries the tag VIP", StringComparison.Ordinal));
        (await chain.Till.GetAsync($"/v1/customers/{member}")).Good().Json.GetProperty("tags").GetArrayLength().ShouldBe(0);
        (await chain.Till.GetAsync($"/v1/customers/{member}/entries/4/why")).Good().Json.GetProperty("reasons")[0].GetProperty("en").GetString()!.ShouldContain("The tag VIP was taken off");
        (await chain.Office.PostAsync(path + "/removals", member + "-3", """{"tag":"vip"}""")).Refused(422, 197);
    }

    [Fact]
    public async Task A_tag_is_checked_field_by_field()
    {
        var member = await chain.MemberAsync();
        var path = $"/v1/customers/{member}/tags";
        (await chain.Office.PostAsync(path, member + "-1", """{"lastDay":"2099-01-01"}""")).Refused(400, 1007);
        (await chain.Office.PostAsync(path, member + "-2", """{"tag":"wholesale"}""")).Refused(422, 195).Word("field").ShouldBe("tag");
        (await chain.Office.PostAsync(path, member + "-3", """{"tag":"vip","lastDay":"31.12.2099"}""")).Refused(422, 196);
        (await chain.Office.PostAsync(path, member + "-4", """{"tag":"vip","lastDay":"2000-01-01"}""")).Refused(422, 196).Word("field").ShouldBe("lastDay");
        (await chain.Office.PostAsync("/v1/customers/nobody/tags", member + "-5", """{"tag":"vip"}""")).Refused(404, 130);
        (await chain.Office.PostAsync(path + "/removals", member + "-6", "{}")).Refused(400, 1007);
    }

    [Fact]
    public async Task An_example_member_may_carry_tags()
    {
        static string Basket(string tags) => $$$"""{"basket":{{{{tags}}}"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1000}]}}""";
        (await chain.Office.PostAsync("/v1/programme/try", null, Basket(""))).Good().Json.GetProperty("running").GetProperty("pointsEarned").GetInt64().ShouldBe(10);
        (await chain.Office.PostAsync("/v1/programme/try", null, Basket("\"tags\":[\"vip\"],"))).Good().Json.GetProperty("running").GetProperty("pointsEarned").GetInt64().ShouldBe(30);
        (await chain.Office.PostAsync("/v1/programme/try", null, Basket("\"tags\":[\" \"],"))).Refused(400, 1010).Word("field").ShouldBe("basket.tags[0]");
    }

    /// <summary>A chain with a dictionary and a rule for those who carry a tag of it.</summary>
    public sealed class Chain : IAsyncLifetime
    {
        private readonly ApiFixture _fixture = new();

        public ApiCaller Office => _fixture.Office;
        public ApiCaller Till => _fixture.Till;
        public ApiCaller Till2 => _fixture.Till2;

        public Task<string> MemberAsync() => _fixture.MemberAsync();

        public async Task InitializeAsync()
        {
            await _fixture.InitializeAsync();
            var programme = JsonNode.Parse(Programme.BuiltIn.Document)!;
            programme["tags"] = JsonNode.Parse("""[{"id":"vip","nameZh":"贵宾","nameEn":"VIP"}]""");
            programme["earning"] = JsonNode.Parse("""{"rules":[{"id":"v","nameZh":"贵宾加分","nameEn":"VIPs","when":{"fact":"tag","in":["vip"]},"give":{"kind":"fixed","points":20}}]}""");
            (await Office.SendAsync(HttpMethod.Put, "/v1/programme", "tags", ApiCaller.Body($$"""{"basedOnVersion":0,"document":{{programme.ToJsonString()}} }"""))).Good();
        }

        public Task DisposeAsync() => _fixture.DisposeAsync();
    }
}
