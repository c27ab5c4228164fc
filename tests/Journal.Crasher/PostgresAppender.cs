using System.Globalization;
using System.Text;
using ChainCrm.Journal.Postgres;
using Npgsql;

namespace ChainCrm.Journal.Crasher;

/// <summary>One of several processes that append to one journal on PostgreSQL, to the same streams, and say what was acknowledged. Beside it each one draws
/// numbers from a naive table, in transactions that commit after a moment, to show what the journal is spared.</summary>
internal static class PostgresAppender
{
    private const int Streams = 12, BatchSize = 6;

    public static async Task<int> RunAsync(string schema, int number, int batches)
    {
        var connectionString = Environment.GetEnvironmentVariable("CHAINCRM_TEST_POSTGRES") ?? throw new InvalidOperationException("No connection string.");
        await using var journal = await PostgresJournal.OpenAsync(new() { ConnectionString = connectionString, Schema = schema });
        var random = new Random(number);
        using var stop = new CancellationTokenSource();
        var drawing = DrawAsync(connectionString, schema, random.Next(), stop.Token);
        var versions = new long[Streams];
        var serial = 0;
        for (var committed = 0; committed < batches;)
        {
            var after = (long[])versions.Clone();
            var batch = new EntryToAppend[1 + random.Next(BatchSize)];
            for (var i = 0; i < batch.Length; i++)
            {
                var stream = random.Next(Streams);
                batch[i] = new($"main/customer/{stream}", after[stream]++, $"{number}-{serial++}", random.Next(2) == 0, 0, Encoding.UTF8.GetBytes(new string('x', random.Next(900))));
            }

            var result = await journal.AppendAsync(batch);
            foreach (var lost in result.ConflictedStreams)
            {
                var newest = await journal.ReadStreamBackwardAsync(lost, long.MaxValue, 1);
                versions[int.Parse(lost.AsSpan("main/customer/".Length), CultureInfo.InvariantCulture)] = newest.Count == 0 ? 0 : newest[0].Version;
            }

            if (!result.Committed) continue;
            versions = after;
            committed++;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ack {result.FirstPosition} {batch.Length} {number}- ."));
        }

        await stop.CancelAsync();
        await drawing;
        return 0;
    }

    private static async Task DrawAsync(string connectionString, string schema, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(CancellationToken.None);
        while (!stop.IsCancellationRequested)
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await using var insert = new NpgsqlCommand($"INSERT INTO {schema}.naive DEFAULT VALUES", connection, transaction);
            await insert.ExecuteNonQueryAsync(CancellationToken.None);
            await Task.Delay(random.Next(8), CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }
}
