using ChainCrm.Grains.Definitions;

namespace ChainCrm.Grains.Runtime;

/// <summary>The kinds of grains an engine can activate.</summary>
public sealed class GrainCatalog
{
    private readonly (string Kind, Func<Activation> Activate)[] _kinds;

    private GrainCatalog(params (string Kind, Func<Activation> Activate)[] kinds) => _kinds = kinds;

    /// <summary>All kinds of the product.</summary>
    public static GrainCatalog Product { get; } = new(
        Entry(new CustomerDefinition()), Entry(new StoreDefinition()), Entry(new IdentityDefinition()),
        Entry(new ProgrammeDefinition()), Entry(new AccessKeyDefinition()));

    /// <summary>A new activation at version 0; null when nobody knows the kind.</summary>
    public Activation? Activate(GrainId grain)
    {
        foreach (var (kind, activate) in _kinds)
            if (grain.Kind.SequenceEqual(kind))
                return activate();
        return null;
    }

    private static (string Kind, Func<Activation> Activate) Entry<TState, TCommand, TEvent>(GrainDefinition<TState, TCommand, TEvent> definition)
        where TState : class
        where TCommand : class
        where TEvent : class =>
        (definition.Kind, () => new Activation<TState, TCommand, TEvent>(definition));
}
