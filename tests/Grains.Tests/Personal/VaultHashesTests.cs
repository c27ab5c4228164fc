using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Storage;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Personal;

/// <summary>Blind indexes and fingerprints: journals and indexes hold them, so they stay what they are.</summary>
public sealed class VaultHashesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string MasterFile => _folder.File("master.key");

    private string KeysFile => _folder.File("keys.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Indexes_and_fingerprints_of_known_secrets_never_change()
    {
        await using (Open()) { }
        SetSecret("index", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        SetSecret("fingerprint", [.. Enumerable.Range(100, 32).Select(i => (byte)i)]);
        await using var vault = Open();
        // Made by HKDF and HMAC of another library: journals hold such values.
        vault.Index("main", IdentityKind.Phone, "+8613812341234").Index.ShouldBe("mOm7siZ6ApY4IJGSrICrcw");
        vault.Index("main", IdentityKind.Card, "8800123456").Index.ShouldBe("iXj0XBZFvy7DYKDntDIn_w");
        vault.Index("other", IdentityKind.Card, "8800123456").Index.ShouldBe("poyBzScuACJi-LthG7B_mQ");
        vault.Index("main", IdentityKind.External, "wx-安妮").Index.ShouldBe("Y4wzmVuTrlwxlSzrirl4IA");
        vault.Index("main", IdentityKind.External, "").Index.ShouldBe("eGLZ6qcCL8p94Zlu9O1o0A");
        vault.Index("main", IdentityKind.External, new string('安', 200)).Index.ShouldBe("0dAszecFpB1Nm0k7Zz31jw");
        vault.Fingerprint([]).ShouldBe(4672925876792606500UL);
        vault.Fingerprint("abc"u8).ShouldBe(907310008230554339UL);
        vault.Fingerprint([.. Enumerable.Range(0, 1_000).Select(i => (byte)(i % 256))]).ShouldBe(8838618623616767210UL);
    }

    [Fact]
    public async Task Chains_beyond_the_index_keys_kept_have_the_same_indexes()
    {
        await using var vault = Open();
        await using var other = Open();
        var chains = Enumerable.Range(0, GrainLimits.IndexKeysCached + 5).Select(i => $"chain-{i}").ToList();
        var indexes = chains.ConvertAll(chain => vault.Index(chain, IdentityKind.Card, "8800123456"));
        indexes.ShouldBeUnique();
        other.Index(chains[^1], IdentityKind.Card, "8800123456").ShouldBe(indexes[^1], "there it is the first key, kept");
        vault.Index(chains[^1], IdentityKind.Card, "8800123456").ShouldBe(indexes[^1]);
    }

    [Fact]
    public async Task A_closed_vault_hashes_nothing_any_more()
    {
        var vault = Open();
        vault.Index("main", IdentityKind.Card, "8800123456");
        await vault.DisposeAsync();
        Should.Throw<ObjectDisposedException>(() => vault.Index("main", IdentityKind.Card, "8800123456"));
        Should.Throw<ObjectDisposedException>(() => vault.Index("other", IdentityKind.Card, "8800123456"));
        Should.Throw<ObjectDisposedException>(() => vault.Fingerprint("abc"u8));
    }

    private PersonalVault Open() => PersonalVault.Open(MasterFile, KeysFile);

    /// <summary>Puts a secret of the test in the place of the one that the vault made.</summary>
    private void SetSecret(string name, byte[] secret)
    {
        var sealedSecret = Sealing.Seal(MasterKey.Load(MasterFile).WrappingKey(), secret, Sealing.Associated("secret", name, ""));
        using var connection = SqliteFile.OpenWriter(KeysFile, durable: true);
        SqliteFile.Execute(connection, $"UPDATE secrets SET wrapped = x'{Convert.ToHexString(sealedSecret)}' WHERE name = '{name}'");
    }
}
