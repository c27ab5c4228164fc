using System.Data;
using System.Globalization;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChainCrm.Grains.Postgres;

/// <summary>
/// The read models as tables of the journal's schema. A write is one transaction of a handful of round trips, whatever number of rows it changes: it locks the position, reads
/// the rows of the customers met, and sends every change as arrays.
/// </summary>
internal sealed class PostgresReadModelTables : IReadModelTables
{
    private static readonly string[] Tables =
        ["chain_totals", "store_totals", "store_days", "store_slots", "chain_slots", "customers", "flows", "stores", "access_keys", "programmes"];

    private readonly PostgresServer server;
    private readonly string schema;
    private readonly PositionRow row;
    private readonly ReadModelRows rows;
    private long position;

    private PostgresReadModelTables(PostgresServer server, string schema)
    {
        (this.server, this.schema) = (server, schema);
        row = new($"{schema}.read_position", ReadModelSchema.Version);
        rows = new(schema);
    }

    /// <summary>Opens the tables; those of another version or of another journal are emptied.</summary>
    public static async ValueTask<PostgresReadModelTables> OpenAsync(PostgresServer server, string schema, IJournal journal, ILogger logger, CancellationToken cancellation)
    {
        var tables = new PostgresReadModelTables(server, schema);
        if (await tables.row.WhyUselessAsync(server, journal, cancellation) is not { } reason) return tables;
        if (reason is not "") ReadSideLog.Rebuilding(logger, reason);
        await tables.RecreateAsync(cancellation);
        return tables;
    }

    public async ValueTask<long> PositionAsync(CancellationToken cancellation) => position = await row.PositionAsync(server, cancellation);

    public async ValueTask WriteAsync(ReadModelFold fold, CancellationToken cancellation)
    {
        if (fold.Last is not { } last) return;
        await PostgresTransaction.RunAsync(server, "Writing the read models", async (connection, token) =>
        {
            if (!await row.MoveAsync(connection, position, position, last, token))
                throw new JournalUnavailableException(string.Create(CultureInfo.InvariantCulture, $"{server.Place}: the read models do not stand at {position}, on which this write builds: an earlier one was made after all, or another process writes them."));
            rows.Clear();
            foreach (var (chain, part) in fold.Chains)
            {
                // Customers first: they say how many were active for the first time in a slot, and how many now buy at two stores.
                await rows.AddCustomersAsync(connection, chain, part, token);
                rows.AddSums(chain, part);
                foreach (var (entry, happened) in part.Directory) rows.AddDirectory(chain, entry, happened);
            }

            await rows.SendAsync(connection, token);
        }, cancellation);
        position = last.Position;
    }

    public async ValueTask RecreateAsync(CancellationToken cancellation)
    {
        await PostgresTransaction.RunAsync(server, "Emptying the read models", async (connection, token) =>
        {
            await row.ResetAsync(connection, token);
            // Makes new files, so what was damaged is gone as well.
            await using var command = new NpgsqlCommand($"TRUNCATE {string.Join(", ", Tables.Select(table => $"{schema}.read_{table}"))}", connection);
            await command.ExecuteNonQueryAsync(token);
        }, cancellation);
        position = 0;
    }

    /// <summary>What PostgreSQL calls data_corrupted and index_corrupted.</summary>
    public bool IsDamage(Exception failure) => failure is JournalUnavailableException { InnerException: PostgresException { SqlState: "XX001" or "XX002" } };

    public async ValueTask<TResult> ReadAsync<TResult>(Func<IReadModelMoment, ValueTask<TResult>> read, CancellationToken cancellation) =>
        await server.ReadAsync("Reading the read models", async (connection, token) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
            var result = await read(new PostgresReadModelMoment(connection, schema, token));
            await transaction.CommitAsync(token);
            return result;
        }, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
