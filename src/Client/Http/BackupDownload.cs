using ChainCrm.Client.Backup;

namespace ChainCrm.Client;

/// <summary>A backup on its way from the server.</summary>
public sealed class BackupDownload : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Uri _server;
    private readonly byte[] _keyId;

    internal BackupDownload(HttpResponseMessage response, Uri server, byte[] keyId, long entries) => (_response, _server, _keyId, Entries) = (response, server, keyId, entries);

    /// <summary>Journal entries that the server says are in it.</summary>
    public long Entries { get; }

    /// <summary>Takes all of it; it is a backup only when this returns.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="advance">Told how many entries came since it was told before.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ChainCrmException">The server broke off, or was silent for <see cref="ClientLimits.BackupSilenceMs"/>.</exception>
    /// <exception cref="BackupUnusableException">What came is no whole backup, or is for another key.</exception>
    public async Task<long> CopyAsync(Stream output, Action<long> advance, CancellationToken cancellation = default)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(ClientLimits.BackupSilenceMs);
        try
        {
            await using var body = await _response.Content.ReadAsStreamAsync(silence.Token);
            return await BackupCopy.RunAsync(body, output, _keyId, count =>
            {
                silence.CancelAfter(ClientLimits.BackupSilenceMs);
                advance(count);
            }, silence.Token);
        }
        catch (OperationCanceledException cut) when (!cancellation.IsCancellationRequested)
        {
            throw new ChainCrmException($"{_server} sent nothing of the backup for {ClientLimits.BackupSilenceMs / 1_000} s.", cut);
        }
        catch (Exception broken) when (broken is HttpRequestException or HttpIOException)
        {
            throw new ChainCrmException($"{_server} broke off in the middle of the backup: {broken.Message}", broken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
