using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChainCrm.Client.Wire;

namespace ChainCrm.Crash;

/// <summary>Where the server is now; clients wait here while it is down. Thread-safe.</summary>
internal sealed class Whereabouts
{
    private TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void IsAt(Uri address) => Volatile.Read(ref _address).TrySetResult(address);

    public void IsDown() => Volatile.Write(ref _address, new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously));

    public Task<Uri> WhereAsync() => Volatile.Read(ref _address).Task.WaitAsync(TimeSpan.FromSeconds(90));
}

/// <summary>A plain HTTP client of the API, of the simplest honest kind: the same request with the same key until there is an answer.</summary>
internal sealed class TillClient(Whereabouts server, string key) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Requests that got no answer, or one that may pass later, and were sent again.</summary>
    public int Retries { get; private set; }

    /// <summary>Sends until it is accepted; the answer, to the byte.</summary>
    public async Task<string> SendAsync(HttpMethod method, string path, object body, string idempotencyKey)
    {
        while (true)
        {
            var (status, text) = await TryAsync(method, path, body, idempotencyKey);
            if (status is HttpStatusCode.OK or HttpStatusCode.Created) return text;
            var mayPassLater = status is null || JsonSerializer.Deserialize<Problem>(text, Json)?.MayPassLater == true;
            if (!mayPassLater) throw new InvalidOperationException($"{method} {path} was refused: {status} {text}");
            Retries++;
            await Task.Delay(20);
        }
    }

    /// <summary>Sends once; no status when there was no answer.</summary>
    public async Task<(HttpStatusCode? Status, string Text)> TryAsync(HttpMethod method, string path, object? body, string? idempotencyKey)
    {
        var address = await server.WhereAsync();
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        try
        {
            using var reply = await _http.SendAsync(request);
            return (reply.StatusCode, await reply.Content.ReadAsStringAsync());
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return (null, "");
        }
    }

    /// <summary>Reads, and fails when that is refused.</summary>
    public async Task<T> GetAsync<T>(string path) => Parse<T>(path, await TryAsync(HttpMethod.Get, path, null, null));

    /// <summary>Asks something that changes nothing.</summary>
    public async Task<T> AskAsync<T>(string path, object body) => Parse<T>(path, await TryAsync(HttpMethod.Post, path, body, null));

    public void Dispose() => _http.Dispose();

    private static T Parse<T>(string path, (HttpStatusCode? Status, string Text) reply) =>
        reply.Status == HttpStatusCode.OK ? JsonSerializer.Deserialize<T>(reply.Text, Json)! : throw new InvalidOperationException($"{path}: {reply.Status} {reply.Text}");
}
