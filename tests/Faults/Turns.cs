using System.Diagnostics;

namespace ChainCrm.Faults;

/// <summary>
/// For a machine that others measure on: the lanes of a campaign work while the lock of a file (flock) is held, and all of them are quiet when it is let go of every
/// now and then. Without a file all turns are ours. Thread-safe.
/// </summary>
internal sealed class Turns(string? file, int lanes)
{
    private readonly Lock _gate = new();
    private Process? _holder;
    private long _since;
    private int _lanes = lanes;
    private int _quiet;
    private TaskCompletionSource _next = New();

    /// <summary>Others may want a turn.</summary>
    public bool IsOver => _holder is not null && Stopwatch.GetElapsedTime(Volatile.Read(ref _since)) > TimeSpan.FromSeconds(FaultsLimits.TurnSeconds);

    public async Task TakeAsync()
    {
        if (file is null) return;
        // The lock is held as long as the other process reads what nobody sends it.
        _holder = Process.Start(new ProcessStartInfo("flock", [file, "sh", "-c", "echo taken; cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        if (await _holder.StandardOutput.ReadLineAsync() != "taken") throw new InvalidOperationException($"The lock {file} can't be taken.");
        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
    }

    public void Give()
    {
        if (_holder is null) return;
        _holder.StandardInput.Close();
        _holder.WaitForExit();
        _holder.Dispose();
        _holder = null;
    }

    /// <summary>A quiet lane waits here until the others are quiet too, others had their turn, and it is ours again.</summary>
    public async Task NextAsync()
    {
        Task next;
        bool last;
        lock (_gate)
        {
            next = _next.Task;
            last = ++_quiet == _lanes;
        }

        if (last) await HandOverAsync();
        await next;
    }

    /// <summary>A lane has nothing left to do.</summary>
    public async Task LeaveAsync()
    {
        bool last;
        lock (_gate) last = --_lanes == _quiet && _lanes > 0;
        if (last) await HandOverAsync();
    }

    private async Task HandOverAsync()
    {
        Give();
        await Task.Delay(FaultsLimits.TurnPauseMs);
        await TakeAsync();
        TaskCompletionSource over;
        lock (_gate) (over, _next, _quiet) = (_next, New(), 0);
        over.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
