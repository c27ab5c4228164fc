using System.Globalization;
using System.Reflection;

namespace ChainCrm.Simulation;

/// <summary>
/// What one seed simulates. Each feature is off in some seeds: what is always on hides what only shows without it. Drawn from the seed alone, so
/// the seed is all that a replay needs.
/// </summary>
internal sealed record Swarm
{
    // What callers ask for, beside sales.
    public bool Returns { get; init; }
    public bool Redemptions { get; init; }
    public bool Adjustments { get; init; }
    public bool PayWithPoints { get; init; }
    public bool LateSales { get; init; }
    public bool SoonExpiring { get; init; }
    public bool DirectWakes { get; init; }
    public bool WalkIns { get; init; }
    public bool Enrolments { get; init; }
    public bool ProfileChanges { get; init; }
    public bool ProgrammeChanges { get; init; }
    public bool StoreChanges { get; init; }
    public bool EarningRules { get; init; }
    public bool StoredValue { get; init; }
    public bool Baskets { get; init; }
    public bool Coupons { get; init; }
    public bool TiersEnd { get; init; }
    public bool Tags { get; init; }
    public bool Prices { get; init; }
    public bool Transfers { get; init; }

    // How callers behave.
    public bool ImpatientCallers { get; init; }
    public bool LateDuplicates { get; init; }
    public bool HotCustomer { get; init; }
    public bool LostCallers { get; init; }

    // What goes wrong.
    public bool CommitsFailBefore { get; init; }
    public bool CommitsFailAfter { get; init; }
    public bool CommitsCrash { get; init; }
    public bool CrashesAnywhere { get; init; }
    public bool CleanStops { get; init; }
    public bool LongDowntime { get; init; }
    public bool ReadFaults { get; init; }
    public bool FeedFaults { get; init; }
    public bool SlowCommits { get; init; }
    public bool ClockForward { get; init; }
    public bool ClockBack { get; init; }
    public bool Rival { get; init; }
    public bool VaultFaults { get; init; }
    public bool SnapshotsLost { get; init; }
    public bool FilesLost { get; init; }
    public bool FilesOld { get; init; }

    // Sizes.
    public int Customers { get; init; }
    public int Stores { get; init; }
    public int People { get; init; }
    public int Phones { get; init; }
    public int OutstandingMax { get; init; }
    public int BatchMax { get; init; }
    public int SnapshotEvery { get; init; }
    public int SnapshotWorth { get; init; }
    public int ActivationsMax { get; init; }
    public int LoadsMax { get; init; }
    public int MailboxMax { get; init; }
    public int GrainMailboxMax { get; init; }
    public int RingEntries { get; init; }

    /// <summary>Draws a seed's features and sizes; a crowd has hundreds of customers with few commands each.</summary>
    public static Swarm Draw(Chance chance, bool crowd = false)
    {
        // Half of the features on average, in some seeds nearly all of them and in others hardly any.
        var on = chance.Of([20, 50, 50, 80, 95]);
        bool Feature() => chance.Percent(on);
        var large = chance.OneIn(6);
        return new Swarm
        {
            Returns = Feature(), Redemptions = Feature(), Adjustments = Feature(), PayWithPoints = Feature(), LateSales = Feature(), SoonExpiring = Feature(),
            DirectWakes = Feature(), WalkIns = Feature(), Enrolments = Feature(), ProfileChanges = Feature(), ProgrammeChanges = Feature(), StoreChanges = Feature(),
            ImpatientCallers = Feature(), LateDuplicates = Feature(), HotCustomer = Feature() && !crowd, LostCallers = Feature(),
            CommitsFailBefore = Feature(), CommitsFailAfter = Feature(), CommitsCrash = Feature(), CrashesAnywhere = Feature(), CleanStops = Feature(),
            LongDowntime = Feature(), ReadFaults = Feature(), FeedFaults = Feature(), SlowCommits = Feature(), ClockForward = Feature(), ClockBack = Feature(),
            Rival = Feature(), VaultFaults = Feature(), SnapshotsLost = Feature(), FilesLost = Feature(), FilesOld = Feature(),
            Customers = crowd ? chance.Next(SimulationLimits.CrowdMin, SimulationLimits.CrowdMax) : chance.Next(2, large ? 200 : 12),
            Stores = chance.Next(1, 5),
            People = chance.Next(2, 9),
            Phones = chance.Next(2, 7),
            OutstandingMax = chance.Next(4, 64),
            BatchMax = chance.Of([1, 3, 8, 20, 100]),
            SnapshotEvery = chance.Of([2, 6, 20, 20, 128]),
            SnapshotWorth = chance.Next(1, 9),
            // Little memory for grains, and for the feed, makes nearly every step read the journal again: worth it in some seeds, dear in all.
            ActivationsMax = chance.Of([3, 8, 1_000, 1_000, 1_000, 1_000]),
            LoadsMax = chance.Next(1, 9),
            MailboxMax = chance.Of([12, 40, 1_000]),
            GrainMailboxMax = chance.Of([6, 30, 1_000]),
            RingEntries = chance.Of([8, 64, 256, 1_024]),
            EarningRules = Feature(), StoredValue = Feature(), Baskets = Feature(), Coupons = Feature(), TiersEnd = Feature(), Tags = Feature(), Prices = Feature(), Transfers = Feature(),
        };
    }

    /// <summary>Sizes, and everything that is on.</summary>
    public override string ToString()
    {
        var (on, sizes) = (new List<string>(), new List<string>());
        foreach (var property in typeof(Swarm).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            switch (property.GetValue(this))
            {
                case true:
                    on.Add(property.Name);
                    break;
                case int size:
                    sizes.Add(string.Create(CultureInfo.InvariantCulture, $"{property.Name}={size}"));
                    break;
                default:
                    // What is off need not be said.
                    break;
            }
        }

        return $"{string.Join(' ', sizes)} | {string.Join(' ', on)}";
    }
}
