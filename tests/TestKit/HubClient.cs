using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ChainCrm.TestKit;

/// <summary>
/// A small client of a SignalR hub: a web socket speaking the JSON hub protocol. Enough to stream one method and look at what comes; reads
/// only when asked, so that a test can be a slow browser.
/// </summary>
public sealed class HubClient : IAsyncDisposable
{
    private const char End = '\u001e';
    private readonly ClientWebSocket _socket = new();
    private readonly Queue<JsonElement> _messages = new();
    private readonly StringBuilder _partial = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    private HubClient() { }

    /// <summary>Connects to a hub and shakes hands.</summary>
    /// <param name="server">The server, such as http://127.0.0.1:5080.</param>
    /// <param name="path">The hub, such as /hub/wall.</param>
    /// <param name="bearer">An access key; null to send none.</param>
    /// <param name="cancellation">Bounds the wait.</param>
    public static async Task<HubClient> ConnectAsync(Uri server, string path, string? bearer, CancellationToken cancellation)
    {
        var client = new HubClient();
        if (bearer is not null) client._socket.Options.SetRequestHeader("Authorization", $"Bearer {bearer}");
        await client._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = path }.Uri, cancellation);
        await client.SendAsync("""{"protocol":"json","version":1}""", cancellation);
        var answer = await client.NextAsync(cancellation);
        if (answer.TryGetProperty("error", out var error)) throw new InvalidOperationException($"The hub refused the handshake: {error}");
        return client;
    }

    /// <summary>Starts streaming a method. Its arguments are JSON texts.</summary>
    public Task StreamAsync(string method, CancellationToken cancellation, params string[] arguments) =>
        SendAsync($$"""{"type":4,"invocationId":"1","target":"{{method}}","arguments":[{{string.Join(",", arguments)}}]}""", cancellation);

    /// <summary>The next item of the stream; pings are passed over. Null when the stream ended well.</summary>
    /// <exception cref="InvalidOperationException">The hub ended it with an error.</exception>
    public async Task<JsonElement?> NextItemAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var message = await NextAsync(cancellation);
            switch (message.GetProperty("type").GetInt32())
            {
                case 2:
                    return message.GetProperty("item");
                case 3 when message.TryGetProperty("error", out var error):
                    throw new InvalidOperationException($"The stream ended with an error: {error}");
                case 3 or 7:
                    return null;
            }
        }
    }

    /// <summary>Closes the socket without saying goodbye, as a browser does whose network is gone.</summary>
    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SendAsync(string message, CancellationToken cancellation) =>
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, endOfMessage: true, cancellation);

    private async Task<JsonElement> NextAsync(CancellationToken cancellation)
    {
        while (_messages.Count == 0)
        {
            var received = await _socket.ReceiveAsync(_buffer.AsMemory(), cancellation);
            if (received.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException("The hub closed the connection.");
            // A message may be cut within a character; the socket's text frames of this server are plain ASCII outside strings, and a
            // character is completed by the next part.
            _partial.Append(Decode(_buffer.AsSpan(0, received.Count)));
            Take();
        }
        return _messages.Dequeue();
    }

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[_decoder.GetCharCount(bytes, flush: false)];
        var count = _decoder.GetChars(bytes, characters, flush: false);
        return new string(characters, 0, count);
    }

    private void Take()
    {
        var text = _partial.ToString();
        var last = text.LastIndexOf(End);
        if (last < 0) return;
        foreach (var message in text[..last].Split(End, StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(message);
            _messages.Enqueue(document.RootElement.Clone());
        }
        _partial.Clear().Append(text.AsSpan(last + 1));
    }
}
