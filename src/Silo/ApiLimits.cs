namespace ChainCrm.Silo;

/// <summary>Every bound of the HTTP API. Relations between limits are asserted in tests/Tidy.</summary>
public static class ApiLimits
{
    /// <summary>Characters of a printed code, with spaces and hyphens as people type them.</summary>
    public const int CodeLengthMax = 40;

    /// <summary>Printed codes in one answer.</summary>
    public const int CodesPageMax = 10_000;

    /// <summary>Calendars of time zones kept in memory; a programme of one zone more pays for its look-up with each sale.</summary>
    public const int CalendarsKept = 1_024;

    /// <summary>Bytes of a request body.</summary>
    public const int BodyBytesMax = 2 * 1024 * 1024;

    /// <summary>Bytes of the body of a batch or of a programme rehearsal.</summary>
    public const int BatchBodyBytesMax = 16 * 1024 * 1024;

    /// <summary>Purchases in one batch.</summary>
    public const int BatchPurchasesMax = 1_000;

    /// <summary>Purchases of one batch that are on their way to the engine at once.</summary>
    public const int BatchParallelMax = 64;

    /// <summary>Days that a rehearsal may go back.</summary>
    public const int RehearsalDaysDefault = 90;
    public const int RehearsalDaysMax = 400;

    /// <summary>How far ahead a quote looks, in days; the refusal's sentence names the number.</summary>
    public const long QuoteAheadDaysMax = 3_660;

    /// <summary>How often a quote of a return looks for its facts anew because goods of the receipt came back meanwhile.</summary>
    public const int ReturnQuoteAttemptsMax = 3;

    /// <summary>Values of a condition that a sentence names; the rest is counted.</summary>
    public const int ConditionValuesNamed = 5;

    /// <summary>Versions of the programme on a page.</summary>
    public const int VersionPageDefault = 20;
    public const int VersionPageMax = 100;

    /// <summary>Levels of nesting in a JSON body.</summary>
    public const int JsonDepthMax = 32;

    /// <summary>Characters of an idempotency key; store id, slash and key fit a command id.</summary>
    public const int IdempotencyKeyMax = 64;

    /// <summary>Characters of a store id.</summary>
    public const int StoreIdMax = 32;

    /// <summary>Characters of a person's name.</summary>
    public const int NameMax = 100;

    /// <summary>Lines of a statement page, and the number when the caller does not say.</summary>
    public const int StatementPageMax = 200;
    public const int StatementPageDefault = 50;

    /// <summary>Customers of a list page, and the number when the caller does not say. Each one is a grain to be activated.</summary>
    public const int CustomerPageMax = 200;
    public const int CustomerPageDefault = 50;

    /// <summary>Entries of a journal page.</summary>
    public const int JournalPageMax = 1_000;
    public const int JournalPageDefault = 200;

    /// <summary>Customers of one audit request.</summary>
    public const int AuditCustomersMax = 1_000;

    /// <summary>Grains that one list or audit request reads at once.</summary>
    public const int ReadParallelMax = 64;

    /// <summary>Days of one store that a request returns.</summary>
    public const int StoreDaysMax = 400;

    /// <summary>Dates of expiring points that a member card shows.</summary>
    public const int ExpiringDatesMax = 12;

    /// <summary>Field-by-field refusals that one problem lists.</summary>
    public const int ProblemErrorsMax = 100;

    /// <summary>Access keys and sessions whose check is remembered.</summary>
    public const int VerifiedMax = 20_000;

    /// <summary>Sessions ended by their user that are remembered until they would have ended anyway.</summary>
    public const int EndedSessionsMax = 100_000;

    /// <summary>Hours that a session of the dashboard lasts.</summary>
    public const int SessionHours = 12;

    /// <summary>Seconds that a caller should wait before it tries again.</summary>
    public const int RetryAfterSeconds = 1;

    /// <summary>The same when the disk is full: someone has to make room first.</summary>
    public const int RetryAfterDiskFullSeconds = 30;

    /// <summary>Bytes that a reply buffer keeps between requests; larger ones are given back.</summary>
    public const int ReplyBufferKeptBytes = 256 * 1024;

    /// <summary>Entries of an identity that are searched for its former holders when a repeated request names one that is nobody's now.</summary>
    public const int FormerHolderEntriesMax = 64;

    /// <summary>Characters of a time with its offset.</summary>
    public const int TimeTextMax = 40;

    /// <summary>Characters of a telephone number as people type it.</summary>
    public const int PhoneTypedMax = 40;

    /// <summary>Digits of a telephone number with its country code (E.164).</summary>
    public const int PhoneDigitsMax = 15;

    /// <summary>Characters of the id within an access key.</summary>
    public const int AccessKeyIdMax = 64;

    /// <summary>Characters of the secret within an access key.</summary>
    public const int AccessKeySecretMax = 128;
}
