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
}
