using System.Text;
using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Personal;

/// <summary>What the vault promises, wherever its wrapped keys are kept.</summary>
public abstract class VaultConformance : IAsyncLifetime
{
    private static readonly CustomerId Ann = new("c-ann");
    private static readonly PersonalData AnnsData = new() { Name = "安妮", Phone = "+8613812341234", Card = "8800123456", ExternalId = "wx-ann", Birthday = "1990-05-17" };
    private readonly TempFolder _folder = new();

    private protected TempFolder Folder => _folder;

    private protected string MasterFile => _folder.File("master.key");

    /// <summary>Opens the keys of this test; any number of times, also at once.</summary>
    private protected abstract Task<KeyTable> OpenTableAsync();

    /// <summary>Opens keys of its own.</summary>
    private protected abstract Task<KeyTable> OpenOtherTableAsync();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_is_sealed_opens_again_also_after_a_restart()
    {
        Sealed profile;
        await using (var vault = await OpenAsync())
        {
            profile = await vault.SealAsync("main", Ann, AnnsData);
            (await vault.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
        }

        await using var later = await OpenAsync();
        (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
        (await later.SealAsync("main", Ann, AnnsData)).ShouldNotBe(profile, "two seals of the same data never look alike");
    }

    [Fact]
    public async Task Many_at_once_for_one_customer_agree_on_one_key()
    {
        await using var vault = await OpenAsync();
        var profiles = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await vault.SealAsync("main", Ann, AnnsData))));
        await using var other = await OpenAsync();
        foreach (var profile in profiles) (await other.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task Every_single_damaged_byte_is_noticed_without_telling_the_content()
    {
        await using var vault = await OpenAsync();
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
        await using var vault = await OpenAsync();
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
        await using (var vault = await OpenAsync())
        {
            profile = await vault.SealAsync("main", Ann, AnnsData);
            await vault.DestroyAsync("main", Ann);
            (await vault.OpenAsync("main", Ann, profile)).ShouldBeNull();
        }

        await using var later = await OpenAsync();
        (await later.OpenAsync("main", Ann, profile)).ShouldBeNull();
        await later.SealAsync("main", Ann, AnnsData);
        await Should.ThrowAsync<PersonalDataDamagedException>(async () => await later.OpenAsync("main", Ann, profile), "a new key does not open what the destroyed one sealed");
    }

    [Fact]
    public async Task Blind_indexes_are_stable_and_differ_by_chain_and_kind()
    {
        IdentityRef first;
        await using (var vault = await OpenAsync())
        {
            first = vault.Index("main", IdentityKind.Phone, "+8613812341234");
            first.Index.Length.ShouldBe(22);
            vault.Index("other", IdentityKind.Phone, "+8613812341234").Index.ShouldNotBe(first.Index);
            vault.Index("main", IdentityKind.Card, "+8613812341234").Index.ShouldNotBe(first.Index);
            vault.Index("main", IdentityKind.Phone, "+8613812341235").Index.ShouldNotBe(first.Index);
        }

        await using var later = await OpenAsync();
        later.Index("main", IdentityKind.Phone, "+8613812341234").ShouldBe(first);
    }

    [Fact]
    public async Task Fingerprints_are_stable_and_keyed()
    {
        ulong first;
        await using (var vault = await OpenAsync())
        {
            first = vault.Fingerprint("abc"u8);
            vault.Fingerprint("abd"u8).ShouldNotBe(first);
        }

        await using (var later = await OpenAsync()) later.Fingerprint("abc"u8).ShouldBe(first);

        using var elsewhere = new TempFolder();
        await using var stranger = await PersonalVault.OpenAsync(elsewhere.File("master.key"), await OpenOtherTableAsync());
        stranger.Fingerprint("abc"u8).ShouldNotBe(first);
    }

    [Fact]
    public async Task Rotation_changes_the_wrapping_and_nothing_else()
    {
        Sealed profile;
        IdentityRef index;
        ulong fingerprint;
        var next = MasterKey.Generate();
        await using (var vault = await OpenAsync())
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
        await using (var later = await OpenAsync())
        {
            (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
            later.Index("main", IdentityKind.Phone, "+8613812341234").ShouldBe(index);
            later.Fingerprint("abc"u8).ShouldBe(fingerprint);
        }

        MakePrivate(_folder.File("old.key"));
        (await Should.ThrowAsync<VaultUnusableException>(async () => await PersonalVault.OpenAsync(_folder.File("old.key"), await OpenTableAsync()))).Message.ShouldContain(next.Id);
    }

    [Fact]
    public async Task Two_rotations_in_a_row_leave_everything_readable()
    {
        await using var vault = await OpenAsync();
        var profile = await vault.SealAsync("main", Ann, AnnsData);
        await Task.WhenAll(vault.RotateAsync(MasterKey.Generate()).AsTask(), vault.RotateAsync(MasterKey.Generate()).AsTask());
        await using var other = await OpenAsync();
        (await other.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task A_rotation_that_crashed_before_keys_were_rewrapped_is_taken_back()
    {
        Sealed profile;
        await using (var vault = await OpenAsync()) profile = await vault.SealAsync("main", Ann, AnnsData);
        MasterKey.Generate().Save(MasterFile + ".next");

        await using var later = await OpenAsync();
        (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
        File.Exists(MasterFile + ".next").ShouldBeFalse();
    }

    [Fact]
    public async Task A_rotation_that_crashed_before_the_file_was_replaced_is_finished()
    {
        Sealed profile;
        var next = MasterKey.Generate();
        await using (var vault = await OpenAsync())
        {
            profile = await vault.SealAsync("main", Ann, AnnsData);
            File.Copy(MasterFile, _folder.File("before.key"));
            await vault.RotateAsync(next);
        }

        File.Move(MasterFile, MasterFile + ".next");
        File.Move(_folder.File("before.key"), MasterFile);

        await using var later = await OpenAsync();
        (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
        MasterKey.Load(MasterFile).Id.ShouldBe(next.Id);
    }

    [Fact]
    public async Task A_master_key_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        await using (await OpenAsync()) { }
        File.GetUnixFileMode(MasterFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(MasterFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        (await Should.ThrowAsync<VaultUnusableException>(OpenAsync)).Message.ShouldContain("chmod 600");
    }

    [Fact]
    public async Task A_rotation_that_does_not_find_the_key_in_force_touches_nothing()
    {
        await using var vault = await OpenAsync();
        var inForce = MasterKey.Load(MasterFile).Id;
        File.Delete(MasterFile);
        MasterKey.Generate().Save(MasterFile);
        MasterKey.Generate().Save(MasterFile + ".next");
        var before = (await File.ReadAllTextAsync(MasterFile), await File.ReadAllTextAsync(MasterFile + ".next"));

        (await Should.ThrowAsync<VaultUnusableException>(async () => await vault.RotateAsync(MasterKey.Generate()))).Message.ShouldContain(inForce);

        (await File.ReadAllTextAsync(MasterFile), await File.ReadAllTextAsync(MasterFile + ".next")).ShouldBe(before);
    }

    [Fact]
    public async Task A_key_survives_what_the_vault_was_not_asked_to_close()
    {
        await using var vault = await OpenAsync();
        var profile = await vault.SealAsync("main", Ann, AnnsData);
        // Another one beside it sees what is durable, and nothing of what this one has in memory.
        await using var other = await OpenAsync();
        (await other.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task Changes_of_one_batch_are_made_in_their_order_for_each_customer()
    {
        await using var table = await OpenTableAsync();
        var (one, two) = (Key("c1", 1), Key("c1", 2));
        var found = await table.CommitAsync([new("main", "c1", one), new("main", "c2", Key("c2", 3)), new("main", "c1", two), new("main", "c1", null), new("main", "c1", two), new("other", "c1", one with { Chain = "other" })], default);
        found[0].ShouldBeNull();
        found[2].ShouldNotBeNull().Wrapped.ShouldBe(one.Wrapped);
        found[4].ShouldBeNull("what was destroyed is not there any more");
        (await table.FindAsync("main", "c1", default)).ShouldNotBeNull().Wrapped.ShouldBe(two.Wrapped);
        (await table.FindAsync("other", "c1", default)).ShouldNotBeNull().Wrapped.ShouldBe(one.Wrapped);
        (await table.CommitAsync([new("main", "c1", one), new("main", "c9", null)], default))[0].ShouldNotBeNull().Wrapped.ShouldBe(two.Wrapped, "the first key stays");
        (await table.FindAsync("main", "c9", default)).ShouldBeNull();
    }

    [Fact]
    public async Task All_keys_are_read_in_order_page_by_page_and_the_copy_of_another_place_is_the_same()
    {
        await using var table = await OpenTableAsync();
        await table.SecretAsync("index", () => new("index", "m", [1, 2]), default);
        await table.CommitAsync([.. Enumerable.Range(0, 250).Select(i => new KeyChange(i % 3 == 0 ? "a" : "b", $"C{i}-客", Key($"C{i}-客", (byte)i) with { Chain = i % 3 == 0 ? "a" : "b" }))], default);
        await using var keys = table.Reader();
        List<WrappedCustomerKey> all = [];
        while (await keys.AfterAsync(all.Count == 0 ? "" : all[^1].Chain, all.Count == 0 ? "" : all[^1].Customer, 100) is { Count: > 0 } page) all.AddRange(page);
        all.Count.ShouldBe(250);
        all.Select(key => (key.Chain, key.Customer)).ShouldBe(all.Select(key => (key.Chain, key.Customer)).OrderBy(key => key.Chain, StringComparer.Ordinal).ThenBy(key => key.Customer, StringComparer.Ordinal));

        var copy = Folder.File("copy.db");
        await using (var writer = new SqliteWrappedKeyWriter(copy)) (await KeyCopy.RunAsync(keys, writer)).ShouldBe(250);
        await using (var copied = new SqliteWrappedKeys(copy)) (await KeyCopy.DifferenceAsync(keys, copied)).ShouldBeNull();
        await table.CommitAsync([new("b", "C1-客", null)], default);
        await using (var copied = new SqliteWrappedKeys(copy)) (await KeyCopy.DifferenceAsync(keys, copied)).ShouldNotBeNull().ShouldContain("key");
    }

    private static WrappedCustomerKey Key(string customer, byte seed) => new("main", customer, "m", [seed, 7, 7]);

    private protected async Task<PersonalVault> OpenAsync() => await PersonalVault.OpenAsync(MasterFile, await OpenTableAsync());

    private protected static void MakePrivate(string file)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
