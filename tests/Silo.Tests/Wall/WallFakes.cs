using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Wall;

namespace ChainCrm.Silo.Tests.Wall;

/// <summary>Figures that a test moves by hand: one store, sales of one fen each.</summary>
internal sealed class HandMovedFigures : IWallFigures
{
    private readonly Lock _gate = new();
    private readonly List<TickerLine> _lines = [];
    private long _sales;
    private long _taken;

    public int Snapshots { get; private set; }
    public int Takes { get; private set; }
    public DateOnly Today { get; set; } = new(2026, 11, 22);

    /// <summary>Sells; returns when it was visible here.</summary>
    public long Sell(int count = 1)
    {
        lock (_gate)
        {
            _sales += count;
            _lines.Add(new TickerLine(_sales, NowMs(), "purchase", "S1", null, 1, 0, null, false));
            return _sales;
        }
    }

    public WallFigures Snapshot(string chain)
    {
        lock (_gate)
        {
            Snapshots++;
            return new WallFigures(_sales, NowMs(), Today, Day(), default, [Store()], new long[288], new long[288], []);
        }
    }

    public WallChanges? TakeChanges(string chain)
    {
        lock (_gate)
        {
            Takes++;
            if (_taken == _sales) return null;
            _taken = _sales;
            var lines = _lines.TakeLast(50).ToList();
            var notKept = _lines.Count - lines.Count;
            _lines.Clear();
            return new WallChanges(_sales, NowMs(), Today, Day(), default, [Store()], [(1, _sales)], null, lines, notKept);
        }
    }

    private DayFigures Day() => new(_sales, _sales, 0, 0, 0, 0, 0, 0, 0);
    private StoreFigures Store() => new("S1", _sales, _sales, 0, 0, NowMs());
    private static long NowMs() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}

/// <summary>One open store, the built-in programme.</summary>
internal sealed class OneStore : IDirectories
{
    private StoreFacts _facts = new(new StoreId("S1"), "静安店", "华东", "上海", true);

    public void Close() => _facts = _facts with { IsOpen = false };
    public StoreFacts? Store(string chain, StoreId id) => id == _facts.Id ? _facts : null;
    public IReadOnlyCollection<StoreFacts> Stores(string chain) => [_facts];
    public KeyFacts? Key(string keyId) => null;
    public IReadOnlyCollection<KeyFacts> Keys(string chain) => [];
    public Programme? ProgrammeVersion(string chain, int version) => Programme.BuiltIn;
    public Programme Current(ReadOnlySpan<char> chain) => Programme.BuiltIn;
    public ValueTask WaitForAsync(long position, CancellationToken cancellation = default) => ValueTask.CompletedTask;
}

/// <summary>An engine that knows no customer: lines are shown without a name.</summary>
internal sealed class NobodyKnown : IEngine
{
    public IFeed Feed => throw new NotSupportedException("The wall reads figures, not the feed.");

    public ValueTask<CommandReply> AskAsync(GrainCommand command) => throw new NotSupportedException("The wall asks for nothing.");

    public ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
        where TState : class => new(new ReadReply<TResult>(default, null));
}
