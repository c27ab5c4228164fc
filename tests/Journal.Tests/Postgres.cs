using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Npgsql;

[assembly: Xunit.TestFramework("ChainCrm.TestKit.Postgres.PostgresAwareFramework", "ChainCrm.TestKit")]

namespace ChainCrm.Journal.Tests;

/// <summary>What the tests on PostgreSQL share.</summary>
internal static class Postgres
{
    /// <summary>A schema of the server that all tests share.</summary>
    public static async Task<PostgresJournalOptions> OptionsAsync(string? schema = null) =>
        new() { ConnectionString = (await TestPostgres.SharedAsync()).Connection(), Schema = schema ?? TestPostgres.NewSchema() };

    public static PostgresJournalOptions OptionsOf(TestPostgres server, int? port = null, string schema = "chaincrm") =>
        new() { ConnectionString = server.Connection(port), Schema = schema };

    /// <summary>A connection beside the journal, for what only the server itself can tell or do.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(PostgresJournalOptions options)
    {
        var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<List<T>> QueryAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync()) rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }

    /// <summary>Ends when so many transactions wait for a lock of the schema: its table, or the turn to append.</summary>
    public static async Task WaitersAsync(PostgresJournalOptions options, int count)
    {
        await using var connection = await OpenAsync(options);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var sql = $"SELECT count(*) FROM pg_locks WHERE NOT granted AND (relation = '{options.Schema}.entries'::regclass OR objid = '{options.Schema}.entries'::regclass::oid)";
        while ((await QueryAsync<long>(connection, sql))[0] < count)
        {
            if (patience.IsCancellationRequested) throw new TimeoutException($"Fewer than {count} transactions wait for a lock after 30 s.");
            await Task.Delay(5);
        }
    }

    /// <summary>There is no signal for what happens in the background, so the state is looked at, within a limit.</summary>
    public static async Task EventuallyAsync(Func<bool> condition, string otherwise)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            if (patience.IsCancellationRequested) throw new TimeoutException(otherwise);
            await Task.Delay(5);
        }
    }
}
