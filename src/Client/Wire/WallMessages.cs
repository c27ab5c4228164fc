namespace ChainCrm.Client.Wire;

// The live wall. The browser opens the hub /hub/wall and streams Watch(after): first a snapshot (or the missed ticks when the server still
// has them), then ticks, at most 5 a second. Every number in a tick is the new absolute value, so a skipped tick loses detail, never truth.

/// <summary>One message to a wall; exactly one of the two parts is set.</summary>
public sealed record WallMessage
{
    /// <summary>Grows by one with each tick of the server; a snapshot carries the number of the tick it includes.</summary>
    public long Sequence { get; init; }
    /// <summary>Server time when it was made, milliseconds since 1970.</summary>
    public long AtMs { get; init; }
    /// <summary>Commit time of the newest entry included, milliseconds since 1970; for measuring the delay.</summary>
    public long NewestEntryMs { get; init; }
    /// <summary>Id of the server's run; when it differs from the last seen, sequence numbers start anew.</summary>
    public required string Run { get; init; }
    public WallSnapshot? Snapshot { get; init; }
    public WallTick? Tick { get; init; }
}

/// <summary>The whole wall.</summary>
public sealed record WallSnapshot
{
    public required string ChainName { get; init; }
    public bool Demo { get; init; }
    public required string Currency { get; init; }
    /// <summary>Business date, yyyy-MM-dd.</summary>
    public required string Day { get; init; }
    public required WallTotals Today { get; init; }
    /// <summary>Yesterday up to the same time of day.</summary>
    public required WallTotals YesterdaySameTime { get; init; }
    public IReadOnlyList<WallStore> Stores { get; init; } = [];
    /// <summary>Sales per 5 minutes since midnight: 288 values, minor units.</summary>
    public IReadOnlyList<long> SalesToday { get; init; } = [];
    public IReadOnlyList<long> SalesYesterday { get; init; } = [];
    /// <summary>Customers who went from one store to another today: top 30.</summary>
    public IReadOnlyList<WallFlow> Flows { get; init; } = [];
    /// <summary>The newest lines, newest first, at most 20.</summary>
    public IReadOnlyList<WallEvent> Events { get; init; } = [];
}

/// <summary>What changed since the last tick, as new absolute values.</summary>
public sealed record WallTick
{
    public required string Day { get; init; }
    public required WallTotals Today { get; init; }
    public required WallTotals YesterdaySameTime { get; init; }
    /// <summary>Stores whose figures changed.</summary>
    public IReadOnlyList<WallStore> Stores { get; init; } = [];
    /// <summary>Changed 5-minute slots of today.</summary>
    public IReadOnlyList<WallSlot> Slots { get; init; } = [];
    /// <summary>The whole list of top flows when it changed (at most once a second), else null.</summary>
    public IReadOnlyList<WallFlow>? Flows { get; init; }
    /// <summary>At most two lines a second; the rest is counted in <see cref="EventsNotShown"/>.</summary>
    public IReadOnlyList<WallEvent> Events { get; init; } = [];
    public long EventsNotShown { get; init; }
}

/// <summary>Chain-wide figures of a day.</summary>
public sealed record WallTotals
{
    public long SalesMinor { get; init; }
    /// <summary>Purchases, walk-ins included.</summary>
    public long Visits { get; init; }
    public long PointsGiven { get; init; }
    public long PointsUsed { get; init; }
    public long NewMembers { get; init; }
    /// <summary>Different members with a purchase.</summary>
    public long ActiveMembers { get; init; }
    /// <summary>Purchases by members away from their home store, and their sum.</summary>
    public long CrossStoreVisits { get; init; }
    public long CrossStoreMinor { get; init; }
    public long ReturnsMinor { get; init; }
}

/// <summary>A store's figures of today.</summary>
public sealed record WallStore
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Region { get; init; }
    public required string City { get; init; }
    public bool Open { get; init; }
    public long SalesMinor { get; init; }
    public long Visits { get; init; }
    public long NewMembers { get; init; }
    public long CrossStoreVisits { get; init; }
    /// <summary>Milliseconds since 1970 of the newest entry of the store; 0 when none today.</summary>
    public long LastActivityMs { get; init; }
}

/// <summary>A changed slot: its number (0 to 287) and new value.</summary>
public sealed record WallSlot(int Slot, long SalesMinor);

/// <summary>Customers whose previous visit was at <paramref name="From"/> and who came to <paramref name="To"/> today.</summary>
public sealed record WallFlow(string From, string To, long Count);

/// <summary>One line of the ticker.</summary>
public sealed record WallEvent
{
    public long Position { get; init; }
    public long AtMs { get; init; }
    /// <summary>purchase, return, enrolled, tier, redeemed.</summary>
    public required string Kind { get; init; }
    public required string Store { get; init; }
    /// <summary>Masked: 王** . Null for nobody known.</summary>
    public string? Name { get; init; }
    public long? AmountMinor { get; init; }
    public long? Points { get; init; }
    public LocalName? Tier { get; init; }
    public bool CrossStore { get; init; }
}
