using ChainCrm.Grains.Postgres;
using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;

[assembly: Xunit.TestFramework("ChainCrm.TestKit.Postgres.PostgresAwareFramework", "ChainCrm.TestKit")]

namespace ChainCrm.Grains.Tests;

/// <summary>A schema of the server that all tests share, and what the tests look at beside the code.</summary>
internal sealed class PostgresSchemaOfTest
{
    private PostgresSchemaOfTest(TestPostgres server, int? port)
    {
        Server = server;
        Options = new PostgresJournalOptions { ConnectionString = server.Connection(port), Schema = TestPostgres.NewSchema() };
    }

    public TestPostgres Server { get; }

    public PostgresJournalOptions Options { get; }

    public string Name => Options.Schema;

    /// <param name="port">Another port than the server's, when something stands between.</param>
    public static async Task<PostgresSchemaOfTest> NewAsync(int? port = null) => new(await TestPostgres.SharedAsync(), port);

    public Task<PostgresReadSide> ReadSideAsync() => PostgresReadSide.OpenAsync(Options);

    public Task<string> SqlAsync(string sql) => Server.SqlAsync($"SET search_path = {Name}; {sql}");

    public async Task<List<string>> LinesAsync(string sql) => [.. (await SqlAsync(sql)).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
