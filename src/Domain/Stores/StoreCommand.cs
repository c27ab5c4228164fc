namespace ChainCrm.Domain.Stores;

/// <summary>What can be asked of a store. A closed family: every case is decided in <see cref="StoreDecider"/>.</summary>
public abstract record StoreCommand
{
    private protected StoreCommand() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
}

/// <summary>Opens a store.</summary>
public sealed record OpenStore : StoreCommand
{
    public required StoreId Store { get; init; }
    public required string Name { get; init; }
    public required string Region { get; init; }
    public required string City { get; init; }
}

/// <summary>Changes name, region or city; what is null stays as the store has it when it decides.</summary>
public sealed record ChangeStore : StoreCommand
{
    public string? Name { get; init; }
    public string? Region { get; init; }
    public string? City { get; init; }
}

/// <summary>Closes a store: no more sales there; returns stay possible elsewhere.</summary>
public sealed record CloseStore : StoreCommand;

/// <summary>Opens a closed store again.</summary>
public sealed record ReopenStore : StoreCommand;

/// <summary>Records a sale to nobody known (散客, R47). The command id is <c>store/receipt</c>.</summary>
public sealed record RecordWalkIn : StoreCommand
{
    public required string Receipt { get; init; }
    public required Timestamp OccurredAt { get; init; }
    public required BusinessDay BusinessDay { get; init; }
    public required int LineCount { get; init; }
    public required Money Amount { get; init; }
}
