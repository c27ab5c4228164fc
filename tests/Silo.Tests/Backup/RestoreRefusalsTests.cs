using System.Text;
using ChainCrm.Client.Backup;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Sqlite;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Hosting;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Backup;

/// <summary>A restore that is refused says why in one sentence and leaves nothing behind.</summary>
public sealed class RestoreRefusalsTests : IAsyncLifetime
{
    private readonly BackupWorld _world = new();

    public async Task InitializeAsync()
    {
        await _world.EnrolAsync(5);
        await _world.BackUpAsync();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Another_backup_key_is_told_from_damage()
    {
        var other = _world.At("other.key");
        BackupKey.Generate().Save(other, withPrivate: true);
        await RefusedAsync(ServerProgram.DataUnusable, $"made for the backup key {_world.Key.Id}", "--backup-key", other);
    }

    [Fact]
    public async Task The_public_half_opens_nothing()
    {
        var half = _world.At("half.key");
        _world.Key.Save(half, withPrivate: false);
        await RefusedAsync(ServerProgram.DataUnusable, "is the public half", "--backup-key", half);
    }

    [Fact]
    public async Task A_key_file_open_to_others_is_not_used()
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_world.KeyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await RefusedAsync(ServerProgram.DataUnusable, "chmod 600");
    }

    [Fact]
    public async Task A_truncated_backup()
    {
        await using (var file = File.OpenWrite(_world.File)) file.SetLength(file.Length - 1);
        await RefusedAsync(ServerProgram.DataUnusable, "truncated");
    }

    [Fact]
    public async Task An_altered_backup()
    {
        var bytes = await File.ReadAllBytesAsync(_world.File);
        bytes[^30] ^= 1;
        await File.WriteAllBytesAsync(_world.File, bytes);
        await RefusedAsync(ServerProgram.DataUnusable, "damaged or altered");
    }

    [Theory]
    [InlineData("chaincrm-backup 2\n", "of format 2, and this build knows formats up to 1")]
    [InlineData("SQLite format 3\0..", "This is no backup")]
    [InlineData("chaincrm-backup x\n", "This is no backup")]
    public async Task A_newer_format_and_no_backup_at_all(string begins, string says)
    {
        await File.WriteAllBytesAsync(_world.File, [.. Encoding.ASCII.GetBytes(begins), .. new byte[200]]);
        await RefusedAsync(ServerProgram.DataUnusable, says);
    }

    [Fact]
    public async Task Newer_content_in_a_known_envelope()
    {
        await _world.BackUpAsync(manifest => manifest with { EntryFormat = 99, Server = "7.0.0" });
        await RefusedAsync(ServerProgram.DataUnusable, "made by ChainCrm 7.0.0");
        await _world.BackUpAsync(manifest => manifest with { Content = 2 });
        await RefusedAsync(ServerProgram.DataUnusable, "of format 2");
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_left_as_it_is()
    {
        Directory.CreateDirectory(_world.Target);
        await File.WriteAllTextAsync(Path.Combine(_world.Target, "mine.txt"), "mine");
        var (code, said) = await _world.RestoreAsync();
        code.ShouldBe(ServerProgram.WrongConfiguration, said);
        said.ShouldContain("is not empty");
        Directory.GetFileSystemEntries(_world.Target).Select(Path.GetFileName).ShouldBe(["mine.txt"]);
    }

    [Fact]
    public async Task A_chain_that_somebody_began_there_while_the_backup_was_read_is_not_touched()
    {
        var settings = new ServerSettings();
        settings.Data.Folder = _world.Target;
        var restore = new Restore(_world.File, _world.Key, settings, until: null, _world.MasterKeyFile);
        await restore.OpenAsync(CancellationToken.None);
        restore.CheckTarget();
        await restore.CheckAsync(_ => { }, CancellationToken.None);
        (await _world.RestoreAsync("--master-key", _world.MasterKeyFile)).Code.ShouldBe(0, "the other one was quicker");
        var files = Directory.GetFiles(_world.Target).Order().ToList();

        await Should.ThrowAsync<WrongConfigurationException>(() => restore.WriteAsync(_ => { }, CancellationToken.None));
        using (FolderLock.Take(_world.Target)) await Should.ThrowAsync<JournalUnusableException>(() => restore.WriteAsync(_ => { }, CancellationToken.None));

        Directory.GetFiles(_world.Target).Order().ShouldBe(files);
        (await _world.RestoredAsync()).Count.ShouldBe(5);
    }

    [Fact]
    public async Task An_empty_folder_is_taken() // As a volume of a container is: there, and nobody's.
    {
        Directory.CreateDirectory(_world.Target);
        (await _world.RestoreAsync()).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Another_chain() => await RefusedAsync(ServerProgram.WrongConfiguration, "of the chain main", "--set", "chain.id=other");

    [Fact]
    public async Task A_position_beyond_the_end() => await RefusedAsync(ServerProgram.WrongConfiguration, "ends at position 5", "--until", "6");

    [Theory]
    [InlineData("--until", "0")]
    [InlineData("--until", "-3")]
    [InlineData("--until", "x")]
    public async Task A_position_that_is_none(string option, string value) => await RefusedAsync(ServerProgram.WrongConfiguration, "1 or more", option, value);

    [Fact]
    public async Task Another_master_key()
    {
        var other = _world.At("other-master.key");
        MasterKey.Generate().Save(other);
        await RefusedAsync(ServerProgram.DataUnusable, "wrapped by the master key", "--master-key", other);
    }

    [Fact]
    public async Task A_backup_that_is_not_there()
    {
        File.Delete(_world.File);
        await RefusedAsync(ServerProgram.WrongConfiguration, "chain.backup");
    }

    [Fact]
    public async Task Entries_with_a_gap_in_a_stream_are_taken_back()
    {
        // Sealed as it should be, but no journal: what a fault of the server that made it could look like.
        await using var broken = new GapJournal(_world.Journal);
        await _world.BackUpAsync(journal: broken);
        await RefusedAsync(ServerProgram.DataUnusable, "do not follow one another");
    }

    [Fact]
    public async Task A_check_reads_all_of_it_and_writes_nothing()
    {
        var (code, said) = await _world.RestoreAsync("--check");
        code.ShouldBe(0, said);
        said.ShouldContain("The backup is whole");
        Directory.Exists(_world.Target).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Who_asks_for_help_restores_nothing(string asks)
    {
        var (code, said) = await _world.RestoreAsync(asks);
        code.ShouldBe(ServerProgram.Fine);
        said.ShouldContain("--until POSITION");
        Directory.Exists(_world.Target).ShouldBeFalse();
    }

    [Fact]
    public async Task A_restore_to_nowhere_in_particular()
    {
        // The setting names a folder of this test, so that a restore which does not ask for --data does no harm elsewhere.
        KeyValuePair<string, string?>[] environment = [new("CHAINCRM__DATA__FOLDER", _world.Target)];
        var said = new StringWriter();
        (await RestoreProgram.RunAsync([_world.File, "--backup-key", _world.KeyFile], environment, said, said)).ShouldBe(ServerProgram.WrongConfiguration);
        said.ToString().ShouldContain("--data names the folder");
        Directory.Exists(_world.Target).ShouldBeFalse();
        (await RestoreProgram.RunAsync([_world.File, "--backup-key", _world.KeyFile, "--check"], environment, said, said)).ShouldBe(ServerProgram.Fine, said.ToString());
    }

    [Fact]
    public async Task Until_a_position_brings_back_that_many()
    {
        (await _world.RestoreAsync("--until", "3")).Code.ShouldBe(0);
        (await _world.RestoredAsync()).Select(entry => entry.Position).ShouldBe([1L, 2, 3]);
    }

    [Fact]
    public async Task A_server_does_not_start_on_an_unfinished_restore_and_neither_does_another_restore()
    {
        Directory.CreateDirectory(_world.Target);
        RestoreMark.Set(_world.Target);
        (await _world.RestoreAsync()).Said.ShouldContain("did not come to its end");
        var settings = new ServerSettings();
        settings.Data.Folder = _world.Target;
        settings.Http.Port = 0;
        (await Should.ThrowAsync<JournalUnusableException>(() => ChainCrmServer.StartAsync(settings))).Message.ShouldContain("did not come to its end");
        Directory.GetFileSystemEntries(_world.Target).Length.ShouldBe(1);
    }

    private async Task RefusedAsync(int expected, string because, params string[] more)
    {
        var (code, said) = await _world.RestoreAsync(more);
        code.ShouldBe(expected, said);
        said.ShouldContain("Nothing was restored.");
        said.ShouldContain(because);
        Directory.Exists(_world.Target).ShouldBeFalse("nothing is left of a restore that was refused");
    }

    /// <summary>Says version 9 of the last entry.</summary>
    private sealed class GapJournal(IJournal journal) : IJournal
    {
        public long Head => journal.Head;
        public ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default) => throw new NotSupportedException();
        public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default) => throw new NotSupportedException();
        public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default) => throw new NotSupportedException();
        public ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default) => throw new NotSupportedException();

        public async ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default) =>
            [.. (await journal.ReadAfterAsync(position, max, cancellation)).Select(entry => entry.Position == Head ? entry with { Version = 9 } : entry)];

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
