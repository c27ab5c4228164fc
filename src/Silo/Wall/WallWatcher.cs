using System.Threading.Channels;
using ChainCrm.Client.Wire;

namespace ChainCrm.Silo.Wall;

/// <summary>
/// The queue of one browser. Bounded: when it is full, everything in it is forgotten and the browser gets one snapshot as soon as it reads
/// again. Detail is lost, never order, and a browser that does not read costs nothing but this flag.
/// </summary>
internal sealed class WallWatcher
{
    private readonly Lock _gate = new();
    private readonly Queue<WallMessage> _missed;
    private readonly Queue<WallMessage> _queue = new(HostLimits.WallQueueMax);
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _isBehind;
    private bool _isEnded;

    /// <summary>A queue that begins with these messages (what a reconnecting browser missed, or a snapshot).</summary>
    public WallWatcher(IEnumerable<WallMessage> first) => _missed = new Queue<WallMessage>(first);

    /// <summary>Adds a tick. Never waits.</summary>
    /// <returns>How many messages were forgotten because the browser is slow; 0 normally.</returns>
    public int Offer(WallMessage message)
    {
        var forgotten = 0;
        lock (_gate)
        {
            if (_isBehind || _isEnded) return 0;
            if (_queue.Count < HostLimits.WallQueueMax)
            {
                _queue.Enqueue(message);
            }
            else
            {
                forgotten = _queue.Count + _missed.Count + 1;
                _queue.Clear();
                _missed.Clear();
                _isBehind = true;
            }
        }
        _signal.Writer.TryWrite(true);
        return forgotten;
    }

    /// <summary>No more messages come; what is queued can still be read.</summary>
    public void End()
    {
        lock (_gate) _isEnded = true;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>From now on ticks are queued again; the caller hands over a snapshot that includes everything until now.</summary>
    public void CatchUp()
    {
        lock (_gate) _isBehind = false;
    }

    /// <summary>The next message; null and behind when a snapshot is due; null and not behind at the end.</summary>
    public async ValueTask<(WallMessage? Message, bool IsBehind)> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_missed.TryDequeue(out var message) || _queue.TryDequeue(out message)) return (message, false);
                if (_isEnded) return (null, false);
                if (_isBehind) return (null, true);
            }
            await _signal.Reader.ReadAsync(cancellation);
        }
    }
}
