using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.ReadSide;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Directories;

public sealed class ChainDirectoriesTests
{
    private static readonly Timestamp At = new(1_000);
    private static readonly Origin Office = new(null);
    private readonly ListFeed _feed = new();
    private readonly ChainDirectories _directories = new(DirectoryRows.Empty, NullLogger.Instance);

    [Fact]
    public async Task A_store_is_known_with_its_newest_facts()
    {
        await Following(async () =>
        {
            var store = new GrainId("main", GrainKinds.Store, "s1");
            _feed.Commit(store, Opened("s1"));
            await Shown();
            _directories.Store("main", new StoreId("s1")).ShouldBe(new StoreFacts(new StoreId("s1"), "一店", "north", "Beijing", true));
            _directories.Stores("main").Count.ShouldBe(1);

            _feed.Commit(store, new StoreChanged { At = At, Origin = Office, Name = "二店", Region = "south", City = "Canton" });
            _feed.Commit(store, new StoreClosed { At = At, Origin = Office });
            await Shown();
            _directories.Stores("main").ShouldHaveSingleItem().ShouldBe(new StoreFacts(new StoreId("s1"), "二店", "south", "Canton", false));

            _feed.Commit(store, new StoreReopened { At = At, Origin = Office });
            await Shown();
            _directories.Store("main", new StoreId("s1"))!.IsOpen.ShouldBeTrue();
        });
    }

    [Fact]
    public async Task Chains_know_nothing_of_each_other()
    {
        await Following(async () =>
        {
            _feed.Commit(new GrainId("main", GrainKinds.Store, "s1"), Opened("s1"));
            _feed.Commit(new GrainId("other", GrainKinds.AccessKey, "k1"), Issued("hash"));
            await Shown();
            _directories.Store("other", new StoreId("s1")).ShouldBeNull();
            _directories.Stores("other").ShouldBeEmpty();
            _directories.Keys("main").ShouldBeEmpty();
            _directories.Keys("other").ShouldHaveSingleItem().Chain.ShouldBe("other");
        });
    }

    [Fact]
    public async Task A_revoked_key_is_known_as_revoked()
    {
        await Following(async () =>
        {
            var grain = new GrainId("main", GrainKinds.AccessKey, "k1");
            _feed.Commit(grain, Issued("hash"));
            await Shown();
            _directories.Key("k1").ShouldBe(new KeyFacts("k1", "main", AccessRole.Till, "hash", new StoreId("s1"), new TillId("t1"), true, "front", false));

            _feed.Commit(grain, new KeyRevoked { At = At, Origin = Office });
            await Shown();
            _directories.Key("k1")!.IsRevoked.ShouldBeTrue();
            _directories.Key("k2").ShouldBeNull();
        });
    }

    [Fact]
    public async Task A_key_of_another_chain_never_takes_the_place_of_one()
    {
        await Following(async () =>
        {
            _feed.Commit(new GrainId("main", GrainKinds.AccessKey, "k1"), Issued("mine"));
            _feed.Commit(new GrainId("other", GrainKinds.AccessKey, "k1"), Issued("theirs"));
            _feed.Commit(new GrainId("other", GrainKinds.AccessKey, "k1"), new KeyRevoked { At = At, Origin = Office });
            await Shown();
            var key = _directories.Key("k1").ShouldNotBeNull();
            (key.Chain, key.SecretHash, key.IsRevoked).ShouldBe(("main", "mine", false));
        });
    }

    [Fact]
    public async Task A_wait_ends_as_soon_as_the_entry_is_shown_and_not_before()
    {
        await Following(async () =>
        {
            var waiting = _directories.WaitForAsync(1).AsTask();
            waiting.IsCompleted.ShouldBeFalse();
            _feed.Commit(new GrainId("main", GrainKinds.Customer, "c1"), new StoreClosed { At = At, Origin = Office });
            await waiting.OrSay("the wait for position 1 ended");
        });
    }

    [Fact]
    public async Task The_directories_go_on_where_their_rows_stand()
    {
        _feed.Commit(new GrainId("main", GrainKinds.Store, "s1"), Opened("s1"));
        _feed.Commit(new GrainId("main", GrainKinds.Store, "s2"), Opened("s2"));
        var rows = new DirectoryRows(1, [("main", new StoreFacts(new StoreId("s1"), "from rows", "", "", true))], [], []);
        var directories = new ChainDirectories(rows, NullLogger.Instance);
        await Following(directories, async () =>
        {
            await directories.WaitForAsync(2).OrSay("the directories reached position 2");
            directories.Stores("main").Select(store => store.Name).ShouldBe(["from rows", "一店"]);
        });
    }

    [Fact]
    public async Task A_failing_feed_is_tried_again_until_it_works()
    {
        _feed.Failure = new InvalidOperationException("for a moment");
        await Following(async () =>
        {
            _feed.Commit(new GrainId("main", GrainKinds.Store, "s1"), Opened("s1"));
            _feed.Failure = null;
            await Shown();
            _directories.Store("main", new StoreId("s1")).ShouldNotBeNull();
        });
    }

    private static StoreOpened Opened(string id) => new() { At = At, Origin = Office, Store = new StoreId(id), Name = "一店", Region = "north", City = "Beijing" };

    private static KeyIssued Issued(string hash) => new()
    {
        At = At, Origin = Office, Role = AccessRole.Till, SecretHash = hash, Store = new StoreId("s1"), Till = new TillId("t1"), SeesPersonal = true, Label = "front",
    };

    private Task Shown() => _directories.WaitForAsync(_feed.Head).OrSay("the directories reached the head");

    private Task Following(Func<Task> test) => Following(_directories, test);

    private async Task Following(ChainDirectories directories, Func<Task> test)
    {
        using var stop = new CancellationTokenSource();
        var loop = new FeedFollower(directories, _feed, TimeProvider.System, NullLogger.Instance).RunAsync(stop.Token);
        await test();
        await stop.CancelAsync();
        await loop.OrSay("the follower stopped");
    }
}
