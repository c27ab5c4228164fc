namespace ChainCrm.Client;

/// <summary>Every bound of the client and of the command line. Relations between limits are asserted in tests.</summary>
public static class ClientLimits
{
    /// <summary>Stores of a rehearsal that a table shows; JSON has all.</summary>
    public const int RehearsalStoresShown = 20;

    /// <summary>Time between two looks at a rehearsal, milliseconds.</summary>
    public const int RehearsalLookEveryMs = 200;

    /// <summary>Sales in one request to /v1/purchases/batch; the server refuses more.</summary>
    public const int BatchPurchasesMax = 1_000;

    /// <summary>Ids in one request to /v1/audit/customers; the server refuses more.</summary>
    public const int AuditIdsMax = 1_000;

    /// <summary>Tags that a customer carries at most; the server refuses more.</summary>
    public const int VerifyTagsMax = 50;

    /// <summary>Entries asked for in one page of the journal.</summary>
    public const int JournalPageMax = 1_000;

    /// <summary>Characters of an idempotency key.</summary>
    public const int IdempotencyKeyLengthMax = 64;

    /// <summary>Bytes of a reply that the client reads before it gives up on the server.</summary>
    public const int ReplyBytesMax = 64 * 1024 * 1024;

    /// <summary>Milliseconds one attempt may take when nothing else is set.</summary>
    public const int AttemptTimeoutMs = 30_000;

    /// <summary>First pause before a request is tried again; doubles with each attempt, with jitter.</summary>
    public const int RetryDelayMs = 50;

    /// <summary>Longest pause between two attempts, also when the server asks for a longer one.</summary>
    public const int RetryDelayMaxMs = 5_000;

    /// <summary>Attempts after the first when nothing else is set.</summary>
    public const int RetriesMax = 8;

    /// <summary>Milliseconds from the first attempt after which none is begun, when nothing else is set.</summary>
    public const int RetryForMs = 60_000;

    /// <summary>Milliseconds a replay waits for a server that does not answer, when nothing else is set.</summary>
    public const int ReplayRetryForMs = 300_000;

    /// <summary>Milliseconds to connect.</summary>
    public const int ConnectTimeoutMs = 5_000;

    /// <summary>Milliseconds between two lines of a replay that say why it waits.</summary>
    public const int TroubleLineEveryMs = 10_000;

    /// <summary>Lines of a file that replay holds in memory.</summary>
    public const int ReplayLinesMax = 20_000_000;

    /// <summary>Characters of one field of a CSV file.</summary>
    public const int CsvFieldLengthMax = 100_000;

    /// <summary>
    /// Largest amount of one field in minor units, ten times what the server accepts for a sale. With it no sum over
    /// <see cref="ReplayLinesMax"/> lines leaves the range of 64 bits.
    /// </summary>
    public const long ReplayAmountMinorMax = 100_000_000_000;

    /// <summary>Enrolments and store openings in flight while a replay prepares.</summary>
    public const int ReplaySetupInFlight = 32;

    /// <summary>Bad rows that are named one by one; the rest is only counted.</summary>
    public const int BadRowsNamedMax = 20;

    /// <summary>Workers of a replay.</summary>
    public const int ReplayWorkersMax = 64;

    /// <summary>Sales in one request of a replay when nothing else is set: large enough for speed, small enough for a smooth progress bar.</summary>
    public const int ReplayBatchDefault = 250;

    /// <summary>Times a sale that was refused inside a batch with "may pass later" is sent again.</summary>
    public const int TransientRefusalRetriesMax = 50;

    /// <summary>Milliseconds that a closing report waits for the server's totals to show everything recorded.</summary>
    public const int TotalsWaitMs = 60_000;

    /// <summary>Printed codes of coupons in one answer.</summary>
    public const int CodesPageMax = 10_000;

    /// <summary>Member cards that the load generator reads at once.</summary>
    public const int LoadReadersMax = 64;

    /// <summary>Connections of the load generator.</summary>
    public const int LoadConnectionsMax = 4_096;

    /// <summary>Purchases of one customer whose sums verify keeps for checking returns; a return of an older one is counted as not checked.</summary>
    public const int VerifyPurchasesKept = 1_000;

    /// <summary>Visits that a member card shows, and that "the store before this one" is looked for in.</summary>
    public const int VerifyVisitsKept = 5;

    /// <summary>Days of one customer whose spend verify keeps for checking tiers.</summary>
    public const int VerifyDaysKept = 2_000;

    /// <summary>Times verify reads the running system again when it moved while being read.</summary>
    public const int VerifyRoundsMax = 50;

    /// <summary>Differences that verify prints; the rest is only counted.</summary>
    public const int DifferencesShownMax = 50;

    /// <summary>Bytes of a backup key file.</summary>
    public const int BackupKeyFileBytesMax = 4_096;

    /// <summary>Bytes of one chunk of a backup: what a reader holds in memory of it.</summary>
    public const int BackupChunkBytesMax = 1024 * 1024;

    /// <summary>Milliseconds without a byte of a backup after which the server is given up.</summary>
    public const int BackupSilenceMs = 60_000;
}
