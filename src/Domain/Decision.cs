namespace ChainCrm.Domain;

/// <summary>What a decider answers: events, a refusal, or neither (the state already is as the command wants it).</summary>
/// <typeparam name="TEvent">The closed family of events of one aggregate.</typeparam>
public readonly struct Decision<TEvent>
    where TEvent : class
{
    private readonly IReadOnlyList<TEvent>? _events;

    private Decision(IReadOnlyList<TEvent>? events, Rejection? rejection) => (_events, Rejection) = (events, rejection);

    /// <summary>Nothing to do: no event and no refusal.</summary>
    public static Decision<TEvent> AlreadyDone => default;

    /// <summary>The refusal, or null when the command was accepted.</summary>
    public Rejection? Rejection { get; }

    /// <summary>The events in the order they happened; empty when refused or already done.</summary>
    public IReadOnlyList<TEvent> Events => _events ?? [];

    /// <summary>Accepts with these events.</summary>
    public static Decision<TEvent> Accept(params IReadOnlyList<TEvent> events) => new(events, null);

    /// <summary>Refuses with this numbered reason.</summary>
    public static Decision<TEvent> Refuse(Rejection rejection) => new(null, rejection);

    /// <summary>One event is an acceptance.</summary>
    public static implicit operator Decision<TEvent>(TEvent happened) => new([happened], null);

    /// <summary>A refusal is a decision.</summary>
    public static implicit operator Decision<TEvent>(Rejection rejection) => new(null, rejection);
}
