namespace ChainCrm.Simulation;

/// <summary>Every bound of the simulation: how much a run does, and how late things may be in virtual time.</summary>
internal static class SimulationLimits
{
    /// <summary>People whom members of one chain recommend.</summary>
    public const int FriendsMax = 16;

    /// <summary>Commands of one seed when nothing else is asked for.</summary>
    public const int CommandsPerSeed = 1_500;

    /// <summary>Seeds that <c>./test</c> repeats every time.</summary>
    public const int RegressionSeeds = 500;

    /// <summary>Commands of each of those.</summary>
    public const int RegressionCommands = 400;

    /// <summary>How long <c>./test</c> looks for new ground with few customers and many commands, seconds.</summary>
    public const int FreshSeconds = 120;

    /// <summary>Customer histories that <c>./test</c> audits in fresh seeds with many customers and few commands for each.</summary>
    public const int CrowdHistories = 100_000;

    /// <summary>Customers of such a seed, from and to below.</summary>
    public const int CrowdMin = 250;
    public const int CrowdMax = 600;

    /// <summary>Bytes that buffers for entries start with: those of a server are a megabyte each, and making them with every start took a tenth of all time.</summary>
    public const int BufferStartBytes = 4_096;

    /// <summary>Answered requests that a late duplicate may repeat.</summary>
    public const int AnsweredKept = 4_000;

    /// <summary>Seeds within which a deliberate break must be noticed; most show at once.
    /// The agenda's lost wake-up shows in one of thirteen; forty were too few when the steps of the seeds changed.</summary>
    public const int BreakSeeds = 120;

    /// <summary>Time between two looks at which seeds run, milliseconds.</summary>
    public const int SeedLookEveryMs = 1_000;

    /// <summary>Looks that may find the same seed, which takes a tenth of a second; after that something in it never ends.</summary>
    public const int SeedLooksMax = 300;

    /// <summary>Steps after which a run that does not get on is given up, for each command.</summary>
    public const int StepsPerCommand = 400;

    /// <summary>Turns without any progress after which a quiet machine is taken for one that goes round in circles.</summary>
    public const int QuietTurnsMax = 200_000;

    /// <summary>The same once something has gone wrong: a machine that was broken on purpose may go round in circles, and what is to be found is found.</summary>
    public const int QuietTurnsAfterWrongMax = 5_000;

    /// <summary>What is wrong, of one run.</summary>
    public const int FindingsMax = 50;

    /// <summary>Virtual time between a wake-up's due time and its entry on a machine that nothing troubles, milliseconds: the second the agenda promises, and the commit.</summary>
    public const long WakeLateMsMax = 1_500;

    /// <summary>Baskets that tills remember.</summary>
    public const int BasketsKnown = 200;

    /// <summary>Coupons of one customer that tills remember.</summary>
    public const int CouponsKnown = 30;

    /// <summary>The same after trouble (a start, a failed commit, a clock that was set): a look every ten seconds, a retry every five, and the commits.</summary>
    public const long WakeAfterTroubleMsMax = 40_000;

    /// <summary>Virtual time that the faults have been over when everything must have come to its end, milliseconds: reservations run out, and what was refused is tried again.</summary>
    public const long SettleMs = 300_000;

    /// <summary>Virtual time without an entry after which the read side must show all there is, milliseconds: the read models are written every second and a half.</summary>
    public const long RestMs = 2_000;

    /// <summary>Such times after which a journal that still grows, though nobody asks for anything, is taken for one that never comes to rest.</summary>
    public const int RestRoundsMax = 500;

    /// <summary>Rounds of retries in which every caller must have been answered once the faults are over.</summary>
    public const int SettleRoundsMax = 200;

    /// <summary>Times a machine may fail to start in a row.</summary>
    public const int StartsMax = 200;
}
