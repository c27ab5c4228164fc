using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Client.Http;
using ChainCrm.Client.Wire;
using Polly;

namespace ChainCrm.Client;

/// <summary>
/// Typed calls to a ChainCrm server. Safe for use by many threads at once; one client per access key is enough.
/// </summary>
/// <remarks>
/// Every write takes an idempotency key from its caller: the caller makes it and keeps it before the first attempt, so that a retry after
/// a crash of the caller carries the same key too. The client never invents one. Timeouts, connection errors, 429 and 503 are tried again
/// with the same key and the same bytes; anything else ends in a <see cref="ChainCrmException"/>.
/// </remarks>
public sealed partial class ChainCrmClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly ChainCrmClientOptions _options;
    private readonly ResiliencePipeline<Attempt> _pipeline;
    private readonly TimeProvider _clock;

    /// <summary>A client with connections of its own.</summary>
    public ChainCrmClient(ChainCrmClientOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _pipeline = RetryPipeline.Build(options, _clock);
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(ClientLimits.ConnectTimeoutMs),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        _http = new HttpClient(handler, disposeHandler: true)
        {
            BaseAddress = options.Server,
            // Each attempt has its own timeout; this one would cut across the retries.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = ClientLimits.ReplyBytesMax,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.AccessKey);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<TReply> GetAsync<TReply>(string path, JsonTypeInfo<TReply> reply, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, null, null, reply, cancellation);

    private Task<TReply> SendAsync<TRequest, TReply>(
        HttpMethod method, string path, TRequest request, JsonTypeInfo<TRequest> requestType, string? idempotencyKey,
        JsonTypeInfo<TReply> replyType, CancellationToken cancellation) =>
        SendAsync(method, path, JsonSerializer.SerializeToUtf8Bytes(request, requestType), idempotencyKey, replyType, cancellation);

    private async Task<TReply> SendAsync<TReply>(
        HttpMethod method, string path, byte[]? body, string? idempotencyKey, JsonTypeInfo<TReply> replyType, CancellationToken cancellation)
    {
        var attempt = await SendWithRetriesAsync(method, path, body, idempotencyKey, cancellation);
        try
        {
            return JsonSerializer.Deserialize(attempt.Body, replyType)
                ?? throw new ChainCrmException($"The server's answer to {method} {path} is empty.");
        }
        catch (JsonException broken)
        {
            throw new ChainCrmException($"The server's answer to {method} {path} is not what was expected.", broken);
        }
    }

    private async Task<Attempt> SendWithRetriesAsync(HttpMethod method, string path, byte[]? body, string? idempotencyKey, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(RetryPipeline.StartedAt, _clock.GetTimestamp());
        try
        {
            var attempt = await _pipeline.ExecuteAsync(
                static async (ctx, state) => await state.Client.SendOnceAsync(state.Method, state.Path, state.Body, state.Key, ctx.CancellationToken),
                context,
                (Client: this, Method: method, Path: path, Body: body, Key: idempotencyKey));
            return attempt.Succeeded ? attempt : throw new ChainCrmException(attempt.ReadProblem());
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TimeoutException or IOException)
        {
            throw new ChainCrmException($"No answer from {_options.Server}: {unreachable.Message}", unreachable);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<Attempt> SendOnceAsync(HttpMethod method, string path, byte[]? body, string? idempotencyKey, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_options.AttemptTimeout);
        using var message = new HttpRequestMessage(method, path);
        if (idempotencyKey is not null) message.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        if (body is not null)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = Json;
        }

        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseContentRead, timeout.Token);
            var bytes = await response.Content.ReadAsByteArrayAsync(timeout.Token);
            return new Attempt(response.StatusCode, bytes, RetryAfter(response));
        }
        catch (OperationCanceledException cut) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {_options.AttemptTimeout.TotalSeconds:0.#} s.", cut);
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _clock.GetUtcNow(),
        _ => null,
    };

    private static string Escape(string value) => Uri.EscapeDataString(value);
}
