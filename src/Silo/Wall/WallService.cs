using System.Collections.Concurrent;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Wall;
using ChainCrm.Silo.Operation;

namespace ChainCrm.Silo.Wall;

/// <summary>The live walls of all chains and the one pump that moves them.</summary>
internal sealed class WallService : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, WallChannel> _channels = new(StringComparer.Ordinal);
    private readonly Func<string, WallChannel> _create;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger;
    private readonly Task _pump;
    private int _open;
    private int _ended;

    public WallService(IWallFigures figures, IDirectories directories, WallNames names, ChainOptions options, TimeProvider clock, ILogger<WallService> logger)
    {
        _logger = logger;
        var run = Guid.NewGuid().ToString("n")[..12];
        _create = chain => new WallChannel(chain, run, figures, directories, names, options.Demo, clock, logger);
        _pump = Task.Run(() => PumpAsync(clock));
    }

    /// <summary>The wall of a chain.</summary>
    public WallChannel Channel(string chain) => _channels.GetOrAdd(chain, _create);

    /// <summary>Counts one more open wall; false when there are as many as allowed.</summary>
    public bool TryOpen()
    {
        if (Interlocked.Increment(ref _open) <= HostLimits.WallsMax) return true;
        Interlocked.Decrement(ref _open);
        return false;
    }

    /// <summary>Counts one open wall less.</summary>
    public void Close() => Interlocked.Decrement(ref _open);

    /// <summary>Ends every stream and the pump. Safe to call twice: the server ends the walls early, the service container at the end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1) return;
        foreach (var channel in _channels.Values) channel.End();
        await _stop.CancelAsync();
        await _pump;
        _stop.Dispose();
    }

    private async Task PumpAsync(TimeProvider clock)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(HostLimits.WallTickMs), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var channel in _channels.Values) await TickAsync(channel);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops; streams were ended before.
        }
    }

    private async Task TickAsync(WallChannel channel)
    {
        try
        {
            await channel.TickAsync();
        }
        catch (Exception failure)
        {
            // One broken tick must not end the wall of everybody.
            Log.WallTickFailed(_logger, failure);
        }
    }
}
