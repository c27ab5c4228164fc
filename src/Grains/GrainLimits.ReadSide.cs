namespace ChainCrm.Grains;

public static partial class GrainLimits
{
    /// <summary>Requests for a customer's key that wait in the vault; the next ones wait to be let in.</summary>
    public const int VaultQueueMax = 16_384;

    /// <summary>Requests for a customer's key that the vault commits together.</summary>
    public const int VaultBatchMax = 2_048;

    /// <summary>Unwrapped customer keys kept in memory.</summary>
    public const int VaultKeysCached = 65_536;

    /// <summary>Keys of blind indexes kept in memory: chains times kinds of identities. Beyond, they are derived at each use.</summary>
    public const int IndexKeysCached = 1_024;

    /// <summary>Idle hashes kept for one key of an index or of fingerprints, never more than there are processors.</summary>
    public const int IdleHashesPerKey = 16;

    /// <summary>Identities whose holder is kept in memory.</summary>
    public const int IdentitiesCached = 131_072;

    /// <summary>Entries that a follower of the feed takes at a time.</summary>
    public const int FeedReadMax = 2_000;

    /// <summary>Entries in one read from which on the feed counts as busy.</summary>
    public const int FeedBusyEntries = 16;

    /// <summary>Wait between two reads of a busy feed, milliseconds; the feed's ring holds many times what is committed meanwhile.</summary>
    public const int FeedPaceMs = 10;

    /// <summary>Longest wait before something that failed on the read side is tried again, milliseconds.</summary>
    public const int RetryDelayMaxMs = 5_000;

    /// <summary>Length of a slot of the day, milliseconds: 288 slots a day.</summary>
    public const int SlotMs = 5 * 60 * 1_000;

    /// <summary>Slots of a day.</summary>
    public const int SlotsPerDay = 288;

    /// <summary>Entries folded in memory before the read models are written: above what comes in <see cref="ReadModelFlushMs"/>.</summary>
    public const int ReadModelFlushEntries = 40_000;

    /// <summary>Pages of changes of readmodels.db that wait beside it before they are moved into it.</summary>
    public const int ReadModelWalPages = 16_000;

    /// <summary>Bytes to which the file of waiting changes is cut back afterwards.</summary>
    public const int ReadModelWalBytesKept = 64 * 1024 * 1024;

    /// <summary>Longest time a folded entry waits to be written, milliseconds.</summary>
    public const int ReadModelFlushMs = 1_500;

    /// <summary>Longest time that the read side takes over its last write when it is stopped, milliseconds.</summary>
    public const int LastWriteMs = 2_000;

    /// <summary>Different stores that a customer's row names; two are enough to tell who buys at several.</summary>
    public const int StoresKeptPerCustomer = 16;

    /// <summary>Days before a customer's latest purchase of which the row knows whether there was one; below 63, they are bits of one number.</summary>
    public const int ActiveDaysKept = 62;

    /// <summary>Days that one query of a store's days returns.</summary>
    public const int StoreDaysMax = 400;

    /// <summary>Entries of one customer that a rehearsal reads at once.</summary>
    public const int RehearsalPage = 500;

    /// <summary>Customers a rehearsal names as those who gain most.</summary>
    public const int RehearsalMostKept = 10;

    /// <summary>Customers that one page of ids holds.</summary>
    public const int CustomersPageMax = 1_000;

    /// <summary>Queries of the read models that run at once; more wait.</summary>
    public const int ReadersMax = 4;

    /// <summary>Changes of the agenda folded in memory before they are written at once.</summary>
    public const int AgendaFlushChanges = 5_000;

    /// <summary>Longest time a change of the agenda waits to be written, milliseconds. Below the second within which the agenda fires.</summary>
    public const int AgendaFlushMs = 250;

    /// <summary>Grains woken in one round.</summary>
    public const int AgendaRoundMax = 1_024;

    /// <summary>Grains being woken at once; far below a partition's mailbox, so that waking never crowds out tills.</summary>
    public const int AgendaConcurrencyMax = 64;

    /// <summary>Times a grain that has nothing due at its own time is asked again, before it is taken off the agenda.</summary>
    public const int AgendaNothingDueTriesMax = 5;

    /// <summary>The agenda looks at the clock at least this often, milliseconds: a clock that was set forward is noticed.</summary>
    public const int AgendaLookEveryMs = 10_000;

    /// <summary>A wake-up asked for at a time further back than this comes from history being read in, milliseconds.</summary>
    public const long BackdatedAfterMs = 24 * 60 * 60 * 1_000;

    /// <summary>How long such a wake-up waits for others of its grain, milliseconds.</summary>
    public const long BackdatedWakeDelayMs = 10_000;

    /// <summary>Longest time that the agenda puts off a wake-up at once, milliseconds: one that is to be tried later than this was put off by a clock that has been set back since.</summary>
    public const long AgendaPutOffMaxMs = 10_000;

    /// <summary>How long an identity is held for an enrolment under way before somebody asks what became of it, milliseconds.</summary>
    public const long IdentityReservationMs = 120_000;

    /// <summary>Locks that the processes of customers share.</summary>
    public const int ProcessLocks = 1_024;

    /// <summary>Times a reservation is tried while another enrolment holds the identity.</summary>
    public const int ReserveAttemptsMax = 6;

    /// <summary>First wait between those, milliseconds; each next one is twice as long.</summary>
    public const int ReserveWaitMs = 10;

    /// <summary>Stores whose figures a wall keeps for a day.</summary>
    public const int WallStoresMax = 20_000;

    /// <summary>Pairs of stores whose flow a wall keeps for a day.</summary>
    public const int WallFlowPairsMax = 200_000;

    /// <summary>Flows that a wall shows.</summary>
    public const int WallFlowsShown = 30;

    /// <summary>Members that a wall can tell apart in a day.</summary>
    public const int WallActiveMembersMax = 5_000_000;

    /// <summary>Ticker lines kept between two takes of the changes.</summary>
    public const int WallLinesKept = 50;
}
