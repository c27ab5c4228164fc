namespace ChainCrm.Domain.Stores;

// NOTE: names and shapes in this file are the storage format, pinned by tests/Grains.Tests/Contracts.

/// <summary>What has happened to a store. A closed family: every case is folded in <see cref="StoreState"/>.</summary>
public abstract record StoreEvent
{
    private protected StoreEvent() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
}

/// <summary>The store opened.</summary>
public sealed record StoreOpened : StoreEvent
{
    public required StoreId Store { get; init; }
    public required string Name { get; init; }
    public required string Region { get; init; }
    public required string City { get; init; }
}

/// <summary>Name, region or city changed; carries the whole new value.</summary>
public sealed record StoreChanged : StoreEvent
{
    public required string Name { get; init; }
    public required string Region { get; init; }
    public required string City { get; init; }
}

/// <summary>The store closed.</summary>
public sealed record StoreClosed : StoreEvent;

/// <summary>The store opened again.</summary>
public sealed record StoreReopened : StoreEvent;

/// <summary>A sale to nobody known.</summary>
public sealed record WalkInRecorded : StoreEvent
{
    public required string Receipt { get; init; }
    public required Timestamp OccurredAt { get; init; }
    public required BusinessDay BusinessDay { get; init; }
    public required int LineCount { get; init; }
    public required Money Amount { get; init; }
}
