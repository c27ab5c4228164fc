using ChainCrm.Journal.Sqlite;
using Shouldly;
using SQLitePCL;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>Crashes, faults and damage in the middle of index runs and their merges.</summary>
public sealed class SqliteIndexCrashTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(15)]
    [InlineData(18)]
    [InlineData(21)]
    [InlineData(35)]
    [InlineData(40)]
    public async Task After_a_crash_between_two_slices_the_merge_goes_on_where_it_was(int commits)
    {
        var journal = await OpenAsync(stage => stage == CommitStage.BeforeCommit && --commits < 0);
        var written = await FillAsync(journal);
        await Should.ThrowAsync<JournalUnavailableException>(journal.FlushIndexAsync);
        using var crashed = folder.CopyAsAfterACrash();
        await journal.DisposeAsync();

        await using var reopened = await SqliteJournal.OpenAsync(Options with { Folder = crashed.Path });

        await AnswersForAsync(reopened, written);
        await reopened.FlushIndexAsync();
        await AnswersForAsync(reopened, written);
        (await reopened.ValidateAsync()).ShouldBeEmpty();
        reopened.Status.IndexRuns.ShouldBeLessThan(JournalLimits.IndexMergeRuns * 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task A_commit_whose_answer_was_lost_is_not_done_twice(int faultEvery)
    {
        var commits = 0;
        var faults = 0;
        await using var journal = await OpenAsync(stage => stage == CommitStage.AfterCommit && ++commits % (faultEvery + 2) == 0 && ++faults <= 5);

        var written = await FillAsync(journal);
        for (var again = true; again;)
        {
            try
            {
                await journal.FlushIndexAsync();
                again = false;
            }
            catch (JournalUnavailableException)
            {
                faults.ShouldBeLessThanOrEqualTo(5);
            }
        }

        faults.ShouldBeGreaterThan(0);
        journal.Status.Unindexed.ShouldBe(0);
        await AnswersForAsync(journal, written);
        (await journal.ValidateAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("UPDATE blocks SET data = zeroblob(length(data)) WHERE id = (SELECT max(id) - 2 FROM blocks)")]
    [InlineData("UPDATE blocks SET data = substr(data, 1, 500) || x'00' || substr(data, 502) WHERE length(data) > 1000")]
    [InlineData("DELETE FROM blocks")]
    public async Task Damage_in_a_run_leaves_the_mark_and_the_next_start_makes_the_index_anew(string damage)
    {
        await using (var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path })) await journal.CommitAsync(Entries(Anna, 4_000));
        using (var db = Db.OpenExisting(folder.File("index.db"))) db.Execute(damage);

        await using (var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path }))
        {
            (await journal.ValidateAsync()).ShouldNotBeEmpty();
            await Should.ThrowAsync<JournalUnavailableException>(async () =>
            {
                for (var i = 1; i <= 4_000; i += 50) await journal.FindCommandAsync(Anna, $"{Anna}#{i}");
                for (var i = 1; i <= 4_000; i += 50) await journal.ReadStreamAsync(Anna, i, 1);
            });
            File.Exists(folder.File("index.damaged")).ShouldBeTrue();
            (await journal.ReadAfterAsync(0, 10)).Count.ShouldBe(10);
        }

        await using var mended = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });
        File.Exists(folder.File("index.damaged")).ShouldBeFalse();
        await mended.FlushIndexAsync();
        (await mended.ReadStreamAsync(Anna, 1, 5_000)).Count.ShouldBe(4_000);
        (await mended.ValidateAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_index_of_the_former_format_is_made_anew()
    {
        await using (var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path })) await journal.CommitAsync(Entries(Anna, 100));
        using (var db = Db.OpenExisting(folder.File("index.db"))) db.Execute("PRAGMA user_version=1");

        await using var reopened = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });

        reopened.Status.Unindexed.ShouldBe(100);
        (await reopened.ReadStreamAsync(Anna, 1, 200)).Count.ShouldBe(100);
    }

    [Fact]
    public async Task Readers_see_every_entry_while_runs_are_merged_under_them()
    {
        await using var journal = await OpenAsync(_ => false);
        using var stop = new CancellationTokenSource();
        await journal.CommitAsync(Entries(Anna, 1));
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var looks = 0;
            while (!stop.IsCancellationRequested)
            {
                var head = (int)journal.Head;
                (await journal.ReadStreamAsync(Anna, 1, 10_000)).Count.ShouldBeGreaterThanOrEqualTo(head);
                (await journal.FindCommandAsync(Anna, $"{Anna}#{1 + looks++ % head}")).ShouldNotBeNull();
            }
        })).ToList();
        for (var i = 0; i < 80; i++) await journal.CommitAsync(Entries(Anna, 25, 1 + i * 25));
        await journal.FlushIndexAsync();

        await stop.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30));
        (await journal.ValidateAsync()).ShouldBeEmpty();
    }

    private SqliteJournalOptions Options => new() { Folder = folder.Path, SegmentEntries = 150, IndexSliceEntries = 60, HeadsCached = 4 };

    private Task<SqliteJournal> OpenAsync(Func<CommitStage, bool> fails) => SqliteJournal.OpenAsync(Options with
    {
        IndexFault = stage =>
        {
            if (fails(stage)) throw new SqliteFault(raw.SQLITE_IOERR, "disk I/O error");
        },
    });

    /// <summary>Some forty segments, nine streams.</summary>
    private static async Task<int> FillAsync(SqliteJournal journal)
    {
        const int rounds = 65;
        for (var i = 0; i < rounds; i++) await journal.CommitAsync([.. Enumerable.Range(0, 9).SelectMany(s => Entries($"main/customer/{s}", 10, i * 10))]);
        return rounds * 10;
    }

    private static async Task AnswersForAsync(SqliteJournal journal, int versions)
    {
        for (var s = 0; s < 9; s++)
        {
            var stream = $"main/customer/{s}";
            (await journal.ReadStreamAsync(stream, 1, 1_000)).Select(e => e.Version).ShouldBe(Enumerable.Range(1, versions).Select(v => (long)v));
            (await journal.ReadStreamBackwardAsync(stream, versions, 3)).Select(e => e.Version).ShouldBe([versions - 1, versions - 2, versions - 3]);
            for (var version = 1; version <= versions; version += 13)
                (await journal.FindCommandAsync(stream, $"{stream}#{version}"))!.Version.ShouldBe(version);
            (await journal.AppendAsync([Entry(stream, versions, $"{stream}#1")])).Committed.ShouldBeFalse();
        }
    }
}
