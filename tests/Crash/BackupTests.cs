using System.Net.Http;
using ChainCrm.Client.Wire;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ChainCrm.Crash;

/// <summary>Backups of a server at work, and chains brought back from them, whatever the journal is kept in: processes, files and kills as in an operator's night.</summary>
public abstract class BackupTests(ITestOutputHelper output)
{
    private const int Workers = 6;
    private const int DataUnusable = 3;
    private const string Unfinished = "restore.unfinished";

    /// <summary>The settings of a store that nobody has used yet.</summary>
    protected abstract Task<string[]> NewStoreAsync();

    [Fact]
    public async Task A_backup_of_a_server_at_work_brings_back_every_entry_up_to_its_position()
    {
        using var backups = new Backups();
        await backups.MakeKeyAsync();
        await using var chain = new Chain();
        await chain.StartAsync(["--empty", .. await NewStoreAsync()]);
        await chain.SetUpAsync();
        await using var load = new Load(chain, Workers);
        await load.MoreAsync(600);

        var before = await chain.HeadAsync();
        await Chaincrm.DoAsync(await backups.BackupAsync(chain, backups.At("busy")));
        var after = await chain.HeadAsync();
        await load.MoreAsync(100);
        var workers = await load.EndAsync();
        await Books.CheckAsync(chain, workers);
        var journal = await chain.JournalAsync();
        await Chaincrm.DoAsync(await backups.BackupAsync(chain, backups.At("quiet")));

        var store = await NewStoreAsync();
        await using (var restored = new Chain())
        {
            await backups.StartRestoredAsync(backups.At("busy"), chain, restored, store, store);
            var entries = await Backups.IsBeginningOfAsync(restored, journal);
            output.WriteLine($"head {before} before, {after} after the backup of {entries} entries; {journal.Count} in all");
            entries.ShouldBeInRange((int)before, (int)after, "the position was taken while the server was at work");
            entries.ShouldBeLessThan(journal.Count);
            await Backups.VerifyAsync(restored);
        }

        store = await NewStoreAsync();
        await using var whole = new Chain();
        await backups.StartRestoredAsync(backups.At("quiet"), chain, whole, store, store);
        (await Backups.IsBeginningOfAsync(whole, journal)).ShouldBe(journal.Count);
        await Backups.VerifyAsync(whole);
        await Books.CheckAsync(whole, workers);
        (await whole.StatsAsync()).ShouldBe(await chain.StatsAsync());
        await LivesOnAsync(whole, workers);
    }

    [Fact]
    public async Task A_chain_is_brought_back_to_any_position()
    {
        using var backups = new Backups();
        await backups.MakeKeyAsync();
        await using var chain = new Chain();
        await chain.StartAsync(["--empty", .. await NewStoreAsync()]);
        await chain.SetUpAsync();
        await using (var load = new Load(chain, Workers))
        {
            await load.MoreAsync(300);
            foreach (var worker in await load.EndAsync()) worker.Dispose();
        }

        await Chaincrm.DoAsync(await backups.BackupAsync(chain, backups.At("file")));
        var journal = await chain.JournalAsync();
        var until = journal.Count - 77;
        var store = await NewStoreAsync();
        await using var restored = new Chain();
        await backups.StartRestoredAsync(backups.At("file"), chain, restored, ["--until", $"{until}", .. store], store);

        (await Backups.IsBeginningOfAsync(restored, journal)).ShouldBe(until);
        await Backups.VerifyAsync(restored);
    }

    [Fact]
    public async Task A_backup_that_is_killed_leaves_no_file_that_looks_like_one_and_the_server_goes_on()
    {
        using var backups = new Backups();
        await backups.MakeKeyAsync();
        await using var chain = new Chain();
        await chain.StartAsync(["--empty", .. await NewStoreAsync()]);
        await chain.SetUpAsync();
        await using var load = new Load(chain, Workers);
        await load.MoreAsync(200);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var whole = 0;
        for (var kill = 0; kill < 6; kill++)
        {
            var file = backups.At($"killed-{kill}");
            using var backup = Chaincrm.Start(await backups.BackupAsync(chain, file));
            // From the moment the unfinished file is there.
            await Waiting.UntilAsync(() => File.Exists(file + ".part") || backup.HasEnded, "the backup begins");
            await Task.Delay(random.Next(0, 40));
            await backup.KillAsync();
            if (!File.Exists(file)) continue;
            whole++;
            await Chaincrm.DoAsync("restore", file, "--backup-key", backups.Key, "--check");
        }

        output.WriteLine($"seed {seed}: {whole} of 6 were whole before the kill");
        whole.ShouldBeLessThan(6, "at least one kill hit a backup under way");
        // The server lets go of a backup whose receiver is gone; until it has noticed, it says so.
        var last = backups.At("last");
        var command = await backups.BackupAsync(chain, last);
        await Waiting.UntilAsync(async () => (await Chaincrm.RunAsync(command)).Code == 0, "a backup after the kills");
        await Chaincrm.DoAsync("restore", last, "--backup-key", backups.Key, "--check");
        var workers = await load.EndAsync();
        await Books.CheckAsync(chain, workers);
    }

    [Fact]
    public async Task A_restore_that_is_killed_is_never_taken_for_a_chain()
    {
        using var backups = new Backups();
        await backups.MakeKeyAsync();
        await using var chain = new Chain();
        await chain.StartAsync(["--empty", .. await NewStoreAsync()]);
        await chain.SetUpAsync();
        await using (var load = new Load(chain, Workers))
        {
            await load.MoreAsync(3_000);
            foreach (var worker in await load.EndAsync()) worker.Dispose();
        }

        await Chaincrm.DoAsync(await backups.BackupAsync(chain, backups.At("file")));
        var journal = await chain.JournalAsync();
        var store = await NewStoreAsync();
        var hits = 0;
        for (var kill = 0; kill < 4; kill++)
        {
            await using var half = new Chain();
            using var restore = Chaincrm.Start(backups.Restore(backups.At("file"), chain, half, store));
            var mark = Path.Combine(half.DataFolder, Unfinished);
            await Waiting.UntilAsync(() => File.Exists(mark) || restore.HasEnded, "the restore writes");
            await Task.Delay(kill * 15);
            await restore.KillAsync();
            if (!File.Exists(mark))
            {
                // It was whole before the kill: then this store is taken.
                store = await NewStoreAsync();
                continue;
            }

            hits++;
            var (code, said) = await ServerProcess.StartInVainAsync(half.Folder, ["--empty", .. store]);
            code.ShouldBe(DataUnusable, said);
            said.ShouldContain("did not come to its end");
            (code, said) = await Chaincrm.RunAsync(backups.Restore(backups.At("file"), chain, half, store));
            code.ShouldBe(DataUnusable, said);
            said.ShouldContain("did not come to its end");
            if (await IsTakenAsync(store)) store = await NewStoreAsync();
        }

        output.WriteLine($"{hits} of 4 kills hit a restore that was writing");
        hits.ShouldBeGreaterThan(0);
        // The same store, after all those attempts, takes a restore that comes to its end.
        await using var restored = new Chain();
        await backups.StartRestoredAsync(backups.At("file"), chain, restored, store, store);
        (await Backups.IsBeginningOfAsync(restored, journal)).ShouldBe(journal.Count);
        await Backups.VerifyAsync(restored);
    }

    /// <summary>Whether a killed restore had committed to the store before it could say so in the folder.</summary>
    protected virtual Task<bool> IsTakenAsync(string[] store) => Task.FromResult(false);

    /// <summary>The chain brought back knows its customers by card, their names, its receipts, and sells on.</summary>
    private static async Task LivesOnAsync(Chain restored, IReadOnlyList<Worker> workers)
    {
        using var client = restored.Client();
        var card = await client.AskAsync<MemberCard>("/v1/identify", new CustomerKey { Card = "CRASH000003" });
        card.Id.ShouldBe(restored.Customers[2], "cards are found by the same keyed index");
        card.Name.ShouldBe("测试", "names open with the customer's key");

        var sale = workers[0].Sales[0];
        var again = new PurchaseRequest
        {
            Customer = new CustomerKey { Id = sale.Customer }, Store = sale.Store, Receipt = sale.Receipt,
            Lines = [new PurchaseLineRequest { Line = 1, Product = "P1", Category = "C", Quantity = 1, PriceMinor = sale.AmountMinor }],
        };
        (await client.SendAsync(HttpMethod.Post, "/v1/purchases", again, sale.Receipt)).ShouldBe(sale.Reply, "a receipt of before the backup counts once, to the byte");
        await client.SendAsync(HttpMethod.Post, "/v1/purchases", again with { Receipt = "after" }, "after");
        await Backups.VerifyAsync(restored);
    }
}

/// <summary>With the journal in files.</summary>
public sealed class SqliteBackupTests(ITestOutputHelper output) : BackupTests(output)
{
    protected override Task<string[]> NewStoreAsync() => Task.FromResult<string[]>([]);

    [Fact]
    public async Task A_restore_that_is_stopped_takes_back_what_it_wrote()
    {
        using var backups = new Backups();
        await backups.MakeKeyAsync();
        await using var chain = new Chain();
        await chain.StartAsync("--empty");
        await chain.SetUpAsync();
        await using (var load = new Load(chain, 6))
        {
            await load.MoreAsync(3_000);
            await load.EndAsync();
        }

        await Chaincrm.DoAsync(await backups.BackupAsync(chain, backups.At("file")));
        var stopped = 0;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await using var half = new Chain();
            using var restore = Chaincrm.Start(backups.Restore(backups.At("file"), chain, half));
            await Waiting.UntilAsync(() => Directory.Exists(half.DataFolder) || restore.HasEnded, "the restore writes");
            var code = await restore.TerminateAsync();
            // Whoever was told that it stopped finds nothing, a moment later; whoever was told that it is done finds all of it.
            if (code == 0) continue;
            stopped++;
            await Waiting.UntilAsync(() => !Directory.Exists(half.DataFolder), $"nothing is left of a restore that ended with {code}: {restore.Said}");
        }

        stopped.ShouldBeGreaterThan(0);
    }
}

/// <summary>With the journal on PostgreSQL.</summary>
[NeedsPostgres]
public sealed class PostgresBackupTests(ITestOutputHelper output) : BackupTests(output)
{
    protected override async Task<string[]> NewStoreAsync() =>
        ["--set", "journal.store=postgres", "--set", $"journal.connection={(await TestPostgres.SharedAsync()).Connection()}", "--set", $"journal.schema={TestPostgres.NewSchema()}"];

    protected override async Task<bool> IsTakenAsync(string[] store)
    {
        var schema = store[^1].Split('=')[1];
        return (await (await TestPostgres.SharedAsync()).SqlAsync($"SELECT count(*) > 0 FROM {schema}.entries")).Trim() != "f";
    }

    [Fact]
    public async Task A_backup_moves_a_chain_from_postgres_to_files_and_back()
    {
        using var backups = new Backups();
        await backups.MakeKeyAsync();
        await using var chain = new Chain();
        await chain.StartAsync(["--empty", .. await NewStoreAsync()]);
        await chain.SetUpAsync();
        await Chaincrm.DoAsync(await backups.BackupAsync(chain, backups.At("there")));
        await using var files = new Chain();
        await backups.StartRestoredAsync(backups.At("there"), chain, files, [], []);
        await Chaincrm.DoAsync(await backups.BackupAsync(files, backups.At("back")));
        var store = await NewStoreAsync();
        await using var again = new Chain();
        await backups.StartRestoredAsync(backups.At("back"), files, again, store, store);

        var journal = await chain.JournalAsync();
        (await Backups.IsBeginningOfAsync(files, journal)).ShouldBe(journal.Count);
        (await Backups.IsBeginningOfAsync(again, journal)).ShouldBe(journal.Count);
        await Backups.VerifyAsync(again);
    }

    [Fact]
    public async Task A_schema_that_holds_a_chain_is_not_restored_into_and_the_chain_goes_on()
    {
        using var backups = new Backups();
        await backups.MakeKeyAsync();
        await using var chain = new Chain();
        var store = await NewStoreAsync();
        await chain.StartAsync(["--empty", .. store]);
        await chain.SetUpAsync();
        await Chaincrm.DoAsync(await backups.BackupAsync(chain, backups.At("file")));
        await using var other = new Chain();

        var (code, said) = await Chaincrm.RunAsync(backups.Restore(backups.At("file"), chain, other, store));
        code.ShouldBe(3, said);
        said.ShouldContain("another process has the schema");
        (await chain.TerminateAsync()).ExitCode.ShouldBe(0);
        (code, said) = await Chaincrm.RunAsync(backups.Restore(backups.At("file"), chain, other, store));
        code.ShouldBe(3, said);
        said.ShouldContain("holds a journal already");
        Directory.Exists(other.DataFolder).ShouldBeFalse();

        await chain.StartAsync(["--empty", .. store]);
        await Backups.VerifyAsync(chain);
    }
}
