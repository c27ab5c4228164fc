using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>In memory.</summary>
public sealed class MemorySnapshotStoreTests : SnapshotConformance
{
    protected override Task<ISnapshotStore> OpenAsync() => Task.FromResult<ISnapshotStore>(new MemorySnapshotStore());
}

/// <summary>On SQLite, with a restart between writing and reading.</summary>
public sealed class SqliteSnapshotStoreTests : SnapshotConformance
{
    private readonly TempFolder folder = new();
    private IJournal journal = JournalOf(8);

    private string File => folder.File("snapshots.db");

    protected override async Task<ISnapshotStore> OpenAsync() => await SqliteSnapshotStore.OpenAsync(folder.Path, journal);

    protected override async Task Settle()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("half")]
    [InlineData("empty")]
    [InlineData("newer")]
    [InlineData("foreign")]
    [InlineData("root page")]
    public async Task A_file_that_is_no_good_is_begun_anew(string fault)
    {
        await Store.SaveAsync([(Anna, State(7, "a"))]);
        await Store.DisposeAsync();
        DamagedFiles.Damage(File, fault);

        Store = await OpenAsync();

        (await Store.LoadAsync(Anna)).ShouldBeNull();
        await Store.SaveAsync([(Anna, State(3, "again"))]);
        await Settle();
        (await LoadAsync(Anna)).ShouldBe((3, "again"));
    }

    [Fact]
    public async Task Damage_found_while_running_costs_the_snapshots_and_is_mended_by_the_next_start()
    {
        var data = new string('x', 2_000);
        await Store.SaveAsync([.. Enumerable.Range(0, 200).Select(i => ($"main/customer/{i}", State(7, data)))]);
        await Settle();
        DamagedFiles.Overwrite(File, 3 * 8_192, (int)new FileInfo(File).Length - 3 * 8_192);

        var lost = 0;
        for (var i = 0; i < 200; i++) lost += await Store.LoadAsync($"main/customer/{i}") is null ? 1 : 0;
        lost.ShouldBeGreaterThan(0);
        ((SqliteSnapshotStore)Store).Fault.ShouldNotBeNull();

        await Settle();
        (await Store.LoadAsync(Anna)).ShouldBeNull();
        await Store.SaveAsync([(Anna, State(1, "a"))]);
        (await LoadAsync(Anna)).ShouldBe((1, "a"));
    }

    [Fact]
    public async Task A_journal_that_went_on_keeps_its_snapshots()
    {
        await Store.SaveAsync([(Anna, State(8, "a"))]);
        await journal.CommitAsync(Entries(Bert, 3));
        await Settle();

        (await LoadAsync(Anna)).ShouldBe((8, "a"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Snapshots_of_a_journal_that_went_back_are_dropped(int left)
    {
        await Store.SaveAsync([(Anna, State(3, "a"))]);
        await Store.SaveAsync([(Bert, State(8, "b"))]);

        journal = JournalOf(left);
        await Settle();

        (await Store.LoadAsync(Anna)).ShouldBeNull("nobody knows which of them the journal still holds");
        (await Store.LoadAsync(Bert)).ShouldBeNull();
    }

    [Fact]
    public async Task Snapshots_of_a_journal_that_went_back_and_then_another_way_are_dropped_and_new_ones_are_kept()
    {
        await Store.SaveAsync([(Anna, State(8, "a"))]);

        journal = JournalOf(7);
        await journal.CommitAsync([Entry(Anna, 7, "another command"), .. Entries(Bert, 5)]);
        await Settle();

        (await Store.LoadAsync(Anna)).ShouldBeNull();
        await Store.SaveAsync([(Anna, State(8, "another"))]);
        await Settle();
        (await LoadAsync(Anna)).ShouldBe((8, "another"));
    }

    [Fact]
    public async Task Snapshots_without_a_mark_are_dropped()
    {
        journal = JournalOf(0);
        await Settle();
        await Store.SaveAsync([(Anna, State(8, "a"))]);

        await Settle();

        (await Store.LoadAsync(Anna)).ShouldBeNull();
    }

    [Fact]
    public async Task While_the_journal_cannot_tell_its_newest_entry_nothing_is_saved()
    {
        await Store.SaveAsync([(Anna, State(3, "old"))]);
        await journal.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(async () => await Store.SaveAsync([(Anna, State(8, "a"))]));

        (await LoadAsync(Anna)).ShouldBe((3, "old"));
    }

    /// <summary>A journal with so many entries of one stream.</summary>
    private static MemoryJournal JournalOf(int entries)
    {
        var made = new MemoryJournal();
        if (entries > 0) made.AppendAsync(Entries(Anna, entries)).AsTask().GetAwaiter().GetResult().Committed.ShouldBeTrue();
        return made;
    }
}
