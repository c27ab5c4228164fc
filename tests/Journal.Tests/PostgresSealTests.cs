using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;
using static ChainCrm.Journal.Tests.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>A sealed schema is opened and appended to by nobody but the move that fills it.</summary>
[NeedsPostgres]
public sealed class PostgresSealTests
{
    [Fact]
    public async Task A_schema_whose_chain_has_moved_is_not_opened_until_the_seal_is_lifted()
    {
        var options = await OptionsAsync();
        await using (var journal = await PostgresJournal.OpenAsync(options)) await journal.CommitAsync(Entries(Anna, 2));
        await using var seal = new PostgresSeal(options);

        await seal.PutAsync(SealReason.Moved, "It is in another place now.", 2);

        foreach (var filling in (bool[])[false, true])
        {
            (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options with { Filling = filling, Alone = true }))).Message
                .ShouldSatisfyAllConditions(said => said.ShouldContain("no longer in this schema"), said => said.ShouldContain("It is in another place now."));
        }

        (await seal.LookAsync()).ShouldBe(new SchemaState(true, 2, false, false, SealReason.Moved, "It is in another place now."));
        await seal.LiftAsync(SealReason.Moved, null);
        await using var again = await PostgresJournal.OpenAsync(options with { Alone = true });
        await again.CommitAsync(Entries(Anna, 1, 2));
    }

    [Fact]
    public async Task A_journal_that_is_open_while_the_seal_is_put_appends_no_more()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await journal.CommitAsync(Entries(Anna, 2));
        await using var seal = new PostgresSeal(options);

        await seal.PutAsync(SealReason.Moved, "gone", 2);

        (await Should.ThrowAsync<JournalUnavailableException>(() => journal.CommitAsync(Entries(Anna, 1, 2)))).Message.ShouldContain("sealed");
        (await journal.AllAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_schema_that_is_being_filled_is_opened_by_the_move_alone()
    {
        var options = await OptionsAsync();
        await using var early = await PostgresJournal.OpenAsync(options);
        await using var seal = new PostgresSeal(options);
        await seal.PutAsync(SealReason.Filling, "Begun.", 0);

        await using (var move = await PostgresJournal.OpenAsync(options with { Filling = true, Alone = true })) await move.CommitAsync(Entries(Anna, 2));

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options))).Message.ShouldContain("being filled by a move");
        (await Should.ThrowAsync<JournalUnavailableException>(() => early.CommitAsync(Entries(Bert, 1)))).Message.ShouldContain("sealed");
        await seal.LiftAsync(SealReason.Filling, 2);
        await early.CommitAsync(Entries(Bert, 1));
    }

    [Fact]
    public async Task A_schema_that_is_being_filled_takes_no_restore()
    {
        var options = await OptionsAsync();
        await using var seal = new PostgresSeal(options);
        await PostgresImport.CheckEmptyAsync(options);
        await seal.PutAsync(SealReason.Filling, "Begun.", 0);

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresImport.CheckEmptyAsync(options))).Message.ShouldContain("is sealed by a move");

        await seal.LiftAsync(SealReason.Filling, 0);
        await PostgresImport.CheckEmptyAsync(options);
    }

    [Fact]
    public async Task A_seal_is_not_put_or_lifted_when_the_journal_is_not_as_it_was_read()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await journal.CommitAsync(Entries(Anna, 3));
        await using var seal = new PostgresSeal(options);

        (await Should.ThrowAsync<JournalUnusableException>(() => seal.PutAsync(SealReason.Moved, "", 2))).Message.ShouldContain("ends at position 3 and not at 2");
        await journal.CommitAsync(Entries(Anna, 1, 3));
        await seal.PutAsync(SealReason.Moved, "", 4);
        await Should.ThrowAsync<JournalUnusableException>(() => seal.LiftAsync(SealReason.Moved, 3));
        await Should.ThrowAsync<JournalUnusableException>(() => seal.LiftAsync(SealReason.Filling, 4));
        await Should.ThrowAsync<JournalUnusableException>(() => seal.PutAsync(SealReason.Filling, "", 4));
        (await seal.LookAsync()).Seal.ShouldBe(SealReason.Moved);
    }

    [Fact]
    public async Task Only_what_a_move_is_filling_is_thrown_away()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await journal.CommitAsync(Entries(Anna, 3));
        await using var seal = new PostgresSeal(options);

        await Should.ThrowAsync<JournalUnusableException>(() => seal.EmptyAsync());
        (await seal.LookAsync()).Head.ShouldBe(3);
        await seal.PutAsync(SealReason.Filling, "", 3);
        await seal.EmptyAsync();

        (await seal.LookAsync()).ShouldBe(new SchemaState(true, 0, false, false, SealReason.Filling, ""));
        await using var owner = await OpenAsync(options);
        await using (var move = await PostgresJournal.OpenAsync(options with { Filling = true })) await move.CommitAsync(Entries(Anna, 1));
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => ExecuteAsync(owner, $"DELETE FROM {options.Schema}.entries"))).MessageText.ShouldContain("never changed");
    }

    [Fact]
    public async Task What_a_move_of_an_older_build_has_filled_is_thrown_away_too()
    {
        var options = await OptionsAsync();
        await new PostgresSchema(options, [.. Migration.All.Take(3)]).PrepareAsync(CancellationToken.None);
        await using var seal = new PostgresSeal(options);
        await seal.PutAsync(SealReason.Filling, "", 0);

        await seal.EmptyAsync();

        (await seal.LookAsync()).ShouldBe(new SchemaState(true, 0, false, false, SealReason.Filling, ""));
    }

    [Fact]
    public async Task A_schema_that_is_not_there_is_said_to_be_missing_and_not_made()
    {
        var options = await OptionsAsync();
        await using var seal = new PostgresSeal(options);

        (await seal.LookAsync()).Exists.ShouldBeFalse();
        await using var server = await OpenAsync(options);
        (await QueryAsync<long>(server, $"SELECT count(*) FROM pg_namespace WHERE nspname = '{options.Schema}'")).ShouldBe([0]);
    }

    [Fact]
    public async Task The_applications_role_can_not_seal_and_is_told_so_at_once()
    {
        var server = await TestPostgres.SharedAsync();
        var schema = TestPostgres.NewSchema();
        var app = $"{schema}_app";
        await server.MakeRoleAsync(app);
        PostgresJournalOptions options = new() { ConnectionString = server.Connection(user: app), MigrationConnectionString = server.Connection(), Schema = schema };
        await using (var journal = await PostgresJournal.OpenAsync(options)) await journal.CommitAsync(Entries(Anna, 1));
        await using var asOwner = new PostgresSeal(options);
        await using var asApplication = new PostgresSeal(options with { MigrationConnectionString = "" });

        await asOwner.CheckRightsAsync();
        (await Should.ThrowAsync<JournalUnusableException>(() => asApplication.CheckRightsAsync())).Message.ShouldContain("journal.ownerConnection");
        (await Should.ThrowAsync<JournalUnusableException>(() => asApplication.PutAsync(SealReason.Moved, "", 1))).Message.ShouldContain("journal.ownerConnection");
        (await Should.ThrowAsync<InvalidOperationException>(() => server.SqlAsync($"DELETE FROM {schema}.seal", app))).Message.ShouldContain("permission denied");
    }

    [Fact]
    public async Task Rights_that_were_not_granted_again_after_the_upgrade_are_named()
    {
        var server = await TestPostgres.SharedAsync();
        var schema = TestPostgres.NewSchema();
        await server.MakeRoleAsync(schema);
        PostgresJournalOptions options = new() { ConnectionString = server.Connection(user: schema), MigrationConnectionString = server.Connection(), Schema = schema };
        await (await PostgresJournal.OpenAsync(options)).DisposeAsync();
        await server.SqlAsync($"REVOKE SELECT ON {schema}.seal FROM {schema}");

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options))).Message.ShouldContain("granted again");
    }
}
