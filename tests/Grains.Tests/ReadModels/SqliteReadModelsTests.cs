using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadModels;

/// <summary>In a file, and what only a file can suffer.</summary>
public sealed class SqliteReadModelsTests : ReadModelConformance
{
    private protected override ReadModelPlace NewPlace() => new SqliteReadModelPlace();

    private string Path => ((SqliteReadModelPlace)Place).File;

    [Theory]
    [InlineData("garbage")]
    [InlineData("half the file")]
    public async Task A_file_that_is_no_good_is_rebuilt_with_the_same_rows(string what)
    {
        new RandomTrade(5).Commit(Feed, 1_000);
        var before = await RowsOf(Place, Feed);
        if (what == "garbage") await File.WriteAllTextAsync(Path, string.Concat(Enumerable.Repeat("this is no database ", 2_000)));
        else using (var file = new FileStream(Path, FileMode.Open)) file.SetLength(file.Length / 2);
        (await RowsOf(Place, Feed)).ShouldBe(before);
    }

    [Fact]
    public async Task Tables_damaged_while_they_are_used_are_rebuilt()
    {
        new RandomTrade(6).Commit(Feed, 2_000);
        await using var probe = await ReadModelProbe.OpenAsync(Place, Feed);
        await probe.ShownAsync();

        // What a bad disk does: pages in the middle are something else, and no cache hides it from a new reader.
        using (var checkpoint = SqliteFile.OpenWriter(Path, durable: true)) SqliteFile.Execute(checkpoint, "PRAGMA wal_checkpoint(TRUNCATE)");
        using (var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var junk = new byte[4096];
            Array.Fill(junk, (byte)0x5A);
            for (var page = 2; page * 4096L < file.Length; page++)
            {
                file.Position = page * 4096L;
                file.Write(junk);
            }
        }

        await Should.ThrowAsync<SqliteException>(async () => await probe.Models.StoresAsync("main"));
        Feed.Commit(Trade.Store("s0"), Trade.WalkIn(1, Trade.Monday));
        await probe.ShownAsync();
        (await probe.Models.StoresAsync("main")).ShouldBe(PlainFigures.Stores(Feed.All, "main"));
    }
}
