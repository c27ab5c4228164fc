using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Documents, baskets and numbers that nobody means: each gets its refusal, and no answer is a mistake of the server.</summary>
public sealed class RulesBadInputTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Line = """{"line":1,"product":"P","quantity":1,"priceMinor":100}""";

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("0001-01-01T00:00:00-12:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("9999-12-31T23:59:59-12:00")]
    [InlineData("9999-12-31T23:59:59+14:00")]
    [InlineData("1969-12-31T23:59:59.999Z")]
    public async Task A_basket_of_any_time_gets_an_answer(string at)
    {
        foreach (var zone in new[] { "Asia/Shanghai", "Pacific/Kiritimati", "America/New_York", "Africa/Monrovia", "UTC" })
        {
            var draft = await DraftAsync(document =>
            {
                document["timeZone"] = zone;
                document["earning"] = JsonNode.Parse("""
                    {"rules":[
                      {"id":"a","nameZh":"a","nameEn":"a","when":{"fact":"time","from":"22:00","to":"02:00"},"give":{"kind":"fixed","points":1}},
                      {"id":"b","nameZh":"b","nameEn":"b","when":{"fact":"weekday","in":["sat","sun"]},"give":{"kind":"fixed","points":1},"caps":[{"per":"day","points":1},{"per":"month","points":1},{"per":"year","points":1}]},
                      {"id":"c","nameZh":"c","nameEn":"c","when":{"not":{"fact":"day","from":"2026-01-01","to":"9999-12-31"}},"give":{"kind":"fixed","points":1}}]}
                    """);
            });
            Answered(await fixture.Office.PostAsync("/v1/programme/try", null, $$"""{"document":{{draft}},"basket":{"occurredAt":"{{at}}","lines":[{{Line}}]} }"""));
        }
    }

    [Theory]
    [InlineData("""{"lines":[null]}""")]
    [InlineData("""{"lines":[{"line":1,"product":"P","quantity":1e30,"priceMinor":1}]}""")]
    [InlineData("""{"lines":[{"line":1,"product":"P","quantity":1000000,"priceMinor":10000000000}]}""")]
    [InlineData("""{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":9223372036854775807,"discountMinor":-9223372036854775808}]}""")]
    [InlineData("""{"lines":[{"line":1,"product":"\ud800","quantity":1,"priceMinor":1}]}""")]
    [InlineData("""{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}],"tier":"\ud800"}""")]
    [InlineData("""{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}],"tier":""}""")]
    [InlineData("""{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}],"channel":"\udc00"}""")]
    [InlineData("""{"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}],"store":""}""")]
    public async Task A_basket_of_anything_gets_an_answer(string basket)
    {
        var draft = await DraftAsync(document => document["earning"] = JsonNode.Parse("""
            {"rules":[{"id":"a","nameZh":"a","nameEn":"a","give":{"kind":"multiply","percent":1000}},{"id":"b","nameZh":"b","nameEn":"b","give":{"kind":"perItem","points":1000000}}]}
            """));
        Answered(await fixture.Office.PostAsync("/v1/programme/try", null, $$"""{"document":{{draft}},"basket":{{basket}}}"""));
    }

    public static TheoryData<string> Earnings()
    {
        var deep = new StringBuilder();
        for (var i = 0; i < 60; i++) deep.Append("""{"not":""");
        return new TheoryData<string>(
            """null""", """[]""", """{"rules":null}""", """{"rules":[null]}""", """{"rules":[[]]}""", """{"rules":[{}]}""",
            Rule("\"when\":null"), Rule("\"when\":{}"), Rule("\"when\":{\"all\":null}"), Rule("\"when\":{\"all\":[null]}"), Rule("\"when\":{\"not\":null}"), Rule("\"when\":{\"fact\":null}"),
            Rule("\"when\":{\"fact\":\"store\",\"in\":[null]}"), Rule("\"when\":{\"fact\":\"store\",\"in\":[\"\\ud800\"]}"), Rule("\"when\":{\"fact\":\"city\",\"in\":[\"\\ud800\"]}"),
            Rule("\"when\":{\"fact\":\"day\",\"from\":null,\"to\":null}"), Rule("\"when\":{\"fact\":\"time\",\"from\":\"24:00\",\"to\":\"1:00\"}"), Rule("\"caps\":[null]"), Rule("\"caps\":null"),
            Rule("\"caps\":[{\"per\":\"day\",\"points\":1e400}]"), Rule("\"minimum\":null"), Rule("\"minimum\":{\"quantity\":1e-4}"), Rule("\"group\":\"\\ud800\""), Rule("\"\\ud800\":1"),
            Rule($"\"when\":{deep}{{}}{new string('}', 60)}"), Rule($"\"when\":{{\"any\":[{string.Join(',', Enumerable.Repeat("{\"any\":[{}]}", 3_000))}]}}"));
    }

    [Theory]
    [MemberData(nameof(Earnings))]
    public async Task A_document_of_anything_gets_an_answer(string earning)
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good().Json.GetProperty("document").GetRawText();
        var draft = running[..running.LastIndexOf('}')] + $",\"earning\":{earning}}}";
        Answered(await fixture.Office.PostAsync("/v1/programme/validate", null, $$"""{"document":{{draft}}}"""));
        Answered(await fixture.Office.PostAsync("/v1/programme/try", null, $$"""{"document":{{draft}},"basket":{"lines":[{{Line}}]} }"""));
        var stored = running[..running.LastIndexOf('}')] + $",\"storedValue\":{earning}}}";
        Answered(await fixture.Office.PostAsync("/v1/programme/validate", null, $$"""{"document":{{stored}}}"""));
        (await fixture.Office.PostAsync("/v1/programme/validate", null, $$"""{"document":{{draft}}}""")).Text.ShouldNotContain("\"valid\":true", customMessage: earning.Length > 200 ? "" : earning);
    }

    [Theory]
    [InlineData("/v1/programme/versions/9223372036854775807")]
    [InlineData("/v1/programme/versions/9223372036854775806")]
    [InlineData("/v1/programme/versions/99999999999999999999")]
    [InlineData("/v1/programme/versions/0")]
    [InlineData("/v1/programme/versions/-1")]
    [InlineData("/v1/programme/versions?before=9223372036854775807")]
    [InlineData("/v1/programme/versions?before=1")]
    [InlineData("/v1/customers/{0}/entries/9223372036854775806/why")]
    [InlineData("/v1/customers/{0}/entries/9223372036854775807/why")]
    [InlineData("/v1/customers/{0}/entries/2/why")]
    [InlineData("/v1/customers/nobody/entries/1/why")]
    public async Task A_version_of_any_size_gets_an_answer(string path)
    {
        var member = await fixture.MemberAsync();
        Answered(await fixture.Office.GetAsync(string.Format(CultureInfo.InvariantCulture, path, member)));
    }

    private static string Rule(string more) => $"{{\"rules\":[{{\"id\":\"a\",\"nameZh\":\"a\",\"nameEn\":\"a\",\"give\":{{\"kind\":\"fixed\",\"points\":1}},{more}}}]}}";

    private static void Answered(Answer answer) => ((int)answer.Status).ShouldBeLessThan(500, answer.Text + answer.Faults);

    private async Task<string> DraftAsync(Action<JsonNode> change)
    {
        var document = JsonNode.Parse((await fixture.Office.GetAsync("/v1/programme")).Good().Json.GetProperty("document").GetRawText())!;
        change(document);
        return document.ToJsonString();
    }
}
