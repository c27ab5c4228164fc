namespace ChainCrm.Silo.Operation;

/// <summary>Says when the disk of the data folder runs low. The reading is kept for a few seconds, since health is asked often.</summary>
internal sealed class DiskWatch(string folder, int lowMegabytes, TimeProvider clock)
{
    private const long KeepMs = 5_000;
    private readonly DriveInfo _drive = new(Path.GetFullPath(folder));
    private long _readAtMs = long.MinValue / 2;
    private long _freeMegabytes;

    /// <summary>Free megabytes for this user; -1 when the disk does not say.</summary>
    public long FreeMegabytes()
    {
        var now = clock.GetTimestamp() / (clock.TimestampFrequency / 1000);
        if (now - Interlocked.Read(ref _readAtMs) < KeepMs) return Interlocked.Read(ref _freeMegabytes);
        Interlocked.Exchange(ref _readAtMs, now);
        long free;
        try
        {
            free = _drive.AvailableFreeSpace / (1024 * 1024);
        }
        catch (IOException)
        {
            free = -1;
        }
        Interlocked.Exchange(ref _freeMegabytes, free);
        return free;
    }

    /// <summary>disk.low, or null.</summary>
    public string? Check() => FreeMegabytes() is >= 0 and var free && free < lowMegabytes ? "disk.low" : null;
}
