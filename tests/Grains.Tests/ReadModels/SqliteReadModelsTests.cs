using ChainCrm.Domain;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadModels;

public sealed class SqliteReadModelsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ListFeed _feed = new();

    private string Path => _folder.File("readmodels.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_tables_show_what_the_entries_add_up_to(int seed)
    {
        new RandomTrade(seed).Commit(_feed, 3_000);
        await using var probe = await ReadModelProbe.OpenAsync(Path, _feed);
        await probe.ShownAsync();
        foreach (var chain in new[] { "main", "other", "none" })
        {
            (await probe.Models.TotalsAsync(chain)).ShouldBe(PlainFigures.Totals(_feed.All, chain), $"seed {seed}, {chain}");
            (await probe.Models.StoresAsync(chain)).ShouldBe(PlainFigures.Stores(_feed.All, chain), $"seed {seed}, {chain}");
            for (var store = 0; store < 6; store++)
            {
                (await probe.Models.StoreDaysAsync(chain, new StoreId($"s{store}"), new DateOnly(2000, 1, 1), new DateOnly(2100, 1, 1)))
                    .ShouldBe(PlainFigures.Days(_feed.All, chain, $"s{store}"), $"seed {seed}, {chain}, s{store}");
            }
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task However_often_they_are_stopped_and_written_the_rows_are_the_same(int seed)
    {
        var random = new Random(seed);
        var trade = new RandomTrade(seed);
        for (var run = 0; run < 12; run++)
        {
            await using var probe = await ReadModelProbe.OpenAsync(Path, _feed);
            trade.Commit(_feed, random.Next(1, 200));
            if (random.Next(2) == 0) await probe.ShownAsync();
            trade.Commit(_feed, random.Next(1, 200));
        }

        List<string> piecewise;
        await using (var probe = await ReadModelProbe.OpenAsync(Path, _feed))
        {
            await probe.ShownAsync();
            piecewise = probe.Dump();
        }

        await using var whole = await ReadModelProbe.OpenAsync(_folder.File("again.db"), _feed);
        await whole.ShownAsync();
        piecewise.ShouldBe(whole.Dump(), $"seed {seed}");
        piecewise.Count.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("garbage")]
    [InlineData("other format")]
    [InlineData("half the file")]
    public async Task Tables_that_are_no_good_are_rebuilt_with_the_same_rows(string what)
    {
        new RandomTrade(5).Commit(_feed, 1_000);
        List<string> before;
        await using (var probe = await ReadModelProbe.OpenAsync(Path, _feed))
        {
            await probe.ShownAsync();
            before = probe.Dump();
        }

        switch (what)
        {
            case "missing":
                File.Delete(Path);
                break;
            case "garbage":
                await File.WriteAllTextAsync(Path, string.Concat(Enumerable.Repeat("this is no database ", 2_000)));
                break;
            case "other format":
                using (var connection = SqliteFile.OpenWriter(Path, durable: true)) SqliteFile.Execute(connection, "DROP TABLE flows; PRAGMA user_version=999");
                break;
            default:
                using (var file = new FileStream(Path, FileMode.Open)) file.SetLength(file.Length / 2);
                break;
        }

        await using var again = await ReadModelProbe.OpenAsync(Path, _feed);
        await again.ShownAsync();
        again.Dump().ShouldBe(before);
    }

    [Fact]
    public async Task Tables_damaged_while_they_are_used_are_rebuilt()
    {
        new RandomTrade(6).Commit(_feed, 2_000);
        await using var probe = await ReadModelProbe.OpenAsync(Path, _feed);
        await probe.ShownAsync();
        var before = probe.Dump();

        // What a bad disk does: pages in the middle are something else, and no cache hides it from a new reader.
        using (var checkpoint = SqliteFile.OpenWriter(Path, durable: true)) SqliteFile.Execute(checkpoint, "PRAGMA wal_checkpoint(TRUNCATE)");
        using (var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var junk = new byte[4096];
            Array.Fill(junk, (byte)0x5A);
            for (var page = 2; page * 4096L < file.Length; page++)
            {
                file.Position = page * 4096L;
                file.Write(junk);
            }
        }

        await Should.ThrowAsync<SqliteException>(async () => await probe.Models.StoresAsync("main"));
        _feed.Commit(Trade.Store("s0"), Trade.WalkIn(1, Trade.Monday));
        await probe.ShownAsync();
        (await probe.Models.StoresAsync("main")).ShouldBe(PlainFigures.Stores(_feed.All, "main"));
        before.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Tables_of_another_journal_are_rebuilt()
    {
        var other = new ListFeed();
        new RandomTrade(7).Commit(other, 300);
        await using (var probe = await ReadModelProbe.OpenAsync(Path, other)) await probe.ShownAsync();

        new RandomTrade(8).Commit(_feed, 400);
        await using var mine = await ReadModelProbe.OpenAsync(Path, _feed);
        await mine.ShownAsync();
        (await mine.Models.TotalsAsync("main")).ShouldBe(PlainFigures.Totals(_feed.All, "main"));
    }

    [Fact]
    public async Task Entries_are_shown_by_themselves_within_the_flush_time()
    {
        await using var probe = await ReadModelProbe.OpenAsync(Path, _feed);
        _feed.Commit(Trade.Store("s1"), Trade.WalkIn(100, Trade.Monday));
        // Nobody waits through WaitForAsync, which would ask for an early write: this looks from outside.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (probe.Models.Position < 1)
        {
            patience.IsCancellationRequested.ShouldBeFalse("the entry was not written by itself");
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task A_wait_does_not_sit_out_the_flush_time()
    {
        await using var probe = await ReadModelProbe.OpenAsync(Path, _feed);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            _feed.Commit(Trade.Store("s1"), Trade.WalkIn(100, Trade.Monday));
            await probe.ShownAsync();
        }

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMilliseconds(20 * GrainLimits.ReadModelFlushMs / 2), "twenty waits in a row");
    }

    [Fact]
    public async Task Customers_are_listed_page_by_page_in_order()
    {
        for (var i = 0; i < 25; i++) _feed.Commit(Trade.Customer($"c{i:00}"), Trade.Enrolled("s1", Trade.Monday));
        await using var probe = await ReadModelProbe.OpenAsync(Path, _feed);
        await probe.ShownAsync();
        var all = new List<CustomerId>();
        while (true)
        {
            var page = await probe.Models.CustomersAsync("main", all.Count == 0 ? null : all[^1], 10);
            if (page.Count == 0) break;
            all.AddRange(page);
        }

        all.ShouldBe(Enumerable.Range(0, 25).Select(i => new CustomerId($"c{i:00}")));
    }
}
