using System.Text;
using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Storage;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Personal;

/// <summary>Over keys.db, and what only files can suffer.</summary>
public sealed class PersonalVaultTests : VaultConformance
{
    private static readonly CustomerId Ann = new("c-ann");
    private static readonly PersonalData AnnsData = new() { Name = "安妮", Phone = "+8613812341234", Card = "8800123456", ExternalId = "wx-ann", Birthday = "1990-05-17" };
    private readonly TempFolder _elsewhere = new();

    private string KeysFile => Folder.File("keys.db");

    private protected override Task<KeyTable> OpenTableAsync() => Task.FromResult<KeyTable>(SqliteKeyTable.Open(KeysFile));

    private protected override Task<KeyTable> OpenOtherTableAsync() => Task.FromResult<KeyTable>(SqliteKeyTable.Open(_elsewhere.File("keys.db")));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task Nothing_on_disk_shows_what_was_sealed()
    {
        await using (var vault = Open())
        {
            var profile = await vault.SealAsync("main", Ann, AnnsData);
            Encoding.UTF8.GetString(profile.Bytes).ShouldNotContain("13812341234");
        }

        foreach (var file in Directory.GetFiles(Folder.Path))
            Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain("13812341234");
        AnnsData.ToString().ShouldNotContain("安妮");
    }

    [Fact]
    public async Task A_key_is_on_disk_before_the_seal_is_handed_out()
    {
        await using var vault = Open();
        var profile = await vault.SealAsync("main", Ann, AnnsData);
        foreach (var name in new[] { "master.key", "keys.db", "keys.db-wal" }) File.Copy(Folder.File(name), Folder.File("copy-" + name));

        await using var copy = PersonalVault.Open(Folder.File("copy-master.key"), Folder.File("copy-keys.db"));
        (await copy.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task A_missing_master_key_stops_the_start_instead_of_being_made_anew()
    {
        await using (var vault = Open()) await vault.SealAsync("main", Ann, AnnsData);
        File.Delete(MasterFile);
        Should.Throw<VaultUnusableException>(Open).Message.ShouldContain("missing");
        File.Exists(MasterFile).ShouldBeFalse();
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
}
