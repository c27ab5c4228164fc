namespace ChainCrm.Client.Backup;

/// <summary>Copies a backup from a server and looks at its frames on the way: without the key it can't tell what is in them, but it can tell that all are there.</summary>
public static class BackupCopy
{
    /// <summary>Copies to the end.</summary>
    /// <param name="from">The backup as it comes.</param>
    /// <param name="to">Where it is kept.</param>
    /// <param name="keyId">The id of the backup key it was asked for.</param>
    /// <param name="entries">Told, for each chunk, how many journal entries it added.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Bytes copied.</returns>
    /// <exception cref="BackupUnusableException">It is no backup, is of another key, ends before its last chunk, or goes on after it.</exception>
    public static async Task<long> RunAsync(Stream from, Stream to, byte[] keyId, Action<long> entries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(keyId);
        ArgumentNullException.ThrowIfNull(entries);
        var buffer = new byte[ClientLimits.BackupChunkBytesMax + BackupEnvelope.SealBytes];
        await ReadAsync(BackupEnvelope.HeaderBytes);
        CheckHeader();
        await to.WriteAsync(buffer.AsMemory(0, BackupEnvelope.HeaderBytes), cancellation);
        var (bytes, shown, isLast) = ((long)BackupEnvelope.HeaderBytes, 0L, false);
        while (!isLast)
        {
            await ReadAsync(BackupEnvelope.FrameBytes);
            (isLast, var length, var upto) = BackupEnvelope.ReadFrame(buffer);
            await to.WriteAsync(buffer.AsMemory(0, BackupEnvelope.FrameBytes), cancellation);
            await ReadAsync(length + BackupEnvelope.SealBytes);
            await to.WriteAsync(buffer.AsMemory(0, length + BackupEnvelope.SealBytes), cancellation);
            bytes += BackupEnvelope.FrameBytes + length + BackupEnvelope.SealBytes;
            entries(upto - shown);
            shown = upto;
        }

        if (await from.ReadAsync(buffer.AsMemory(0, 1), cancellation) > 0) throw new BackupUnusableException("The backup goes on after its last chunk.");
        return bytes;

        // One that the operator can't open is found out now and not on the day it is needed.
        void CheckHeader()
        {
            var header = buffer.AsSpan(0, BackupEnvelope.HeaderBytes);
            BackupEnvelope.CheckFormat(header);
            if (!BackupEnvelope.KeyIdOf(header).SequenceEqual(keyId))
                throw new BackupUnusableException($"The server sent a backup for the backup key {Convert.ToHexStringLower(BackupEnvelope.KeyIdOf(header))}, and the key asked for is {Convert.ToHexStringLower(keyId)}.");
        }

        async Task ReadAsync(int count)
        {
            if (await from.ReadAtLeastAsync(buffer.AsMemory(0, count), count, throwOnEndOfStream: false, cancellation) < count)
                throw new BackupUnusableException("The backup is truncated: it ends before its last chunk.");
        }
    }
}
