namespace ChainCrm.Domain.Customers;

/// <summary>Money of a member, or a part of it: what was paid in and what the chain added, apart (docs/domain/stored-value.md).</summary>
public readonly record struct StoredValue(Money Principal, Money Gift)
{
    /// <summary>Nothing.</summary>
    public static StoredValue Zero => default;

    /// <summary>Both together. A method, so that no form of the value writes it.</summary>
    public Money Sum() => Principal + Gift;

    public static StoredValue operator +(StoredValue a, StoredValue b) => new(a.Principal + b.Principal, a.Gift + b.Gift);
    public static StoredValue operator -(StoredValue a, StoredValue b) => new(a.Principal - b.Principal, a.Gift - b.Gift);
}
