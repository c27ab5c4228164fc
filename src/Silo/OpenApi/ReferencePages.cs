using ChainCrm.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChainCrm.Silo.OpenApi;

/// <summary>The OpenAPI document and the page that makes it readable. Both are open to everybody: they say nothing of any chain.</summary>
internal static class ReferencePages
{
    private static readonly (string Path, string Resource, string Type)[] Files =
    [
        ("/docs", "reference.html", "text/html; charset=utf-8"),
        ("/docs/reference.js", "reference.js", "text/javascript; charset=utf-8"),
        ("/docs/reference.css", "reference.css", "text/css; charset=utf-8"),
    ];

    /// <summary>Adds them.</summary>
    public static void MapReference(this IEndpointRouteBuilder endpoints)
    {
        var document = new Lazy<byte[]>(OpenApiDocument.Write);
        endpoints.MapGet("/openapi/v1.json", http => WriteAsync(http, document.Value, "application/json"));
        foreach (var (path, resource, type) in Files)
        {
            var content = new Lazy<byte[]>(() => Read(resource));
            endpoints.MapGet(path, http => WriteAsync(http, content.Value, type));
        }
    }

    private static async Task WriteAsync(HttpContext http, byte[] content, string type)
    {
        SecurityHeaders.Apply(http.Response.Headers);
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentType = type;
        http.Response.ContentLength = content.Length;
        await http.Response.BodyWriter.WriteAsync(content);
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(ReferencePages).Assembly.GetManifestResourceStream("reference/" + resource)
            ?? throw new InvalidOperationException($"The page {resource} is not in the assembly.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
