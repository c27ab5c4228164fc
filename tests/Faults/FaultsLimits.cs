namespace ChainCrm.Faults;

/// <summary>Every bound of the campaign.</summary>
internal static class FaultsLimits
{
    /// <summary>Tills that send commands, each one after the other.</summary>
    public const int Workers = 8;

    /// <summary>Customers the chain begins with, and stores.</summary>
    public const int Customers = 24, Stores = 4;

    /// <summary>Commands between two faults: at least, and less than.</summary>
    public const int CommandsMin = 20, CommandsBelow = 160;

    /// <summary>Milliseconds of load after them, less than: so that a fault meets every stage of a commit.</summary>
    public const int LoadMsBelow = 40;

    /// <summary>How long anything may take that has to happen, seconds.</summary>
    public const int PatienceSeconds = 90;

    /// <summary>How long a request is waited for, seconds.</summary>
    public const int RequestSeconds = 20;

    /// <summary>How long it is waited for a fault to meet somebody, milliseconds.</summary>
    public const int StrikeMs = 3_000;

    /// <summary>How long it is waited for all tills to notice a fault before the head is read, milliseconds; more than they need when a connection breaks.</summary>
    public const int NoticeMs = 1_500;

    /// <summary>A till waits so long before it sends again, milliseconds.</summary>
    public const int RetryMs = 20;

    /// <summary>A whole audit after so many faults, and at the end.</summary>
    public const int AuditEvery = 25;

    /// <summary>Statements read over HTTP in an audit in between; at the end all are.</summary>
    public const int StatementsSampled = 20;

    /// <summary>Differences printed of one kind.</summary>
    public const int DifferencesShown = 10;

    /// <summary>Seconds of work between two pauses when the machine is shared (--turns), and milliseconds of a pause.</summary>
    public const int TurnSeconds = 50, TurnPauseMs = 1_500;

    /// <summary>Kinds that run at once.</summary>
    public const int LanesMax = 8;

    /// <summary>Characters kept of what a server wrote.</summary>
    public const int SaidMax = 200_000;
}
