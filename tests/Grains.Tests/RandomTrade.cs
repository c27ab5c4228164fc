namespace ChainCrm.Grains.Tests;

/// <summary>A few days of trade from a seed: stores, members who wander between them, walk-ins, returns, points; some of it late or out of order.</summary>
internal sealed class RandomTrade(int seed, int customers = 40, int stores = 6)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, (string Home, string? Last)> _members = [];

    /// <summary>Commits this many entries.</summary>
    public void Commit(ListFeed feed, int entries)
    {
        for (var i = 0; i < entries; i++) CommitOne(feed);
    }

    private void CommitOne(ListFeed feed)
    {
        var chain = _random.Next(10) == 0 ? "other" : "main";
        var time = Trade.Monday.AddMinutes(_random.Next(4 * 24 * 60)).AddDays(_random.Next(20) == 0 ? -_random.Next(120) : 0);
        var timeMs = Trade.Monday.ToUnixTimeMilliseconds() + feed.Head * 1_000;
        var store = $"s{_random.Next(stores)}";
        var customer = $"c{_random.Next(customers)}";
        var member = chain + customer;
        var grain = Trade.Customer(customer, chain);
        if (_random.Next(100) < 2)
        {
            object happened = _random.Next(4) switch
            {
                0 => Trade.Opened(store),
                1 => new Domain.Stores.StoreClosed { At = Trade.At(time), Origin = Trade.Office },
                2 => new Domain.Stores.StoreReopened { At = Trade.At(time), Origin = Trade.Office },
                _ => new Domain.Stores.StoreChanged { At = Trade.At(time), Origin = Trade.Office, Name = $"n{i()}", Region = "r", City = "c" },
            };
            feed.Commit(Trade.Store(store, chain), default, timeMs, happened);
        }
        else if (!_members.TryGetValue(member, out var known))
        {
            _members[member] = (store, null);
            feed.Commit(grain, default, timeMs, Trade.Enrolled(store, time));
        }
        else
        {
            CommitTrade(feed, chain, grain, member, known, store, time, timeMs);
        }

        int i() => _random.Next(1_000);
    }

    private void CommitTrade(ListFeed feed, string chain, GrainId grain, string member, (string Home, string? Last) known, string store, DateTimeOffset time, long timeMs)
    {
        switch (_random.Next(10))
        {
            case 0:
                feed.Commit(Trade.Store(store, chain), default, timeMs, Trade.WalkIn(_random.Next(10_000), time));
                break;
            case 1:
                feed.Commit(grain, default, timeMs, Trade.Return(store, _random.Next(1_000), time));
                break;
            case 2:
                feed.Commit(grain, default, timeMs, Trade.Redeemed(_random.Next(1, 100), time, _random.Next(2) == 0 ? null : store));
                break;
            case 3:
                feed.Commit(grain, default, timeMs, Trade.Adjusted(_random.Next(-50, 50), time, _random.Next(2) == 0 ? null : store));
                break;
            default:
                _members[member] = (known.Home, store);
                feed.Commit(grain, default, timeMs,
                    Trade.Purchase(store, _random.Next(100_000), time, _random.Next(1_000), _random.Next(100), known.Last, store != known.Home));
                break;
        }
    }
}
