using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>
/// Writes replies: first into a buffer of the thread, so that the length is known and nothing is sent of a reply that can't be
/// written whole, then straight into the response's pipe.
/// </summary>
internal static class ReplyWriter
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";
    private const int FlushBytes = 32 * 1024;

    [ThreadStatic]
    private static ThreadBuffer? t_buffer;

    /// <summary>Writes what a handler answered.</summary>
    public static Task WriteAsync(HttpContext http, in ApiReply reply)
    {
        if (reply.Rejection is { } rejection) return WriteAsync(http, rejection, reply.Errors);
        if (reply.Type is null)
        {
            if (reply.Status != 0) http.Response.StatusCode = reply.Status;
            return Task.CompletedTask;
        }

        return WriteAsync(http, reply.Status, Json, reply.Value!, reply.Type);
    }

    /// <summary>Writes a refusal.</summary>
    public static Task WriteAsync(HttpContext http, Rejection rejection, IReadOnlyList<Rejection>? errors = null)
    {
        var problem = ProblemMap.ToProblem(rejection, errors);
        if (ProblemMap.RetryAfterOf(rejection) is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (problem.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(http, problem.Status, ProblemJson, problem, Wire.Json.Problem);
    }

    private static Task WriteAsync(HttpContext http, int status, string contentType, object value, JsonTypeInfo type)
    {
        var buffer = t_buffer ??= new ThreadBuffer();
        var bytes = buffer.Serialize(value, type);
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        var pipe = response.BodyWriter;
        pipe.Write(bytes);
        var large = bytes.Length > FlushBytes;
        buffer.Release();
        return large ? pipe.FlushAsync().AsTask() : Task.CompletedTask;
    }

    private sealed class ThreadBuffer
    {
        private ArrayBufferWriter<byte> _bytes = new(1024);
        private readonly Utf8JsonWriter _json;

        public ThreadBuffer() => _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

        public ReadOnlySpan<byte> Serialize(object value, JsonTypeInfo type)
        {
            _bytes.ResetWrittenCount();
            _json.Reset(_bytes);
            if (value is not PurchaseReply sale || !SaleReplies.TryWrite(_json, sale)) JsonSerializer.Serialize(_json, value, type);
            _json.Flush();
            return _bytes.WrittenSpan;
        }

        public void Release()
        {
            if (_bytes.Capacity > ApiLimits.ReplyBufferKeptBytes) _bytes = new ArrayBufferWriter<byte>(1024);
        }
    }
}
