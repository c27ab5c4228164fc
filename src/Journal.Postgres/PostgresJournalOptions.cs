using System.Text;
using Npgsql;

namespace ChainCrm.Journal.Postgres;

/// <summary>Where a journal on PostgreSQL lives. Its text never shows a connection string: that holds a password.</summary>
public sealed record PostgresJournalOptions
{
    /// <summary>How the server is reached, as Npgsql writes it: <c>Host=...;Database=...;Username=...;Password=...</c>. The role needs no more rights than
    /// docs/operations/postgres.md grants to the application.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The same with the role that owns the schema, used at the start only, and only when tables have to be made or changed.
    /// Empty when the role of <see cref="ConnectionString"/> may do that.</summary>
    public string MigrationConnectionString { get; init; } = "";

    /// <summary>The schema that holds the tables: a-z, 0-9 and _, beginning with a letter, at most <see cref="PostgresLimits.SchemaLengthMax"/> characters.
    /// Several chains on one server have one each.</summary>
    public string Schema { get; init; } = "chaincrm";

    /// <summary>Connections that read, 1 to <see cref="PostgresLimits.ReadersMax"/>.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>True when no other process that says the same may have the schema at the same time: for a server that keeps grains in memory. It is a guard
    /// against a second server started by mistake; what holds when two append nevertheless are expected versions and command ids.</summary>
    public bool Alone { get; init; }

    /// <summary>True for the copy that fills a schema sealed for it (<see cref="SealReason.Filling"/>), which nobody else may open.</summary>
    public bool Filling { get; init; }

    /// <summary>How long the server works on one statement before it gives up; tests make it short.</summary>
    internal TimeSpan Statement { get; init; } = TimeSpan.FromMilliseconds(PostgresLimits.StatementMs);

    /// <summary>How often the head is read although nobody gave notice; tests make it long to see that notices suffice, or short to see it at work.</summary>
    internal TimeSpan SafetyPoll { get; init; } = TimeSpan.FromMilliseconds(PostgresLimits.SafetyPollMs);

    /// <summary>Refuses what is out of its bounds. Nothing of a connection string is in the message.</summary>
    /// <exception cref="ArgumentException">Says what is wrong.</exception>
    public void Check()
    {
        CheckConnection(ConnectionString, nameof(ConnectionString));
        if (MigrationConnectionString is not "") CheckConnection(MigrationConnectionString, nameof(MigrationConnectionString));
        if (!IsSchema(Schema))
            throw new ArgumentException($"A schema's name is 1 to {PostgresLimits.SchemaLengthMax} characters of a-z, 0-9 and _, begins with a letter, and not with pg_.", nameof(Schema));
        ArgumentOutOfRangeException.ThrowIfNotEqual(Readers is >= 1 and <= PostgresLimits.ReadersMax, true, nameof(Readers));
    }

    private static void CheckConnection(string text, string what)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, what);
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // Npgsql's own message, and with it the exception, could repeat a part of the password.
            throw new ArgumentException("The connection string is not of the form Host=...;Database=...;Username=...;Password=...", what);
        }

        if (string.IsNullOrWhiteSpace(builder.Host) || string.IsNullOrWhiteSpace(builder.Database) || string.IsNullOrWhiteSpace(builder.Username))
            throw new ArgumentException("The connection string names no host, no database or no user.", what);
    }

    private static bool IsSchema(string? name) =>
        name is { Length: >= 1 and <= PostgresLimits.SchemaLengthMax } && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') && !name.StartsWith("pg_", StringComparison.Ordinal);

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Schema = ").Append(Schema).Append(", Readers = ").Append(Readers).Append(", Alone = ").Append(Alone);
        return true;
    }
}
