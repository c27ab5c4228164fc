using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Xunit;

[assembly: TestFramework("ChainCrm.TestKit.Postgres.PostgresAwareFramework", "ChainCrm.TestKit")]

namespace ChainCrm.Engine.Tests;

/// <summary>Accepted means durable on PostgreSQL as well.</summary>
[NeedsPostgres]
public sealed class EmbeddedOnceAndDurableOnPostgres : OnceAndDurable
{
    private protected override Task<(IJournal Journal, ISnapshotStore Snapshots)> OpenStoreAsync() => PostgresStores.OpenAsync();
}

/// <summary>Trouble on PostgreSQL.</summary>
[NeedsPostgres]
public sealed class EmbeddedTroubleOnPostgres : Trouble
{
    private protected override Task<(IJournal Journal, ISnapshotStore Snapshots)> OpenStoreAsync() => PostgresStores.OpenAsync();
}

/// <summary>House and feed on PostgreSQL.</summary>
[NeedsPostgres]
public sealed class EmbeddedHouseAndFeedOnPostgres : HouseAndFeed
{
    private protected override Task<(IJournal Journal, ISnapshotStore Snapshots)> OpenStoreAsync() => PostgresStores.OpenAsync();
}

internal static class PostgresStores
{
    /// <summary>Journal and snapshots in a schema of their own.</summary>
    public static async Task<(IJournal Journal, ISnapshotStore Snapshots)> OpenAsync()
    {
        var options = new PostgresJournalOptions { ConnectionString = (await TestPostgres.SharedAsync()).Connection(), Schema = TestPostgres.NewSchema() };
        return (await PostgresJournal.OpenAsync(options), await PostgresSnapshotStore.OpenAsync(options));
    }
}
