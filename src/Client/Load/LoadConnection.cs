using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ChainCrm.Client.Load;

/// <summary>
/// One kept-alive connection with at most one request on its way. Runs on the socket engine's own thread, straight from the arrival of an
/// answer to the next request, and allocates nothing per request: the generator shares the machine with the server it measures.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private const int ReceiveBytes = 64 * 1024;

    private readonly LoadRun _run;
    private readonly EndPoint _server;
    private readonly byte[] _request;
    private readonly byte[] _received = new byte[ReceiveBytes];
    private readonly SocketAsyncEventArgs _arrival = new();
    private Socket? _socket;
    private FastRandom _random;
    private int _filled;
    private long _sentAt;
    private long _due;
    private int _isIdle;

    public LoadConnection(LoadRun run, EndPoint server, int number)
    {
        (_run, _server) = (run, server);
        _random = new FastRandom(unchecked((ulong)(number + 1) * 0x9E3779B97F4A7C15));
        _request = new byte[run.Source.Length];
        run.Source.Prepare(_request);
        _arrival.Completed += (_, _) => OnArrival();
    }

    /// <summary>When the next request is due in an open loop, in ticks of the stopwatch.</summary>
    public long Due { get => Volatile.Read(ref _due); set => Volatile.Write(ref _due, value); }

    /// <summary>Connects; throws when the server can't be reached.</summary>
    public void Connect()
    {
        _socket?.Dispose();
        _socket = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(_server);
        _filled = 0;
    }

    /// <summary>Begins: sends at once in a closed loop, waits for its time in an open one.</summary>
    public void Start()
    {
        if (_run.Interval == 0) Continue();
        else Volatile.Write(ref _isIdle, 1);
    }

    /// <summary>Called by the clock of an open loop: sends when a request is due and none is on its way.</summary>
    public void Tick(long now)
    {
        if (Volatile.Read(ref _due) <= now && Interlocked.CompareExchange(ref _isIdle, 0, 1) == 1) Continue();
    }

    /// <summary>Ends a connection that waits for its time.</summary>
    public void StopIfIdle()
    {
        if (Interlocked.CompareExchange(ref _isIdle, 0, 1) == 1) _run.Finished();
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _arrival.Dispose();
    }

    private void OnArrival()
    {
        try
        {
            if (TakeArrival()) Continue();
        }
        catch (IOException wrong)
        {
            _run.Fail(wrong.Message);
        }
    }

    /// <summary>Sends and receives until an answer has to be waited for.</summary>
    private void Continue()
    {
        do
        {
            if (!TrySend()) return;
            _arrival.SetBuffer(_received, _filled, _received.Length - _filled);
            if (_socket!.ReceiveAsync(_arrival)) return;
        }
        while (TakeArrival());
    }

    /// <summary>Sends the next request unless it is not due or the run is over.</summary>
    private bool TrySend()
    {
        // In an open loop the clock of a request starts when it is due, not when its turn comes: waiting behind a slow answer counts.
        _sentAt = _run.Interval == 0 ? Stopwatch.GetTimestamp() : Due;
        if (_run.IsStopping || _sentAt > _run.MeasureUntil || !_run.Source.TryWrite(_request, ref _random))
        {
            _run.Finished();
            return false;
        }

        try
        {
            _socket!.Send(_request);
            return true;
        }
        catch (SocketException)
        {
            return Reconnect();
        }
    }

    /// <summary>Takes what has arrived; true when the next request may go.</summary>
    private bool TakeArrival()
    {
        while (true)
        {
            if (_arrival.SocketError != SocketError.Success || _arrival.BytesTransferred == 0) return Reconnect();
            _filled += _arrival.BytesTransferred;
            var response = ResponseReader.Read(_received.AsSpan(0, _filled));
            if (response.Length > 0)
            {
                Record(response);
                _filled = 0;
                return IsNextDue();
            }

            if (_filled == _received.Length) throw new IOException("An answer larger than the buffer.");
            _arrival.SetBuffer(_received, _filled, _received.Length - _filled);
            if (_socket!.ReceiveAsync(_arrival)) return false;
        }
    }

    private void Record(ResponseReader.Response response)
    {
        var now = Stopwatch.GetTimestamp();
        // A closed loop counts what is answered in time; an open one everything that was due in time, however late the answer.
        if (_sentAt < _run.MeasureFrom || (_run.Interval == 0 ? now : _sentAt) > _run.MeasureUntil) return;
        if (response.Status is >= 200 and < 300) _run.Recorder.Answered(now - _sentAt);
        else _run.Recorder.Refused(response.Status, ResponseReader.ProblemCode(_received.AsSpan(response.BodyAt, response.Length - response.BodyAt)));
    }

    private bool IsNextDue()
    {
        if (_run.Interval == 0) return true;
        Due += _run.Interval;
        if (Due <= Stopwatch.GetTimestamp()) return true;
        Volatile.Write(ref _isIdle, 1);
        // The run may have ended between the look at the clock and this line; then nobody else would end this connection.
        if (_run.IsStopping) StopIfIdle();
        return false;
    }

    private bool Reconnect()
    {
        _run.Recorder.Broken();
        try
        {
            Connect();
            return IsNextDue();
        }
        catch (SocketException)
        {
            _run.Lost();
            return false;
        }
    }
}
