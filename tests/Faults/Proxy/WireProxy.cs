using System.Net;
using System.Net.Sockets;

namespace ChainCrm.Faults.Proxy;

/// <summary>Stands between the server and PostgreSQL and cuts their connections where a plan says.</summary>
internal sealed class WireProxy : IAsyncDisposable
{
    private const byte ReadyForQuery = (byte)'Z';
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<Pair> _open = [];
    private readonly int _serverPort;
    private readonly Task _accepting;
    private CutPlan? _plan;
    private int _left;
    private int _cuts;

    public WireProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections cut so far.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>From now on connections are cut by this plan; null ends the one before.</summary>
    public void Follow(CutPlan? plan)
    {
        lock (_gate)
        {
            (_plan, _left) = (plan, plan?.Connections ?? 0);
            foreach (var pair in _open) (pair.Sent, pair.Answered) = (0, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        lock (_gate)
        {
            foreach (var pair in _open) pair.Cut(abruptly: false);
        }

        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var server = new TcpClient();
                try
                {
                    await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
                }
                catch (SocketException)
                {
                    // PostgreSQL is down: the client finds its connection closed.
                    client.Dispose();
                    continue;
                }

                client.NoDelay = server.NoDelay = true;
                var pair = new Pair(client, server);
                lock (_gate) _open.Add(pair);
                _ = PumpBothAsync(pair);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The campaign is over.
            }
        }
    }

    private async Task PumpBothAsync(Pair pair)
    {
        await Task.WhenAny(PumpAsync(pair, pair.Client, pair.Server, isAnswer: false), PumpAsync(pair, pair.Server, pair.Client, isAnswer: true));
        pair.Cut(abruptly: false);
        lock (_gate) _open.Remove(pair);
    }

    private async Task PumpAsync(Pair pair, TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is var count and > 0)
            {
                if (!isAnswer) pair.Appends.Sent(buffer.AsSpan(0, count));
                var (passing, cut) = Decide(pair, isAnswer, count);
                if (isAnswer && !cut && EndsAnswer(buffer.AsSpan(0, count))) pair.Appends.UnderWay = false;
                if (passing > 0) await to.GetStream().WriteAsync(buffer.AsMemory(0, passing));
                if (cut is false) continue;
                pair.Cut(_plan?.Abruptly ?? false);
                // Counted once nobody can take the connection for whole any more.
                Interlocked.Increment(ref _cuts);
                return;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut from one side; the other one is closed by the caller.
        }
    }

    private (int Passing, bool Cut) Decide(Pair pair, bool isAnswer, int count)
    {
        lock (_gate)
        {
            if (_plan is not { } plan || plan.OfAnswers != isAnswer || _left == 0 || (plan.AppendsAlone && !pair.Appends.UnderWay)) return (count, false);
            var before = isAnswer ? pair.Answered : pair.Sent;
            if (before + count <= plan.AfterBytes)
            {
                if (isAnswer) pair.Answered += count;
                else pair.Sent += count;
                return (count, false);
            }

            _left--;
            return ((int)(plan.AfterBytes - before), true);
        }
    }

    /// <summary>Whether the last message says that the server waits for the next question: letter, length 5, state.</summary>
    private static bool EndsAnswer(ReadOnlySpan<byte> bytes) => bytes.Length >= 6 && bytes[^6] == ReadyForQuery && bytes[^5..^1].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 5]);

    private sealed class Pair(TcpClient client, TcpClient server)
    {
        public TcpClient Client => client;
        public TcpClient Server => server;
        public AppendWatch Appends { get; } = new();
        public long Sent { get; set; }
        public long Answered { get; set; }

        public void Cut(bool abruptly)
        {
            foreach (var end in (ReadOnlySpan<TcpClient>)[client, server])
            {
                // Closed with a pending linger of zero a socket sends a reset.
                if (abruptly && end.Client is { } socket) socket.LingerState = new LingerOption(enable: true, seconds: 0);
                end.Dispose();
            }
        }
    }
}
