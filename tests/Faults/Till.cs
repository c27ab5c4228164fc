using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ChainCrm.Faults;

/// <summary>Plain HTTP and plain JSON; nothing of the product's own client.</summary>
internal sealed class Till(string key) : IDisposable
{
    // The connections of one till to a server that was killed must not be found again.
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
    {
        Timeout = TimeSpan.FromSeconds(FaultsLimits.RequestSeconds),
    };

    /// <summary>Sends once; no status when there was no answer.</summary>
    public async Task<(HttpStatusCode? Status, string Text)> SendAsync(Uri address, HttpMethod method, string path, string? body, string? idempotencyKey, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var reply = await _http.SendAsync(request, cancellation);
            return (reply.StatusCode, await reply.Content.ReadAsStringAsync(cancellation));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return (null, "");
        }
    }

    /// <summary>Asks something that changes nothing, until it is answered; a part of the server may be away for a moment.</summary>
    public async Task<JsonElement> AskAsync(Uri address, string path, string? body = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(FaultsLimits.RetryMs));
        var until = Environment.TickCount64 + FaultsLimits.PatienceSeconds * 1_000L;
        while (true)
        {
            var (status, text) = await SendAsync(address, body is null ? HttpMethod.Get : HttpMethod.Post, path, body, null);
            if (status == HttpStatusCode.OK) return JsonSerializer.Deserialize<JsonElement>(text);
            if (Environment.TickCount64 > until) throw new TimeoutException($"{path} has no answer for {FaultsLimits.PatienceSeconds} s: {status} {text}");
            await timer.WaitForNextTickAsync();
        }
    }

    public void Dispose() => _http.Dispose();
}
