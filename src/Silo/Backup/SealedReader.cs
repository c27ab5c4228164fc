using System.Security.Cryptography;
using ChainCrm.Client;
using ChainCrm.Client.Backup;

namespace ChainCrm.Silo.Backup;

/// <summary>Opens the chunks of a backup one after another. Nothing of a chunk is handed on before its seal was found whole, and the end is an end only behind the last chunk.</summary>
internal sealed class SealedReader : ReadOnlyStream
{
    private readonly Stream _input;
    private readonly AesGcm _cipher;
    private readonly byte[] _frame = new byte[BackupEnvelope.FrameBytes];
    private readonly byte[] _sealed = new byte[ClientLimits.BackupChunkBytesMax + BackupEnvelope.SealBytes];
    private readonly byte[] _clear = new byte[ClientLimits.BackupChunkBytesMax];
    private (int From, int To) _open;
    private long _chunk;
    private bool _wasLast;

    private SealedReader(Stream input, byte[] chunkKey)
    {
        _input = input;
        _cipher = new AesGcm(chunkKey, BackupEnvelope.SealBytes);
    }

    /// <summary>Reads the header.</summary>
    /// <exception cref="BackupUnusableException">No backup, of a newer format, made for another key, or damaged.</exception>
    public static async Task<SealedReader> OpenAsync(Stream input, BackupKey key, CancellationToken cancellation)
    {
        var header = new byte[BackupEnvelope.HeaderBytes];
        var length = await input.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation);
        return new SealedReader(input, BackupEnvelope.OpenHeader(header.AsSpan(0, length), key));
    }

    /// <exception cref="BackupUnusableException">The backup is truncated, damaged or altered.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_open.From == _open.To)
        {
            if (_wasLast) return 0;
            await OpenChunkAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _open.To - _open.From);
        _clear.AsMemory(_open.From, count).CopyTo(buffer);
        _open.From += count;
        return count;
    }

    /// <summary>Reads what is left, all of which must be whole, and sees to it that the file ends behind the last chunk.</summary>
    /// <exception cref="BackupUnusableException">The backup is truncated, damaged or altered.</exception>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        while (!_wasLast) await OpenChunkAsync(cancellation);
        if (await _input.ReadAsync(_frame.AsMemory(0, 1), cancellation) > 0) throw new BackupUnusableException("The backup is altered: it goes on after its last chunk.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cipher.Dispose();
            CryptographicOperations.ZeroMemory(_clear);
        }

        base.Dispose(disposing);
    }

    private async Task OpenChunkAsync(CancellationToken cancellation)
    {
        await FillAsync(_frame, cancellation);
        var (isLast, length, _) = BackupEnvelope.ReadFrame(_frame);
        await FillAsync(_sealed.AsMemory(0, length + BackupEnvelope.SealBytes), cancellation);
        try
        {
            _cipher.Decrypt(BackupEnvelope.NonceOf(_chunk), _sealed.AsSpan(0, length), _sealed.AsSpan(length, BackupEnvelope.SealBytes), _clear.AsSpan(0, length), _frame);
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new BackupUnusableException(_chunk == 0
                ? "The backup does not open: it is damaged or altered."
                : $"The backup is damaged or altered: chunk {_chunk + 1} does not open.", mismatch);
        }

        (_chunk, _wasLast, _open) = (_chunk + 1, isLast, (0, length));
    }

    private async Task FillAsync(Memory<byte> bytes, CancellationToken cancellation)
    {
        if (await _input.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation) < bytes.Length)
            throw new BackupUnusableException("The backup is truncated: it ends before its last chunk.");
    }
}
