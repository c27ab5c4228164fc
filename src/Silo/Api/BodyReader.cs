using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Domain;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Reads a JSON body from the request's pipe, within a bound, and says precisely what is wrong with a bad one.</summary>
internal static class BodyReader
{
    private const string JsonType = "application/json";

    /// <summary>The body as a value, or why it is none.</summary>
    /// <param name="http">The request.</param>
    /// <param name="type">How to read it.</param>
    /// <param name="bytesMax">Its bound.</param>
    /// <param name="quick">Reads the ordinary case; what it declines is read the general way.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Outcome<T>> ReadAsync<T>(
        HttpContext http, JsonTypeInfo<T> type, int bytesMax = ApiLimits.BodyBytesMax, QuickReader<T>? quick = null)
        where T : class
    {
        var request = http.Request;
        if (!IsJson(request)) return ApiRejections.ContentType;
        if (request.ContentLength > bytesMax) return ApiRejections.BodyTooLarge;

        var pipe = request.BodyReader;
        try
        {
            while (true)
            {
                var result = await pipe.ReadAsync();
                var body = result.Buffer;
                if (body.Length > bytesMax)
                {
                    pipe.AdvanceTo(body.End);
                    return ApiRejections.BodyTooLarge;
                }

                if (result.IsCompleted)
                {
                    var outcome = Parse(body, type, quick);
                    pipe.AdvanceTo(body.End);
                    return outcome;
                }

                pipe.AdvanceTo(body.Start, body.End);
            }
        }
        catch (BadHttpRequestException broken)
        {
            return broken.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiRejections.BodyTooLarge : ApiRejections.Interrupted;
        }
    }

    private static Outcome<T> Parse<T>(in ReadOnlySequence<byte> body, JsonTypeInfo<T> type, QuickReader<T>? quick) where T : class
    {
        if (body.IsSingleSegment) return Parse(body.FirstSpan, type, quick);
        var length = checked((int)body.Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(rented);
            return Parse(rented.AsSpan(0, length), type, quick);
        }
        finally
        {
            // Bodies carry names and telephone numbers.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private static Outcome<T> Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type, QuickReader<T>? quick) where T : class
    {
        if (quick?.Invoke(body) is { } read) return read;
        try
        {
            var value = JsonSerializer.Deserialize(body, type);
            return value is null ? BodyDiagnosis.Explain(body, type) : value;
        }
        catch (JsonException)
        {
            return BodyDiagnosis.Explain(body, type);
        }
    }

    private static bool IsJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0) return false;
        var type = request.ContentType;
        if (type is null || !type.StartsWith(JsonType, StringComparison.OrdinalIgnoreCase)) return false;
        if (type.Length == JsonType.Length) return true;
        var rest = type.AsSpan(JsonType.Length).Trim();
        if (rest.IsEmpty) return true;
        if (rest[0] != ';') return false;
        rest = rest[1..].Trim();
        return rest.Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase) || rest.Equals("charset=\"utf-8\"", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Reads a body of the ordinary form; null for every other.</summary>
internal delegate T? QuickReader<out T>(ReadOnlySpan<byte> body) where T : class;
