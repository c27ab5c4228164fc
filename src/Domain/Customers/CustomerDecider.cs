using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>The rules of one customer. Pure: time and ids arrive in the command.</summary>
public static partial class CustomerDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<CustomerEvent> Decide(CustomerState state, CustomerCommand command, Programme programme) => default;

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static CustomerState Evolve(CustomerState state, CustomerEvent happened) => state;
}
