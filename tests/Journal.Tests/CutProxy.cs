using System.Net;
using System.Net.Sockets;

namespace ChainCrm.Journal.Tests;

/// <summary>Stands between a journal and its server and can cut their connections, at once or when the next answer is on its way back.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int serverPort;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<(TcpClient Client, TcpClient Server)> open = [];
    private readonly Task accepting;
    private volatile bool cutsAnswers;
    private volatile bool refuses;
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

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is var count and > 0)
            {
                if (isAnswer && cutsAnswers) return;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut from one side; the other one is closed by the caller.
        }
    }
}
