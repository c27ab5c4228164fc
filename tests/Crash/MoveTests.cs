using System.Globalization;
using System.Net.Http;
using ChainCrm.Client.Wire;
using ChainCrm.Journal.Sqlite;
using ChainCrm.TestKit.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace ChainCrm.Crash;

/// <summary>The command that moves a chain between SQLite and PostgreSQL, as an operator runs it: in a process of its own, with real servers before and after.</summary>
[NeedsPostgres]
public sealed class MoveTests
{
    private const int Different = 1, WrongConfiguration = 2, DataUnusable = 3;
    private const string LockEntries = "BEGIN; LOCK TABLE chaincrm.entries IN ACCESS EXCLUSIVE MODE";

    [Fact]
    public async Task A_chain_goes_to_PostgreSQL_and_back_and_sells_on_in_each_place()
    {
        var postgres = await TestPostgres.SharedAsync();
        var settings = Settings(postgres.Connection(), TestPostgres.NewSchema());
        await using var chain = new Chain();
        await chain.StartAsync("--empty");
        await chain.SetUpAsync();
        using var client = chain.Client();
        await SellAsync(client, chain, "r1", 12_00);
        var first = await chain.JournalAsync();
        (await MoveProcess.RunAsync("postgres", chain, settings)).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(DataUnusable), run => run.Said.ShouldContain("held by another process"));
        await chain.TerminateAsync();
        // What a crash at the very end of an earlier move to this folder leaves: it must not be taken for a move that has not ended.
        var left = Directory.CreateDirectory(Path.Combine(chain.DataFolder, "journal.moving")).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "journal.filling"), "");

        var (code, said) = await MoveProcess.RunAsync("postgres", chain, settings);

        code.ShouldBe(0, said);
        Directory.Exists(left).ShouldBeFalse();
        said.ShouldContain("No difference.");
        said.ShouldNotContain("Password");
        (await ServerProcess.StartInVainAsync(chain.Folder, "--empty")).ExitCode.ShouldBe(WrongConfiguration, "nobody starts on the file by mistake");
        await StartAndCheckAsync(chain, first, 12, ["--empty", .. OnPostgres(settings)]);
        await SellAsync(client, chain, "r1", 12_00);
        await SellAsync(client, chain, "r2", 7_00);
        var second = await chain.JournalAsync();
        await chain.TerminateAsync();

        (code, said) = await MoveProcess.RunAsync("sqlite", chain, settings);

        code.ShouldBe(0, said);
        (await ServerProcess.StartInVainAsync(chain.Folder, ["--empty", .. OnPostgres(settings)])).ExitCode.ShouldBe(WrongConfiguration);
        // Nor from the folder of somebody who has no journal.db: the schema itself is sealed.
        await using var stranger = new Chain();
        var (refused, why) = await ServerProcess.StartInVainAsync(stranger.Folder, ["--empty", .. OnPostgres(settings)]);
        refused.ShouldBe(DataUnusable, why);
        why.ShouldContain("no longer in this schema");
        await StartAndCheckAsync(chain, second, 19, ["--empty"]);
        await SellAsync(client, chain, "r2", 7_00);
        await SellAsync(client, chain, "r3", 1_00);
        (await BalanceAsync(client, chain)).ShouldBe(20);
    }

    [Fact]
    public async Task Killed_in_the_middle_again_and_again_no_half_chain_starts_and_the_move_ends_well()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var settings = Settings(postgres.Connection(), "chaincrm");
        await using var chain = new Chain();
        var entries = await DemoAsync(chain);

        for (var kill = 1; kill <= 3; kill++) await KillOnTheWayAsync(postgres, chain, settings, entries * kill / 8);
        (await CountAsync(postgres)).ShouldBeInRange(1, entries - 1);
        // What a server on PostgreSQL starts from: the keys, and no journal beside them.
        await using var beside = new Chain(chain);
        var (refused, why) = await ServerProcess.StartInVainAsync(beside.Folder, ["--empty", .. OnPostgres(settings)]);
        refused.ShouldBe(DataUnusable, why);
        why.ShouldContain("being filled by a move");
        File.Exists(Path.Combine(chain.DataFolder, "journal.db")).ShouldBeTrue();
        var (code, said) = await MoveProcess.RunAsync("postgres", chain, settings);
        code.ShouldBe(0, said);
        said.ShouldContain("are there already");

        var filled = Path.Combine(chain.DataFolder, "journal.moving", "journal.db-wal");
        for (var kill = 1; kill <= 2; kill++) await KillBackOnTheWayAsync(postgres, chain, settings, () => File.Exists(filled) && new FileInfo(filled).Length > 500_000);
        (refused, why) = await ServerProcess.StartInVainAsync(chain.Folder, "--empty");
        refused.ShouldBe(WrongConfiguration, why);
        (await MoveProcess.RunAsync("sqlite", chain, settings)).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(0, run.Said));
        await chain.StartAsync("--empty");
        (await MoveProcess.VerifyAsync(chain)).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(0, run.Said));
    }

    [Fact]
    public async Task Killed_between_the_last_two_steps_the_same_command_ends_the_move()
    {
        var postgres = await TestPostgres.SharedAsync();
        var schema = TestPostgres.NewSchema();
        var settings = Settings(postgres.Connection(), schema);
        await using var chain = new Chain();
        await chain.StartAsync("--empty");
        await chain.SetUpAsync();
        await chain.TerminateAsync();
        (await MoveProcess.RunAsync("postgres", chain, settings)).ExitCode.ShouldBe(0);

        // As it is when the file is put aside and the seal not yet lifted.
        await postgres.SqlAsync($"INSERT INTO {schema}.seal (reason, note) VALUES ('filling', '')");
        (await ServerProcess.StartInVainAsync(chain.Folder, ["--empty", .. OnPostgres(settings)])).ExitCode.ShouldBe(DataUnusable);
        (await ServerProcess.StartInVainAsync(chain.Folder, "--empty")).ExitCode.ShouldBe(WrongConfiguration);
        (await MoveProcess.RunAsync("postgres", chain, settings)).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(0, run.Said));
        await chain.StartAsync(["--empty", .. OnPostgres(settings)]);
        await chain.TerminateAsync();

        // As it is when the schema is sealed and the file not yet in place.
        (await MoveProcess.RunAsync("sqlite", chain, settings)).ExitCode.ShouldBe(0);
        var moved = new MovedFolder(chain.DataFolder);
        var journal = Path.Combine(chain.DataFolder, "journal.db");
        File.Move(journal, journal + ".away");
        moved.BeginFilling();
        File.Move(journal + ".away", Path.Combine(moved.Filling, "journal.db"));
        (await ServerProcess.StartInVainAsync(chain.Folder, "--empty")).ExitCode.ShouldBe(WrongConfiguration);
        (await ServerProcess.StartInVainAsync(chain.Folder, ["--empty", .. OnPostgres(settings)])).ExitCode.ShouldBe(DataUnusable);
        (await MoveProcess.RunAsync("sqlite", chain, settings)).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(0, run.Said));
        await chain.StartAsync("--empty");
    }

    [Fact]
    public async Task A_difference_is_found_named_and_never_started_and_starting_over_mends_it()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var settings = Settings(postgres.Connection(), "chaincrm");
        await using var chain = new Chain();
        await DemoAsync(chain);
        await KillOnTheWayAsync(postgres, chain, settings, 1);
        await postgres.SqlAsync("ALTER TABLE chaincrm.entries DISABLE TRIGGER entries_stay; UPDATE chaincrm.entries SET data = data || ' '::bytea WHERE position = 1234; ALTER TABLE chaincrm.entries ENABLE TRIGGER entries_stay");

        var (code, said) = await MoveProcess.RunAsync("postgres", chain, settings);

        code.ShouldBe(Different, said);
        said.ShouldContain("The first entry that differs is at position 1234: its payload is another one.");
        await using var beside = new Chain(chain);
        (await ServerProcess.StartInVainAsync(beside.Folder, ["--empty", .. OnPostgres(settings)])).ExitCode.ShouldBe(DataUnusable);
        (await MoveProcess.RunAsync("postgres", chain, settings)).ExitCode.ShouldBe(Different, "what was copied wrongly stays wrong");
        (await MoveProcess.RunAsync("postgres", chain, settings, "--start-over")).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(0, run.Said));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_in_a_sentence_and_nothing_is_touched()
    {
        var postgres = await TestPostgres.SharedAsync();
        var schema = TestPostgres.NewSchema();
        var settings = Settings(postgres.Connection(), schema);
        await using var chain = new Chain();
        await RefusedAsync(WrongConfiguration, "no master.key", "postgres", chain, settings);
        await chain.StartAsync("--empty");
        await chain.TerminateAsync();

        await RefusedAsync(WrongConfiguration, "--to must be", "oracle", chain, settings);
        await RefusedAsync(WrongConfiguration, "journal.connection", "postgres", chain, []);
        await using var beside = new Chain(chain);
        await RefusedAsync(DataUnusable, "There is no chain in PostgreSQL", "sqlite", beside, settings);
        await RefusedAsync(DataUnusable, "holds a journal already", "sqlite", chain, Settings(postgres.Connection(), await OtherChainAsync(postgres)));
        await RefusedAsync(DataUnusable, "holds a journal already", "postgres", chain, Settings(postgres.Connection(), await OtherChainAsync(postgres)));
        await RefusedAsync(DataUnusable, "can't be reached", "postgres", chain, Settings("Host=127.0.0.1;Port=1;Database=d;Username=u;Password=top-secret", schema));
        var role = $"{schema}_app";
        await postgres.MakeRoleAsync(role);
        await RefusedAsync(DataUnusable, "docs/operations/postgres.md", "postgres", chain, Settings(postgres.Connection(user: role), schema));
        await using (var other = new Chain())
        {
            var taken = TestPostgres.NewSchema();
            await other.StartAsync(["--empty", .. OnPostgres(Settings(postgres.Connection(), taken))]);
            await RefusedAsync(DataUnusable, "another process has the schema", "sqlite", beside, Settings(postgres.Connection(), taken));
        }

        var half = Path.Combine(chain.DataFolder, "restore.unfinished");
        await File.WriteAllTextAsync(half, "");
        await RefusedAsync(DataUnusable, "a restore that did not come to its end", "postgres", chain, settings);
        File.Delete(half);
        (await postgres.SqlAsync($"SELECT count(*) FROM pg_namespace WHERE nspname = '{schema}'")).ShouldBe("0");
        await chain.StartAsync("--empty");
        await chain.SetUpAsync();
    }

    private static async Task RefusedAsync(int code, string why, string to, Chain chain, string[] settings)
    {
        var run = await MoveProcess.RunAsync(to, chain, settings);
        run.ExitCode.ShouldBe(code, run.Said);
        run.Said.ShouldContain(why);
        run.Said.ShouldNotContain("top-secret");
        run.Said.ShouldNotContain("   at ");
    }

    /// <summary>A chain of another folder in a schema of its own, stopped.</summary>
    private static async Task<string> OtherChainAsync(TestPostgres postgres)
    {
        var schema = TestPostgres.NewSchema();
        await using var other = new Chain();
        await other.StartAsync(["--empty", .. OnPostgres(Settings(postgres.Connection(), schema))]);
        await other.TerminateAsync();
        return schema;
    }

    /// <summary>A generated chain of some ten thousand entries, stopped; how many there are.</summary>
    private static async Task<long> DemoAsync(Chain chain)
    {
        await chain.StartAsync("--demo", "beauty");
        using var client = chain.Client();
        var until = DateTimeOffset.UtcNow.AddSeconds(60);
        while ((await client.GetAsync<StatsReply>("/v1/stats")).Head < 30_000)
        {
            if (DateTimeOffset.UtcNow > until) throw new TimeoutException("The demo has not made 30,000 entries in a minute.");
            await Task.Delay(100);
        }

        await chain.TerminateAsync();
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = chain.DataFolder });
        return journal.Head;
    }

    /// <summary>
    /// Kills a move to PostgreSQL when at least so many entries are there. From then on the move waits for the table until it is dead: on a busy machine it would otherwise
    /// come to its end between the count and the kill.
    /// </summary>
    private static async Task KillOnTheWayAsync(TestPostgres postgres, Chain chain, string[] settings, long least)
    {
        using var move = MoveProcess.Start("postgres", chain, settings);
        await using var connection = new NpgsqlConnection(postgres.Connection());
        await connection.OpenAsync();
        while (true)
        {
            if (await AskAsync<bool>(connection, "SELECT to_regclass('chaincrm.entries') IS NOT NULL") && await AskAsync<long>(connection, "SELECT count(*) FROM chaincrm.entries") >= least)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await using (var locking = new NpgsqlCommand("LOCK TABLE chaincrm.entries IN SHARE MODE", connection)) await locking.ExecuteNonQueryAsync();
                await move.KillAsync();
                return;
            }

            await RestAsync(move);
        }

        static async Task<T> AskAsync<T>(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (T)(await command.ExecuteScalarAsync())!;
        }
    }

    /// <summary>
    /// Kills a move to SQLite in the middle. It gets the table it reads for one query at a time, because the next lock waits behind each query: however busy the machine
    /// is, it can't come to its end between two looks.
    /// </summary>
    private static async Task KillBackOnTheWayAsync(TestPostgres postgres, Chain chain, string[] settings, Func<bool> isInTheMiddle)
    {
        await using var one = new NpgsqlConnection(postgres.Connection());
        await using var other = new NpgsqlConnection(postgres.Connection());
        await one.OpenAsync();
        await other.OpenAsync();
        var (holder, next) = (one, other);
        await RunAsync(holder, LockEntries);
        using var move = MoveProcess.Start("sqlite", chain, settings);
        while (true)
        {
            while (await WaitersAsync(holder) < 1) await RestAsync(move);
            if (isInTheMiddle()) break;

            var locked = RunAsync(next, LockEntries);
            while (await WaitersAsync(holder) < 2) await RestAsync(move);
            await RunAsync(holder, "COMMIT");
            await locked;
            (holder, next) = (next, holder);
        }

        await move.KillAsync();

        static async Task<long> WaitersAsync(NpgsqlConnection connection)
        {
            await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_locks WHERE relation = 'chaincrm.entries'::regclass AND NOT granted", connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }

        static async Task RunAsync(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task RestAsync(MoveProcess move)
    {
        if (move.HasEnded) throw new InvalidOperationException($"The move ended before it could be killed: {(await move.EndAsync()).Said}");
        await Task.Delay(5);
    }

    private static async Task<long> CountAsync(TestPostgres postgres) =>
        await postgres.SqlAsync("SELECT to_regclass('chaincrm.entries') IS NOT NULL") == "t" ? long.Parse(await postgres.SqlAsync("SELECT count(*) FROM chaincrm.entries"), CultureInfo.InvariantCulture) : 0;

    private static async Task StartAndCheckAsync(Chain chain, List<JournalEntryView> before, long balance, string[] arguments)
    {
        await chain.StartAsync(arguments);
        using var client = chain.Client();
        (await BalanceAsync(client, chain)).ShouldBe(balance);
        var after = await chain.JournalAsync();
        after.Select(Line).ShouldBe(before.Select(Line));
        (await MoveProcess.VerifyAsync(chain)).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(0, run.Said));

        static string Line(JournalEntryView entry) => $"{entry.Position} {entry.Stream} {entry.Version} {entry.CommandId} {entry.At:O} {string.Join(' ', entry.Events.Select(e => $"{e.Type} {e.Data.GetRawText()}"))}";
    }

    private static string[] Settings(string connection, string schema) => ["--set", $"journal.connection={connection}", "--set", $"journal.schema={schema}"];

    private static string[] OnPostgres(string[] settings) => ["--set", "journal.store=postgres", .. settings];

    private static Task SellAsync(TillClient client, Chain chain, string receipt, long price) => client.SendAsync(HttpMethod.Post, "/v1/purchases", new PurchaseRequest
    {
        Customer = new CustomerKey { Id = chain.Customers[0] }, Store = "S1", Receipt = receipt,
        Lines = [new PurchaseLineRequest { Line = 1, Product = "P1", Quantity = 1, PriceMinor = price }],
    }, receipt);

    private static async Task<long> BalanceAsync(TillClient client, Chain chain) => (await client.GetAsync<MemberCard>($"/v1/customers/{chain.Customers[0]}")).Points.Balance;
}
