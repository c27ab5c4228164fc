using System.IO.Compression;
using System.Security.Cryptography;
using ChainCrm.Client.Backup;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;

namespace ChainCrm.Silo.Backup;

/// <summary>
/// Writes one backup: manifest, the journal up to the position that the manifest names, then the vault's keys as they are kept, wrapped. The keys come last: a customer
/// who is erased while the journal is being written is erased from the backup too, and whoever enrolled before the position has a key, because a
/// key is on the disk before the first entry that needs it.
/// </summary>
internal static class BackupWriter
{
    /// <summary>Writes it to its end.</summary>
    /// <param name="manifest">What it is a backup of.</param>
    /// <param name="journal">The journal, which goes on meanwhile.</param>
    /// <param name="keys">The vault's keys.</param>
    /// <param name="recipient">Who can open it.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="cancellation">Gives up; what was written is no backup then.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="JournalUnavailableException">The journal can't be read now.</exception>
    /// <exception cref="VaultUnavailableException">The keys can't be read now, or the master key was changed meanwhile.</exception>
    public static async Task<long> WriteAsync(
        BackupManifest manifest, IJournal journal, IWrappedKeys keys, BackupKey recipient, Stream output, CancellationToken cancellation)
    {
        var header = BackupEnvelope.NewHeader(recipient, out var chunkKey);
        await output.WriteAsync(header, cancellation);
        await using var chunks = new SealedWriter(output, chunkKey);
        CryptographicOperations.ZeroMemory(chunkKey);
        var records = new RecordWriter();
        await using (var packed = new BrotliStream(chunks, CompressionLevel.Fastest, leaveOpen: true))
        {
            records.Bytes(manifest.Write()).End(BackupRecord.Manifest);
            await WriteEntriesAsync(manifest.Position, journal, records, packed, chunks, cancellation);
            var count = await WriteKeysAsync(manifest.MasterKeyId, keys, records, packed, cancellation);
            records.Number(manifest.Position).Number(count).End(BackupRecord.End);
            await PassOnAsync(records, packed, cancellation);
        }

        await chunks.FinishAsync(cancellation);
        return header.Length + chunks.Bytes;
    }

    private static async Task WriteEntriesAsync(long upto, IJournal journal, RecordWriter records, Stream packed, SealedWriter chunks, CancellationToken cancellation)
    {
        var position = 0L;
        while (position < upto)
        {
            var entries = await journal.ReadAfterAsync(position, (int)Math.Min(BackupLimits.EntriesPerRead, upto - position), cancellation);
            if (entries.Count == 0) throw new JournalUnavailableException($"The journal ends at {position}, before {upto}, where it stood when the backup began.");
            foreach (var entry in entries)
            {
                if (entry.Position != ++position) throw new JournalUnavailableException($"The journal holds no entry {position}.");
                records.Number(entry.Position).Text(entry.Stream).Number(entry.Version).Text(entry.CommandId).Number(entry.TimeMs).Bytes(entry.Data.Span).End(BackupRecord.Entry);
                if (records.Written.Length >= BackupLimits.PassOnBytes) await PassOnAsync(records, packed, cancellation);
            }

            chunks.Entries = position;
            await PassOnAsync(records, packed, cancellation);
        }
    }

    private static async Task<long> WriteKeysAsync(string masterKeyId, IWrappedKeys keys, RecordWriter records, Stream packed, CancellationToken cancellation)
    {
        foreach (var secret in await keys.SecretsAsync(cancellation))
        {
            CheckMaster(masterKeyId, secret.MasterKeyId);
            records.Text(secret.Name).Text(secret.MasterKeyId).Bytes(secret.Wrapped).End(BackupRecord.Secret);
        }

        var (chain, customer, count) = ("", "", 0L);
        while (true)
        {
            await PassOnAsync(records, packed, cancellation);
            var page = await keys.AfterAsync(chain, customer, BackupLimits.KeysPerRead, cancellation);
            if (page.Count == 0) return count;
            foreach (var key in page)
            {
                CheckMaster(masterKeyId, key.MasterKeyId);
                records.Text(key.Chain).Text(key.Customer).Text(key.MasterKeyId).Bytes(key.Wrapped).End(BackupRecord.CustomerKey);
            }

            count += page.Count;
            (chain, customer) = (page[^1].Chain, page[^1].Customer);
        }
    }

    /// <summary>Keys of two master keys in one backup would open under neither.</summary>
    private static void CheckMaster(string expected, string found)
    {
        if (found != expected) throw new VaultUnavailableException("The master key was changed while the backup was being made. Make it again.");
    }

    private static async Task PassOnAsync(RecordWriter records, Stream packed, CancellationToken cancellation)
    {
        await packed.WriteAsync(records.Written, cancellation);
        records.Clear();
    }
}
