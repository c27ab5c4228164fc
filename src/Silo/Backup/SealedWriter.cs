using System.Security.Cryptography;
using ChainCrm.Client.Backup;

namespace ChainCrm.Silo.Backup;

/// <summary>Cuts what is written into chunks and seals each: AES-256-GCM, the chunk's number as nonce, its frame bound to it. Only asynchronous writing reaches the output.</summary>
internal sealed class SealedWriter : WriteOnlyStream
{
    private readonly Stream _output;
    private readonly AesGcm _cipher;
    private readonly byte[] _clear = new byte[BackupLimits.ChunkBytes];
    private readonly byte[] _sealed = new byte[BackupEnvelope.FrameBytes + BackupLimits.ChunkBytes + BackupEnvelope.SealBytes];
    private int _used;
    private long _chunk;

    public SealedWriter(Stream output, byte[] chunkKey)
    {
        _output = output;
        _cipher = new AesGcm(chunkKey, BackupEnvelope.SealBytes);
    }

    /// <summary>Journal entries given so far; stands in each frame, so that whoever copies the backup sees how far it is.</summary>
    public long Entries { get; set; }

    /// <summary>Bytes given to the output.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes more; full chunks go to the output.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            // Only when more comes, so that the last chunk is known as the last when it is sealed.
            if (_used == _clear.Length) await SealAsync(isLast: false, cancellationToken);
            var part = buffer[..Math.Min(buffer.Length, _clear.Length - _used)];
            part.CopyTo(_clear.AsMemory(_used));
            _used += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    /// <summary>Seals what is left as the last chunk. A backup that this was not called for is a truncated one.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        await SealAsync(isLast: true, cancellation);
        await _output.FlushAsync(cancellation);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _cipher.Dispose();
        base.Dispose(disposing);
    }

    private async Task SealAsync(bool isLast, CancellationToken cancellation)
    {
        BackupEnvelope.WriteFrame(_sealed, isLast, _used, Entries);
        _cipher.Encrypt(
            BackupEnvelope.NonceOf(_chunk++), _clear.AsSpan(0, _used), _sealed.AsSpan(BackupEnvelope.FrameBytes, _used),
            _sealed.AsSpan(BackupEnvelope.FrameBytes + _used, BackupEnvelope.SealBytes), _sealed.AsSpan(0, BackupEnvelope.FrameBytes));
        var length = BackupEnvelope.FrameBytes + _used + BackupEnvelope.SealBytes;
        _used = 0;
        Bytes += length;
        await _output.WriteAsync(_sealed.AsMemory(0, length), cancellation);
        // The web server goes on with who waited for it on the thread that reads the tills' sockets; packing the next chunk does not belong there.
        await Task.Yield();
    }
}
