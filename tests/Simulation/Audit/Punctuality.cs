using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>Points, leases, coupons and tiers end when they are due: never before, and no later than the agenda promises for what happened to the machine meanwhile.</summary>
internal sealed class Punctuality(SimDisk disk, Trouble trouble, SimClock clock, Swarm swarm, Action<string> say)
{
    /// <summary>A time so far back when it is asked for comes from history being read in, and the agenda gathers it for a moment, milliseconds.</summary>
    private const long HistoryMs = 86_400_000;
    private const long GatherMs = 10_000;

    /// <summary>Parts of lots that ended.</summary>
    public int Expiries { get; private set; }

    /// <summary>Of these, by a wake-up.</summary>
    public int Woken { get; private set; }

    /// <summary>Leases that ran out, by a wake-up.</summary>
    public int WokenLeases { get; private set; }

    /// <summary>Coupons that ended, by a wake-up.</summary>
    public int WokenCoupons { get; private set; }

    /// <summary>Tiers that ended or were looked at ahead, by a wake-up.</summary>
    public int WokenTiers { get; private set; }

    /// <summary>What the clock was set back by in all.</summary>
    public long SetBackMs => clock.SetBackMs;

    /// <summary>A part of a lot ended in an entry.</summary>
    public void Expired(JournalEntry entry, long at, BookedLot lot, List<string> wrong)
    {
        Expiries++;
        Woken += entry.CommandId.StartsWith("wake/", StringComparison.Ordinal) ? 1 : 0;
        Check(entry, at, lot, wrong);
    }

    /// <summary>The lease of a basket ran out in an entry.</summary>
    public void RanOut(JournalEntry entry, long at, BookedLot held, List<string> wrong)
    {
        WokenLeases += entry.CommandId.StartsWith("wake/", StringComparison.Ordinal) ? 1 : 0;
        Check(entry, at, held, wrong);
    }

    /// <summary>A coupon ended in an entry.</summary>
    public void Ended(JournalEntry entry, long at, BookedLot held, List<string> wrong)
    {
        WokenCoupons += entry.CommandId.StartsWith("wake/", StringComparison.Ordinal) ? 1 : 0;
        Check(entry, at, held, wrong);
    }

    /// <summary>A tier ended, or was looked at ahead, in an entry.</summary>
    public void TierDue(JournalEntry entry, long at, BookedLot held, List<string> wrong)
    {
        WokenTiers += entry.CommandId.StartsWith("wake/", StringComparison.Ordinal) ? 1 : 0;
        Check(entry, at, held, wrong);
    }

    private void Check(JournalEntry entry, long at, BookedLot lot, List<string> wrong)
    {
        // What the clock was set back by, a time noted before that may be ahead of it.
        var ahead = clock.SetBackMs;
        if (lot.Expires == 0 || lot.Expires > at)
            wrong.Add($"points that end at {lot.Expires} expired at {at}");
        if (at > entry.TimeMs + ahead)
            wrong.Add($"points expired at {at} by the clock of whoever woke, and it was {entry.TimeMs}");
        // With another writer on the same journal the machine may know a grain only as it was, and be asked about it in vain until it has left memory.
        if (lot.GrantedMs == entry.TimeMs || lot.Expires == 0 || swarm.Rival)
            return;
        var due = lot.Expires >= lot.GrantedMs ? lot.Expires : lot.GrantedMs + (lot.Expires < lot.GrantedMs - HistoryMs ? GatherMs : 0);
        var late = entry.TimeMs - due;
        var written = disk.WrittenAtMs(entry.Position);
        var dueSteady = written - late;
        var troubled = trouble.LastBefore(written);
        if (troubled < dueSteady - SimulationLimits.WakeAfterTroubleMsMax)
        {
            if (late > SimulationLimits.WakeLateMsMax)
                wrong.Add($"points due at {due} expired {late} ms later though nothing was wrong");
        }
        else if (written - Math.Max(dueSteady, troubled) > SimulationLimits.WakeAfterTroubleMsMax)
        {
            wrong.Add($"points due at {due} expired {late} ms later, long after the last trouble");
        }
    }

    /// <summary>A lot or a basket that is there in the end.</summary>
    public void StillThere(string stream, string what, long expires)
    {
        if (!swarm.Rival && expires != 0 && expires < clock.NowMs - SimulationLimits.WakeAfterTroubleMsMax)
            say($"{stream}: {what} was due at {expires}, it is {clock.NowMs}, and nothing has woken it");
    }
}
