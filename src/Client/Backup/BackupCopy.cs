namespace ChainCrm.Client.Backup;

/// <summary>Copies a backup from a server and looks at its frames on the way: without the key it can't tell what is in them, but it can tell that all are there.</summary>
public static class BackupCopy
{
    /// <summary>Copies to the end.</summary>
    /// <param name="from">The backup as it comes.</param>
    /// <param name="to">Where it is kept.</param>
    /// <param name="entries">Told, for each chunk, how many journal entries it added.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Bytes copied.</returns>
    /// <exception cref="BackupUnusableException">It is no backup, ends before its last chunk, or goes on after it.</exception>
    public static async Task<long> RunAsync(Stream from, Stream to, Action<long> entries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(entries);
        var buffer = new byte[ClientLimits.BackupChunkBytesMax + BackupEnvelope.SealBytes];
        await ReadAsync(BackupEnvelope.HeaderBytes);
        BackupEnvelope.CheckFormat(buffer.AsSpan(0, BackupEnvelope.HeaderBytes));
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

        async Task ReadAsync(int count)
        {
            if (await from.ReadAtLeastAsync(buffer.AsMemory(0, count), count, throwOnEndOfStream: false, cancellation) < count)
                throw new BackupUnusableException("The backup is truncated: it ends before its last chunk.");
        }
    }
}
