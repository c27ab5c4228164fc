using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Postgres;
using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Personal;

/// <summary>Over a schema, and what only a server on the other side of a line can do.</summary>
[NeedsPostgres]
public sealed class PostgresVaultTests : VaultConformance
{
    private static readonly CustomerId Ann = new("c-ann");
    private static readonly PersonalData AnnsData = new() { Name = "安妮", Phone = "+8613812341234" };
    private PostgresSchemaOfTest _schema = null!;

    public override async Task InitializeAsync() => _schema = await PostgresSchemaOfTest.NewAsync();

    private protected override async Task<KeyTable> OpenTableAsync() => await PostgresKeyTable.OpenAsync(_schema.Options);

    private protected override async Task<KeyTable> OpenOtherTableAsync() => await PostgresKeyTable.OpenAsync((await PostgresSchemaOfTest.NewAsync()).Options);

    [Fact]
    public async Task Keys_are_committed_before_they_are_sealed_with_and_outlive_a_crash_of_the_server()
    {
        await using var server = await TestPostgres.StartAsync();
        var options = new PostgresJournalOptions { ConnectionString = server.Connection() };
        await using var vault = await PersonalVault.OpenAsync(MasterFile, await PostgresKeyTable.OpenAsync(options));
        var profiles = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i => await vault.SealAsync("main", new CustomerId($"c{i}"), AnnsData)));
        await server.CrashAsync(PostgresStop.Kill);
        await server.StartAgainAsync();
        await using var later = await PersonalVault.OpenAsync(MasterFile, await PostgresKeyTable.OpenAsync(options));
        for (var i = 0; i < profiles.Length; i++) (await later.OpenAsync("main", new CustomerId($"c{i}"), profiles[i])).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task What_is_not_heard_of_is_told_as_unavailable_and_passes_later()
    {
        await using var proxy = new CutProxy(_schema.Server.Port);
        await using var vault = await PersonalVault.OpenAsync(MasterFile, await PostgresKeyTable.OpenAsync(_schema.Options with { ConnectionString = _schema.Server.Connection(proxy.Port) }));
        proxy.CutsAnswers = true;
        await Should.ThrowAsync<VaultUnavailableException>(async () => await vault.SealAsync("main", Ann, AnnsData));
        proxy.CutsAnswers = false;
        var profile = await vault.SealAsync("main", Ann, AnnsData);
        await using var other = await OpenAsync();
        (await other.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task A_rotation_whose_commit_was_not_heard_of_is_known_before_anything_else_is_wrapped()
    {
        await using var proxy = new CutProxy(_schema.Server.Port);
        var next = MasterKey.Generate();
        Sealed before, after;
        await using (var vault = await PersonalVault.OpenAsync(MasterFile, await PostgresKeyTable.OpenAsync(_schema.Options with { ConnectionString = _schema.Server.Connection(proxy.Port) })))
        {
            before = await vault.SealAsync("main", Ann, AnnsData);
            // Made by somebody else in the moment in which this one's answer was cut: to this vault there is no difference.
            proxy.CutsAnswers = true;
            await Should.ThrowAsync<VaultUnavailableException>(async () => await vault.RotateAsync(next));
            proxy.CutsAnswers = false;
            File.Copy(MasterFile, Folder.File("copy.key"));
            await using (var other = await PersonalVault.OpenAsync(Folder.File("copy.key"), await OpenTableAsync())) await other.RotateAsync(next);
            after = await vault.SealAsync("main", new CustomerId("c-bob"), AnnsData);
        }

        await using var later = await OpenAsync();
        MasterKey.Load(MasterFile).Id.ShouldBe(next.Id, "the start finished what the rotation began");
        (await later.OpenAsync("main", Ann, before)).ShouldBe(AnnsData);
        (await later.OpenAsync("main", new CustomerId("c-bob"), after)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task A_key_that_was_destroyed_although_nobody_heard_of_it_is_not_used_any_more()
    {
        await using var proxy = new CutProxy(_schema.Server.Port);
        await using var vault = await PersonalVault.OpenAsync(MasterFile, await PostgresKeyTable.OpenAsync(_schema.Options with { ConnectionString = _schema.Server.Connection(proxy.Port) }));
        var former = await vault.SealAsync("main", Ann, AnnsData);
        proxy.CutsAnswers = true;
        await Should.ThrowAsync<VaultUnavailableException>(async () => await vault.DestroyAsync("main", Ann));
        proxy.CutsAnswers = false;
        // Done by somebody else in the moment in which this one's answer was cut: to this vault there is no difference.
        await using (var other = await OpenAsync()) await other.DestroyAsync("main", Ann);

        (await vault.OpenAsync("main", Ann, former)).ShouldBeNull();
        var profile = await vault.SealAsync("main", Ann, AnnsData);

        await using var later = await OpenAsync();
        (await later.OpenAsync("main", Ann, profile)).ShouldBe(AnnsData);
    }

    [Fact]
    public async Task A_right_that_is_taken_away_while_the_vault_works_is_a_trouble_that_may_pass()
    {
        var app = $"{_schema.Name}_app";
        await _schema.Server.MakeRoleAsync(app);
        var options = _schema.Options with { ConnectionString = _schema.Server.Connection(user: app), MigrationConnectionString = _schema.Server.Connection() };
        await using var vault = await PersonalVault.OpenAsync(MasterFile, await PostgresKeyTable.OpenAsync(options));
        await _schema.SqlAsync($"REVOKE ALL ON customer_keys, key_secrets FROM {app}");

        await Should.ThrowAsync<VaultUnavailableException>(async () => await vault.SealAsync("main", Ann, AnnsData));
        await using (var reader = vault.ReadWrapped()) await Should.ThrowAsync<VaultUnavailableException>(async () => await reader.SecretsAsync());
        (await Should.ThrowAsync<VaultUnusableException>(async () => await PersonalVault.OpenAsync(MasterFile, await PostgresKeyTable.OpenAsync(options)))).Message.ShouldContain("granted again");

        await _schema.SqlAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON customer_keys, key_secrets TO {app}");
        await vault.SealAsync("main", Ann, AnnsData);
    }

    [Fact]
    public async Task Keys_that_an_interrupted_move_has_filled_in_are_thrown_away_with_their_pages()
    {
        await using (var table = await OpenTableAsync())
            await table.CommitAsync([.. Enumerable.Range(0, 2_000).Select(i => new KeyChange("main", $"c{i}", new("main", $"c{i}", "m", new byte[100])))], default);

        await using (var writer = await PostgresWrappedKeyWriter.OpenAsync(_schema.Options, replace: true))
        {
            await writer.AddAsync(new WrappedCustomerKey("main", "c1", "m", [1]));
            await writer.CommitAsync();
        }

        (await _schema.SqlAsync("SELECT count(*), pg_relation_size('customer_keys') FROM customer_keys")).ShouldBe("1|8192");
    }

    [Fact]
    public async Task Many_new_customers_cost_a_few_statements()
    {
        await using var table = await OpenTableAsync();
        using var statements = new StatementCount();
        await table.CommitAsync([.. Enumerable.Range(0, 2_000).Select(i => new KeyChange("main", $"c{i}", new("main", $"c{i}", "m", [1])))], default);
        (await _schema.SqlAsync("SELECT count(*) FROM customer_keys")).ShouldBe("2000");
        statements.Count.ShouldBeLessThan(6);
    }

    [Fact]
    public async Task The_applications_role_does_what_the_grains_need_and_the_rest_is_denied()
    {
        var (owner, app) = ($"{_schema.Name}_owner", $"{_schema.Name}_app");
        await _schema.Server.MakeRoleAsync(owner);
        await _schema.Server.MakeRoleAsync(app);
        await _schema.Server.SqlAsync($"CREATE SCHEMA {_schema.Name} AUTHORIZATION {owner}");
        var options = new PostgresJournalOptions { ConnectionString = _schema.Server.Connection(user: app), MigrationConnectionString = _schema.Server.Connection(user: owner), Schema = _schema.Name };
        await (await PostgresJournal.OpenAsync(options)).DisposeAsync();
        options = options with { MigrationConnectionString = "" };

        await using (var vault = await PersonalVault.OpenAsync(MasterFile, await PostgresKeyTable.OpenAsync(options)))
        {
            var profile = await vault.SealAsync("main", Ann, AnnsData);
            await vault.RotateAsync(MasterKey.Generate());
            await vault.DestroyAsync("main", Ann);
            (await vault.OpenAsync("main", Ann, profile)).ShouldBeNull();
        }

        var feed = new ListFeed();
        new RandomTrade(3).Commit(feed, 200);
        await using (var store = await PostgresReadSide.OpenAsync(options))
        {
            var log = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
            await using var tables = await store.OpenReadModelsAsync(new ListJournal(feed), log, default);
            var fold = new Grains.ReadModels.ReadModelFold(new Grains.ReadSide.ChainCalendars([]));
            foreach (var entry in feed.All) fold.Add(entry);
            await tables.WriteAsync(fold, default);
            await tables.RecreateAsync(default);
            await using var agenda = await store.OpenAgendaAsync(new ListJournal(feed), log, default);
            var row = new Grains.Agenda.AgendaRow("main/customer/c1", 1, 1, 0, 1);
            await agenda.ApplyAsync(new Dictionary<string, Grains.Agenda.AgendaRow?> { [row.Stream] = row }, feed.All[^1], default);
            await agenda.SettleAsync([(row, null)], default);
        }

        foreach (var change in (string[])["DELETE FROM {0}.key_secrets", "TRUNCATE {0}.customer_keys", "TRUNCATE {0}.key_secrets", "DROP TABLE {0}.agenda", "DELETE FROM {0}.read_position", "ALTER TABLE {0}.customer_keys ADD COLUMN clear text"])
        {
            var denied = await Should.ThrowAsync<InvalidOperationException>(() => _schema.Server.SqlAsync(change.Replace("{0}", _schema.Name, StringComparison.Ordinal), app), change);
            (denied.Message.Contains("permission denied", StringComparison.Ordinal) || denied.Message.Contains("must be owner", StringComparison.Ordinal)).ShouldBeTrue(denied.Message);
        }
    }
}
