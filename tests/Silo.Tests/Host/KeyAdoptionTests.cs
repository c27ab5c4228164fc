using ChainCrm.Domain;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Postgres;
using ChainCrm.Journal.Postgres;
using ChainCrm.Silo.Hosting;
using ChainCrm.TestKit.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

[assembly: TestFramework("ChainCrm.TestKit.Postgres.PostgresAwareFramework", "ChainCrm.TestKit")]

namespace ChainCrm.Silo.Tests.Host;

/// <summary>How the keys of a chain on PostgreSQL get out of the data folder, where they were kept before, and what a crash leaves at each step.</summary>
[NeedsPostgres]
public sealed class KeyAdoptionTests : IAsyncLifetime
{
    private static readonly PersonalData AnnsData = new() { Name = "安妮" };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("adoption");
    private readonly ServerSettings _settings = new();
    private Sealed _profile = null!;

    private KeyFiles Files => new(_folder.FullName);

    private PostgresJournalOptions Options => JournalStore.Options(_settings.Journal);

    public async Task InitializeAsync()
    {
        _settings.Journal.Store = "postgres";
        _settings.Journal.Connection = (await TestPostgres.SharedAsync()).Connection();
        _settings.Journal.Schema = TestPostgres.NewSchema();
        await using var vault = PersonalVault.Open(Files.MasterKeyFile, Files.KeysFile);
        _profile = await vault.SealAsync("main", new CustomerId("c-ann"), AnnsData);
        for (var i = 0; i < 300; i++) await vault.SealAsync("main", new CustomerId($"c{i}"), AnnsData);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_start_takes_the_keys_into_the_schema_and_puts_the_file_aside()
    {
        await StartAsync();
        Files.HoldsKeys.ShouldBeFalse();
        File.Exists(Files.KeptFile).ShouldBeTrue();
        File.Exists(Files.MasterKeyFile).ShouldBeTrue("what opens the keys stays where they are not");
        (await SqlAsync("SELECT count(*) FROM {0}.customer_keys")).ShouldBe("301");
        await StartAsync();
    }

    [Fact]
    public async Task Killed_after_the_copy_the_next_start_compares_and_ends_it()
    {
        await using (var keys = new SqliteWrappedKeys(Files.KeysFile))
        {
            await (await PostgresKeyTable.OpenAsync(Options)).DisposeAsync();
            await using var writer = await PostgresWrappedKeyWriter.OpenAsync(Options, replace: false);
            await KeyCopy.RunAsync(keys, writer);
        }

        await StartAsync();
        Files.HoldsKeys.ShouldBeFalse();
    }

    [Fact]
    public async Task Killed_within_the_copy_nothing_of_it_is_there_and_the_next_start_begins_anew()
    {
        await (await PostgresKeyTable.OpenAsync(Options)).DisposeAsync();
        await using (var keys = new SqliteWrappedKeys(Files.KeysFile))
        await using (var writer = await PostgresWrappedKeyWriter.OpenAsync(Options, replace: false))
        {
            foreach (var secret in await keys.SecretsAsync()) await writer.AddAsync(secret);
            foreach (var key in await keys.AfterAsync("", "", 100)) await writer.AddAsync(key);
        }

        (await SqlAsync("SELECT count(*) FROM {0}.key_secrets")).ShouldBe("0");
        await StartAsync();
        Files.HoldsKeys.ShouldBeFalse();
    }

    [Theory]
    [InlineData("DELETE FROM {0}.customer_keys WHERE customer = 'c7'")]
    [InlineData("UPDATE {0}.customer_keys SET wrapped = wrapped || '\\x00'::bytea WHERE customer = 'c7'")]
    [InlineData("UPDATE {0}.key_secrets SET wrapped = wrapped || '\\x00'::bytea WHERE name = 'index'")]
    public async Task Keys_that_are_not_the_same_in_both_places_stop_the_start_and_nothing_is_touched(string change)
    {
        File.Copy(Files.KeysFile, Files.KeysFile + ".copy");
        await StartAsync();
        File.Move(Files.KeysFile + ".copy", Files.KeysFile);
        await SqlAsync(change);
        (await Should.ThrowAsync<VaultUnusableException>(StartAsync)).Message.ShouldContain("not the same ones");

        // The copy that the first start put aside says what was in it.
        await using var keys = new SqliteWrappedKeys(Files.KeysFile);
        await using var kept = new SqliteWrappedKeys(Files.KeptFile);
        (await KeyCopy.DifferenceAsync(keys, kept)).ShouldBeNull();
    }

    private async Task StartAsync()
    {
        await using var journal = await PostgresJournal.OpenAsync(Options);
        await using var vault = await JournalStore.OpenVaultAsync(_settings, _folder.FullName, journal, NullLogger.Instance, CancellationToken.None);
        (await vault.OpenAsync("main", new CustomerId("c-ann"), _profile)).ShouldBe(AnnsData);
    }

    private async Task<string> SqlAsync(string sql) => await (await TestPostgres.SharedAsync()).SqlAsync(sql.Replace("{0}", _settings.Journal.Schema, StringComparison.Ordinal));
}
