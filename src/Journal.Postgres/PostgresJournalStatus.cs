namespace ChainCrm.Journal.Postgres;

/// <summary>How a journal on PostgreSQL is doing at a moment.</summary>
public sealed record PostgresJournalStatus
{
    /// <summary>Position of the last committed entry that this process knows of.</summary>
    public required long Head { get; init; }

    /// <summary>True while notices of other processes' commits arrive.</summary>
    public required bool Listening { get; init; }

    /// <summary>Why they do not, or null.</summary>
    public required string? ListenFault { get; init; }
}
