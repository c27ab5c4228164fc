using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>On PostgreSQL, as it is set up by default.</summary>
[NeedsPostgres]
public class PostgresJournalTests : JournalConformance
{
    private readonly string schema = TestPostgres.NewSchema();

    protected override async Task<IJournal> OpenAsync() => await PostgresJournal.OpenAsync(await Postgres.OptionsAsync(schema));
}

/// <summary>On PostgreSQL with a restart between.</summary>
[NeedsPostgres]
public sealed class PostgresJournalReopenedTests : PostgresJournalTests
{
    protected override async Task Settle()
    {
        await Journal.DisposeAsync();
        Journal = await OpenAsync();
    }
}

/// <summary>On PostgreSQL, by the process that has the schema for itself.</summary>
[NeedsPostgres]
public class PostgresOwnedJournalTests : JournalConformance
{
    private readonly string schema = TestPostgres.NewSchema();

    protected override async Task<IJournal> OpenAsync() => await PostgresJournal.OpenAsync(await Postgres.OptionsAsync(schema) with { Alone = true });
}

/// <summary>On PostgreSQL, by the process that has the schema for itself, with a restart between.</summary>
[NeedsPostgres]
public sealed class PostgresOwnedJournalReopenedTests : PostgresOwnedJournalTests
{
    protected override async Task Settle()
    {
        await Journal.DisposeAsync();
        Journal = await OpenAsync();
    }
}

/// <summary>On PostgreSQL, beside the journal.</summary>
[NeedsPostgres]
public class PostgresSnapshotStoreTests : SnapshotConformance
{
    private readonly string schema = TestPostgres.NewSchema();

    protected override async Task<ISnapshotStore> OpenAsync() => await PostgresSnapshotStore.OpenAsync(await Postgres.OptionsAsync(schema));
}

/// <summary>On PostgreSQL, with a restart between writing and reading.</summary>
[NeedsPostgres]
public sealed class PostgresSnapshotStoreReopenedTests : PostgresSnapshotStoreTests
{
    protected override async Task Settle()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }
}
