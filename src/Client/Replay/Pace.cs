using System.Diagnostics;

namespace ChainCrm.Client.Replay;

/// <summary>When each operation is due: as fast as possible, so many a second, or in the rhythm of the file times a speed.</summary>
internal sealed class Pace
{
    private readonly double? _speed;
    private readonly double? _perSecond;
    private readonly Stopwatch _clock = new();
    private DateTimeOffset _firstTime;

    private Pace(double? speed, double? perSecond) => (_speed, _perSecond) = (speed, perSecond);

    public static Pace AsFastAsPossible => new(null, null);

    /// <summary>So many operations a second.</summary>
    public static Pace Rate(double perSecond) => new(null, perSecond);

    /// <summary>So many times as fast as it really was.</summary>
    public static Pace Speed(double times) => new(times, null);

    /// <summary>Starts the clock at the first operation to be sent.</summary>
    public void Start(DateTimeOffset firstTime)
    {
        _firstTime = firstTime;
        _clock.Restart();
    }

    /// <summary>How long until an operation is due; zero or less when it is.</summary>
    /// <param name="sequence">Place among the operations to be sent, from 0.</param>
    /// <param name="occurredAt">Its time in the file.</param>
    public TimeSpan Until(int sequence, DateTimeOffset occurredAt)
    {
        var due = _perSecond is { } rate ? TimeSpan.FromSeconds(sequence / rate)
            : _speed is { } speed ? (occurredAt - _firstTime) / speed
            : TimeSpan.Zero;
        return due - _clock.Elapsed;
    }
}
