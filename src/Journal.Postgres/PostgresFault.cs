using System.Net.Sockets;
using Npgsql;

namespace ChainCrm.Journal.Postgres;

/// <summary>What went wrong between here and the server, told apart and told in the journal's own exceptions. Details that PostgreSQL adds to its
/// messages are left out: they quote rows.</summary>
internal static class PostgresFault
{
    /// <summary>True for what the server, the driver or the network can be the reason of; anything else is a fault of this programme.</summary>
    public static bool Is(Exception e) => e is NpgsqlException or TimeoutException or IOException or SocketException || IsOfDriver(e);

    /// <summary>True when the connection is gone or was never there, so that a question may be asked again on another one.</summary>
    public static bool IsOfConnection(Exception e) => e switch
    {
        // Class 57P: the server is stopping, crashed, or just starts; 08: the connection itself.
        PostgresException { SqlState: var state } => state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException => e.InnerException is not TimeoutException,
        IOException or SocketException => true,
        _ => IsOfDriver(e),
    };

    /// <summary>Npgsql 10 lets this through when a connection broke in the moment it was used (npgsql/npgsql#6415).</summary>
    private static bool IsOfDriver(Exception e) => e is ObjectDisposedException { ObjectName: "System.Threading.ManualResetEventSlim" };

    public static bool IsPermission(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege };

    public static bool IsLockTimeout(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>The fault as callers of the journal see it.</summary>
    public static JournalUnavailableException ToUnavailable(Exception e, string doing, string place)
    {
        var full = e is PostgresException { SqlState: PostgresErrorCodes.DiskFull };
        return new($"{doing}: {(full ? $"the disk of the PostgreSQL server is full ({place}). Writes pass again once there is room." : Say(e, place))}", e) { DiskFull = full };
    }

    /// <summary>The fault as a sentence.</summary>
    public static string Say(Exception e, string place) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable } =>
            $"the PostgreSQL server at {place} took too long.",
        PostgresException said => $"the PostgreSQL server at {place} says {said.SqlState}: {said.MessageText}.",
        _ when e is TimeoutException || e.InnerException is TimeoutException => $"the PostgreSQL server at {place} did not answer in time.",
        _ => $"the PostgreSQL server at {place} can't be reached: {(e.InnerException ?? e).Message}.",
    };
}
