using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace ChainCrm.Silo.Hosting;

/// <summary>
/// The built web app, held in memory with its compressed forms: it is a few hundred files that never change while the server runs, and
/// compressing them again for each browser would take the time from the tills. Thread-safe.
/// </summary>
internal sealed class DashboardFiles
{
    private const string Index = "/index.html";
    private readonly Dictionary<string, DashboardFile> _files;

    private DashboardFiles(Dictionary<string, DashboardFile> files) => _files = files;

    /// <summary>True when there is a page to show.</summary>
    public bool IsThere => _files.ContainsKey(Index);

    /// <summary>Reads all files of a folder; an absent folder gives none.</summary>
    /// <exception cref="WrongConfigurationException">The folder holds far more than a web app.</exception>
    public static DashboardFiles Read(string folder)
    {
        var files = new Dictionary<string, DashboardFile>(StringComparer.Ordinal);
        if (!Directory.Exists(folder)) return new DashboardFiles(files);
        var types = new FileExtensionContentTypeProvider();
        long total = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            total += new FileInfo(path).Length;
            if (total > HostLimits.DashboardBytesMax)
                throw new WrongConfigurationException($"The dashboard folder {folder} holds more than {HostLimits.DashboardBytesMax} bytes; is it the right one?");
            var name = "/" + Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            var type = types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
            files[name] = new DashboardFile(File.ReadAllBytes(path), type, isHashed: name.StartsWith("/assets/", StringComparison.Ordinal));
        }
        return new DashboardFiles(files);
    }

    /// <summary>Answers a request for a file, or for a page of the app (which is always index.html); anything else is left to the next.</summary>
    public Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return isRead && context.GetEndpoint() is null && FileFor(context.Request.Path.Value ?? "/") is { } file ? SendAsync(context, file) : next(context);
    }

    private static async Task SendAsync(HttpContext context, DashboardFile file)
    {
        var response = context.Response;
        SecurityHeaders.Apply(response.Headers);
        response.Headers.ETag = file.Tag;
        response.Headers.Vary = "Accept-Encoding";
        // A hashed name is another file when its content is; the entry page must be asked for each time so that a new build is seen.
        response.Headers.CacheControl = file.IsHashed ? "public, max-age=31536000, immutable" : "no-cache";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(file.Tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var (content, encoding) = file.For(context.Request.Headers.AcceptEncoding.ToString());
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        response.ContentType = file.ContentType;
        response.ContentLength = content.Length;
        if (HttpMethods.IsGet(context.Request.Method)) await response.Body.WriteAsync(content, context.RequestAborted);
    }

    private DashboardFile? FileFor(string path)
    {
        if (_files.TryGetValue(path, out var file)) return file;
        // A path without an extension is a page of the app, unless it belongs to the API: there a wrong address must be a 404, not a page.
        var isPage = !Path.HasExtension(path)
            && !path.StartsWith("/v1", StringComparison.Ordinal) && !path.StartsWith("/hub/", StringComparison.Ordinal)
            && !path.StartsWith("/health/", StringComparison.Ordinal) && !path.StartsWith("/openapi", StringComparison.Ordinal);
        return isPage ? _files.GetValueOrDefault(Index) : null;
    }
}

/// <summary>One file of the web app.</summary>
internal sealed class DashboardFile
{
    private readonly byte[] _content;
    private readonly Lazy<byte[]>? _brotli;
    private readonly Lazy<byte[]>? _gzip;

    public DashboardFile(byte[] content, string contentType, bool isHashed)
    {
        _content = content;
        var isText = contentType.StartsWith("text/", StringComparison.Ordinal) || contentType.Contains("javascript", StringComparison.Ordinal)
            || contentType.Contains("json", StringComparison.Ordinal) || contentType.Contains("svg", StringComparison.Ordinal);
        ContentType = contentType.StartsWith("text/", StringComparison.Ordinal) ? $"{contentType}; charset=utf-8" : contentType;
        IsHashed = isHashed;
        Tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"";
        if (!isText || content.Length < HostLimits.CompressBytesMin) return;
        _brotli = new Lazy<byte[]>(() => Compress(content, output => new BrotliStream(output, new BrotliCompressionOptions { Quality = 7 })));
        _gzip = new Lazy<byte[]>(() => Compress(content, output => new GZipStream(output, CompressionLevel.Optimal)));
    }

    public string ContentType { get; }
    public bool IsHashed { get; }
    public string Tag { get; }

    /// <summary>The content in the best form that the browser takes, and its name.</summary>
    public (byte[] Content, string? Encoding) For(string accepted)
    {
        if (_brotli is not null && accepted.Contains("br", StringComparison.Ordinal)) return (_brotli.Value, "br");
        if (_gzip is not null && accepted.Contains("gzip", StringComparison.Ordinal)) return (_gzip.Value, "gzip");
        return (_content, null);
    }

    private static byte[] Compress(byte[] content, Func<Stream, Stream> stream)
    {
        using var output = new MemoryStream();
        using (var compressor = stream(output)) compressor.Write(content);
        return output.ToArray();
    }
}
