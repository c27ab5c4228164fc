using System.Text;
using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Storage;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Personal;

public sealed class PersonalVaultTests : IDisposable
{
    private static readonly CustomerId Ann = new("c-ann");
    private static readonly PersonalData AnnsData = new() { Name = "安妮", Phone = "+8613812341234", Card = "8800123456", ExternalId = "wx-ann", Birthday = "1990-05-17" };
    private readonly TempFolder _folder = new();

    private string MasterFile => _folder.File("master.key");

    private string KeysFile => _folder.File("keys.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_sealed_opens_again_also_after_a_restart()
    {
        Sealed profile;
        await using (var vault = Open())
        {
            profile = await vault.SealAsync("main", Ann, AnnsData);
            (await vault.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
        }

        await using var later = Open();
        (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
        (await later.SealAsync("main", Ann, AnnsData)).ShouldNotBe(profile, "two seals of the same data never look alike");
    }

    [Fact]
    public async Task Nothing_on_disk_shows_what_was_sealed()
    {
        await using (var vault = Open())
        {
            var profile = await vault.SealAsync("main", Ann, AnnsData);
            Encoding.UTF8.GetString(profile.Bytes).ShouldNotContain("13812341234");
        }

        foreach (var file in Directory.GetFiles(_folder.Path))
            Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain("13812341234");
        AnnsData.ToString().ShouldNotContain("安妮");
    }

    [Fact]
    public async Task A_key_is_on_disk_before_the_seal_is_handed_out()
    {
        await using var vault = Open();
        var profile = await vault.SealAsync("main", Ann, AnnsData);
        foreach (var name in new[] { "master.key", "keys.db", "keys.db-wal" }) File.Copy(_folder.File(name), _folder.File("copy-" + name));

        await using var copy = PersonalVault.Open(_folder.File("copy-master.key"), _folder.File("copy-keys.db"));
        (await copy.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task Many_at_once_for_one_customer_agree_on_one_key()
    {
        await using var vault = Open();
        var profiles = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await vault.SealAsync("main", Ann, AnnsData))));
        await using var other = PersonalVault.Open(MasterFile, KeysFile);
        foreach (var profile in profiles) (await other.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task Every_single_damaged_byte_is_noticed_without_telling_the_content()
    {
        await using var vault = Open();
        var profile = await vault.SealAsync("main", Ann, AnnsData);
        for (var i = 0; i < profile.Bytes.Length; i++)
        {
            var bytes = profile.Bytes.ToArray();
            bytes[i] ^= 1;
            var damage = await Should.ThrowAsync<PersonalDataDamagedException>(async () => await vault.OpenAsync("main", Ann, new Sealed(bytes)));
            damage.ToString().ShouldNotContain("安妮");
        }

        await Should.ThrowAsync<PersonalDataDamagedException>(async () => await vault.OpenAsync("main", Ann, new Sealed([1, 2, 3])));
    }

    [Fact]
    public async Task A_profile_opens_for_its_own_customer_and_chain_only()
    {
        await using var vault = Open();
        var profile = await vault.SealAsync("main", Ann, AnnsData);
        await vault.SealAsync("main", new CustomerId("c-bob"), AnnsData);
        await vault.SealAsync("other", Ann, AnnsData);
        await Should.ThrowAsync<PersonalDataDamagedException>(async () => await vault.OpenAsync("main", new CustomerId("c-bob"), profile));
        await Should.ThrowAsync<PersonalDataDamagedException>(async () => await vault.OpenAsync("other", Ann, profile));
    }

    [Fact]
    public async Task A_destroyed_key_never_comes_back()
    {
        Sealed profile;
        await using (var vault = Open())
        {
            profile = await vault.SealAsync("main", Ann, AnnsData);
            await vault.DestroyAsync("main", Ann);
            (await vault.OpenAsync("main", Ann, profile)).ShouldBeNull();
        }

        await using var later = Open();
        (await later.OpenAsync("main", Ann, profile)).ShouldBeNull();
        await later.SealAsync("main", Ann, AnnsData);
        await Should.ThrowAsync<PersonalDataDamagedException>(async () => await later.OpenAsync("main", Ann, profile), "a new key does not open what the destroyed one sealed");
    }

    [Fact]
    public async Task Blind_indexes_are_stable_and_differ_by_chain_and_kind()
    {
        IdentityRef first;
        await using (var vault = Open())
        {
            first = vault.Index("main", IdentityKind.Phone, "+8613812341234");
            first.Index.Length.ShouldBe(22);
            vault.Index("other", IdentityKind.Phone, "+8613812341234").Index.ShouldNotBe(first.Index);
            vault.Index("main", IdentityKind.Card, "+8613812341234").Index.ShouldNotBe(first.Index);
            vault.Index("main", IdentityKind.Phone, "+8613812341235").Index.ShouldNotBe(first.Index);
        }

        await using var later = Open();
        later.Index("main", IdentityKind.Phone, "+8613812341234").ShouldBe(first);
    }

    [Fact]
    public async Task Fingerprints_are_stable_and_keyed()
    {
        ulong first;
        await using (var vault = Open())
        {
            first = vault.Fingerprint("abc"u8);
            vault.Fingerprint("abd"u8).ShouldNotBe(first);
        }

        await using (var later = Open()) later.Fingerprint("abc"u8).ShouldBe(first);

        using var elsewhere = new TempFolder();
        await using var stranger = PersonalVault.Open(elsewhere.File("master.key"), elsewhere.File("keys.db"));
        stranger.Fingerprint("abc"u8).ShouldNotBe(first);
    }

    [Fact]
    public async Task Rotation_changes_the_wrapping_and_nothing_else()
    {
        Sealed profile;
        IdentityRef index;
        ulong fingerprint;
        var next = MasterKey.Generate();
        await using (var vault = Open())
        {
            profile = await vault.SealAsync("main", Ann, AnnsData);
            for (var i = 0; i < 2_500; i++) await vault.SealAsync("main", new CustomerId($"c-{i % 50}"), AnnsData);
            index = vault.Index("main", IdentityKind.Phone, "+8613812341234");
            fingerprint = vault.Fingerprint("abc"u8);
            var oldKeyFile = await File.ReadAllTextAsync(MasterFile);

            await vault.RotateAsync(next);

            (await File.ReadAllTextAsync(MasterFile)).ShouldNotBe(oldKeyFile);
            (await vault.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
            await vault.SealAsync("main", new CustomerId("c-after"), AnnsData);
            await File.WriteAllTextAsync(_folder.File("old.key"), oldKeyFile);
        }

        MasterKey.Load(MasterFile).Id.ShouldBe(next.Id);
        await using (var later = Open())
        {
            (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
            later.Index("main", IdentityKind.Phone, "+8613812341234").ShouldBe(index);
            later.Fingerprint("abc"u8).ShouldBe(fingerprint);
        }

        MakePrivate(_folder.File("old.key"));
        Should.Throw<VaultUnusableException>(() => PersonalVault.Open(_folder.File("old.key"), KeysFile)).Message.ShouldContain(next.Id);
    }

    [Fact]
    public async Task Two_rotations_in_a_row_leave_everything_readable()
    {
        await using var vault = Open();
        var profile = await vault.SealAsync("main", Ann, AnnsData);
        await Task.WhenAll(vault.RotateAsync(MasterKey.Generate()).AsTask(), vault.RotateAsync(MasterKey.Generate()).AsTask());
        await using var other = Open();
        (await other.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task A_rotation_that_crashed_before_keys_were_rewrapped_is_taken_back()
    {
        Sealed profile;
        await using (var vault = Open()) profile = await vault.SealAsync("main", Ann, AnnsData);
        MasterKey.Generate().Save(MasterFile + ".next");

        await using var later = Open();
        (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
        File.Exists(MasterFile + ".next").ShouldBeFalse();
    }

    [Fact]
    public async Task A_rotation_that_crashed_before_the_file_was_replaced_is_finished()
    {
        Sealed profile;
        var next = MasterKey.Generate();
        await using (var vault = Open())
        {
            profile = await vault.SealAsync("main", Ann, AnnsData);
            File.Copy(MasterFile, _folder.File("before.key"));
            await vault.RotateAsync(next);
        }

        File.Move(MasterFile, MasterFile + ".next");
        File.Move(_folder.File("before.key"), MasterFile);

        await using var later = Open();
        (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
        MasterKey.Load(MasterFile).Id.ShouldBe(next.Id);
    }

    [Fact]
    public async Task A_missing_master_key_stops_the_start_instead_of_being_made_anew()
    {
        await using (var vault = Open()) await vault.SealAsync("main", Ann, AnnsData);
        File.Delete(MasterFile);
        Should.Throw<VaultUnusableException>(Open).Message.ShouldContain("missing");
        File.Exists(MasterFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_master_key_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        await using (Open()) { }
        File.GetUnixFileMode(MasterFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(MasterFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Should.Throw<VaultUnusableException>(Open).Message.ShouldContain("chmod 600");
    }

    [Theory]
    [InlineData("")]
    [InlineData("chaincrm-master-key 1\nid 0011223344556677\nkey AAAA\n")]
    [InlineData("chaincrm-master-key 2\nid 0011223344556677\nkey AAAA\n")]
    [InlineData("something else\nid 0011223344556677\nkey AAAA\n")]
    public void A_damaged_or_newer_master_key_file_is_refused(string content)
    {
        File.WriteAllText(MasterFile, content);
        MakePrivate(MasterFile);
        Should.Throw<VaultUnusableException>(Open);
        File.ReadAllText(MasterFile).ShouldBe(content, "nothing is touched");
    }

    [Fact]
    public async Task A_damaged_key_store_is_refused()
    {
        await using (Open()) { }
        await File.WriteAllTextAsync(KeysFile, string.Concat(Enumerable.Repeat("not a database ", 1_000)));
        Should.Throw<VaultUnusableException>(Open);
    }

    [Fact]
    public async Task A_rotation_after_one_that_could_not_replace_the_file_never_destroys_the_key_in_force()
    {
        var next = MasterKey.Generate();
        Sealed profile;
        await using (var vault = Open())
        {
            profile = await vault.SealAsync("main", Ann, AnnsData);
            var former = await File.ReadAllTextAsync(MasterFile);
            File.Delete(MasterFile);
            Directory.CreateDirectory(MasterFile);
            await Should.ThrowAsync<SystemException>(async () => await vault.RotateAsync(next), "no file can replace a folder");
            Directory.Delete(MasterFile);
            await File.WriteAllTextAsync(MasterFile, former);
            MakePrivate(MasterFile);

            // The second rotation fails within keys.db, after it has dealt with what the first one left.
            Execute("INSERT INTO customer_keys(chain, customer, key_id, wrapped) VALUES('main', 'c-unreadable', 'nobody', x'00')");
            await Should.ThrowAsync<PersonalDataDamagedException>(async () => await vault.RotateAsync(MasterKey.Generate()));
        }

        Execute("DELETE FROM customer_keys WHERE customer = 'c-unreadable'");
        MasterKey.Load(MasterFile).Id.ShouldBe(next.Id);
        await using var later = Open();
        (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task A_rotation_that_does_not_find_the_key_in_force_touches_nothing()
    {
        await using var vault = Open();
        var inForce = MasterKey.Load(MasterFile).Id;
        File.Delete(MasterFile);
        MasterKey.Generate().Save(MasterFile);
        MasterKey.Generate().Save(MasterFile + ".next");
        var before = (await File.ReadAllTextAsync(MasterFile), await File.ReadAllTextAsync(MasterFile + ".next"));

        (await Should.ThrowAsync<VaultUnusableException>(async () => await vault.RotateAsync(MasterKey.Generate()))).Message.ShouldContain(inForce);

        (await File.ReadAllTextAsync(MasterFile), await File.ReadAllTextAsync(MasterFile + ".next")).ShouldBe(before);
    }

    [Fact]
    public async Task A_key_that_is_not_in_memory_is_never_read_on_the_callers_thread()
    {
        const int Many = 300;
        var profiles = new Sealed[Many];
        await using (var vault = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, Many).Select(async i => profiles[i] = await vault.SealAsync("main", new CustomerId($"c-{i}"), AnnsData)));
        }

        await using var cold = Open();
        var waited = 0;
        var opening = new List<Task<PersonalData?>>();
        for (var i = 0; i < Many; i++)
        {
            var opened = cold.OpenAsync("main", new CustomerId($"c-{i}"), profiles[i]);
            // One that was read elsewhere may be there already by the time it is looked at, but not all of so many.
            if (!opened.IsCompleted) waited++;
            opening.Add(opened.AsTask());
        }

        (await Task.WhenAll(opening).OrSay("all were opened")).ShouldAllBe(data => data == AnnsData);
        waited.ShouldBeGreaterThan(0);
        cold.OpenAsync("main", new CustomerId("c-1"), profiles[1]).IsCompleted.ShouldBeTrue("what is in memory costs no detour");
    }

    private void Execute(string sql)
    {
        using var connection = SqliteFile.OpenWriter(KeysFile, durable: true);
        SqliteFile.Execute(connection, sql);
    }

    private PersonalVault Open() => PersonalVault.Open(MasterFile, KeysFile);

    private static void MakePrivate(string file)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
