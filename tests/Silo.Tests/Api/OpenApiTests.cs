using System.Text.Json;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>The OpenAPI document says everything that the server answers, and nothing else.</summary>
public sealed class OpenApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Every_endpoint_is_in_the_document_and_every_path_on_the_server()
    {
        var document = (await DocumentAsync()).GetProperty("paths");
        var described = document.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")).Order();
        var served = fixture.Server.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}")).Order();
        described.ShouldBe(served);
        described.Count().ShouldBe(ApiOperations.All.Count);
    }

    [Fact]
    public async Task Every_reference_in_the_document_leads_somewhere()
    {
        var document = await DocumentAsync();
        document.GetProperty("openapi").GetString().ShouldBe("3.1.0");
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(s => s.Name).ToHashSet();
        var references = Strings(document, "$ref").ToList();
        references.ShouldNotBeEmpty();
        references.ShouldAllBe(reference => schemas.Contains(reference.Replace("#/components/schemas/", "", StringComparison.Ordinal)));
        var used = references.Select(reference => reference.Split('/')[^1]).ToHashSet();
        schemas.ShouldAllBe(name => used.Contains(name));
    }

    [Fact]
    public async Task Every_operation_has_words_in_both_languages_and_every_field_its_type()
    {
        var document = await DocumentAsync();
        foreach (var operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(method => method.Value))
        {
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
            operation.GetProperty("x-summary-zh").GetString().ShouldNotBeNullOrEmpty();
            operation.GetProperty("responses").EnumerateObject().Count().ShouldBeGreaterThan(1);
        }

        var purchase = document.GetProperty("components").GetProperty("schemas").GetProperty("PurchaseLineRequest");
        purchase.GetProperty("required").EnumerateArray().Select(r => r.GetString()).ShouldBe(["line", "quantity", "priceMinor"], ignoreOrder: true);
        purchase.GetProperty("properties").GetProperty("line").GetProperty("description").GetString()!.ShouldContain("32,767");
        document.GetProperty("x-refusals").GetArrayLength().ShouldBe(RefusalCatalogue.All.Count);
    }

    [Theory]
    [InlineData("/v1/purchases", "post", 161, 163, 164, 165, 1055)]
    [InlineData("/v1/stored-value/top-ups", "post", 160, 161, 162, 163, 1035)]
    [InlineData("/v1/stored-value/refunds", "post", 161, 163, 166, 167, 1035)]
    [InlineData("/v1/stored-value/freezes", "post", 121, 130, 1035)]
    [InlineData("/v1/points/freezes", "post", 121, 130, 1035)]
    [InlineData("/v1/customers/{id}/points/extensions", "post", 121, 124, 130, 145, 1035)]
    [InlineData("/v1/customers/{id}/tags", "post", 130, 195, 196, 198)]
    [InlineData("/v1/customers/{id}/tags/removals", "post", 130, 195, 197)]
    [InlineData("/v1/programme", "put", 440, 441)]
    [InlineData("/v1/purchases", "post", 144)]
    [InlineData("/v1/redemptions", "post", 144)]
    [InlineData("/v1/baskets", "post", 144)]
    [InlineData("/v1/programme", "put", 430, 431)]
    [InlineData("/v1/purchases", "post", 171, 173, 174, 1060)]
    [InlineData("/v1/redemptions", "post", 141, 173)]
    [InlineData("/v1/stored-value/refunds", "post", 174)]
    [InlineData("/v1/baskets", "post", 120, 130, 140, 141, 161, 163, 164, 170, 172, 173, 174, 1035)]
    [InlineData("/v1/baskets/{id}", "patch", 120, 141, 161, 163, 164, 170, 171, 173, 174)]
    [InlineData("/v1/baskets/{id}", "delete", 130, 171)]
    [InlineData("/v1/baskets/{id}", "get", 1061)]
    [InlineData("/v1/baskets/quote", "post", 107, 130, 141, 142, 164, 165, 171, 173, 174, 1062)]
    [InlineData("/v1/programme", "put", 415, 424, 425)]
    [InlineData("/v1/programme/validate", "post", 415, 424, 425)]
    [InlineData("/v1/programme/rehearsals", "post", 415, 424, 425, 1053)]
    public async Task An_operation_names_what_it_can_refuse_with(string path, string method, params int[] codes)
    {
        var responses = (await DocumentAsync()).GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses");
        var said = string.Join('\n', responses.EnumerateObject().Select(response => response.Value.GetProperty("description").GetString()));
        foreach (var code in codes) said.ShouldContain($"- {code} ");
    }

    [Fact]
    public void The_examples_are_what_the_server_takes()
    {
        foreach (var operation in ApiOperations.All)
        {
            if (operation.RequestExample is not null) JsonSerializer.Deserialize(operation.RequestExample, Wire.Json.GetTypeInfo(operation.Request!)!).ShouldNotBeNull(operation.Id);
            if (operation.ReplyExample is not null) JsonSerializer.Deserialize(operation.ReplyExample, Wire.Json.GetTypeInfo(operation.Reply!)!).ShouldNotBeNull(operation.Id);
        }
    }

    [Theory]
    [InlineData("/docs", "text/html", "reference.js")]
    [InlineData("/docs/reference.js", "text/javascript", "openapi/v1.json")]
    [InlineData("/docs/reference.css", "text/css", "header")]
    public async Task The_reference_page_is_served_to_everybody_and_loads_nothing_from_elsewhere(string path, string type, string holds)
    {
        var page = (await fixture.Server.As(null).GetAsync(path)).Good();
        page.ContentType.ShouldBe(type);
        page.Text.ShouldContain(holds);
        page.Text.ShouldNotContain("http://");
        page.Text.ShouldNotContain("https://");
    }

    [Fact]
    public void Every_refusal_has_a_status_that_fits()
    {
        foreach (var refusal in RefusalCatalogue.All) ProblemMap.StatusOf(refusal).ShouldBeInRange(400, 507, refusal.Name);
        RefusalCatalogue.All.Select(refusal => refusal.Code).ShouldBeUnique();
    }

    private async Task<JsonElement> DocumentAsync() => (await fixture.Server.As(null).GetAsync("/openapi/v1.json")).Good().Json;

    private static IEnumerable<string> Strings(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.NameEquals(name) && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : Strings(p.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Strings(item, name)),
        _ => [],
    };
}
