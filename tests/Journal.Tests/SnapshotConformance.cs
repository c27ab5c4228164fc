using System.Text;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>What every snapshot store does.</summary>
public abstract class SnapshotConformance : IAsyncLifetime
{
    protected ISnapshotStore Store { get; set; } = null!;

    protected abstract Task<ISnapshotStore> OpenAsync();

    /// <summary>What lies between writing and reading: nothing, or a restart.</summary>
    protected virtual Task Settle() => Task.CompletedTask;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact]
    public async Task A_stream_without_a_snapshot_has_none()
    {
        (await Store.LoadAsync(Anna)).ShouldBeNull();
        await Store.SaveAsync([(Bert, State(1, "b"))]);
        await Settle();
        (await Store.LoadAsync(Anna)).ShouldBeNull();
    }

    [Fact]
    public async Task A_snapshot_is_read_back_as_it_was_saved()
    {
        await Store.SaveAsync([(Anna, State(7, "a")), ("main/store/北京🏬", State(3, "")), (Bert, State(9, "b"))]);
        await Settle();

        (await LoadAsync(Anna)).ShouldBe((7, "a"));
        (await LoadAsync("main/store/北京🏬")).ShouldBe((3, ""));
        (await LoadAsync(Bert)).ShouldBe((9, "b"));
    }

    [Theory]
    [InlineData(8, "new")]
    [InlineData(7, "new")]
    [InlineData(6, "old")]
    public async Task A_snapshot_replaces_one_that_is_not_newer(long version, string kept)
    {
        await Store.SaveAsync([(Anna, State(7, "old"))]);
        await Settle();
        await Store.SaveAsync([(Anna, State(version, "new"))]);
        await Settle();

        (await LoadAsync(Anna)).Data.ShouldBe(kept);
    }

    [Fact]
    public async Task Of_several_of_one_stream_the_newest_is_kept()
    {
        await Store.SaveAsync([(Anna, State(2, "two")), (Anna, State(3, "three")), (Anna, State(1, "one"))]);
        await Settle();

        (await LoadAsync(Anna)).ShouldBe((3, "three"));
    }

    [Fact]
    public async Task The_callers_memory_is_its_own_again_after_the_save()
    {
        var lent = Encoding.UTF8.GetBytes("before");
        await Store.SaveAsync([(Anna, new(1, lent))]);
        lent.AsSpan().Fill((byte)'!');

        (await LoadAsync(Anna)).Data.ShouldBe("before");
    }

    [Fact]
    public async Task More_snapshots_than_one_transaction_holds_are_all_kept()
    {
        var count = JournalLimits.SnapshotBatchMax * 2 + 1;
        await Store.SaveAsync([.. Enumerable.Range(1, count).Select(i => ($"main/customer/{i}", State(i, $"state {i}")))]);
        await Settle();

        for (var i = 1; i <= count; i += 50) (await LoadAsync($"main/customer/{i}")).ShouldBe((i, $"state {i}"));
        (await LoadAsync($"main/customer/{count}")).Version.ShouldBe(count);
    }

    [Fact]
    public async Task What_is_out_of_bounds_is_refused()
    {
        var longName = new string('x', JournalLimits.StreamLengthMax + 1);
        foreach (var name in (string?[])["", null, longName, "a\0b", "\ud800"])
        {
            await Should.ThrowAsync<ArgumentException>(async () => await Store.SaveAsync([(Bert, State(1, "b")), (name!, State(1, "a"))]));
            await Should.ThrowAsync<ArgumentException>(async () => await Store.LoadAsync(name!));
        }

        await Should.ThrowAsync<ArgumentException>(async () => await Store.SaveAsync([(Anna, State(0, "a"))]));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.SaveAsync([(Anna, null!)]));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.SaveAsync([(Anna, new(1, new byte[JournalLimits.SnapshotBytesMax + 1]))]));
        (await Store.LoadAsync(Bert)).ShouldBeNull();
    }

    [Fact]
    public async Task Many_may_save_and_load_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(a => Task.Run(async () =>
        {
            for (var v = 1; v <= 10; v++)
            {
                await Store.SaveAsync([($"main/customer/{a}", State(v, $"{a}:{v}")), (Anna, State(v, $"{v}"))]);
                (await LoadAsync($"main/customer/{a}")).ShouldBe((v, $"{a}:{v}"));
            }
        }))).WaitAsync(TimeSpan.FromSeconds(30));

        (await LoadAsync(Anna)).ShouldBe((10, "10"));
    }

    [Fact]
    public async Task A_cancelled_question_ends_as_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.LoadAsync(Anna, cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.SaveAsync([(Anna, State(1, "a"))], cancelled.Token));
        (await Store.LoadAsync(Anna)).ShouldBeNull();
    }

    [Fact]
    public async Task After_the_end_every_question_is_refused()
    {
        await Store.DisposeAsync();
        await Store.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(async () => await Store.LoadAsync(Anna));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Store.SaveAsync([(Anna, State(1, "a"))]));
    }

    protected static Snapshot State(long version, string data) => new(version, Encoding.UTF8.GetBytes(data));

    protected async Task<(long Version, string Data)> LoadAsync(string stream)
    {
        var snapshot = (await Store.LoadAsync(stream)).ShouldNotBeNull(stream);
        return (snapshot.Version, Encoding.UTF8.GetString(snapshot.Data.Span));
    }
}
