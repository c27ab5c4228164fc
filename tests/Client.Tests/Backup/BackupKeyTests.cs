using ChainCrm.Client.Backup;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Backup;

public sealed class BackupKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backup-key-").FullName;

    private string KeyFile => Path.Combine(_folder, "key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Two_halves_agree_whichever_way_round_and_others_do_not()
    {
        var (one, other, third) = (BackupKey.Generate(), BackupKey.Generate(), BackupKey.Generate());
        one.AgreeWith(other.Public).ShouldBe(other.AgreeWith(one.Public));
        one.AgreeWith(third.Public).ShouldNotBe(one.AgreeWith(other.Public));
    }

    [Fact]
    public void A_header_opens_for_its_key_and_gives_the_same_chunk_key()
    {
        var key = BackupKey.Generate();
        var header = BackupEnvelope.NewHeader(BackupKey.FromPublic(key.Public)!, out var chunkKey);
        header.Length.ShouldBe(BackupEnvelope.HeaderBytes);
        BackupEnvelope.OpenHeader(header, key).ShouldBe(chunkKey);
        BackupEnvelope.NewHeader(key, out var second).ShouldNotBe(header);
        second.ShouldNotBe(chunkKey, "each backup has a key of its own");
        Should.Throw<BackupUnusableException>(() => BackupEnvelope.OpenHeader(header, BackupKey.Generate())).Message.ShouldContain(key.Id);
    }

    [Fact]
    public void What_is_saved_is_loaded_and_only_the_owner_may_read_what_opens()
    {
        var key = BackupKey.Generate();
        key.Save(KeyFile, withPrivate: true);
        key.Save(KeyFile + ".public", withPrivate: false);

        var (loaded, half) = (BackupKey.Load(KeyFile), BackupKey.Load(KeyFile + ".public"));
        (loaded.Id, loaded.Opens, half.Id, half.Opens).ShouldBe((key.Id, true, key.Id, false));
        loaded.AgreeWith(half.Public).ShouldBe(key.AgreeWith(key.Public));
        File.ReadAllText(KeyFile + ".public").ShouldNotContain("private");
        Should.Throw<InvalidOperationException>(() => half.AgreeWith(key.Public));
        Should.Throw<InvalidOperationException>(() => half.Save(KeyFile + "2", withPrivate: true));
        Should.Throw<IOException>(() => BackupKey.Generate().Save(KeyFile, withPrivate: true));
        key.ToString().ShouldNotContain(File.ReadAllLines(KeyFile)[3][8..]);
        if (OperatingSystem.IsWindows()) return;
        File.GetUnixFileMode(KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Should.Throw<BackupUnusableException>(() => BackupKey.Load(KeyFile)).Message.ShouldContain("chmod 600");
    }

    [Theory]
    [InlineData(0, "chaincrm-backup-key 2", "newer version")]
    [InlineData(0, "chaincrm-master-key 1", "not a backup key file")]
    [InlineData(1, "id 0000000000000000", "not a backup key file")]
    [InlineData(2, "public AAAA", "not a backup key file")]
    [InlineData(3, "private AAAA", "not a backup key file")]
    public void A_damaged_key_file_is_said_to_be_one(int line, string text, string says)
    {
        BackupKey.Generate().Save(KeyFile, withPrivate: true);
        var lines = File.ReadAllLines(KeyFile);
        lines[line] = text;
        File.WriteAllLines(KeyFile, lines);
        Should.Throw<BackupUnusableException>(() => BackupKey.Load(KeyFile)).Message.ShouldContain(says);
    }

    [Fact]
    public void Two_halves_of_two_keys_are_no_key()
    {
        BackupKey.Generate().Save(KeyFile, withPrivate: true);
        BackupKey.Generate().Save(KeyFile + "2", withPrivate: true);
        File.WriteAllLines(KeyFile, [.. File.ReadAllLines(KeyFile)[..3], File.ReadAllLines(KeyFile + "2")[3]]);
        Should.Throw<BackupUnusableException>(() => BackupKey.Load(KeyFile));
    }

    [Fact]
    public void A_point_that_is_not_on_the_curve_is_no_public_half()
    {
        var point = BackupKey.Generate().Public.ToArray();
        BackupKey.FromPublic(point).ShouldNotBeNull();
        point[40] ^= 1;
        BackupKey.FromPublic(point).ShouldBeNull();
        BackupKey.FromPublic(point.AsSpan(1)).ShouldBeNull();
        BackupKey.FromPublic(new byte[BackupKey.PublicBytes]).ShouldBeNull();
    }
}
