using System.Threading.Channels;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Engine;

/// <summary>Writes snapshots behind everybody's back, many at a time. Bounded: when too many wait, new ones are not taken.</summary>
internal sealed class SnapshotWriter
{
    private readonly ISnapshotStore _store;
    private readonly ILogger _logger;
    private readonly Channel<(string Stream, Snapshot Snapshot)> _waiting =
        Channel.CreateBounded<(string, Snapshot)>(new BoundedChannelOptions(EngineLimits.SnapshotsWaitingMax) { SingleReader = true });
    private Task _running = Task.CompletedTask;

    public SnapshotWriter(ISnapshotStore store, ILogger logger) => (_store, _logger) = (store, logger);

    public void Start() => _running = Task.Run(RunAsync);

    public bool TryKeep(string stream, Snapshot snapshot) => _waiting.Writer.TryWrite((stream, snapshot));

    /// <summary>Keeps one, waiting for room.</summary>
    public ValueTask KeepAsync(string stream, Snapshot snapshot) => _waiting.Writer.WriteAsync((stream, snapshot));

    /// <summary>Takes no more and completes when everything is written.</summary>
    public Task StopAsync()
    {
        _waiting.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync()
    {
        var batch = new List<(string, Snapshot)>();
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < EngineLimits.SnapshotBatchMax && _waiting.Reader.TryRead(out var item))
                batch.Add(item);
            try
            {
                await _store.SaveAsync(batch).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                // Losing snapshots loses nothing but time.
                EngineLog.SnapshotsFailed(_logger, failure, batch.Count);
            }
            batch.Clear();
        }
    }
}
