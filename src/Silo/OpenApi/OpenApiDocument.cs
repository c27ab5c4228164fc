using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.OpenApi;

/// <summary>The OpenAPI 3.1 document, made once from the list of operations, the wire types and the refusals.</summary>
internal static class OpenApiDocument
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Refusals that any request can get, so they are not repeated at each.</summary>
    private static readonly int[] Anywhere = [900, 901, 903, 904, 905, 906, 1099];
    private static readonly int[] OfBodies = [1000, 1001, 1002, 1003, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1023, 1024];
    private static readonly int[] OfWrites = [902, 1016, 1017];
    private static readonly int[] OfAccess = [1030, 1031, 1032, 1033, 1034, 1036];

    /// <summary>The document as UTF-8.</summary>
    public static byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(Build(), Readable);

    private static JsonObject Build()
    {
        var schemas = new SchemaBook(WireComments.Load());
        var paths = new JsonObject();
        foreach (var operation in ApiOperations.All)
        {
            if (paths[operation.Path] is not JsonObject item) paths[operation.Path] = item = [];
            item[operation.Method.ToLowerInvariant()] = Describe(operation, schemas);
        }

        schemas.Reference(typeof(Problem));
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "ChainCrm",
                ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version?.ToString(3) ?? "0",
                ["description"] = Introduction,
                ["x-description-zh"] = IntroductionZh,
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(Scheme("accessKey"), Scheme("session")),
            ["tags"] = new JsonArray([.. Enum.GetNames<ApiTag>().Select(name => (JsonNode)new JsonObject { ["name"] = name })]),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.ToJson(), ["securitySchemes"] = SecuritySchemes() },
            ["x-refusals"] = new JsonArray([.. RefusalCatalogue.All.Select(Entry)]),
        };
    }

    private static JsonObject Describe(ApiOperation operation, SchemaBook schemas)
    {
        var description = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Tag.ToString()),
            ["summary"] = operation.Summary,
            ["x-summary-zh"] = operation.SummaryZh,
            ["description"] = DescriptionOf(operation),
        };
        if (ParametersOf(operation) is { Count: > 0 } parameters) description["parameters"] = parameters;
        if (operation.Request is not null)
        {
            var content = new JsonObject { ["schema"] = schemas.Reference(operation.Request) };
            if (operation.RequestExample is not null) content["example"] = JsonNode.Parse(operation.RequestExample);
            description["requestBody"] = new JsonObject { ["required"] = true, ["content"] = new JsonObject { ["application/json"] = content } };
        }

        description["responses"] = ResponsesOf(operation, schemas);
        if (operation.Roles.Length == 0) description["security"] = new JsonArray();
        return description;
    }

    private static string DescriptionOf(ApiOperation operation)
    {
        var who = operation.Roles.Length == 0 ? "Open to everybody." : $"For {string.Join(", ", operation.Roles.Select(RoleNames.Of))}.";
        return operation.Description is null ? who : $"{operation.Description} {who}";
    }

    private static JsonArray ParametersOf(ApiOperation operation)
    {
        var parameters = new JsonArray();
        if (operation.Path.Contains("{id}", StringComparison.Ordinal)) parameters.Add((JsonNode)Parameter("id", "path", "string", "The id.", required: true));
        foreach (var query in operation.Query) parameters.Add((JsonNode)Parameter(query.Name, "query", query.Type, query.Description, required: false));
        if (operation.IsWrite)
        {
            parameters.Add((JsonNode)Parameter(
                "Idempotency-Key", "header", "string",
                "1 to 64 printable ASCII characters, made by the caller and kept before the first attempt. The same key takes effect once, for ever; a repeat gets the same answer byte for byte.",
                required: true));
        }

        if (operation.Method != HttpMethods.Get && operation.Roles.Length > 0)
            parameters.Add((JsonNode)Parameter("X-ChainCrm", "header", "string", "1; needed of browsers that signed in (by cookie), not of callers with an access key.", required: false));
        return parameters;
    }

    private static JsonObject Parameter(string name, string place, string type, string description, bool required) => new()
    {
        ["name"] = name, ["in"] = place, ["required"] = required, ["description"] = description, ["schema"] = new JsonObject { ["type"] = type },
    };

    private static JsonObject ResponsesOf(ApiOperation operation, SchemaBook schemas)
    {
        var good = new JsonObject { ["description"] = operation.Status == StatusCodes.Status201Created ? "Recorded and durable." : "Done." };
        if (operation.Reply is not null)
        {
            var content = new JsonObject { ["schema"] = schemas.Reference(operation.Reply) };
            if (operation.ReplyExample is not null) content["example"] = JsonNode.Parse(operation.ReplyExample);
            good["content"] = new JsonObject { ["application/json"] = content };
        }

        if (operation.RepliesWithFile) good["content"] = new JsonObject { ["application/octet-stream"] = new JsonObject() };
        var responses = new JsonObject { [operation.Status.ToString(CultureInfo.InvariantCulture)] = good };
        foreach (var group in RefusalsOf(operation).GroupBy(ProblemMap.StatusOf).OrderBy(group => group.Key))
            responses[group.Key.ToString(CultureInfo.InvariantCulture)] = Refused(group, schemas);
        return responses;
    }

    private static IEnumerable<Rejection> RefusalsOf(ApiOperation operation)
    {
        IEnumerable<int> codes = [.. operation.Refusals, .. Anywhere];
        if (operation.Request is not null) codes = codes.Concat(OfBodies);
        if (operation.IsWrite) codes = codes.Concat(OfWrites);
        if (operation.Roles.Length > 0) codes = codes.Concat(OfAccess);
        var (first, last) = operation.DomainRefusals;
        var domain = RefusalCatalogue.All.Where(refusal => refusal.Code >= first && refusal.Code <= last);
        return codes.Distinct().Select(RefusalCatalogue.Of).Union(domain).OrderBy(refusal => refusal.Code);
    }

    private static JsonObject Refused(IEnumerable<Rejection> refusals, SchemaBook schemas)
    {
        var all = refusals.ToList();
        var response = new JsonObject
        {
            ["description"] = string.Join("\n", all.Select(refusal => $"- {refusal.Code} {refusal.Name}: {refusal.English}")),
            ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = schemas.Reference(typeof(Problem)) } },
        };
        if (all.Any(refusal => ProblemMap.RetryAfterOf(refusal) is not null))
        {
            response["headers"] = new JsonObject
            {
                ["Retry-After"] = new JsonObject { ["description"] = "Seconds to wait before the same request is sent again with the same key.", ["schema"] = new JsonObject { ["type"] = "integer" } },
            };
        }

        return response;
    }

    private static JsonObject Entry(Rejection refusal) => new()
    {
        ["code"] = refusal.Code, ["name"] = refusal.Name, ["status"] = ProblemMap.StatusOf(refusal), ["en"] = refusal.English, ["zh"] = refusal.Chinese,
        ["mayPassLater"] = refusal.MayPassLater,
    };

    private static JsonObject Scheme(string name) => new() { [name] = new JsonArray() };

    private static JsonObject SecuritySchemes() => new()
    {
        ["accessKey"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An access key, ck_{id}_{secret}: Authorization: Bearer ck_..." },
        ["session"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = Access.Sessions.Cookie, ["description"] = "A browser that signed in with POST /v1/session." },
    };

    private const string Introduction =
        "Amounts are whole numbers in minor units (fen, cents), points are whole points, times are ISO 8601 with an offset. " +
        "Every write needs the header Idempotency-Key and counts once; send the same request again with the same key until there is an answer. " +
        "A refusal is application/problem+json with a number that never changes its meaning. A value that is null is left out of replies.";

    private const string IntroductionZh =
        "金额为最小货币单位(分)的整数,积分为整数,时间为带时区的 ISO 8601。每次写入都须带 Idempotency-Key,且只生效一次;未得到答复时,用同一编号重发同一请求。" +
        "拒绝以 application/problem+json 返回,编号含义永不改变。回复中值为 null 的字段会省略。";
}
