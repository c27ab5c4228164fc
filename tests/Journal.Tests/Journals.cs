using ChainCrm.Journal.Sqlite;

namespace ChainCrm.Journal.Tests;

/// <summary>In memory.</summary>
public sealed class MemoryJournalTests : JournalConformance
{
    protected override Task<IJournal> OpenAsync() => Task.FromResult<IJournal>(new MemoryJournal());
}

/// <summary>On SQLite, as it is set up by default: all that a test appends is still in the tail.</summary>
public class SqliteJournalTests : JournalConformance
{
    private readonly TempFolder folder = new();

    protected virtual SqliteJournalOptions Options => new() { Folder = folder.Path };

    protected override async Task<IJournal> OpenAsync() => await SqliteJournal.OpenAsync(Options);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>On SQLite with the smallest of caches: what settles is in the index, and streams are forgotten at once.</summary>
public sealed class SqliteJournalIndexedTests : SqliteJournalTests
{
    protected override SqliteJournalOptions Options => base.Options with { SegmentEntries = 3, HeadsCached = 2 };

    protected override Task Settle() => ((SqliteJournal)Journal).FlushIndexAsync();
}

/// <summary>On SQLite with a restart between.</summary>
public sealed class SqliteJournalReopenedTests : SqliteJournalTests
{
    protected override async Task Settle()
    {
        await Journal.DisposeAsync();
        Journal = await OpenAsync();
    }
}
