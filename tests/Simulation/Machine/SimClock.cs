namespace ChainCrm.Simulation;

/// <summary>
/// Virtual time: a steady clock that timers run on, and a wall clock that may be set forward or back beside it, as on a real machine. Timers fire
/// within <see cref="AdvanceTo"/> in the order they are due.
/// </summary>
internal sealed class SimClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 4, 0, 0, TimeSpan.Zero);
    private readonly PriorityQueue<(SimTimer Timer, int Arming), (long Due, long Number)> _timers = new();
    private long _steady;
    private long _offset;
    private long _number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Steady time in ticks; begins at one, because zero stands for "not yet" here and there.</summary>
    public long Steady => _steady + 1;

    public long SteadyMs => _steady / TimeSpan.TicksPerMillisecond;

    /// <summary>What the wall clock shows, milliseconds since 1970.</summary>
    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>How far the clock was set back in all, milliseconds.</summary>
    public long SetBackMs { get; private set; }

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(_steady + _offset);

    public override long GetTimestamp() => Steady;

    /// <summary>When the next timer is due; null when none is.</summary>
    public long? NextDue
    {
        get
        {
            while (_timers.TryPeek(out var next, out var order))
            {
                if (next.Timer.Arming == next.Arming)
                    return order.Due;
                _timers.Dequeue();
            }

            return null;
        }
    }

    public void Advance(TimeSpan by) => AdvanceTo(Steady + by.Ticks);

    /// <summary>Lets time pass and fires what came due.</summary>
    public void AdvanceTo(long steady)
    {
        while (NextDue is { } due && due <= steady)
        {
            _steady = Math.Max(_steady, due - 1);
            _timers.Dequeue().Timer.Fire();
        }

        _steady = Math.Max(_steady, steady - 1);
    }

    /// <summary>Sets the wall clock; timers do not mind.</summary>
    public void Set(TimeSpan by)
    {
        _offset += by.Ticks;
        if (by < TimeSpan.Zero)
            SetBackMs += -(long)by.TotalMilliseconds;
    }

    /// <summary>The machine is off: nothing of it is waited for any more.</summary>
    public void ForgetTimers() => _timers.Clear();

    /// <summary>Runs something after a while.</summary>
    public void After(TimeSpan delay, Action what) => CreateTimer(static act => ((Action)act!)(), what, delay, Timeout.InfiniteTimeSpan);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer(SimClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Which arming counts: an earlier one that is still in the queue does nothing.</summary>
        public int Arming { get; private set; }

        public void Fire()
        {
            Arming++;
            if (_period > TimeSpan.Zero)
                Arm(_period);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Arming++;
            _period = period;
            if (dueTime >= TimeSpan.Zero)
                Arm(dueTime);
            return true;
        }

        public void Dispose() => Arming++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan after) => clock._timers.Enqueue((this, Arming), (clock.Steady + after.Ticks, ++clock._number));
    }
}
