namespace ChainCrm.Domain.Stores;

/// <summary>One store.</summary>
public sealed class StoreState
{
    public bool Exists { get; internal set; }
    public bool IsOpen { get; internal set; }
    public string Name { get; internal set; } = "";
    public string Region { get; internal set; } = "";
    public string City { get; internal set; } = "";
    public long WalkInCount { get; internal set; }
    public Money WalkInAmount { get; internal set; }
}

/// <summary>The rules of one store.</summary>
public static class StoreDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<StoreEvent> Decide(StoreState state, StoreCommand command) => default;

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static StoreState Evolve(StoreState state, StoreEvent happened) => state;
}
