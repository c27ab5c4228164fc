using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>What a move leaves in a data folder at each step, and what is opened then.</summary>
public sealed class MovedFolderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_being_filled_is_opened_by_the_move_alone_and_goes_into_place_whole()
    {
        var moved = new MovedFolder(folder.Path);
        moved.BeginFilling();
        await using (var filling = await SqliteJournal.OpenAsync(new() { Folder = moved.Filling, Filling = true })) await filling.CommitAsync(Entries(Anna, 3));

        (moved.IsFilling, moved.HoldsJournal).ShouldBe((true, false));
        (await Should.ThrowAsync<JournalUnusableException>(() => SqliteJournal.OpenAsync(new() { Folder = moved.Filling }))).Message.ShouldContain("has not ended");
        moved.BeginFilling();
        moved.Release("It came.");

        (moved.IsFilling, moved.HoldsJournal).ShouldBe((false, true));
        Directory.Exists(moved.Filling).ShouldBeFalse();
        (await File.ReadAllTextAsync(moved.NotePath)).ShouldBe("It came.\n");
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });
        (await journal.AllAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_journal_is_put_aside_and_taken_back_as_it_was()
    {
        var moved = new MovedFolder(folder.Path);
        await using (var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path })) await journal.CommitAsync(Entries(Anna, 3));

        moved.SetAside("It went.");

        (moved.IsSetAside, moved.HoldsJournal).ShouldBe((true, false));
        File.Exists(moved.KeptPath).ShouldBeTrue();
        moved.TakeBack();
        await using var again = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });
        (await again.AllAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_journal_that_somebody_reads_is_not_put_aside()
    {
        var moved = new MovedFolder(folder.Path);
        await using (var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path })) await journal.CommitAsync(Entries(Anna, 1));
        await File.WriteAllTextAsync(folder.File("journal.db-wal"), "frames");

        Should.Throw<JournalUnusableException>(() => moved.SetAside("")).Message.ShouldContain("is not empty");
        moved.HoldsJournal.ShouldBeTrue();
    }

    [Fact]
    public async Task The_file_of_an_earlier_move_is_not_written_over()
    {
        var moved = new MovedFolder(folder.Path);
        await using (var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path })) await journal.CommitAsync(Entries(Anna, 1));
        await File.WriteAllTextAsync(moved.KeptPath, "earlier");

        Should.Throw<JournalUnusableException>(() => moved.SetAside("")).Message.ShouldContain("earlier move");
        Should.Throw<JournalUnusableException>(moved.BeginFilling).Message.ShouldContain("holds a journal already");
        (await File.ReadAllTextAsync(moved.KeptPath)).ShouldBe("earlier");
    }

    [Fact]
    public async Task A_wal_without_its_file_is_in_the_way()
    {
        await File.WriteAllTextAsync(folder.File("journal.db-wal"), "frames");

        Should.Throw<JournalUnusableException>(new MovedFolder(folder.Path).BeginFilling).Message.ShouldContain("its WAL is there");
    }

    [Fact]
    public async Task A_journal_under_a_lock_that_is_held_lets_the_lock_be()
    {
        using var held = FolderLock.Take(folder.Path);
        await using (await SqliteJournal.OpenAsync(new() { Folder = folder.Path, HeldLock = held }))
        {
            await Should.ThrowAsync<JournalUnusableException>(() => SqliteJournal.OpenAsync(new() { Folder = folder.Path }));
        }

        await Should.ThrowAsync<JournalUnusableException>(() => SqliteJournal.OpenAsync(new() { Folder = folder.Path }));
    }
}
