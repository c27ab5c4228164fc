using ChainCrm.TestKit.Postgres;

namespace ChainCrm.Faults.Kinds;

/// <summary>SIGKILL of the server, now and then a second time while it starts.</summary>
internal sealed class ServerKill(string name, Store store) : FaultKind(name, "SIGKILL of the server; one in six also while it starts again", new SiteNeeds(store))
{
    private const int StartingMs = 900;

    public override async Task StrikeAsync(Round round)
    {
        await round.Site.KillAsync();
        if (round.Chance(16)) await round.Site.LaunchAndKillAsync(TimeSpan.FromMilliseconds(round.Random.Next(StartingMs)));
        await WayBackAsync(round);
    }
}

/// <summary>The end of PostgreSQL in one of its ways, now and then together with the server.</summary>
internal sealed class PostgresEnd(string name, PostgresStop how, string what) : FaultKind(name, what, new SiteNeeds(Store.Postgres))
{
    private const int DownMs = 200;

    public override async Task StrikeAsync(Round round)
    {
        var site = round.Site;
        await site.Postgres.CrashAsync(how);
        await round.WithinAsync(DownMs);
        if (round.Chance(20)) await site.KillAsync();
        await WayBackAsync(round, restart: site.Postgres.StartAgainAsync);
    }
}

/// <summary>SIGKILL, and of the writes that no flush covered some are lost, some stay and some are torn at a sector.</summary>
internal sealed class TornPages() : FaultKind("torn-page", "SIGKILL, then of all writes that no flush had covered some are lost, kept, or torn at 512 bytes; one in four is a plain SIGKILL",
    new SiteNeeds(Store.Sqlite, ShimOnServer: true))
{
    public override async Task StrikeAsync(Round round)
    {
        // After a plain kill the next server serves what the one before had written and not flushed: the cut after that must not take it back.
        if (round.Chance(25)) await round.Site.KillAsync();
        else await CutPowerAsync(round);
        await WayBackAsync(round);
    }
}
