using System.Net.Http;
using ChainCrm.Client.Wire;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;

[assembly: TestFramework("ChainCrm.TestKit.Postgres.PostgresAwareFramework", "ChainCrm.TestKit")]

namespace ChainCrm.Crash;

/// <summary>The real server with its journal on PostgreSQL, chosen by one setting.</summary>
[NeedsPostgres]
public sealed class PostgresTests
{
    private const int DataUnusable = 3;

    [Fact]
    public async Task A_sale_survives_the_death_of_the_server_process()
    {
        var postgres = await TestPostgres.SharedAsync();
        string[] arguments = ["--empty", .. Settings(postgres.Connection(), TestPostgres.NewSchema())];
        await using var chain = new Chain();
        await chain.StartAsync(arguments);
        await chain.SetUpAsync();
        using var client = chain.Client();
        await SellAsync(client, chain, "r1", 12_00);
        await SellAsync(client, chain, "r2", 7_00);
        var before = await chain.JournalAsync();

        await chain.KillAsync();
        chain.Process.Said.ShouldNotContain("Password");
        await chain.StartAsync(arguments);

        (await BalanceAsync(client, chain)).ShouldBe(19);
        await SellAsync(client, chain, "r1", 12_00);
        (await BalanceAsync(client, chain)).ShouldBe(19, "the same receipt counts once, also after a restart");
        await SellAsync(client, chain, "r3", 1_00);
        (await BalanceAsync(client, chain)).ShouldBe(20);
        var after = await chain.JournalAsync();
        after.Take(before.Count).Select(entry => entry.Position).ShouldBe(before.Select(entry => entry.Position));
        after.Select(entry => entry.Position).ShouldBe(Enumerable.Range(1, after.Count).Select(i => (long)i));
        (await chain.StatsAsync()).Position.ShouldBe(after.Count);
        File.Exists(Path.Combine(chain.DataFolder, "journal.db")).ShouldBeFalse();
        (await chain.TerminateAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Sales_go_on_after_the_database_crashed_and_came_back()
    {
        await using var postgres = await TestPostgres.StartAsync();
        await using var chain = new Chain();
        await chain.StartAsync(["--empty", .. Settings(postgres.Connection(), "chaincrm")]);
        await chain.SetUpAsync();
        using var client = chain.Client();
        await SellAsync(client, chain, "r1", 12_00);

        await postgres.CrashAsync();
        var refused = await client.TryAsync(HttpMethod.Post, "/v1/purchases", Sale(chain, "r2", 7_00), "r2");
        var figures = await client.TryAsync(HttpMethod.Get, "/v1/stats", null, null);
        await postgres.StartAgainAsync();

        figures.Status.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable, figures.Text);
        refused.Status.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable, refused.Text);
        await SellAsync(client, chain, "r2", 7_00);
        (await BalanceAsync(client, chain)).ShouldBe(19);
        // The read models follow again, and nothing of the chain is a database in the folder.
        (await chain.StatsAsync()).Position.ShouldBe((await chain.JournalAsync()).Count);
        Directory.GetFiles(chain.DataFolder, "*.db*").ShouldBeEmpty();
        (await chain.TerminateAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_server_on_the_same_schema_is_refused_and_the_first_goes_on()
    {
        var postgres = await TestPostgres.SharedAsync();
        string[] arguments = ["--empty", .. Settings(postgres.Connection(), TestPostgres.NewSchema())];
        await using var chain = new Chain();
        await chain.StartAsync(arguments);
        await using var other = new Chain();

        var (code, said) = await ServerProcess.StartInVainAsync(other.Folder, arguments);

        code.ShouldBe(DataUnusable, said);
        said.ShouldContain("another process has the schema");
        await chain.SetUpAsync();
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_said_in_a_sentence()
    {
        await using var chain = new Chain();

        var (code, said) = await ServerProcess.StartInVainAsync(chain.Folder, ["--empty", .. Settings("Host=127.0.0.1;Port=1;Database=d;Username=u;Password=top-secret", "chaincrm")]);

        code.ShouldBe(DataUnusable, said);
        said.ShouldContain("127.0.0.1:1/d");
        said.ShouldContain("can't be reached");
        said.ShouldNotContain("top-secret");
        said.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task The_folder_of_a_chain_on_sqlite_is_not_taken()
    {
        await using var chain = new Chain();
        await chain.StartAsync("--empty");
        (await chain.TerminateAsync()).ExitCode.ShouldBe(0);

        var (code, said) = await ServerProcess.StartInVainAsync(chain.Folder, ["--empty", .. Settings("Host=127.0.0.1;Port=1;Database=d;Username=u", "chaincrm")]);

        code.ShouldBe(2, said);
        said.ShouldContain("on SQLite");
    }

    [Fact]
    public async Task The_folder_of_a_chain_on_postgres_does_not_begin_an_empty_one_on_sqlite()
    {
        var postgres = await TestPostgres.SharedAsync();
        string[] arguments = ["--empty", .. Settings(postgres.Connection(), TestPostgres.NewSchema())];
        await using var chain = new Chain();
        await chain.StartAsync(arguments);
        await chain.SetUpAsync();
        (await chain.TerminateAsync()).ExitCode.ShouldBe(0);

        var (code, said) = await ServerProcess.StartInVainAsync(chain.Folder, "--empty");

        code.ShouldBe(2, said);
        said.ShouldContain("journal.store=postgres");
        File.Exists(Path.Combine(chain.DataFolder, "journal.db")).ShouldBeFalse();
        await chain.StartAsync(arguments);
    }

    private static string[] Settings(string connection, string schema) =>
        ["--set", "journal.store=postgres", "--set", $"journal.connection={connection}", "--set", $"journal.schema={schema}"];

    private static PurchaseRequest Sale(Chain chain, string receipt, long price) => new()
    {
        Customer = new CustomerKey { Id = chain.Customers[0] },
        Store = "S1",
        Receipt = receipt,
        Lines = [new PurchaseLineRequest { Line = 1, Product = "P1", Quantity = 1, PriceMinor = price }],
    };

    private static Task SellAsync(TillClient client, Chain chain, string receipt, long price) =>
        client.SendAsync(HttpMethod.Post, "/v1/purchases", Sale(chain, receipt, price), receipt);

    private static async Task<long> BalanceAsync(TillClient client, Chain chain) => (await client.GetAsync<MemberCard>($"/v1/customers/{chain.Customers[0]}")).Points.Balance;
}
