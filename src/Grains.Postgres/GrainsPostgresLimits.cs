namespace ChainCrm.Grains.Postgres;

/// <summary>Bounds of what the grains keep in PostgreSQL, beside those of <see cref="GrainLimits"/>. Relations between limits are asserted in tests/Tidy.</summary>
public static class GrainsPostgresLimits
{
    /// <summary>Rows of one statement; more go in several, in the same transaction.</summary>
    public const int RowsPerStatement = 10_000;

    /// <summary>Statements that are sent to the server at once.</summary>
    public const int StatementsPerBatch = 500;

    /// <summary>How long reading what a wall starts from may take in the server, milliseconds: it looks at every customer of a chain.</summary>
    public const int WallStartMs = 120_000;

    /// <summary>Connections that read customers' keys at once; further readings wait for one.</summary>
    public const int KeyReadersMax = 2;
}
