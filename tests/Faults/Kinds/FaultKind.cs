using ChainCrm.Faults.Shim;

namespace ChainCrm.Faults.Kinds;

/// <summary>A kind of fault: what it needs, and how it strikes and is undone. When it returns, tills are served again.</summary>
internal abstract class FaultKind(string name, string what, SiteNeeds needs)
{
    public string Name => name;

    /// <summary>What is done, for the list of kinds.</summary>
    public string What => what;

    public SiteNeeds Needs => needs;

    /// <summary>One fault.</summary>
    public abstract Task StrikeAsync(Round round);

    /// <summary>Stops the tills where they are, undoes the fault, starts what is not there any more, and lets the tills in again.</summary>
    protected static async Task WayBackAsync(Round round, Action? heal = null, Func<Task>? restart = null)
    {
        var site = round.Site;
        site.Gate.Close();
        // Those that had no answer are to know how far the journal went before they send again; one that hangs longer is not waited for.
        await site.Gate.GatherAsync(FaultsLimits.Workers, TimeSpan.FromMilliseconds(FaultsLimits.NoticeMs));
        heal?.Invoke();
        round.WayBack();
        if (restart is not null) await restart();
        if (site.Server.HasEnded) await site.LaunchAsync();
        await site.OpenAsync();
    }

    /// <summary>Kills the server, and of what was not flushed takes away what a power cut might.</summary>
    protected static async Task CutPowerAsync(Round round)
    {
        var site = round.Site;
        await site.KillAsync();
        var log = site.Shim.Log!;
        PowerCut.Strike(log, round.Random);
        File.Delete(log);
        // Shared memory does not outlive the machine.
        foreach (var shared in Directory.GetFiles(site.DataFolder, "*-shm")) File.Delete(shared);
    }
}
