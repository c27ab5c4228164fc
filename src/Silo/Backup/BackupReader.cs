using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using ChainCrm.Client.Backup;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;

namespace ChainCrm.Silo.Backup;

/// <summary>Reads one backup from its beginning to its end. What it hands out was sealed by who made the backup; that all of it was there is known only when <see cref="RestAsync"/> has ended.</summary>
internal sealed class BackupReader : IAsyncDisposable
{
    private readonly Stream _file;
    private readonly SealedReader _chunks;
    private readonly BrotliStream _unpacked;
    private readonly BufferedStream _records;
    private readonly byte[] _head = new byte[RecordWriter.HeadBytes];
    private byte[] _fields = new byte[64 * 1024];
    private BackupRecord _kind;
    private int _length;

    private BackupReader(Stream file, SealedReader chunks)
    {
        (_file, _chunks) = (file, chunks);
        _unpacked = new BrotliStream(chunks, CompressionMode.Decompress, leaveOpen: true);
        _records = new BufferedStream(_unpacked, 128 * 1024);
    }

    /// <summary>What it is a backup of.</summary>
    public BackupManifest Manifest { get; private set; } = null!;

    /// <summary>Opens a backup and reads its manifest.</summary>
    /// <exception cref="BackupUnusableException">No backup, wrong key, damaged, altered, or of a newer format.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static async Task<BackupReader> OpenAsync(string path, BackupKey key, CancellationToken cancellation)
    {
        var file = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        try
        {
            var reader = new BackupReader(file, await SealedReader.OpenAsync(file, key, cancellation));
            await reader.ReadManifestAsync(cancellation);
            return reader;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>The journal's entries, from position 1 to the manifest's, without gaps.</summary>
    /// <exception cref="BackupUnusableException">Truncated, damaged or altered.</exception>
    public async IAsyncEnumerable<JournalEntry> EntriesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var position = 1L; position <= Manifest.Position; position++)
        {
            if (await NextAsync(cancellation) != BackupRecord.Entry) throw Wrong($"entry {position} is missing");
            var entry = Read(static fields =>
            {
                var found = new JournalEntry(fields.Number(), fields.Text(), fields.Number(), fields.Text(), fields.Number(), fields.Bytes().ToArray());
                fields.End();
                return found;
            });
            if (entry.Position != position) throw Wrong($"entry {position} is missing");
            yield return entry;
        }
    }

    /// <summary>After all entries: the vault's keys, and then the end, which must fit what came before it.</summary>
    /// <param name="secret">Takes each secret.</param>
    /// <param name="key">Takes each customer's key.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many customers' keys there were.</returns>
    /// <exception cref="BackupUnusableException">Truncated, damaged or altered.</exception>
    public async Task<long> RestAsync(Func<WrappedSecret, ValueTask> secret, Func<WrappedCustomerKey, ValueTask> key, CancellationToken cancellation)
    {
        var count = 0L;
        while (true)
        {
            switch (await NextAsync(cancellation))
            {
                case BackupRecord.Secret:
                    await secret(Read(static fields => new WrappedSecret(fields.Text(), fields.Text(), fields.Bytes().ToArray())));
                    break;
                case BackupRecord.CustomerKey:
                    await key(Read(static fields => new WrappedCustomerKey(fields.Text(), fields.Text(), fields.Text(), fields.Bytes().ToArray())));
                    count++;
                    break;
                case BackupRecord.End:
                    var (entries, keys) = Read(static fields => (fields.Number(), fields.Number()));
                    if (entries != Manifest.Position || keys != count) throw Wrong("it holds another number of entries or keys than it says");
                    if (await _records.ReadAsync(_head.AsMemory(0, 1), cancellation) > 0) throw Wrong("it goes on after its end");
                    await _chunks.FinishAsync(cancellation);
                    return count;
                default:
                    throw Wrong("a record is where none of its kind belongs");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _records.DisposeAsync();
        await _unpacked.DisposeAsync();
        await _chunks.DisposeAsync();
        await _file.DisposeAsync();
    }

    private async Task ReadManifestAsync(CancellationToken cancellation)
    {
        if (await NextAsync(cancellation) != BackupRecord.Manifest) throw Wrong("it does not begin with its manifest");
        try
        {
            Manifest = Read(static fields => BackupManifest.Read(fields.Bytes()));
        }
        catch (JsonException broken)
        {
            throw new BackupUnusableException("The manifest of the backup can't be read: it was made by a newer build, or by none.", broken);
        }

        if (Manifest.Content > BackupManifest.CurrentContent || Manifest.EntryFormat > EntryCodec.Format)
        {
            throw new BackupUnusableException($"The backup was made by ChainCrm {Manifest.Server}, and its content is of format {Manifest.Content} with entries of format {Manifest.EntryFormat}; "
                + $"this build knows {BackupManifest.CurrentContent} and {EntryCodec.Format}. Use the build that made it, or a newer one.");
        }

        if (Manifest.Position < 0) throw Wrong("its manifest names no position");
    }

    private async Task<BackupRecord> NextAsync(CancellationToken cancellation)
    {
        try
        {
            await _records.ReadExactlyAsync(_head, cancellation);
            (_kind, _length) = ((BackupRecord)_head[0], BinaryPrimitives.ReadInt32LittleEndian(_head.AsSpan(1)));
            if (_length < 0 || _length > BackupLimits.RecordBytesMax) throw Wrong("a record is larger than any");
            if (_length > _fields.Length) _fields = new byte[BackupLimits.RecordBytesMax];
            await _records.ReadExactlyAsync(_fields.AsMemory(0, _length), cancellation);
            return _kind;
        }
        catch (Exception broken) when (broken is EndOfStreamException or InvalidDataException or InvalidOperationException)
        {
            throw Wrong("its content ends too early or can't be unpacked", broken);
        }
    }

    private T Read<T>(FieldReader<T> read)
    {
        try
        {
            return read(new RecordFields(_fields.AsSpan(0, _length)));
        }
        catch (InvalidDataException broken)
        {
            throw Wrong("a record has other fields than it should", broken);
        }
    }

    private static BackupUnusableException Wrong(string what, Exception? inner = null) =>
        inner is null ? new($"The backup can't be used: {what}.") : new($"The backup can't be used: {what}.", inner);

    private delegate T FieldReader<out T>(RecordFields fields);
}
