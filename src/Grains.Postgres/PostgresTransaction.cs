using ChainCrm.Journal.Postgres;
using Npgsql;

namespace ChainCrm.Grains.Postgres;

/// <summary>One transaction: all of it or nothing, and told in the journal's own exceptions when it fails.</summary>
internal static class PostgresTransaction
{
    /// <summary>Runs it and commits. It is not tried again here: whether it was made after all, only the caller can find out.</summary>
    /// <exception cref="Journal.JournalUnavailableException">It failed; when the connection was lost during the commit, it may have been made.</exception>
    public static async Task RunAsync(PostgresServer server, string doing, Func<NpgsqlConnection, CancellationToken, Task> write, CancellationToken cancellation)
    {
        using var driver = new DriverCancellation(cancellation);
        try
        {
            await using var connection = await server.ConnectAsync(driver.Token);
            await using var transaction = await connection.BeginTransactionAsync(driver.Token);
            await write(connection, driver.Token);
            await transaction.CommitAsync(driver.Token);
        }
        catch (Exception e) when (PostgresFault.Is(e))
        {
            cancellation.ThrowIfCancellationRequested();
            if (PostgresFault.IsOfConnection(e)) server.Renew();
            throw PostgresFault.ToUnavailable(e, doing, server.Place);
        }
    }
}
