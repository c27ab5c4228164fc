using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;

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
