using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>What a SQLite journal makes of the files it finds.</summary>
public sealed class SqliteFilesTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string JournalDb => folder.File("journal.db");

    private string IndexDb => folder.File("index.db");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("garbage", "does not begin as a SQLite file")]
    [InlineData("text", "does not begin as a SQLite file")]
    [InlineData("empty", "has 0 bytes and no header")]
    [InlineData("header only", "has 60 bytes and no header")]
    [InlineData("half", "damaged")]
    [InlineData("newer", "is of format 99")]
    [InlineData("older", "is of format 0")]
    [InlineData("foreign", "another programme")]
    [InlineData("page size", "damaged")]
    [InlineData("schema", "damaged")]
    [InlineData("root page", "damaged")]
    public async Task A_file_that_is_no_good_is_refused_by_name_and_stays_as_it_is(string fault, string said)
    {
        await FillAsync(100);
        DamagedFiles.Damage(JournalDb, fault);
        var before = DamagedFiles.Fingerprint(JournalDb);
        var written = File.GetLastWriteTimeUtc(JournalDb);

        var refusal = await Should.ThrowAsync<JournalUnusableException>(OpenAsync);

        refusal.Message.ShouldContain(JournalDb);
        refusal.Message.ShouldContain(said);
        DamagedFiles.Fingerprint(JournalDb).ShouldBe(before);
        File.GetLastWriteTimeUtc(JournalDb).ShouldBe(written);
        (await Should.ThrowAsync<JournalUnusableException>(OpenAsync)).Message.ShouldContain(said);
    }

    [Fact]
    public async Task A_refused_file_keeps_its_wal()
    {
        await using (var journal = await OpenAsync())
        {
            await journal.CommitAsync(Entries(Anna, 100));
            using var crashed = folder.CopyAsAfterACrash();
            DamagedFiles.Damage(crashed.File("journal.db"), "newer");
            string[] files = [crashed.File("journal.db"), crashed.File("journal.db-wal")];
            new FileInfo(files[1]).Length.ShouldBeGreaterThan(0);
            var before = files.Select(DamagedFiles.Fingerprint).ToList();

            await Should.ThrowAsync<JournalUnusableException>(() => SqliteJournal.OpenAsync(new() { Folder = crashed.Path }));

            files.Select(DamagedFiles.Fingerprint).ShouldBe(before);
        }
    }

    [Fact]
    public async Task A_wal_without_its_journal_is_not_written_over()
    {
        await File.WriteAllTextAsync(JournalDb + "-wal", "what is left of somebody's journal");

        var refusal = await Should.ThrowAsync<JournalUnusableException>(OpenAsync);

        refusal.Message.ShouldContain("is missing, but its WAL is there");
        File.Exists(JournalDb).ShouldBeFalse();
        (await File.ReadAllTextAsync(JournalDb + "-wal")).ShouldBe("what is left of somebody's journal");
    }

    [Fact]
    public async Task A_journal_half_made_when_the_power_went_is_made_again()
    {
        await File.WriteAllTextAsync(JournalDb + ".new", "half");

        await FillAsync(3);

        await using var journal = await OpenAsync();
        journal.Head.ShouldBe(3);
        File.Exists(JournalDb + ".new").ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_has_one_owner_at_a_time()
    {
        var first = await OpenAsync();
        await first.CommitAsync(Entries(Anna, 1));

        var refusal = await Should.ThrowAsync<JournalUnusableException>(OpenAsync);
        refusal.Message.ShouldContain("is held by another process");
        refusal.Message.ShouldContain(folder.Path);
        await first.CommitAsync(Entries(Anna, 1, 1));

        await first.DisposeAsync();
        await using var second = await OpenAsync();
        second.Head.ShouldBe(2);
    }

    [Fact]
    public async Task After_a_refusal_the_folder_is_free_again()
    {
        await FillAsync(1);
        var good = await File.ReadAllBytesAsync(JournalDb);
        DamagedFiles.Damage(JournalDb, "newer");
        await Should.ThrowAsync<JournalUnusableException>(OpenAsync);

        await File.WriteAllBytesAsync(JournalDb, good);

        await using var journal = await OpenAsync();
        journal.Head.ShouldBe(1);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("garbage")]
    [InlineData("half")]
    [InlineData("empty")]
    [InlineData("newer")]
    [InlineData("foreign")]
    [InlineData("schema")]
    public async Task An_index_that_is_no_good_is_made_anew_from_the_journal(string fault)
    {
        await FillAsync(200);
        if (fault == "missing") File.Delete(IndexDb);
        else DamagedFiles.Damage(IndexDb, fault);

        await using var journal = await OpenAsync();
        await journal.FlushIndexAsync();

        await AnswersForAsync(journal, 200);
    }

    [Fact]
    public async Task An_index_found_damaged_while_running_is_made_anew_by_the_next_start()
    {
        await FillAsync(2_000);

        // The first four pages are the schema and the roots of the three tables; they stay, so that the damage shows only when leaves are read.
        DamagedFiles.Overwrite(IndexDb, 4_096 * 4, (int)new FileInfo(IndexDb).Length - 4_096 * 4);

        await using (var journal = await OpenAsync())
        {
            await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.ReadStreamAsync(Anna, 1, 10));
            journal.Head.ShouldBe(2_000);
            (await journal.ReadAfterAsync(0, 10)).Count.ShouldBe(10);
        }

        await using var mended = await OpenAsync();
        await AnswersForAsync(mended, 2_000);
        (await mended.ValidateAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_index_ahead_of_a_journal_from_a_backup_is_made_anew()
    {
        await FillAsync(50);
        var backup = await File.ReadAllBytesAsync(JournalDb);
        await FillAsync(100);
        await File.WriteAllBytesAsync(JournalDb, backup);

        await using var journal = await OpenAsync();

        journal.Head.ShouldBe(50);
        await AnswersForAsync(journal, 50);
        (await journal.FindCommandAsync(Anna, $"{Anna}#51")).ShouldBeNull();
    }

    [Fact]
    public async Task An_index_of_a_journal_that_went_another_way_is_made_anew()
    {
        await FillAsync(50);
        var backup = await File.ReadAllBytesAsync(JournalDb);
        await FillAsync(100);
        var index = await File.ReadAllBytesAsync(IndexDb);
        await File.WriteAllBytesAsync(JournalDb, backup);
        await using (var other = await OpenAsync()) await other.CommitAsync(Entries(Bert, 60));
        await File.WriteAllBytesAsync(IndexDb, index);

        await using var journal = await OpenAsync();

        (await journal.ReadStreamAsync(Bert, 1, 100)).Count.ShouldBe(60);
        (await journal.FindCommandAsync(Anna, $"{Anna}#51")).ShouldBeNull();
        await AnswersForAsync(journal, 50);
    }

    [Fact]
    public async Task An_index_behind_the_journal_is_caught_up_with()
    {
        await FillAsync(50);
        var index = await File.ReadAllBytesAsync(IndexDb);
        await FillAsync(100);
        await File.WriteAllBytesAsync(IndexDb, index);

        await using var journal = await OpenAsync();

        journal.Status.Unindexed.ShouldBe(50);
        await AnswersForAsync(journal, 100);
        await journal.FlushIndexAsync();
        journal.Status.Unindexed.ShouldBe(0);
        await AnswersForAsync(journal, 100);
    }

    [Fact]
    public async Task A_sound_journal_has_nothing_to_report()
    {
        await FillAsync(500);
        await using var journal = await OpenAsync();
        await journal.CommitAsync(Entries(Bert, 5));

        (await journal.ValidateAsync()).ShouldBeEmpty();
        await journal.FlushIndexAsync();
        (await journal.ValidateAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Validation_reports_gaps_that_a_start_does_not_see()
    {
        await FillAsync(500);
        using (var db = Db.OpenExisting(JournalDb))
        {
            db.Execute("DELETE FROM entries WHERE position = 200");
            db.Execute("UPDATE entries SET version = 7 WHERE position = 300");
        }

        await using var journal = await OpenAsync();
        var faults = await journal.ValidateAsync();

        faults.ShouldContain("journal.db: position 200 is missing");
        faults.ShouldContain("journal.db: position 300 has version 7 where 300 follows");
    }

    [Fact]
    public async Task Validation_reports_noise_in_the_middle_of_the_file()
    {
        await FillAsync(2_000);
        DamagedFiles.Overwrite(JournalDb, 8_192 * 10, 8_192);

        await using var journal = await OpenAsync();

        (await journal.ValidateAsync()).ShouldNotBeEmpty();
    }

    private Task<SqliteJournal> OpenAsync() => SqliteJournal.OpenAsync(new() { Folder = folder.Path });

    private async Task FillAsync(int upto)
    {
        await using var journal = await OpenAsync();
        await journal.CommitAsync(Entries(Anna, upto - (int)journal.Head, journal.Head));
    }

    private static async Task AnswersForAsync(SqliteJournal journal, int count)
    {
        (await journal.ReadStreamAsync(Anna, 1, count + 1)).Select(e => e.Text()).ShouldBe(Enumerable.Range(1, count).Select(i => $"data {i}"));
        (await journal.FindCommandAsync(Anna, $"{Anna}#{count}"))!.Version.ShouldBe(count);
        (await journal.AppendAsync([Entry(Anna, count, $"{Anna}#1")])).Committed.ShouldBeFalse();
        (await journal.AppendAsync([Entry(Anna, count - 1, "new")])).Committed.ShouldBeFalse();
    }
}
