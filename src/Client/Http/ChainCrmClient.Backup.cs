using System.Globalization;
using System.Text.Json;
using ChainCrm.Client.Backup;
using ChainCrm.Client.Http;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client;

/// <summary>Backups.</summary>
public sealed partial class ChainCrmClient
{
    /// <summary>Begins a backup of the whole installation, sealed for a backup key. Not tried again: each attempt is a backup of its own.</summary>
    /// <param name="publicKey">The public half of the backup key.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ChainCrmException">The server refused, or gave no answer.</exception>
    public async Task<BackupDownload> BackupAsync(byte[] publicKey, CancellationToken cancellation = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/backup");
        message.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new BackupRequest { PublicKey = Convert.ToBase64String(publicKey) }, WireJson.Default.BackupRequest));
        message.Content.Headers.ContentType = Json;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_options.AttemptTimeout);
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            if (!response.IsSuccessStatusCode)
                throw new ChainCrmException(new Attempt(response.StatusCode, await response.Content.ReadAsByteArrayAsync(timeout.Token), null).ReadProblem());
            if (!response.Headers.TryGetValues(BackupEnvelope.EntriesHeader, out var values)
                || !long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var entries))
                throw new ChainCrmException($"The answer of {_options.Server} is no backup.");
            var download = new BackupDownload(response, _options.Server, BackupKey.IdOf(publicKey), entries);
            response = null;
            return download;
        }
        catch (HttpRequestException unreachable)
        {
            throw new ChainCrmException($"No answer from {_options.Server}: {unreachable.Message}", unreachable);
        }
        catch (OperationCanceledException cut) when (!cancellation.IsCancellationRequested)
        {
            throw new ChainCrmException($"No answer from {_options.Server} within {_options.AttemptTimeout.TotalSeconds:0.#} s.", cut);
        }
        finally
        {
            response?.Dispose();
        }
    }
}
