using ChainCrm.Journal.Sqlite;
using Shouldly;
using SQLitePCL;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>A disk that is full or fails while the journal runs.</summary>
public sealed class SqliteFaultsTests : IDisposable
{
    private const int IoError = raw.SQLITE_IOERR;
    private readonly TempFolder folder = new();
    private CommitStage? failing;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task On_a_full_disk_writes_are_refused_reads_go_on_and_room_mends_it()
    {
        await using var journal = await OpenAsync(o => o with { MaxPageCount = 40 });
        var payload = new string('x', 4_000);
        var refusal = await Should.ThrowAsync<JournalUnavailableException>(async () =>
        {
            while (true) await journal.CommitAsync(Entry(Anna, journal.Head, $"c{journal.Head}", payload));
        });

        refusal.DiskFull.ShouldBeTrue();
        refusal.Message.ShouldContain("disk is full");
        var head = journal.Head;
        head.ShouldBeGreaterThan(10);
        (await journal.ReadStreamAsync(Anna, 1, 1_000)).Count.ShouldBe((int)head);
        (await journal.FindCommandAsync(Anna, "c0")).ShouldNotBeNull();
        (await journal.FindCommandAsync(Anna, $"c{head}")).ShouldBeNull();
        (await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync([Entry(Anna, head, "c", payload)]))).DiskFull.ShouldBeTrue();

        journal.SetMaxPageCount(10_000);

        await journal.CommitAsync(Entry(Anna, head, $"c{head}", payload));
        journal.Head.ShouldBe(head + 1);
        (await journal.ValidateAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_that_does_not_fit_on_the_disk_leaves_nothing_behind()
    {
        await using var journal = await OpenAsync(o => o with { MaxPageCount = 40 });
        await journal.CommitAsync(Entries(Anna, 3));

        await Should.ThrowAsync<JournalUnavailableException>(async () =>
            await journal.AppendAsync([Entry(Bert, 0, "small"), Entry(Anna, 3, "large", new string('x', 1_000_000))]));

        journal.Head.ShouldBe(3);
        (await journal.ReadStreamAsync(Bert, 1, 10)).ShouldBeEmpty();
        await journal.CommitAsync(Entry(Bert, 0, "small"));
    }

    [Fact]
    public async Task A_fault_before_the_commit_leaves_nothing_behind()
    {
        await using var journal = await OpenAsync();
        await journal.CommitAsync(Entries(Anna, 3));
        failing = CommitStage.BeforeCommit;

        var refusal = await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Entries(Anna, 2, 3)));

        refusal.DiskFull.ShouldBeFalse();
        journal.Head.ShouldBe(3);
        failing = null;
        await journal.CommitAsync(Entries(Anna, 2, 3));
        (await journal.ReadStreamAsync(Anna, 1, 10)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task After_a_commit_whose_answer_was_lost_the_journal_knows_what_was_committed()
    {
        await using var journal = await OpenAsync();
        await journal.CommitAsync(Entries(Anna, 3));
        failing = CommitStage.AfterCommit;

        await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync([.. Entries(Anna, 2, 3), Entry(Bert, 0, "b")]));

        failing = null;
        journal.Head.ShouldBe(6);
        (await journal.ReadStreamAsync(Anna, 1, 10)).Count.ShouldBe(5);
        (await journal.FindCommandAsync(Bert, "b")).ShouldNotBeNull();
        (await journal.AppendAsync([Entry(Bert, 1, "b")])).Committed.ShouldBeFalse();
        (await journal.AppendAsync(Entries(Anna, 1, 3))).Committed.ShouldBeFalse();
        await journal.CommitAsync(Entries(Anna, 1, 5));
    }

    [Fact]
    public async Task When_the_head_can_not_be_read_again_either_appends_are_refused_until_it_can()
    {
        var unreadable = false;
        await using var journal = await OpenAsync(o => o with
        {
            Fault = stage =>
            {
                if (stage == CommitStage.Recovery && unreadable) throw new JournalUnusableException("The disk is gone.");
                if (stage == CommitStage.AfterCommit && unreadable) throw new SqliteFault(IoError, "disk I/O error");
            },
        });
        await journal.CommitAsync(Entries(Anna, 3));
        unreadable = true;

        await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Entries(Anna, 1, 3)));
        await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Entries(Bert, 1)));
        journal.Head.ShouldBe(3);

        unreadable = false;
        (await journal.AppendAsync(Entries(Anna, 1, 3))).Committed.ShouldBeFalse();
        journal.Head.ShouldBe(4);
        await journal.CommitAsync(Entries(Anna, 1, 4));
    }

    [Fact]
    public async Task A_connection_that_no_longer_answers_is_replaced()
    {
        await using var journal = await OpenAsync();
        await journal.CommitAsync(Entries(Anna, 3));
        failing = CommitStage.Recovery;
        var always = failing;
        failingToo = CommitStage.AfterCommit;

        await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Entries(Anna, 1, 3)));

        always.ShouldBe(CommitStage.Recovery);
        journal.Head.ShouldBe(4);
        failing = failingToo = null;
        await journal.CommitAsync(Entries(Anna, 1, 4));
        (await journal.ValidateAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_index_that_can_not_be_written_stops_neither_appends_nor_reads()
    {
        var options = new SqliteJournalOptions { Folder = folder.Path, SegmentEntries = 8, IndexMaxPageCount = 8 };
        var journal = await SqliteJournal.OpenAsync(options);
        for (var i = 0; i < 30; i++) await journal.CommitAsync(Entries(Anna, 50, i * 50));

        (await Should.ThrowAsync<JournalUnavailableException>(journal.FlushIndexAsync)).DiskFull.ShouldBeTrue();
        journal.Status.IndexFault.ShouldNotBeNull();
        journal.Status.Unindexed.ShouldBeGreaterThan(0);
        await journal.CommitAsync(Entries(Anna, 1, 1_500));
        (await journal.ReadStreamAsync(Anna, 1, 2_000)).Count.ShouldBe(1_501);
        (await journal.AppendAsync([Entry(Anna, 1_501, $"{Anna}#1")])).Committed.ShouldBeFalse();
        await journal.DisposeAsync();

        await using var reopened = await SqliteJournal.OpenAsync(options with { IndexMaxPageCount = 0 });
        await reopened.FlushIndexAsync();
        reopened.Status.Unindexed.ShouldBe(0);
        reopened.Status.IndexFault.ShouldBeNull();
        (await reopened.ValidateAsync()).ShouldBeEmpty();
    }

    private CommitStage? failingToo;

    private Task<SqliteJournal> OpenAsync(Func<SqliteJournalOptions, SqliteJournalOptions>? change = null)
    {
        var options = new SqliteJournalOptions
        {
            Folder = folder.Path,
            Fault = stage =>
            {
                if (stage == failing || stage == failingToo) throw new SqliteFault(IoError, "disk I/O error");
            },
        };
        return SqliteJournal.OpenAsync(change?.Invoke(options) ?? options);
    }
}
