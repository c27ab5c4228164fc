using System.Text.RegularExpressions;
using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Npgsql;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;
using static ChainCrm.Journal.Tests.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>How the tables come to be, what is refused at the start, and what each role may do.</summary>
[NeedsPostgres]
public sealed partial class PostgresSchemaTests
{
    [Fact]
    public async Task Processes_that_start_at_once_make_the_tables_once()
    {
        var options = await OptionsAsync();

        var journals = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PostgresJournal.OpenAsync(options))));

        await Task.WhenAll(journals.Select((journal, i) => journal.CommitAsync(Entry($"main/customer/{i}", 0, "c"))));
        await using var server = await OpenAsync(options);
        (await QueryAsync<int>(server, $"SELECT number FROM {options.Schema}.migrations ORDER BY number")).ShouldBe(Migration.All.Select(step => step.Number));
        foreach (var journal in journals) await journal.DisposeAsync();
    }

    [Fact]
    public async Task An_older_schema_is_brought_up_to_date_and_keeps_its_entries()
    {
        var options = await OptionsAsync();
        await using (var old = await PostgresJournal.OpenAsync(options)) await old.CommitAsync(Entries(Anna, 3));
        IReadOnlyList<Migration> newer = [.. Migration.All, new(Migration.All.Count + 1, "more", "CREATE TABLE {schema}.more (id int); ALTER TABLE {schema}.entries ADD COLUMN note text;")];

        await new PostgresSchema(options, newer).PrepareAsync(CancellationToken.None);

        await using var server = await OpenAsync(options);
        (await QueryAsync<long>(server, $"SELECT count(*) FROM {options.Schema}.entries WHERE note IS NULL")).ShouldBe([3]);
        var refusal = await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options));
        refusal.Message.ShouldContain($"at version {newer.Count}");
        refusal.Message.ShouldContain($"up to {Migration.All.Count}");
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_of_the_steps_before_it()
    {
        var options = await OptionsAsync();
        IReadOnlyList<Migration> broken = [.. Migration.All, new(Migration.All.Count + 1, "broken", "CREATE TABLE {schema}.half (id int); SELECT 1 / 0;")];

        await Should.ThrowAsync<JournalUnavailableException>(() => new PostgresSchema(options, broken).PrepareAsync(CancellationToken.None));

        await using var server = await OpenAsync(options);
        (await QueryAsync<long>(server, $"SELECT count(*) FROM pg_namespace WHERE nspname = '{options.Schema}'")).ShouldBe([0]);
        await using var journal = await PostgresJournal.OpenAsync(options);
        await journal.CommitAsync(Entries(Anna, 1));
    }

    [Fact]
    public async Task A_step_with_another_text_is_refused()
    {
        var options = await OptionsAsync();
        await (await PostgresJournal.OpenAsync(options)).DisposeAsync();
        await using var server = await OpenAsync(options);
        await ExecuteAsync(server, $"UPDATE {options.Schema}.migrations SET checksum = 'another' WHERE number = 1");

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options))).Message.ShouldContain("step 1 (journal)");
    }

    [Fact]
    public async Task A_schema_with_somebody_elses_tables_is_refused_and_an_empty_one_is_taken()
    {
        var options = await OptionsAsync();
        await using var server = await OpenAsync(options);
        await ExecuteAsync(server, $"CREATE SCHEMA {options.Schema}; CREATE TABLE {options.Schema}.orders (id int)");

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options))).Message.ShouldContain("did not make");
        (await QueryAsync<string>(server, $"SELECT tablename::text FROM pg_tables WHERE schemaname = '{options.Schema}'")).ShouldBe(["orders"]);

        await ExecuteAsync(server, $"DROP TABLE {options.Schema}.orders");
        await using var journal = await PostgresJournal.OpenAsync(options);
        await journal.CommitAsync(Entries(Anna, 1));
    }

    [Fact]
    public async Task A_database_that_is_not_UTF8_is_refused()
    {
        var server = await TestPostgres.SharedAsync();
        await server.SqlAsync("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(new() { ConnectionString = server.Connection(database: "latin") })))
            .Message.ShouldContain("LATIN1");
    }

    [Fact]
    public async Task A_server_that_does_not_wait_for_its_disk_is_refused()
    {
        await using var server = await TestPostgres.StartAsync(fsync: false);

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(OptionsOf(server)))).Message.ShouldContain("fsync = off");
    }

    [Theory]
    [InlineData("off", true)]
    [InlineData("local", false)]
    [InlineData("remote_apply", false)]
    public async Task Where_the_options_of_a_connection_get_lost_commits_that_do_not_wait_are_refused(string setting, bool refused)
    {
        var server = await TestPostgres.SharedAsync();
        var role = $"{TestPostgres.NewSchema()}_pooled";
        await server.MakeRoleAsync(role);
        await server.SqlAsync($"CREATE SCHEMA {role} AUTHORIZATION {role}; ALTER ROLE {role} SET synchronous_commit = {setting}");
        await using var proxy = new CutProxy(server.Port) { DropsOptions = true };
        PostgresJournalOptions options = new() { ConnectionString = server.Connection(proxy.Port, role), Schema = role };

        if (refused)
        {
            (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options))).Message.ShouldContain($"synchronous_commit = {setting}");
            proxy.DropsOptions = false;
        }

        await using var journal = await PostgresJournal.OpenAsync(options);
        await journal.CommitAsync(Entries(Anna, 1));
    }

    [Theory]
    [InlineData("user")]
    [InlineData("order")]
    public async Task A_word_of_SQL_is_refused_as_a_name(string schema) =>
        (await Should.ThrowAsync<JournalUnusableException>(async () => await PostgresJournal.OpenAsync(await OptionsAsync(schema)))).Message.ShouldContain($"\"{schema}\" is a word of SQL");

    [Fact]
    public async Task The_server_gives_up_a_machine_that_vanished()
    {
        await using var connections = new PostgresServer(await OptionsAsync(), durable: true);
        await using var connection = await connections.ConnectAsync(CancellationToken.None);

        (await QueryAsync<string>(connection, "SELECT current_setting('tcp_user_timeout')")).ShouldBe(["30000"]);
        (await QueryAsync<string>(connection, "SELECT current_setting('tcp_keepalives_idle')")).ShouldBe(["15"]);
    }

    [Fact]
    public async Task Two_schemas_of_one_database_know_nothing_of_one_another()
    {
        await using var one = await PostgresJournal.OpenAsync(await OptionsAsync());
        await using var two = await PostgresJournal.OpenAsync(await OptionsAsync());

        await one.CommitAsync(Entries(Anna, 3));
        await two.CommitAsync(Entries(Anna, 2));

        (one.Head, two.Head).ShouldBe((3, 2));
        (await two.AllAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Not_even_the_owner_changes_or_deletes_an_entry_by_mistake()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await journal.CommitAsync(Entries(Anna, 3));
        await using var owner = await OpenAsync(options);

        foreach (var change in (string[])["DELETE FROM {0}.entries", "UPDATE {0}.entries SET time = 0", "TRUNCATE {0}.entries"])
        {
            (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(owner, change.Replace("{0}", options.Schema, StringComparison.Ordinal))))
                .MessageText.ShouldContain("never changed or deleted");
        }

        (await journal.AllAsync()).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_applications_role_appends_and_reads_and_can_do_nothing_else(bool rightsByHand)
    {
        var server = await TestPostgres.SharedAsync();
        var schema = TestPostgres.NewSchema();
        var (owner, app) = ($"{schema}_owner", $"{schema}_app");
        await server.MakeRoleAsync(owner);
        await server.MakeRoleAsync(app);
        await server.SqlAsync($"CREATE SCHEMA {schema} AUTHORIZATION {owner}");
        // What a role is set to must not weaken what the journal promises.
        await server.SqlAsync($"ALTER ROLE {app} SET synchronous_commit = off; ALTER ROLE {app} SET default_transaction_isolation = 'repeatable read'; ALTER ROLE {app} SET search_path = nowhere");
        PostgresJournalOptions options = new() { ConnectionString = server.Connection(user: app), Schema = schema };

        var refusal = await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options));
        refusal.Message.ShouldContain("docs/operations/postgres.md");
        if (rightsByHand)
        {
            await (await PostgresJournal.OpenAsync(options with { ConnectionString = server.Connection(user: owner) })).DisposeAsync();
            await server.SqlAsync(DocumentedGrants().Replace("chaincrm_app", app, StringComparison.Ordinal).Replace("chaincrm", schema, StringComparison.Ordinal), owner);
        }
        else
        {
            await (await PostgresJournal.OpenAsync(options with { MigrationConnectionString = server.Connection(user: owner) })).DisposeAsync();
        }

        await using (var journal = await PostgresJournal.OpenAsync(options))
        await using (var snapshots = await PostgresSnapshotStore.OpenAsync(options))
        {
            await journal.CommitAsync(Entries(Anna, 3));
            (await journal.ReadStreamAsync(Anna, 1, 10)).Count.ShouldBe(3);
            (await journal.FindCommandAsync(Anna, $"{Anna}#2")).ShouldNotBeNull();
            await snapshots.SaveAsync([(Anna, new(3, new byte[] { 1 }))]);
            await snapshots.SaveAsync([(Anna, new(4, new byte[] { 1 }))]);
            (await snapshots.LoadAsync(Anna)).ShouldNotBeNull().Version.ShouldBe(4);
            await EventuallyAsync(() => journal.Status.Listening, "The application's role can't listen.");
        }

        foreach (var change in (string[])["DELETE FROM {0}.entries", "UPDATE {0}.entries SET time = 0", "TRUNCATE {0}.entries", "ALTER TABLE {0}.entries DISABLE TRIGGER ALL",
            "CREATE TABLE {0}.mine (id int)", "DELETE FROM {0}.migrations", "DROP TABLE {0}.entries", "DELETE FROM {0}.snapshots"])
        {
            var denied = await Should.ThrowAsync<InvalidOperationException>(() => server.SqlAsync(change.Replace("{0}", schema, StringComparison.Ordinal), app), change);
            (denied.Message.Contains("permission denied", StringComparison.Ordinal) || denied.Message.Contains("must be owner", StringComparison.Ordinal)).ShouldBeTrue(denied.Message);
        }

        (await server.SqlAsync($"SELECT count(*) FROM {schema}.entries", app)).ShouldBe("3");
    }

    [Fact]
    public async Task Commits_wait_for_the_disk_whatever_the_role_is_set_to()
    {
        var server = await TestPostgres.SharedAsync();
        var role = $"{TestPostgres.NewSchema()}_hasty";
        await server.MakeRoleAsync(role);
        await server.SqlAsync($"ALTER ROLE {role} SET synchronous_commit = off");
        var options = new PostgresJournalOptions { ConnectionString = server.Connection(user: role) };

        (await SettingAsync(durable: true)).ShouldBe("on");
        (await SettingAsync(durable: false)).ShouldBe("off");

        async Task<string> SettingAsync(bool durable)
        {
            await using var connections = new PostgresServer(options, durable);
            await using var connection = await connections.ConnectAsync(CancellationToken.None);
            return (await QueryAsync<string>(connection, "SELECT current_setting('synchronous_commit')"))[0];
        }
    }

    [Fact]
    public void The_rights_in_the_document_are_those_that_the_start_grants() =>
        Words(DocumentedGrants()).ShouldBe(Words(Migration.Rights("chaincrm", "chaincrm_app").Replace("\"", "", StringComparison.Ordinal)));

    [Fact]
    public async Task Only_sound_options_are_taken_and_none_of_them_shows_its_password()
    {
        var sound = new PostgresJournalOptions { ConnectionString = "Host=127.0.0.1;Database=d;Username=u;Password=top-secret", MigrationConnectionString = "Host=h;Database=d;Username=u;Password=top-secret" };
        sound.ToString().ShouldNotContain("top-secret");
        PostgresJournalOptions[] unsound =
        [
            sound with { ConnectionString = "" }, sound with { ConnectionString = "Host=h;Username=u;Password=top-secret" }, sound with { ConnectionString = "nonsense=top-secret" },
            sound with { MigrationConnectionString = "Password=top-secret;Port=many" }, sound with { Schema = "" }, sound with { Schema = "Chain" }, sound with { Schema = "pg_chain" },
            sound with { Schema = "a;drop" }, sound with { Schema = "1a" }, sound with { Schema = new('s', PostgresLimits.SchemaLengthMax + 1) }, sound with { Readers = 0 },
            sound with { Readers = PostgresLimits.ReadersMax + 1 },
        ];
        foreach (var options in unsound)
            (await Should.ThrowAsync<ArgumentException>(() => PostgresJournal.OpenAsync(options), options.ToString())).ToString().ShouldNotContain("top-secret");
    }

    /// <summary>The statements of docs/operations/postgres.md that grant the application its rights.</summary>
    private static string DocumentedGrants()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ChainCrm.sln"))) folder = folder.Parent;
        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "operations", "postgres.md"));
        return SqlFence().Matches(text).Select(match => match.Groups[1].Value).Single(sql => sql.Contains("GRANT", StringComparison.Ordinal));
    }

    private static string[] Words(string sql) => sql.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlFence();
}
