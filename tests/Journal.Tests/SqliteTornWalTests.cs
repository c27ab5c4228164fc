using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>A crash in the middle of a write leaves the end of the WAL missing or garbled: what was committed before stays, and nothing in between appears.</summary>
public sealed class SqliteTornWalTests : IDisposable
{
    private const int Batches = 12;
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_wal_cut_anywhere_leaves_whole_batches()
    {
        var random = new Random(1);
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });
        var commits = await AppendAsync(journal);

        // Now the index is ahead of what the cut leaves of the journal.
        await journal.FlushIndexAsync();
        for (var i = 0; i < Batches; i++)
        {
            var next = i + 1 < Batches ? commits[i + 1].WalBytes : commits[i].WalBytes + 1;
            await CheckAsync(wal => DamagedFiles.SetLength(wal, random.NextInt64(commits[i].WalBytes, next)), commits[i].Head);
        }
    }

    [Fact]
    public async Task A_wal_garbled_anywhere_leaves_whole_batches_up_to_there()
    {
        var random = new Random(2);
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });
        var commits = await AppendAsync(journal);
        for (var i = 0; i + 1 < Batches; i++)
        {
            var at = random.NextInt64(commits[i].WalBytes, commits[i + 1].WalBytes - 16);
            await CheckAsync(wal => DamagedFiles.Overwrite(wal, at, 16), commits[i].Head);
        }
    }

    private async Task CheckAsync(Action<string> damage, long head)
    {
        using var crashed = folder.CopyAsAfterACrash();
        damage(crashed.File("journal.db-wal"));
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = crashed.Path });

        journal.Head.ShouldBe(head);
        (await journal.AllAsync()).Select(e => (e.Position, e.Text())).ShouldBe(Enumerable.Range(1, (int)head).Select(i => ((long)i, $"data {i}")));
        (await journal.ReadStreamAsync(Anna, 1, 1_000)).Count.ShouldBe((int)head);
        await journal.CommitAsync(Entries(Anna, 3, head));
        (await journal.ValidateAsync()).ShouldBeEmpty();
    }

    private async Task<List<(long Head, long WalBytes)>> AppendAsync(SqliteJournal journal)
    {
        List<(long, long)> commits = [];
        for (var i = 0; i < Batches; i++)
        {
            await journal.CommitAsync(Entries(Anna, 1 + i * 5, journal.Head));
            commits.Add((journal.Head, new FileInfo(folder.File("journal.db-wal")).Length));
        }

        return commits;
    }
}
