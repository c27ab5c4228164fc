using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>In memory.</summary>
public sealed class MemorySnapshotStoreTests : SnapshotConformance
{
    protected override Task<ISnapshotStore> OpenAsync() => Task.FromResult<ISnapshotStore>(new MemorySnapshotStore());
}

/// <summary>On SQLite, with a restart between writing and reading.</summary>
public sealed class SqliteSnapshotStoreTests : SnapshotConformance
{
    private readonly TempFolder folder = new();

    private string File => folder.File("snapshots.db");

    protected override async Task<ISnapshotStore> OpenAsync() => await SqliteSnapshotStore.OpenAsync(folder.Path);

    protected override async Task Settle()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("half")]
    [InlineData("empty")]
    [InlineData("newer")]
    [InlineData("foreign")]
    [InlineData("root page")]
    public async Task A_file_that_is_no_good_is_begun_anew(string fault)
    {
        await Store.SaveAsync([(Anna, State(7, "a"))]);
        await Store.DisposeAsync();
        DamagedFiles.Damage(File, fault);

        Store = await OpenAsync();

        (await Store.LoadAsync(Anna)).ShouldBeNull();
        await Store.SaveAsync([(Anna, State(3, "again"))]);
        await Settle();
        (await LoadAsync(Anna)).ShouldBe((3, "again"));
    }

    [Fact]
    public async Task Damage_found_while_running_costs_the_snapshots_and_is_mended_by_the_next_start()
    {
        var data = new string('x', 2_000);
        await Store.SaveAsync([.. Enumerable.Range(0, 200).Select(i => ($"main/customer/{i}", State(7, data)))]);
        await Settle();
        DamagedFiles.Overwrite(File, 3 * 8_192, (int)new FileInfo(File).Length - 3 * 8_192);

        var lost = 0;
        for (var i = 0; i < 200; i++) lost += await Store.LoadAsync($"main/customer/{i}") is null ? 1 : 0;
        lost.ShouldBeGreaterThan(0);
        ((SqliteSnapshotStore)Store).Fault.ShouldNotBeNull();

        await Settle();
        (await Store.LoadAsync(Anna)).ShouldBeNull();
        await Store.SaveAsync([(Anna, State(1, "a"))]);
        (await LoadAsync(Anna)).ShouldBe((1, "a"));
    }
}
