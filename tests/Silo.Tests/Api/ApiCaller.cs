using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Shouldly;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, byte[] Bytes, string? ContentType, HttpResponseHeaders Headers, string Faults)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    /// <summary>The number of the refusal; 0 when it is none.</summary>
    public int Code => ContentType == "application/problem+json" ? Json.GetProperty("code").GetInt32() : 0;

    public long Number(string name) => Json.GetProperty(name).GetInt64();

    public string? Word(string name) => Json.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>It went well; otherwise the test says what the server said.</summary>
    public Answer Good()
    {
        ((int)Status).ShouldBeInRange(200, 299, Text + Faults);
        return this;
    }

    /// <summary>It was refused so.</summary>
    public Answer Refused(int status, int code)
    {
        ((int)Status, Code).ShouldBe((status, code), Text + Faults);
        Json.GetProperty("status").GetInt32().ShouldBe(status);
        Json.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        Json.GetProperty("titleZh").GetString().ShouldNotBeNullOrEmpty();
        return this;
    }
}

/// <summary>Calls the server as somebody: bytes over HTTP, nothing of the product between.</summary>
public sealed class ApiCaller(HttpClient http, string? key, Func<string> faults)
{
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null);

    public Task<Answer> PostAsync(string path, string? idempotencyKey, string json) => SendAsync(HttpMethod.Post, path, idempotencyKey, Body(json));

    public Task<Answer> PatchAsync(string path, string? idempotencyKey, string json) => SendAsync(HttpMethod.Patch, path, idempotencyKey, Body(json));

    public Task<Answer> PutAsync(string path, string? idempotencyKey, string json) => SendAsync(HttpMethod.Put, path, idempotencyKey, Body(json));

    public Task<Answer> DeleteAsync(string path, string? idempotencyKey) => SendAsync(HttpMethod.Delete, path, idempotencyKey, null);

    /// <summary>A sale with the receipt as its key.</summary>
    public Task<Answer> SellAsync(string receipt, string json) => PostAsync("/v1/purchases", receipt, json);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? idempotencyKey, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Content.Headers.ContentType?.MediaType, response.Headers,
            response.StatusCode == HttpStatusCode.InternalServerError ? faults() : "");
    }

    public static HttpContent Body(string json) => Body(Encoding.UTF8.GetBytes(json));

    public static HttpContent Body(byte[] bytes, string type = "application/json")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
