using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ChainCrm.Client.Load;

/// <summary>How a run goes.</summary>
internal sealed record RunPlan
{
    public required int Connections { get; init; }
    /// <summary>Requests a second in an open loop; null for a closed one, where each connection sends as soon as it has its answer.</summary>
    public double? Rate { get; init; }
    public TimeSpan Warmup { get; init; }
    /// <summary>How long is measured; ignored when the source ends by itself.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>One run of load against one target.</summary>
internal sealed class LoadRun : IDisposable
{
    /// <summary>How often an open loop looks which requests are due, milliseconds.</summary>
    private const int ClockMs = 1;

    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(30);

    private readonly ThreadLocal<LoadRecorder> _recorders = new(() => new LoadRecorder(), trackAllValues: true);
    private readonly TaskCompletionSource _allFinished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RunPlan _plan;
    private readonly LoadConnection[] _connections;
    private int _running;
    private int _lost;
    private volatile bool _isStopping;

    public LoadRun(RequestSource source, EndPoint server, RunPlan plan)
    {
        (Source, _plan) = (source, plan);
        _connections = new LoadConnection[plan.Connections];
        for (var i = 0; i < _connections.Length; i++) _connections[i] = new LoadConnection(this, server, i);
        _running = _connections.Length;
        Interval = plan.Rate is { } rate ? (long)(Stopwatch.Frequency * plan.Connections / rate) : 0;
    }

    public RequestSource Source { get; }
    public bool IsStopping => _isStopping;
    /// <summary>Ticks between two requests of one connection in an open loop; 0 in a closed one.</summary>
    public long Interval { get; }
    public long MeasureFrom { get; private set; }
    public long MeasureUntil { get; private set; } = long.MaxValue;
    public LoadRecorder Recorder => _recorders.Value!;

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
        _recorders.Dispose();
    }

    /// <summary>A connection has nothing more to do.</summary>
    public void Finished()
    {
        if (Interlocked.Decrement(ref _running) == 0) _allFinished.TrySetResult();
    }

    /// <summary>A connection broke and could not be made again.</summary>
    public void Lost()
    {
        Interlocked.Increment(ref _lost);
        Finished();
    }

    /// <summary>The server answers something that is not HTTP: the run makes no sense.</summary>
    public void Fail(string reason) => _allFinished.TrySetException(new ChainCrmException($"The server's answer cannot be read: {reason}"));

    /// <summary>Runs to the end.</summary>
    /// <exception cref="ChainCrmException">The server can't be reached, or did not answer at the end.</exception>
    public async Task<LoadResult> RunAsync(string target, CancellationToken cancellation)
    {
        try
        {
            foreach (var connection in _connections) connection.Connect();
        }
        catch (SocketException unreachable)
        {
            throw new ChainCrmException($"The server cannot be reached: {unreachable.Message}", unreachable);
        }

        var start = Stopwatch.GetTimestamp();
        MeasureFrom = start + Ticks(_plan.Warmup);
        if (Source.Total is null) MeasureUntil = MeasureFrom + Ticks(_plan.Duration);
        for (var i = 0; i < _connections.Length; i++)
        {
            // In an open loop the connections take turns, evenly spread over the interval.
            _connections[i].Due = start + (Interval * i / _connections.Length);
            _connections[i].Start();
        }

        await WaitForEndAsync(cancellation);
        var end = Math.Min(Stopwatch.GetTimestamp(), MeasureUntil);
        _isStopping = true;
        foreach (var connection in _connections) connection.StopIfIdle();
        try
        {
            await _allFinished.Task.WaitAsync(LastAnswers, cancellation);
        }
        catch (TimeoutException)
        {
            throw new ChainCrmException($"{Volatile.Read(ref _running)} requests to {target} had no answer {LastAnswers.TotalSeconds:0} s after the end.");
        }

        return LoadResult.From(target, _plan, _recorders.Values, Stopwatch.GetElapsedTime(MeasureFrom, end), _lost) with { NotSent = NotSent() };
    }

    /// <summary>Requests of an open loop that were due while measuring and had no turn, because their connection still waited for an answer.</summary>
    private long NotSent() => Interval == 0
        ? 0
        : _connections.Sum(connection => Math.Max(0, MeasureUntil - Math.Max(connection.Due, MeasureFrom)) / Interval);

    private async Task WaitForEndAsync(CancellationToken cancellation)
    {
        if (Source.Total is not null)
        {
            await _allFinished.Task.WaitAsync(cancellation);
            return;
        }

        if (Interval == 0)
        {
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), MeasureUntil);
            await await Task.WhenAny(Task.Delay(wait, cancellation), _allFinished.Task);
            return;
        }

        await Task.Factory.StartNew(() => SendWhenDue(cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The clock of an open loop. On a thread of its own: the runtime's timers follow a clock that moves only every few milliseconds, and
    /// every request would wait half of that before it is sent.</summary>
    private void SendWhenDue(CancellationToken cancellation)
    {
        while (Stopwatch.GetTimestamp() is var now && now < MeasureUntil)
        {
            foreach (var connection in _connections) connection.Tick(now);
            if (cancellation.WaitHandle.WaitOne(ClockMs)) throw new OperationCanceledException(cancellation);
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
