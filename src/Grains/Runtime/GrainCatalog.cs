using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Definitions;

namespace ChainCrm.Grains.Runtime;

/// <summary>The kinds of grains an engine can activate.</summary>
public sealed class GrainCatalog
{
    private readonly (string Kind, Func<Activation> Activate)[] _kinds;

    private GrainCatalog(params (string Kind, Func<Activation> Activate)[] kinds) => _kinds = kinds;

    /// <summary>All kinds of the product.</summary>
    public static GrainCatalog Product { get; } = Of(new CustomerDefinition());

    /// <summary>A new activation at version 0; null when nobody knows the kind.</summary>
    public Activation? Activate(GrainId grain)
    {
        foreach (var (kind, activate) in _kinds)
            if (grain.Kind.SequenceEqual(kind))
                return activate();
        return null;
    }

    /// <summary>The kinds of the product, with customers as they are given: the simulation breaks them on purpose.</summary>
    internal static GrainCatalog Of(GrainDefinition<CustomerState, CustomerCommand, CustomerEvent> customers) => new(
        Entry(customers), Entry(new StoreDefinition()), Entry(new IdentityDefinition()), Entry(new ProgrammeDefinition()), Entry(new AccessKeyDefinition()), Entry(new CouponCodeDefinition()));

    private static (string Kind, Func<Activation> Activate) Entry<TState, TCommand, TEvent>(GrainDefinition<TState, TCommand, TEvent> definition)
        where TState : class
        where TCommand : class
        where TEvent : class =>
        (definition.Kind, () => new Activation<TState, TCommand, TEvent>(definition));
}
