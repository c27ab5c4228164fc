using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Grains.Tests.ReadModels;

/// <summary>Read models of the test, following a feed.</summary>
internal sealed class ReadModelProbe : IAsyncDisposable
{
    private readonly ListFeed _feed;
    private readonly ReadSideStore _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private ReadModelProbe(ReadSideStore store, ReadModelFollower models, ListFeed feed)
    {
        (_store, Models, _feed) = (store, models, feed);
        _loop = models.RunAsync(feed, taken: null, _stop.Token);
    }

    public ReadModelFollower Models { get; }

    public static async Task<ReadModelProbe> OpenAsync(ReadModelPlace place, ListFeed feed)
    {
        var store = await place.OpenStoreAsync();
        return new(store, await ReadModelFollower.StartAsync(await store.TablesAsync(feed), TimeProvider.System, NullLogger.Instance), feed);
    }

    public Task ShownAsync() => Models.WaitForAsync(_feed.Head).OrSay("the read models showed the head");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.OrSay("the read models stopped");
        await Models.DisposeAsync();
        await _store.DisposeAsync();
        _stop.Dispose();
    }
}
