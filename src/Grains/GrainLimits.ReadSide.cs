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

    /// <summary>Identities whose holder is kept in memory.</summary>
    public const int IdentitiesCached = 131_072;

    /// <summary>Entries that a follower of the feed takes at a time.</summary>
    public const int FeedReadMax = 2_000;

    /// <summary>Longest wait before something that failed on the read side is tried again, milliseconds.</summary>
    public const int RetryDelayMaxMs = 5_000;

    /// <summary>Length of a slot of the day, milliseconds: 288 slots a day.</summary>
    public const int SlotMs = 5 * 60 * 1_000;

    /// <summary>Slots of a day.</summary>
    public const int SlotsPerDay = 288;

    /// <summary>Entries folded in memory before the read models are written.</summary>
    public const int ReadModelFlushEntries = 5_000;

    /// <summary>Longest time a folded entry waits to be written, milliseconds.</summary>
    public const int ReadModelFlushMs = 500;

    /// <summary>Different stores that a customer's row names; two are enough to tell who buys at several.</summary>
    public const int StoresKeptPerCustomer = 16;

    /// <summary>Days before a customer's latest purchase of which the row knows whether there was one; below 63, they are bits of one number.</summary>
    public const int ActiveDaysKept = 62;

    /// <summary>Days that one query of a store's days returns.</summary>
    public const int StoreDaysMax = 400;

    /// <summary>Customers that one page of ids holds.</summary>
    public const int CustomersPageMax = 1_000;

    /// <summary>Queries of the read models that run at once; more wait.</summary>
    public const int ReadersMax = 4;
}
