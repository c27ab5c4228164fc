namespace ChainCrm.Faults.Kinds;

/// <summary>A fault of the disk that the server outlives, or dies in.</summary>
internal abstract class DiskFault(string name, string what) : FaultKind(name, what + "; half of them end with SIGKILL, half of those with a power cut", new SiteNeeds(Store.Sqlite, ShimOnServer: true))
{
    public sealed override async Task StrikeAsync(Round round)
    {
        var lasts = await BeginAsync(round);
        await round.WithinAsync(lasts);
        if (round.Chance(25)) await CutPowerAsync(round);
        else if (round.Chance(33)) await round.Site.KillAsync();
        await WayBackAsync(round, heal: round.Site.Shim.Heal);
    }

    /// <summary>Begins the fault and waits until it meets somebody; how long it goes on at most, milliseconds.</summary>
    protected abstract Task<int> BeginAsync(Round round);
}

/// <summary>Flushes that fail, with the data on the disk or without.</summary>
internal sealed class FlushErrors() : DiskFault("fsync-error", "1 to 6 flushes in a row fail with EIO, after they flushed or without having flushed")
{
    protected override async Task<int> BeginAsync(Round round)
    {
        var shim = round.Site.Shim;
        await round.StrikesAsync(() => shim.FlushesFailed, () => shim.FailFlushes(1 + round.Random.Next(6), flushFirst: round.Chance(50)));
        return 60;
    }
}

/// <summary>Flushes that take seconds.</summary>
internal sealed class SlowFlushes() : DiskFault("slow-fsync", "1 or 2 flushes take 0.5 to 2.5 s")
{
    protected override async Task<int> BeginAsync(Round round)
    {
        var (shim, milliseconds) = (round.Site.Shim, 500 + round.Random.Next(2_000));
        await round.StrikesAsync(() => shim.FlushesSlowed, () => shim.SlowFlushesBy(1 + round.Random.Next(2), milliseconds));
        return milliseconds;
    }
}

/// <summary>A disk without room.</summary>
internal sealed class DiskFull() : DiskFault("disk-full", "after 0 to 40 KB every write fails with ENOSPC, the last one before is cut short")
{
    private const int RoomBelow = 40_000;

    protected override async Task<int> BeginAsync(Round round)
    {
        var shim = round.Site.Shim;
        await round.StrikesAsync(() => shim.WritesRefused, () => shim.LeaveRoom(round.Random.Next(RoomBelow)));
        return 200;
    }
}

/// <summary>A flush of PostgreSQL that fails: it gives up everything and recovers by itself.</summary>
internal sealed class PostgresFlushError() : FaultKind("postgres-fsync-error", "a flush of PostgreSQL fails with EIO: it panics and recovers by itself", new SiteNeeds(Store.Postgres, ShimOnPostgres: true))
{
    public override async Task StrikeAsync(Round round)
    {
        var shim = round.Site.Shim;
        await round.StrikesAsync(() => shim.FlushesFailed, () => shim.FailFlushes(1, flushFirst: round.Chance(50)));
        await WayBackAsync(round, heal: shim.Heal);
    }
}

/// <summary>The time of day jumps.</summary>
internal sealed class ClockJump() : FaultKind("clock-jump", "the time of day jumps by up to 40 days, forth or back; one in four together with a SIGKILL", new SiteNeeds(Store.Sqlite, ShimOnServer: true))
{
    private static readonly int[] SecondsMax = [2, 120, 3_600, 86_400, 40 * 86_400];

    public override async Task StrikeAsync(Round round)
    {
        var seconds = SecondsMax[round.Random.Next(SecondsMax.Length)];
        round.Site.Shim.MoveClock(TimeSpan.FromSeconds(round.Random.Next(-seconds, seconds + 1)));
        await round.WithinAsync(100);
        if (round.Chance(25)) await round.Site.KillAsync();
        await WayBackAsync(round);
    }
}
