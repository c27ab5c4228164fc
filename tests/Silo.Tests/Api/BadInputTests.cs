using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Bad input is refused with a number and a field, records nothing, and is never a fault of the server.</summary>
public sealed class BadInputTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Line = """{"line":1,"product":"P","quantity":1,"priceMinor":100}""";

    /// <summary>Bodies of a purchase by its till (store S1), with status, number and field of the refusal.</summary>
    public static TheoryData<string, int, int, string?> Purchases => new()
    {
        // Not readable at all.
        { "", 400, 1000, null },
        { "{", 400, 1000, null },
        { """{"receipt":"R","lines":[}""", 400, 1000, null },
        { """{"receipt":"R"} x""", 400, 1000, null },
        { """{"receipt":"R",}""", 400, 1000, null },
        { """{"receipt":"R" /* no */}""", 400, 1000, null },
        { """{'receipt':'R'}""", 400, 1000, null },
        { "null", 400, 1008, "$" },
        { "[]", 400, 1008, "$" },
        { "\"R\"", 400, 1008, "$" },
        { "{\"receipt\":\"R\",\"channel\":" + Nested(100) + "}", 400, 1008, "channel" },
        // Fields.
        { """{"receipt":"R","lines":[],"colour":1}""", 400, 1006, "colour" },
        { """{"receipt":"R","customer":{"fax":"1"},"lines":[]}""", 400, 1006, "customer.fax" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1,"vat":2}]}""", 400, 1006, "lines[0].vat" },
        { """{"receipt":"R","receipt":"R","lines":[]}""", 400, 1013, "receipt" },
        { """{"Receipt":"R","lines":[]}""", 400, 1006, "Receipt" },
        { """{"receipt":7,"lines":[]}""", 400, 1008, "receipt" },
        { """{"receipt":"R","lines":{}}""", 400, 1008, "lines" },
        { """{"receipt":"R","lines":[null]}""", 400, 1007, "lines[0]" },
        { """{"receipt":"R","lines":[1]}""", 400, 1008, "lines[0]" },
        { """{"lines":[]}""", 400, 1007, "receipt" },
        { """{"receipt":"R"}""", 400, 1007, "lines" },
        { """{"receipt":"R","lines":[{"product":"P","quantity":1,"priceMinor":1}]}""", 400, 1007, "lines[0].line" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","priceMinor":1}]}""", 400, 1007, "lines[0].quantity" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1}]}""", 400, 1007, "lines[0].priceMinor" },
        { """{"receipt":"R","lines":[{"line":1,"quantity":1,"priceMinor":1}]}""", 400, 1007, "lines[0].product" },
        { """{"receipt":"R","lines":[{"line":"1","product":"P","quantity":1,"priceMinor":1}]}""", 400, 1008, "lines[0].line" },
        // Numbers.
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":99999999999999999999}]}""", 400, 1009, "lines[0].priceMinor" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1.5}]}""", 400, 1009, "lines[0].priceMinor" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1e400,"priceMinor":1}]}""", 400, 1009, "lines[0].quantity" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":0.0001,"priceMinor":1}]}""", 400, 1009, "lines[0].quantity" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":-1,"priceMinor":1}]}""", 400, 1009, "lines[0].quantity" },
        { """{"receipt":"R","lines":[{"line":3000000000,"product":"P","quantity":1,"priceMinor":1}]}""", 400, 1009, "lines[0].line" },
        { """{"receipt":"R","lines":[{"line":0,"product":"P","quantity":1,"priceMinor":1}]}""", 422, 112, "lines[0].line" },
        { """{"receipt":"R","lines":[{"line":40000,"product":"P","quantity":1,"priceMinor":1}]}""", 422, 112, "lines[0].line" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":-1}]}""", 422, 116, "lines[0].priceMinor" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":9223372036854775807}]}""", 422, 116, "lines[0].priceMinor" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":100,"discountMinor":101}]}""", 422, 117, "lines[0].discountMinor" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":100,"discountMinor":-1}]}""", 422, 117, "lines[0].discountMinor" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":10000000000},{"line":2,"product":"P","quantity":1,"priceMinor":10000000000}]}""", 422, 119, "lines" },
        { """{"receipt":"R","lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1},{"line":1,"product":"Q","quantity":1,"priceMinor":1}]}""", 422, 118, "lines[1].line" },
        { """{"receipt":"R","lines":[]}""", 422, 110, "lines" },
        { """{"receipt":"R","usePoints":5,"lines":[{"line":1,"product":"P","quantity":1,"priceMinor":1}]}""", 422, 1044, "usePoints" },
        // Texts.
        { """{"receipt":"R","lines":[{"line":1,"product":"","quantity":1,"priceMinor":1}]}""", 422, 113, "lines[0].product" },
        { """{"receipt":"R","lines":[{"line":1,"product":"a\u0000b","quantity":1,"priceMinor":1}]}""", 422, 113, "lines[0].product" },
        { """{"receipt":"R","lines":[{"line":1,"product":"\ud800","quantity":1,"priceMinor":1}]}""", 400, 1001, "lines[0].product" },
        { """{"receipt":"R","staff":"a\u202eb","lines":[]}""", 400, 1010, "staff" },
        { """{"receipt":"R","staff":"","lines":[]}""", 400, 1010, "staff" },
        // Times.
        { """{"receipt":"R","occurredAt":"2026-01-01T10:00:00","lines":[]}""", 400, 1012, "occurredAt" },
        { """{"receipt":"R","occurredAt":"2026-01-01","lines":[]}""", 400, 1012, "occurredAt" },
        { """{"receipt":"R","occurredAt":"yesterday","lines":[]}""", 400, 1012, "occurredAt" },
        { """{"receipt":"R","occurredAt":1767261600,"lines":[]}""", 400, 1012, "occurredAt" },
        { """{"receipt":"R","occurredAt":"2026-02-30T10:00:00Z","lines":[]}""", 400, 1012, "occurredAt" },
        { Sale("\"occurredAt\":\"9999-12-31T23:59:59Z\","), 422, 106, "occurredAt" },
        { Sale("\"occurredAt\":\"0001-01-01T00:00:00Z\","), 422, 107, "occurredAt" },
        { Sale("\"occurredAt\":\"1999-12-31T10:00:00+08:00\","), 422, 107, "occurredAt" },
        // Who and where.
        { Sale("\"store\":\"S2\","), 403, 1035, "store" },
        { Sale("\"store\":\"../S1\","), 403, 1035, "store" },
        { Sale("\"customer\":{},"), 400, 1019, "customer" },
        { Sale("\"customer\":{\"phone\":\"13800138000\",\"card\":\"1\"},"), 400, 1019, "customer" },
        { Sale("\"customer\":{\"id\":\"a/b\"},"), 400, 1010, "customer.id" },
        { Sale("\"customer\":{\"id\":\"\"},"), 400, 1010, "customer.id" },
        { Sale("\"customer\":{\"phone\":\"12\"},"), 400, 1020, "customer.phone" },
        { Sale("\"customer\":{\"phone\":\"call me\"},"), 400, 1020, "customer.phone" },
        { Sale("\"customer\":{\"phone\":\"13900000000\"},"), 404, 1040, "customer" },
        { Sale("\"customer\":{\"id\":\"nobody\"},"), 404, 130, null },
    };

    [Theory]
    [MemberData(nameof(Purchases))]
    public async Task A_bad_purchase_is_refused_with_its_number(string body, int status, int code, string? field)
    {
        var answer = await fixture.Till.SellAsync("R", body);
        answer.Refused(status, code);
        if (field is not null) answer.Word("field").ShouldBe(field);
    }

    [Fact]
    public async Task Malformed_json_says_where()
    {
        var answer = await fixture.Till.SellAsync("R", "{\n  \"receipt\": \"R\",\n  \"lines\": [ oops ]\n}");
        answer.Refused(400, 1000).Word("title")!.ShouldContain("line 3");
    }

    [Fact]
    public async Task Invalid_utf8_is_refused_wherever_it_stands()
    {
        // A lone lead byte, a wrong trail byte, half of a surrogate pair.
        foreach (var bytes in new byte[][] { [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80] })
        {
            byte[] body = [.. "{\"receipt\":\"R\",\"staff\":\""u8, .. bytes, .. "\",\"lines\":[]}"u8];
            (await fixture.Till.SendAsync(HttpMethod.Post, "/v1/purchases", "R", ApiCaller.Body(body))).Refused(400, 1001);
            byte[] document = [.. "{\"document\":{\"name\":\""u8, .. bytes, .. "\"}}"u8];
            (await fixture.Office.SendAsync(HttpMethod.Post, "/v1/programme/validate", null, ApiCaller.Body(document))).Refused(400, 1001);
        }
    }

    [Fact]
    public async Task A_document_nested_too_deeply_is_refused() =>
        (await fixture.Office.PostAsync("/v1/programme/validate", null, "{\"document\":{\"a\":" + Nested(100) + "}}")).Refused(400, 1023);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=gbk")]
    [InlineData("application/jsonp")]
    [InlineData("")]
    public async Task A_body_of_another_type_is_refused(string type)
    {
        var content = ApiCaller.Body("{}"u8.ToArray(), "application/json");
        content.Headers.Remove("Content-Type");
        if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
        (await fixture.Till.SendAsync(HttpMethod.Post, "/v1/purchases", "R", content)).Refused(415, 1002);
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        var content = ApiCaller.Body(Sale(""));
        content.Headers.ContentEncoding.Add("gzip");
        (await fixture.Till.SendAsync(HttpMethod.Post, "/v1/purchases", "R", content)).Refused(415, 1002);
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused_with_and_without_a_length()
    {
        var large = new byte[10_000_000];
        Array.Fill(large, (byte)' ');
        (await fixture.Till.SendAsync(HttpMethod.Post, "/v1/purchases", "R", ApiCaller.Body(large))).Refused(413, 1003);

        var streamed = new StreamContent(new MemoryStream(large, 0, ApiLimits.BodyBytesMax + 1));
        streamed.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        (await fixture.Till.SendAsync(HttpMethod.Post, "/v1/purchases", "R", streamed, ("Transfer-Encoding", "chunked"))).Refused(413, 1003);
    }

    [Fact]
    public async Task A_receipt_of_a_hundred_thousand_lines_is_refused()
    {
        var sale = $$"""{"receipt":"R","lines":[{{string.Join(',', Enumerable.Range(1, 100_000).Select(_ => "{\"line\":1,\"product\":\"P\",\"quantity\":1,\"priceMinor\":1}"))}}]}""";
        (await fixture.Till.SellAsync("R", sale)).Refused(413, 1003);
        // In a batch the body may be larger; then it is the lines that are too many.
        var batch = await fixture.Till.PostAsync("/v1/purchases/batch", "B", $$"""{"purchases":[{{sale}}]}""");
        batch.Good().Json.GetProperty("results")[0].GetProperty("problem").GetProperty("code").GetInt32().ShouldBe(111);
    }

    [Theory]
    [InlineData(null, 1016)]
    [InlineData("", 1016)]
    [InlineData("R2", 1018)]
    [InlineData("a\tb", 1017)]
    public async Task The_key_of_a_purchase_is_its_receipt(string? key, int code) => (await fixture.Till.SellAsync(key!, Sale(""))).Refused(400, code);

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("收据")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task A_receipt_is_printable_ascii_of_bounded_length(string receipt)
    {
        var answer = await fixture.Till.PostAsync("/v1/purchases", "R", $$"""{"receipt":"{{receipt}}","lines":[{{Line}}]}""");
        answer.Refused(422, 105).Word("field").ShouldBe("receipt");
    }

    [Theory]
    [InlineData("/v1/nothing", 404, 1004)]
    [InlineData("/v1", 404, 1004)]
    [InlineData("/v1/purchases", 405, 1005)]
    [InlineData("/v1/customers/nobody", 404, 1040)]
    [InlineData("/v1/customers/a%2Fb", 404, 1040)]
    [InlineData("/v1/customers/nobody/statement", 404, 1040)]
    [InlineData("/v1/customers/nobody/statement?limit=0", 400, 1015)]
    [InlineData("/v1/customers/nobody/statement?limit=201", 400, 1015)]
    [InlineData("/v1/customers/nobody/statement?before=-1", 400, 1015)]
    [InlineData("/v1/customers/nobody/statement?before=99999999999999999999", 400, 1015)]
    [InlineData("/v1/customers?after=%00", 400, 1015)]
    [InlineData("/v1/customers?limit=1&limit=2", 400, 1015)]
    [InlineData("/v1/stores/nowhere", 404, 211)]
    [InlineData("/v1/stores/S1?from=tomorrow", 400, 1015)]
    [InlineData("/v1/stores/S1?from=2020-01-01&to=2026-01-01", 400, 1015)]
    [InlineData("/v1/stores/S1?from=2026-01-02&to=2026-01-01", 400, 1015)]
    [InlineData("/v1/stores/S1?to=0001-01-01", 200, 0)]
    [InlineData("/v1/journal?after=x", 400, 1015)]
    public async Task A_bad_address_is_refused_with_its_number(string address, int status, int code)
    {
        var answer = await fixture.Office.GetAsync(address);
        ((int)answer.Status, answer.Code).ShouldBe((status, code), answer.Text);
    }

    [Theory]
    [InlineData("/v1/customers", """{"store":"S1","phone":"123"}""", 400, 1020)]
    [InlineData("/v1/customers", """{"store":"S1","phone":"+86 138 0000 000x"}""", 400, 1020)]
    [InlineData("/v1/customers", """{"store":"S1","birthday":"17.5.1990"}""", 400, 1021)]
    [InlineData("/v1/customers", """{"store":"S1","birthday":"1990-02-30"}""", 400, 1021)]
    [InlineData("/v1/customers", """{"store":"S1","birthday":"2999-01-01"}""", 400, 1021)]
    [InlineData("/v1/customers", """{"store":"S1","name":"a\u0007b"}""", 400, 1010)]
    [InlineData("/v1/customers", """{"store":"nowhere","phone":"13812345678"}""", 404, 211)]
    [InlineData("/v1/customers", """{"phone":"13812345678"}""", 400, 1007)]
    [InlineData("/v1/stores", """{"id":"a/b","name":"n","region":"r","city":"c"}""", 400, 1010)]
    [InlineData("/v1/stores", """{"id":"hq","name":"n","region":"r","city":"c"}""", 422, 1046)]
    [InlineData("/v1/stores", """{"id":"S77","region":"r","city":"c"}""", 400, 1007)]
    [InlineData("/v1/stores", """{"id":"S1","name":"another","region":"r","city":"c"}""", 409, 212)]
    [InlineData("/v1/keys", """{"role":"king"}""", 400, 1010)]
    [InlineData("/v1/keys", """{"role":"till","store":"nowhere","till":"T"}""", 404, 211)]
    [InlineData("/v1/keys", """{"role":"till","store":"S1"}""", 422, 504)]
    [InlineData("/v1/keys", """{"role":"viewer","seesPersonal":true}""", 422, 506)]
    [InlineData("/v1/redemptions", """{"customer":{"id":"nobody"},"points":1,"reason":"mug"}""", 404, 130)]
    [InlineData("/v1/redemptions", """{"customer":{"id":"nobody"},"points":1}""", 400, 1007)]
    [InlineData("/v1/redemptions", """{"customer":{"id":"nobody"},"reason":"mug"}""", 400, 1007)]
    [InlineData("/v1/adjustments", """{"points":1,"reason":"x"}""", 400, 1007)]
    [InlineData("/v1/returns", """{"store":"S1","purchaseReceipt":"R"}""", 422, 1045)]
    [InlineData("/v1/returns", """{"store":"S1","customer":{"id":"nobody"},"purchaseStore":"nowhere","purchaseReceipt":"R"}""", 404, 211)]
    [InlineData("/v1/returns", """{"store":"S1","customer":{"id":"nobody"},"purchaseReceipt":"R"}""", 404, 130)]
    public async Task Other_bad_writes_are_refused_with_their_number(string address, string body, int status, int code) =>
        (await fixture.Office.PostAsync(address, "bad-" + Guid.NewGuid().ToString("N"), body)).Refused(status, code);

    [Theory]
    [InlineData("POST", "/v1/customers")]
    [InlineData("POST", "/v1/purchases/batch")]
    [InlineData("POST", "/v1/returns")]
    [InlineData("POST", "/v1/redemptions")]
    [InlineData("POST", "/v1/adjustments")]
    [InlineData("POST", "/v1/stores")]
    [InlineData("PATCH", "/v1/stores/S1")]
    [InlineData("PATCH", "/v1/customers/nobody")]
    [InlineData("PUT", "/v1/programme")]
    [InlineData("POST", "/v1/keys")]
    [InlineData("DELETE", "/v1/keys/k1")]
    [InlineData("POST", "/v1/baskets")]
    [InlineData("POST", "/v1/points/freezes")]
    [InlineData("POST", "/v1/customers/nobody/points/extensions")]
    [InlineData("POST", "/v1/customers/nobody/tags")]
    [InlineData("POST", "/v1/customers/nobody/tags/removals")]
    [InlineData("PATCH", "/v1/baskets/nobody.1")]
    [InlineData("DELETE", "/v1/baskets/nobody.1")]
    public async Task Every_write_needs_an_idempotency_key(string method, string address)
    {
        var body = address switch
        {
            "/v1/redemptions" or "/v1/adjustments" => """{"points":1}""",
            "/v1/points/freezes" => """{"frozen":true}""",
            "/v1/baskets/nobody.1" => """{"points":1,"storedValueMinor":0}""",
            "/v1/programme" => """{"basedOnVersion":0,"document":{}}""",
            _ => "{}",
        };
        (await fixture.Office.SendAsync(new HttpMethod(method), address, null, method == "DELETE" ? null : ApiCaller.Body(body))).Refused(400, 1016);
    }

    [Fact]
    public async Task Nothing_of_all_that_was_recorded()
    {
        var before = (await fixture.Office.GetAsync("/v1/stats")).Good().Number("head");
        foreach (var row in Purchases) (await fixture.Till.SellAsync("R", (string)row[0])).Status.ShouldNotBe(HttpStatusCode.OK);
        (await fixture.Office.GetAsync("/v1/stats")).Good().Number("head").ShouldBe(before);
    }

    private static string Sale(string more) => $$"""{{{more}}"receipt":"R","lines":[{{Line}}]}""";

    private static string Nested(int depth) => new StringBuilder().Append('[', depth).Append(']', depth).ToString();
}
