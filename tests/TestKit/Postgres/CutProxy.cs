using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChainCrm.TestKit.Postgres;

/// <summary>Stands between a client and its PostgreSQL server and can cut their connections, at once or when the next answer is on its way back.</summary>
public sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int serverPort;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<(TcpClient Client, TcpClient Server)> open = [];
    private readonly Task accepting;
    private volatile bool cutsAnswers;
    private volatile bool refuses;
    private volatile bool dropsOptions;
    private int refused;
    private int accepted;

    public CutProxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections made so far.</summary>
    public int Accepted => Volatile.Read(ref accepted);

    /// <summary>Connections refused so far.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>Connections open now.</summary>
    public int Open
    {
        get
        {
            lock (gate) return open.Count;
        }
    }

    /// <summary>From now on every answer of the server is thrown away, and its connection with it.</summary>
    public bool CutsAnswers
    {
        get => cutsAnswers;
        set => cutsAnswers = value;
    }

    /// <summary>From now on new connections are closed at once.</summary>
    public bool Refuses
    {
        get => refuses;
        set => refuses = value;
    }

    /// <summary>From now on the options that a connection begins with do not reach the server, as with some poolers.</summary>
    public bool DropsOptions
    {
        get => dropsOptions;
        set => dropsOptions = value;
    }

    /// <summary>Cuts everything that is open.</summary>
    public void CutAll()
    {
        lock (gate)
        {
            foreach (var (client, server) in open)
            {
                client.Dispose();
                server.Dispose();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        CutAll();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                if (refuses)
                {
                    client.Dispose();
                    Interlocked.Increment(ref refused);
                    continue;
                }

                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, serverPort, stop.Token);
                client.NoDelay = server.NoDelay = true;
                Interlocked.Increment(ref accepted);
                lock (gate) open.Add((client, server));
                _ = PumpBothAsync(client, server);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The server is down, or the test is over: the client finds its connection closed.
            }
        }
    }

    private async Task PumpBothAsync(TcpClient client, TcpClient server)
    {
        using (client)
        using (server)
        {
            await Task.WhenAny(PumpAsync(client, server, isAnswer: false), PumpAsync(server, client, isAnswer: true));
        }

        lock (gate) open.RemoveAll(pair => pair.Client == client);
    }

    /// <summary>The message as it is, or, when it is the first of a connection (length, version 3.0, names and values that end with a zero, a zero), without its options.</summary>
    private static ReadOnlyMemory<byte> WithoutOptions(ReadOnlyMemory<byte> message)
    {
        const int header = 8, version = 3 << 16;
        if (message.Length <= header || BinaryPrimitives.ReadInt32BigEndian(message.Span) != message.Length || BinaryPrimitives.ReadInt32BigEndian(message.Span[4..]) != version) return message;
        var words = Encoding.UTF8.GetString(message.Span[header..]).Split('\0');
        var kept = words.Chunk(2).Where(pair => pair is [var name, _] && name is not ("" or "options")).Select(pair => $"{pair[0]}\0{pair[1]}\0");
        var rest = Encoding.UTF8.GetBytes(string.Concat(kept) + '\0');
        var without = new byte[header + rest.Length];
        BinaryPrimitives.WriteInt32BigEndian(without, without.Length);
        BinaryPrimitives.WriteInt32BigEndian(without.AsSpan(4), version);
        rest.CopyTo(without, header);
        return without;
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is var count and > 0)
            {
                if (isAnswer && cutsAnswers) return;
                var passing = buffer.AsMemory(0, count);
                await to.GetStream().WriteAsync(!isAnswer && dropsOptions ? WithoutOptions(passing) : passing);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut from one side; the other one is closed by the caller.
        }
    }
}
